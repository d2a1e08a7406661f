"""How old evidence may be before a page remarks on it: the centre's policy says it, for a version of a unit."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from centres.models import Centre, CentrePolicy
from centres.policy.selectors import policy_of
from portfolio.models import EvidenceVersion, UnitVersion
from portfolio.remarks import AgeAsked


def age_asked(centre: Centre, unit: UnitVersion, policy: CentrePolicy | None = None) -> AgeAsked:
    """Return what the centre asks, counted to the day of the submission, or to today before there is one.

    One query, unless the centre's `policy` is at hand.
    """
    return ages_asked(centre, [unit], policy)[unit.pk]


def ages_asked(centre: Centre, units: Iterable[UnitVersion], policy: CentrePolicy | None = None) -> dict[int, AgeAsked]:
    """Return the same for several units, by the version's primary key."""
    months = (policy or policy_of(centre)).evidence_age_months
    return {
        unit.pk: AgeAsked(
            months=months,
            before=timezone.localdate(unit.submitted_at, ZoneInfo(centre.time_zone)),
            is_submitted=unit.submitted_at is not None,
        )
        for unit in units
    }


def last_day(piece: EvidenceVersion) -> date:
    """Return the last day of what a piece shows."""
    return piece.happened_to or piece.happened_from
