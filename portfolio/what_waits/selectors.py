"""Waiting work, summed up by kind and person."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from portfolio.models import WaitingWork, WorkKind
from portfolio.models.waiting_work import WorkState


@dataclass(frozen=True, kw_only=True)
class WorkLine:
    """How much of one kind waits for one person."""

    kind: str  # in words
    person: str
    centre: str
    waiting: int
    taken: int  # that is being done just now
    since: datetime  # when the first of it could have been done, or can be at the earliest


def what_waits(works: QuerySet[WaitingWork] | None = None) -> list[WorkLine]:
    """Sum up what waits (of these), what has waited longest first."""
    works = WaitingWork.objects.all() if works is None else works
    rows = (
        works.exclude(state=WorkState.DONE)
        .values("kind", "person__name", "centre__name", "person", "centre")
        .annotate(
            waiting=Count("pk", filter=Q(state=WorkState.WAITING)),
            taken=Count("pk", filter=Q(state=WorkState.TAKEN)),
            since=Min("ready_at"),
        )
        .order_by("since", "person")
    )
    return [
        WorkLine(
            kind=str(WorkKind(row["kind"]).label),
            person=row["person__name"],
            centre=row["centre__name"],
            waiting=row["waiting"],
            taken=row["taken"],
            since=row["since"],
        )
        for row in rows
    ]
