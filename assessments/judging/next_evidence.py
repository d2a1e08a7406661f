"""Which piece of a unit an assessor judges next."""

from django.db.models import Q, QuerySet

from assessments.models import Standing
from assessments.models.status import Status
from portfolio.models import (
    CandidateUnit,
    Evidence,
)
from record.prepared import prepared


def next_to_judge(unit: CandidateUnit, *, after: Evidence) -> Evidence | None:
    """The next piece of the unit, by number, with claims that wait for a judgement; after the last, the first again."""
    following = _waiting(unit.pk, after.pk, after.number)
    return following[0] if following else None


@prepared
def _waiting(unit: int, after: int, number: int) -> QuerySet[Evidence, Evidence]:
    waiting = Standing.objects.filter(candidate_unit=unit, status=Status.CLAIMED).exclude(evidence=after)
    following = Evidence.objects.filter(pk__in=waiting.values("evidence"))
    return following.annotate(is_before=Q(number__lt=number)).order_by("is_before", "number")[:1]
