"""The version of a unit that is worked on."""

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from portfolio.models import CandidateUnit, UnitVersion
from record.prepared import prepared


def open_version(unit: CandidateUnit) -> UnitVersion:
    """Return the version of the unit that is open; each unit has one. One query."""
    return open_versions([unit])[unit.pk]


def open_versions(units: Iterable[CandidateUnit]) -> dict[int, UnitVersion]:
    """Return the open version of each of these units, by the unit's primary key. One query."""
    return {version.candidate_unit_id: version for version in _open([unit.pk for unit in units])}


@prepared
def _open(units: Collection[int]) -> QuerySet[UnitVersion, UnitVersion]:
    return UnitVersion.objects.filter(candidate_unit__pk__in=units, closed_at__isnull=True)
