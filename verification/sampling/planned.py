"""What is planned for a unit."""

from portfolio.models import UnitVersion
from verification.models import PlannedSample


def planned_of(version: UnitVersion) -> list[PlannedSample]:
    """Return what is planned for this version of a unit, each with `is_done` and its steps; three queries at most."""
    planned = PlannedSample.objects.filter(unit_version=version).with_done().select_related("plan")
    return list(planned.prefetch_related("steps__author").order_by("pk"))
