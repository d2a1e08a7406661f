"""A trigger that was dropped, switched off or made anew is named; what the migrations promise is what there must be."""

import pytest
from django.db import connection

from record.protection import promises, protection_faults

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

UPDATE, INSERT = "record_chain_append_only_update", "portfolio_claim_stays_within_its_unit"


def sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def drop(trigger: str, table: str) -> str:
    return f"DROP TRIGGER {trigger}" + (f" ON {table}" if connection.vendor == "postgresql" else "")


def test_a_database_as_the_migrations_made_it_keeps_all_that_they_promise():
    assert list(protection_faults()) == []
    assert {"record_event", "portfolio_claim", "standards_criterion"} <= {promise.table for promise in promises()}


@pytest.mark.parametrize(
    ("trigger", "table"),
    [
        (UPDATE, "record_chain"),
        ("record_event_append_only_delete", "record_event"),
        ("centres_membership_append_only_update", "centres_membership"),
        (INSERT, "portfolio_claim"),
    ],
)
def test_a_trigger_that_was_dropped_is_named(trigger, table):
    sql(drop(trigger, table))
    assert list(protection_faults()) == [f"table {table}: The trigger {trigger}, which keeps it, is missing."]


def test_a_trigger_that_was_made_anew_to_refuse_nothing_is_named():
    sql(drop(UPDATE, "record_chain"))
    if connection.vendor == "postgresql":
        sql(
            f"CREATE TRIGGER {UPDATE} BEFORE UPDATE ON record_chain FOR EACH ROW WHEN (false) "
            "EXECUTE FUNCTION record_chain_append_only()"
        )
    else:
        sql(f"CREATE TRIGGER {UPDATE} BEFORE UPDATE ON record_chain WHEN 0 BEGIN SELECT 1; END")
    assert list(protection_faults()) == [
        f"table record_chain: The trigger {UPDATE}, which keeps it, is not as it was made."
    ]


def test_a_trigger_that_is_switched_off_or_whose_function_does_nothing_is_named():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite switches no trigger off, and its triggers call no function")
    sql(f"ALTER TABLE record_chain DISABLE TRIGGER {UPDATE}")
    assert list(protection_faults()) == [f"table record_chain: The trigger {UPDATE}, which keeps it, is switched off."]
    sql(
        f"ALTER TABLE record_chain ENABLE TRIGGER {UPDATE}",
        f"CREATE OR REPLACE FUNCTION {INSERT}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    )
    assert list(protection_faults()) == [
        f"table portfolio_claim: The trigger {INSERT}, which keeps it, is not as it was made."
    ]


def test_a_column_that_was_added_without_naming_the_rule_again_is_named():
    sql("ALTER TABLE record_chain ADD COLUMN note text")
    assert list(protection_faults()) == [
        f"table record_chain: The trigger {UPDATE}, which keeps it, is not as it was made."
    ]
