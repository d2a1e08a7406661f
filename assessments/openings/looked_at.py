"""Who has looked at what of a piece of evidence. The signing page asks, and the document that is signed."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from assessments.models import Opening
from centres.models import User
from portfolio.models import EvidenceVersion
from record.prepared import prepared


@dataclass(frozen=True, kw_only=True)
class LookedAt:
    """What one person has looked at of a version of a piece."""

    person: User
    files: tuple[int, ...]  # the places of those that they opened
    at_workplace: bool  # whether they say that they saw the piece where it is kept
    last: datetime.datetime


def looked_at(versions: Collection[int]) -> Mapping[int, tuple[LookedAt, ...]]:
    """Return by version (primary keys) who has looked at it, in the order in which they did last; two queries."""
    found: dict[tuple[int, int], dict[int | None, datetime.datetime]] = defaultdict(dict)
    for version, person, position, last in _openings(versions):
        found[version, person][position] = last
    people = User.objects.in_bulk({person for _, person in found}) if found else {}
    by_version: dict[int, list[LookedAt]] = defaultdict(list)
    for (version, person), moments in found.items():
        by_version[version].append(
            LookedAt(
                person=people[person],
                files=tuple(sorted(position for position in moments if position is not None)),
                at_workplace=None in moments,
                last=max(moments.values()),
            )
        )
    return {version: tuple(sorted(looks, key=lambda look: look.last)) for version, looks in by_version.items()}


@prepared
def _openings(versions: Collection[int]) -> QuerySet[Opening, tuple]:
    rows = Opening.objects.filter(version__pk__in=versions).values_list("version", "person", "position")
    return rows.annotate(last=Max("at")).order_by()


def seen_at_workplace(version: EvidenceVersion, person: User) -> datetime.datetime | None:
    """Return when the person last said that they saw the piece where it is kept; one query."""
    mine = Opening.objects.filter(version=version, person=person, position=None)
    last: datetime.datetime | None = mine.aggregate(last=Max("at"))["last"]
    return last
