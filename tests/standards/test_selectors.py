"""Questions about the standards, and what they cost."""

from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from standards.content import RevisionContent
from standards.models import Criterion, Unit, UnitRevision
from standards.selectors import (
    latest_revision,
    latest_revisions,
    revision_content,
    revision_contents,
    unit_by_address,
)
from standards.services.publishing import unit_publish
from tests.standards.shapes import EVERY_SHAPE

pytestmark = pytest.mark.django_db


def test_an_address_names_a_unit(b10: RevisionContent) -> None:
    unit = unit_by_address("nvq:B10")
    assert unit.natural_key() == ("nvq", "B10")
    assert unit.address == "nvq:B10"


@pytest.mark.parametrize("address", ["nvq:B11", "nos:B10", "nvq:b10", "B10", "", "nvq:B10:1"])
def test_an_address_that_names_no_unit_is_not_found(b10: RevisionContent, address: str) -> None:
    with pytest.raises(Unit.DoesNotExist):
        unit_by_address(address)


def test_the_latest_revision_is_the_one_with_the_highest_number() -> None:
    unit_publish(content=EVERY_SHAPE)
    unit = unit_by_address("made-up:X1")
    assert (revision := latest_revision(unit)) and revision.number == 1
    unit_publish(content=replace(EVERY_SHAPE, title="Another"))
    assert (revision := latest_revision(unit)) and (revision.number, revision.title) == (2, "Another")
    assert [row.title for row in latest_revisions()] == ["Another"]


def test_a_unit_without_a_revision_has_no_latest(b10: RevisionContent) -> None:
    unit = Unit.objects.create(framework=unit_by_address("nvq:B10").framework, code="B11")
    assert latest_revision(unit) is None


def test_the_content_of_a_revision_takes_three_queries(
    b10: RevisionContent, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    revision = UnitRevision.objects.get(pk=b10.pk)
    with django_assert_num_queries(3):
        content = revision_content(revision)
    assert (content.pk, content.uuid, content.number, content.unit) == (b10.pk, b10.uuid, b10.number, b10.unit)


def test_the_content_of_many_revisions_takes_three_queries_too(
    b10: RevisionContent, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(10):
        unit_publish(content=replace(EVERY_SHAPE, code=f"X{number}"))
    with django_assert_num_queries(3):
        contents = revision_contents(latest_revisions())
    assert [content.unit.code for content in contents] == [*(f"X{number}" for number in range(10)), "B10"]
    assert {len(content.unit.criteria) for content in contents[:-1]} == {len(EVERY_SHAPE.criteria)}


def test_the_content_knows_its_rows(b10: RevisionContent) -> None:
    held = {(row.pk, row.uuid): row.full_code for row in Criterion.objects.select_related("parent")}
    assert {(item.pk, item.uuid): item.full_code for item in b10.unit.criteria} == held
