"""`manage.py sync_standards` and `manage.py loaddata`: how the standards get into the database."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from standards.evidence_kinds import Setting
from standards.models import Criterion, Framework, UnitRevision
from standards.prose import prose_of
from standards.selectors import revision_content
from tests.standards.conftest import B10, FIXTURES, Change

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

ChangedFixtures = Callable[[Change], Path]


def sync(*arguments: object) -> str:
    """What a run says that is about the framework nvq alone, which has one unit."""
    return sync_all("--framework", "nvq", *arguments)


def sync_all(*arguments: object) -> str:
    out = StringIO()
    call_command("sync_standards", *(str(argument) for argument in arguments), stdout=out)
    return out.getvalue().strip()


def rows() -> dict[str, list[dict[str, Any]]]:
    """Every row of the standards, as the database has it."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in apps.get_app_config("standards").get_models()
    }


def without_keys(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The rows without primary keys, which differ between installations."""
    return {
        table: sorted(
            ({name: value for name, value in row.items() if not name.endswith("id") or name == "uuid"}
             for row in found),
            key=lambda row: str(row["uuid"]),
        )
        for table, found in tables.items()
    }  # fmt: skip


def reword(model: str, fields: dict[str, Any]) -> None:
    if fields.get("code") == "B10.1.3":
        fields["text"] = "Reorganise your work to respond to additional workloads nobody expected."


def test_it_publishes_the_standards_into_an_empty_database() -> None:
    assert sync() == "Standards: published nvq:B10 revision 1, the prose of 1 unit."
    assert Criterion.objects.count() == 15 + 8 + 13


def test_ten_times_the_units_take_as_many_statements() -> None:
    with CaptureQueriesContext(connection) as for_one:
        sync()
    with CaptureQueriesContext(connection) as for_all:
        sync_all()
    assert len(for_one) < 35
    # Another framework is made and read by itself, and SQLite takes fewer rows at once.
    batches = 80 if connection.vendor == "sqlite" else 0
    assert len(for_all) < len(for_one) + 35 + batches


@pytest.mark.long
def test_it_publishes_every_framework_and_its_qualifications() -> None:
    assert sync_all() == (
        "Standards: published 1 of cg, 9 of cvq, 68 of nos, 1 of nvq, 1 of ocr, qualification cvq:CCA010-02, "
        "the prose of 80 units."
    )
    before = rows()
    assert sync_all() == "Standards: all 80 up to date."
    assert rows() == before


def test_it_writes_nothing_when_nothing_differs() -> None:
    sync()
    before = rows()
    with CaptureQueriesContext(connection) as queries:
        assert sync() == "Standards: all 1 up to date."
    assert [query["sql"] for query in queries if not query["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))] == []
    assert rows() == before


def test_another_wording_makes_a_new_revision_and_leaves_the_old_one(
    changed_fixtures: ChangedFixtures,
) -> None:
    sync()
    before = rows()
    first = UnitRevision.objects.get()

    assert sync("--fixtures", changed_fixtures(reword)) == "Standards: published nvq:B10 revision 2."

    second = UnitRevision.objects.get(number=2)
    assert second.unit == first.unit
    assert second.uuid != first.uuid
    texts = {
        number: [row.text for row in revision_content(revision).unit.performance]
        for number, revision in ((1, first), (2, second))
    }
    assert texts[1][2] == "Reorganise your work to respond to unexpected additional workloads."
    assert texts[2][2] == "Reorganise your work to respond to additional workloads nobody expected."
    assert texts[1][:2] + texts[1][3:] == texts[2][:2] + texts[2][3:]
    after = rows()
    assert all(row in after[table] for table, held in before.items() for row in held)


def test_another_rule_makes_a_new_revision(changed_fixtures: ChangedFixtures) -> None:
    def ask_for_an_observation(model: str, fields: dict[str, Any]) -> None:
        if model == "standards.unitrevision":
            fields["rules"]["observations_at_least"] = 1

    sync()
    sync("--fixtures", changed_fixtures(ask_for_an_observation))
    numbers = UnitRevision.objects.order_by("number").values_list("rules__observations_at_least", flat=True)
    assert list(numbers) == [0, 1]


def test_other_prose_makes_no_new_revision_and_an_earlier_one_does_not_come_back(
    changed_fixtures: ChangedFixtures,
) -> None:
    def tell_more(model: str, fields: dict[str, Any]) -> None:
        if model == "standards.unitprose":
            fields["paragraphs"].append({"text": "It is about more."})

    sync()
    assert sync("--fixtures", changed_fixtures(tell_more)) == "Standards: published the prose of 1 unit."
    assert sync() == "Standards: all 1 up to date."
    newest = prose_of([UnitRevision.objects.get().unit_id])
    assert [prose.paragraphs[-1].text for prose in newest.values()] == ["It is about more."]


def test_prose_that_cannot_be_read_changes_nothing(changed_fixtures: ChangedFixtures) -> None:
    def misquote(model: str, fields: dict[str, Any]) -> None:
        if model == "standards.unitprose":
            fields["for_whom"] = ["Everybody."]

    with pytest.raises(CommandError, match=re.escape("nvq:B10.prose.for_whom[0]: these words do not stand in")):
        sync("--fixtures", changed_fixtures(misquote))
    assert not Framework.objects.exists()


def test_a_later_revision_is_new_once_only(changed_fixtures: ChangedFixtures) -> None:
    sync()
    changed = changed_fixtures(reword)
    sync("--fixtures", changed)
    assert sync("--fixtures", changed) == "Standards: all 1 up to date."


def test_a_frameworks_name_follows_without_a_new_revision(changed_fixtures: ChangedFixtures) -> None:
    def rename(model: str, fields: dict[str, Any]) -> None:
        if model == "standards.framework":
            fields["title"] = "NVQ in Customer Service"

    sync()
    assert sync("--fixtures", changed_fixtures(rename)) == "Standards: all 1 up to date."
    assert Framework.objects.get().title == "NVQ in Customer Service"
    assert UnitRevision.objects.count() == 1


def test_an_earlier_wording_comes_back_under_a_higher_number_only(changed_fixtures: ChangedFixtures) -> None:
    sync()
    sync("--fixtures", changed_fixtures(reword))
    assert sync() == "Standards: all 1 up to date."

    def number(model: str, fields: dict[str, Any]) -> None:
        if "number" in fields and model == "standards.unitrevision":
            fields["number"] = 3
        if "revision" in fields:
            fields["revision"][2] = 3

    assert sync("--fixtures", changed_fixtures(number)) == "Standards: published nvq:B10 revision 3."


def test_a_fixture_that_cannot_be_read_changes_nothing(changed_fixtures: ChangedFixtures) -> None:
    def misspell(model: str, fields: dict[str, Any]) -> None:
        if model == "standards.unitrevision":
            fields["rules"] |= {"settings": ["reel_job"], "setings": []}

    with pytest.raises(CommandError) as error:
        sync("--fixtures", changed_fixtures(misspell))
    assert str(error.value).splitlines() == [
        "nvq:B10.rules.setings: there is no such key",
        f'nvq:B10.rules.settings[0]: there is no "reel_job"; give one of {", ".join(Setting.values)}',
    ]
    assert not Framework.objects.exists()


def test_a_folder_without_standards_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no standards"):
        sync("--fixtures", tmp_path)


def test_loaddata_and_sync_make_the_same_rows() -> None:
    """So the identifiers in the fixture are those that every installation computes."""
    sync()
    synced = without_keys(rows())
    # Loading over them finds each row by its natural key and changes nothing, or the triggers refuse.
    call_command("loaddata", str(B10), verbosity=0)
    assert without_keys(rows()) == synced


def test_loaddata_into_an_empty_database_leaves_nothing_to_sync() -> None:
    call_command("loaddata", str(B10), verbosity=0)
    before = rows()
    assert sync() == "Standards: all 1 up to date."
    call_command("loaddata", str(B10), verbosity=0)
    assert rows() == before


@pytest.mark.long
def test_loaddata_takes_qualifications_and_range_items_that_requirements_repeat() -> None:
    fixtures = [str(path) for path in sorted((FIXTURES / "cvq").glob("*.json"))]
    call_command("loaddata", *fixtures, verbosity=0)
    assert sync_all("--framework", "cvq") == "Standards: all 9 up to date."
    assert Criterion.objects.filter(same_as__kind="range").count() > 20


def test_loaddata_cannot_reword_what_is_published(changed_fixtures: ChangedFixtures) -> None:
    sync()
    with pytest.raises(IntegrityError, match="standards_criterion is append-only"):
        call_command("loaddata", str(changed_fixtures(reword) / "nvq" / "b10.json"), verbosity=0)


def four_times_at_once(*arguments: object) -> list[str]:
    def run(_: int) -> str:
        try:
            return sync(*arguments)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as pool:
        return sorted(pool.map(run, range(4)))


@pytest.mark.django_db(transaction=True)
def test_runs_at_once_publish_once(changed_fixtures: ChangedFixtures) -> None:
    up_to_date = ["Standards: all 1 up to date."] * 3
    assert four_times_at_once() == [*up_to_date, "Standards: published nvq:B10 revision 1, the prose of 1 unit."]
    changed = changed_fixtures(reword)
    assert four_times_at_once("--fixtures", changed) == [
        *up_to_date,
        "Standards: published nvq:B10 revision 2.",
    ]
    assert list(UnitRevision.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert Criterion.objects.count() == 2 * (15 + 8 + 13)
