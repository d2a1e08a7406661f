"""The database refuses to change what happened, whichever way it is asked."""

import uuid

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.state import ProjectState
from django.db.models import F

from record.models import CanonicalDocument, Chain, Event, EventPayload, SigningKey
from record.proof import chain_faults
from record.services.documents import document_freeze
from record.services.events import chain_start, event_add
from record.triggers import append_only
from tests.append_only import assert_append_only

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def event(chain) -> Event:
    with transaction.atomic():
        return event_add(chain=chain, kind="claim.added", actor=uuid.uuid4(), payload={})


@pytest.fixture
def frozen() -> CanonicalDocument:
    return document_freeze(document={"format": 1})


@pytest.fixture
def scratch(db):
    """A table that a test may lay down rules for; it goes with the test's transaction."""
    run("CREATE TABLE scratch (id integer PRIMARY KEY, title varchar(9), seen_at varchar(9), state integer)")
    run("INSERT INTO scratch VALUES (1, 'first', NULL, 1), (2, 'second', NULL, 1)")


def run(sql: str) -> list[tuple]:
    """Run one statement; what it refuses leaves the transaction of the test usable."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def lay_down(operation, *, backwards: bool = False) -> None:
    """Run the operation as a migration would."""
    state, editor = ProjectState(), connection.schema_editor()
    move = operation.database_backwards if backwards else operation.database_forwards
    move("record", editor, state, state)


def refused(table: str):
    return pytest.raises(IntegrityError, match=f"{table} is append-only")


def test_no_column_of_the_record_changes_and_no_row_goes(event, frozen):
    assert_append_only(event)
    assert_append_only(event.payload, may_delete=True)
    assert_append_only(frozen)
    assert_append_only(frozen.key)
    assert_append_only(event.chain, may_change=["length", "head"])


def test_the_orm_is_refused_too(event, frozen):
    changes = [
        (Event, {"kind": "claim.removed"}),
        (EventPayload, {"body": "{}"}),
        (CanonicalDocument, {"body": "{}"}),
        (SigningKey, {"public_key": "00" * 32}),
    ]
    for model, change in changes:
        with refused(model._meta.db_table), transaction.atomic():
            model._default_manager.update(**change)
    for row in [event, event.payload, frozen, frozen.key]:
        with refused(row._meta.db_table), transaction.atomic():
            row.save()


def test_the_orm_cannot_delete_events_documents_keys_or_chains(event, frozen):
    for model in [Event, CanonicalDocument, SigningKey, Chain]:
        with refused(model._meta.db_table), transaction.atomic():
            rows = model._default_manager.all()
            rows._raw_delete(rows.db)


def test_particulars_can_be_erased(event):
    EventPayload.objects.filter(event=event).delete()
    assert not EventPayload.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"length": F("length")},
        {"length": F("length") - 1},
        {"head": "1" * 64},
        {"length": F("length") + 1, "uuid": uuid.uuid4()},
    ],
    ids=["not at all", "back", "another head alone", "another identity"],
)
def test_a_chain_only_grows(five_events, change):
    with refused("record_chain"), transaction.atomic():
        Chain.objects.update(**change)
    assert chain_faults(five_events) == []


def test_saving_a_chain_that_has_grown_meanwhile_cannot_set_it_back(five_events):
    assert five_events.length == 0
    with refused("record_chain"), transaction.atomic():
        five_events.save()


def test_columns_may_be_left_open(scratch):
    lay_down(append_only("scratch", may_change=["state"]))
    run("UPDATE scratch SET state = 2, title = title")
    with refused("scratch"):
        run("UPDATE scratch SET state = 3, title = 'other'")
    assert run("SELECT DISTINCT state FROM scratch") == [(2,)]


def test_a_column_may_be_filled_once(scratch):
    lay_down(append_only("scratch", may_change_once=["seen_at"]))
    run("UPDATE scratch SET seen_at = 'today' WHERE id = 1")
    run("UPDATE scratch SET seen_at = 'today' WHERE id = 1")
    for other in ["'tomorrow'", "NULL"]:
        with refused("scratch"):
            run(f"UPDATE scratch SET seen_at = {other} WHERE id = 1")  # noqa: S608
    with refused("scratch"):
        run("UPDATE scratch SET seen_at = 'today', title = NULL WHERE id = 2")


def test_a_condition_may_be_set_besides(scratch):
    lay_down(append_only("scratch", may_change=["state"], only_if="NEW.state > OLD.state"))
    run("UPDATE scratch SET state = 2")
    for other in ["1", "2", "NULL"]:
        with refused("scratch"):
            run(f"UPDATE scratch SET state = {other}")  # noqa: S608


def test_a_condition_without_a_column_that_may_change_is_a_mistake(scratch):
    with pytest.raises(ValueError, match="names no column that may change"):
        append_only("scratch", only_if="NEW.state > OLD.state")


def test_a_rule_can_be_named_again_and_taken_back(scratch):
    rule = append_only("scratch")
    lay_down(rule)
    lay_down(rule)
    with refused("scratch"):
        run("DELETE FROM scratch")
    lay_down(rule, backwards=True)
    run("UPDATE scratch SET title = 'other'")
    run("DELETE FROM scratch")


def test_a_rule_for_a_column_that_is_not_there_stops_the_migration(scratch):
    with pytest.raises(ValueError, match="scratch has no column seen"):
        lay_down(append_only("scratch", may_change_once=["seen"]))


@pytest.mark.django_db(transaction=True)
def test_the_tests_can_empty_the_tables_and_the_rule_holds_afterwards():
    chain_start()
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    assert not Chain.objects.exists()
    chain_start()
    with refused("record_chain"):
        Chain.objects.update(head="1" * 64)
