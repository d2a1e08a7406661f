"""A published revision is never changed: publishing makes a new one, and the database refuses the rest."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from standards.models import Criterion, Element, UnitRevision
from standards.prose import prose_of
from standards.selectors import revision_content
from standards.services.prose import ProsePublication, prose_publish
from standards.services.publishing import unit_publish
from tests.append_only import assert_append_only
from tests.standards.shapes import EVERY_PROSE, EVERY_SHAPE

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def published() -> UnitRevision:
    revision = unit_publish(content=EVERY_SHAPE)
    assert revision is not None
    return revision


def test_every_shape_comes_back_as_it_was_published(published: UnitRevision) -> None:
    assert revision_content(published).unit == EVERY_SHAPE


def test_publishing_the_same_again_publishes_nothing(published: UnitRevision) -> None:
    assert unit_publish(content=EVERY_SHAPE) is None
    assert UnitRevision.objects.count() == 1


def test_publishing_a_change_numbers_it_after_the_latest(published: UnitRevision) -> None:
    second = unit_publish(content=replace(EVERY_SHAPE, purpose="Shows them."))
    third = unit_publish(content=EVERY_SHAPE)
    assert second and third
    assert [published.number, second.number, third.number] == [1, 2, 3]
    assert len({published.uuid, second.uuid, third.uuid}) == 3


def test_a_file_may_give_a_revision_a_higher_number() -> None:
    revision = unit_publish(content=EVERY_SHAPE, at_least=4)
    assert revision is not None
    assert revision.number == 4


def test_the_database_refuses_to_change_or_delete_a_revision(published: UnitRevision) -> None:
    assert_append_only(published)


def test_the_database_refuses_to_change_or_delete_an_element(published: UnitRevision) -> None:
    assert_append_only(Element.objects.get(number="1"))


def test_the_database_refuses_to_change_or_delete_a_criterion(published: UnitRevision) -> None:
    for criterion in Criterion.objects.all():
        for field in Criterion._meta.concrete_fields:
            # Another value than the one it holds, since an UPDATE that changes nothing may pass.
            value = None if getattr(criterion, field.attname) is not None else 1
            with (
                pytest.raises(IntegrityError, match="standards_criterion is append-only"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                column = connection.ops.quote_name(field.column or "")
                cursor.execute(
                    f"UPDATE standards_criterion SET {column} = %s WHERE id = %s",  # noqa: S608
                    [-1 if field.primary_key else value, criterion.pk],
                )
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Criterion.objects.filter(pk=criterion.pk)._raw_delete(using="default")
    assert revision_content(published).unit == EVERY_SHAPE


def test_the_database_refuses_to_change_what_a_range_item_applies_to(published: UnitRevision) -> None:
    applies = Criterion.range_elements.through.objects.first()
    assert applies is not None
    assert_append_only(applies)


def test_the_database_refuses_to_change_or_delete_prose(published: UnitRevision) -> None:
    [prose] = prose_publish(publications=[ProsePublication(framework="made-up", code="X1", prose=EVERY_PROSE)])
    assert_append_only(prose)
    assert prose_of([published.unit_id]) == {published.unit_id: EVERY_PROSE}


def test_a_query_cannot_change_the_words_either(published: UnitRevision) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Criterion.objects.update(text="something easier")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Criterion.objects.filter(kind="performance").delete()
    assert revision_content(published).unit == EVERY_SHAPE
