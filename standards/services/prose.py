"""Publishes the sources' own prose of units. What is published is never changed: other words are a new row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from standards.content import Prose, public_id
from standards.models import Unit, UnitProse
from standards.prose import newest_prose, prose_content, prose_digest, prose_fields


@dataclass(frozen=True, kw_only=True)
class ProsePublication:
    """What to publish of a unit, which must exist. Its number is after the newest, and at least `at_least`."""

    framework: str
    code: str
    prose: Prose
    at_least: int = 1
    published_at: datetime | None = None  # now unless given


@transaction.atomic
def prose_publish(*, publications: Sequence[ProsePublication]) -> list[UnitProse]:
    """Publish the prose of each unit unless its newest says the same; return the new rows.

    Two calls at the same time make one row: the second waits for the first and then finds nothing to do. The number
    of statements does not grow with the number of units.
    """
    if not publications:
        return []
    named = Unit.objects.filter(
        framework__code__in={one.framework for one in publications}, code__in={one.code for one in publications}
    )
    locked = named.select_related("framework").select_for_update(of=("self",)).order_by("pk")
    units = {unit.natural_key(): unit for unit in locked}
    newest = {row.unit_id: row for row in newest_prose().filter(unit__in=units.values())}
    new = []
    for one in publications:
        unit = units[one.framework, one.code]
        before = newest.get(unit.pk)
        if before is None or prose_content(before) != one.prose:
            new.append(_row(unit, one, max(one.at_least, before.number + 1 if before else 1)))
    return UnitProse.objects.bulk_create(new)


def _row(unit: Unit, said: ProsePublication, number: int) -> UnitProse:
    return UnitProse(
        # As with revisions: the same name means the same words in every installation.
        uuid=public_id("prose", *unit.natural_key(), number, prose_digest(said.prose)),
        unit=unit,
        number=number,
        **prose_fields(said.prose),
        published_at=said.published_at or timezone.now(),
    )
