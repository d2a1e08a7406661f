"""How old evidence may be before a page remarks on it: the centre's policy says it, for a version of a unit."""

from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from centres.models import Centre
from centres.policy.selectors import policy_of
from portfolio.models import EvidenceVersion, UnitVersion
from portfolio.remarks import AgeAsked


def age_asked(centre: Centre, unit: UnitVersion) -> AgeAsked:
    """Return what the centre asks, counted to the day of the submission, or to today before there is one; one query."""
    return AgeAsked(
        months=policy_of(centre).evidence_age_months,
        before=timezone.localdate(unit.submitted_at, ZoneInfo(centre.time_zone)),
        is_submitted=unit.submitted_at is not None,
    )


def last_day(piece: EvidenceVersion) -> date:
    """Return the last day of what a piece shows."""
    return piece.happened_to or piece.happened_from
