"""Which piece of a unit an assessor judges next."""

from django.db.models import Q

from assessments.models import Standing
from assessments.models.status import Status
from portfolio.models import (
    CandidateUnit,
    Evidence,
)


def next_to_judge(unit: CandidateUnit, *, after: Evidence) -> Evidence | None:
    """The next piece of the unit, by number, with claims that wait for a judgement; after the last, the first again."""
    waiting = Standing.objects.filter(candidate_unit=unit, status=Status.CLAIMED).exclude(evidence=after)
    following = Evidence.objects.filter(pk__in=waiting.values("evidence"))
    return following.annotate(is_before=Q(number__lt=after.number)).order_by("is_before", "number").first()
