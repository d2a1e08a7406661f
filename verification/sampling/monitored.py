"""What a policy asks besides samples (observations, interviews, meetings), and what of it is done, due or overdue."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q

from assessments.models import NOBODYS, UnitProgress
from centres.models import Centre, Membership, Role
from portfolio.models import State
from verification.days import day_at
from verification.models import MonitoringKind, MonitoringRecord
from verification.models.monitoring import MonitoringRecordQuerySet
from verification.sampling.policy import policy_of

A_YEAR = 365  # days
DUE_SOON = datetime.timedelta(days=30)


def next_by(last: datetime.date | None, began: datetime.date, a_year: int | None) -> datetime.date | None:
    """By which day the next of so many a year is wanted: the first, so long after it began. None: none is asked for."""
    if a_year is None:
        return None
    return (last or began) + datetime.timedelta(days=A_YEAR // a_year)


def interviews_wanted(candidates: int, candidates_an_interview: int) -> int:
    """How many interviews a year are wanted: one for each so many candidates, rounded up."""
    return -(-candidates // candidates_an_interview)


@dataclass(frozen=True, kw_only=True)
class Wait:
    """Since when something waits: when it was last done, and by when it is wanted; None: never, or not asked for."""

    last: datetime.date | None
    by: datetime.date | None
    today: datetime.date

    @property
    def is_overdue(self) -> bool:
        """Whether that day is over."""
        return self.by is not None and self.by < self.today

    @property
    def is_due(self) -> bool:
        """Whether it comes within a month."""
        return self.by is not None and self.today <= self.by <= self.today + DUE_SOON


@dataclass(frozen=True, kw_only=True)
class PlanLine:
    """What the policy asks for in a year, and how much of it is done in the twelve months until today."""

    what: str
    wanted: int | None  # None: the policy asks for none
    done: int


@dataclass(frozen=True, kw_only=True)
class MonitoringStands:
    """How a centre stands: each assessor by name, the meetings, and plan against done."""

    assessors: tuple[tuple[str, Wait], ...]
    meeting: Wait
    plan: tuple[PlanLine, ...]

    @property
    def pressing(self) -> tuple[tuple[str, Wait], ...]:
        """The assessors to be observed within a month or since long, the most pressing first."""
        waiting = [one for one in self.assessors if one[1].is_due or one[1].is_overdue]
        return tuple(sorted(waiting, key=lambda one: one[1].by or datetime.date.max))

    def rows(self) -> Iterator[list[object]]:
        """Both as rows of a table for a spreadsheet, each with its heading."""
        yield ["Assessor", "Last observed", "Next by"]
        for name, wait in self.assessors:
            yield [name, wait.last or "", wait.by or ""]
        yield []
        yield ["In the last twelve months", "Asked for", "Done"]
        for line in self.plan:
            yield [line.what, "" if line.wanted is None else line.wanted, line.done]


def monitored_at(centre: Centre) -> MonitoringStands:
    """Return how a centre stands today by its policy; five queries. Until a first meeting, the policy's day counts."""
    today, policy = centre.today, policy_of(centre)
    choices = policy.choices if policy else None
    since = day_at(policy.made_at, centre) if policy else today
    asked = choices.observations_a_year if choices else None
    meetings_asked = choices.meetings_a_year if choices else None
    records = MonitoringRecord.objects.filter(centre=centre)
    kinds = _of_kinds(records, today)
    last_of = dict(
        records.filter(kind=MonitoringKind.OBSERVATION).order_by().values_list("assessor").annotate(Max("day"))
    )
    held = Membership.objects.current().filter(centre=centre, role=Role.ASSESSOR).order_by("user__name", "user")
    assessors = [
        (name, Wait(last=last_of.get(user), by=next_by(last_of.get(user), began.date(), asked), today=today))
        for user, name, began in held.values_list("user", "user__name").annotate(Min("began_at"))
    ]
    last_meeting, meetings = kinds[MonitoringKind.MEETING]
    meeting = Wait(last=last_meeting, by=next_by(last_meeting, since, meetings_asked), today=today)
    interviews = None
    if choices and choices.candidates_an_interview:
        interviews = interviews_wanted(_candidates(centre), choices.candidates_an_interview)
    return MonitoringStands(
        assessors=tuple(assessors),
        meeting=meeting,
        plan=(
            PlanLine(
                what="Observations of assessors",
                wanted=asked * len(assessors) if asked else None,
                done=kinds[MonitoringKind.OBSERVATION][1],
            ),
            PlanLine(what="Interviews", wanted=interviews, done=kinds[MonitoringKind.INTERVIEW][1]),
            PlanLine(what="Standardisation meetings", wanted=meetings_asked, done=meetings),
        ),
    )


def _of_kinds(records: MonitoringRecordQuerySet, today: datetime.date) -> dict[str, tuple[datetime.date | None, int]]:
    """Of each kind, when it was last done, and how often in the twelve months until today."""
    lately = Q(day__gt=today - datetime.timedelta(days=A_YEAR))
    rows = records.order_by().values("kind").annotate(last=Max("day"), number=Count("pk", filter=lately))
    found = {row["kind"]: (row["last"], row["number"]) for row in rows}
    return {kind: found.get(kind, (None, 0)) for kind in MonitoringKind.values}


def _candidates(centre: Centre) -> int:
    """How many portfolios have a unit that is not verified yet."""
    at_work = UnitProgress.objects.filter(centre=centre).exclude(turn__in=NOBODYS).exclude(state=State.VERIFIED)
    return at_work.order_by().values("registration").distinct().count()
