"""The version of a unit that is worked on."""

from django.db.models import QuerySet

from portfolio.models import CandidateUnit, UnitVersion
from record.prepared import prepared


def open_version(unit: CandidateUnit) -> UnitVersion:
    """Return the version of the unit that is open; each unit has one. One query."""
    [version] = _open(unit.pk)
    return version


@prepared
def _open(unit: int) -> QuerySet[UnitVersion, UnitVersion]:
    return UnitVersion.objects.filter(candidate_unit=unit, closed_at__isnull=True)
