"""Who and what can stand in a record, and the list of records, read page by page behind the last one shown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from assessments.models import Action, AssessorRecord
from centres.models import Centre, Membership, Role, User
from portfolio.conflicts import is_kept_out
from portfolio.models import Allocation, CandidateUnit, Capacity, Registration
from verification.models import MeetingAttendance, MonitoringKind, MonitoringRecord

RECORDS_ON_A_PAGE = 25
RECORDS_TO_NAME = 50  # of an assessor, the latest first
STAFF = (Role.ASSESSOR, Role.INTERNAL_VERIFIER, Role.COORDINATOR)  # in this order their role counts
WITH_WHOM = ("centre__chain", "verifier", "registration__candidate", "assessor", "acknowledgement")

# --- Who and what can stand in a record -------------------------------------------------------------


def candidates_to_interview(verifier: User, centre: Centre) -> QuerySet[Registration]:
    """The portfolios that a person verifies a unit of at the centre, and may, by their candidates' names."""
    verified = Allocation.objects.in_force(centre.pk).filter(user=verifier, capacity=Capacity.INTERNAL_VERIFIER)
    verified = verified.filter(~is_kept_out())
    own = Registration.objects.filter(centre=centre, pk__in=verified.values("candidate_unit__registration"))
    return (
        own.exclude(candidate=verifier).select_related("candidate", "qualification").order_by("candidate__name", "pk")
    )


def assessors_to_observe(verifier: User, centre: Centre) -> QuerySet[User]:
    """Who assesses at the centre, the verifier apart, by name."""
    held = Membership.objects.current().filter(centre=centre, role=Role.ASSESSOR)
    return User.objects.filter(pk__in=held.values("user")).exclude(pk=verifier.pk).order_by("name", "pk")


def units_to_name(verifier: User, assessor: User, centre: Centre) -> QuerySet[CandidateUnit]:
    """The units that the assessor works on and the verifier may read, by their candidates' names."""
    assessed = Allocation.objects.in_force(centre.pk).filter(user=assessor, capacity=Capacity.ASSESSOR)
    units = CandidateUnit.objects.visible_to(verifier).taken().filter(pk__in=assessed.values("candidate_unit"))
    related = ("registration__candidate", "revision__unit__framework")
    others = units.exclude(registration__candidate=verifier).select_related(*related)
    return others.order_by("registration__candidate__name", "registration", "pk")


def records_to_name(verifier: User, assessor: User, centre: Centre) -> Sequence[AssessorRecord]:
    """What the assessor recorded last of candidates whose portfolios the verifier may read."""
    readable = Registration.objects.visible_to(verifier).filter(centre=centre).exclude(candidate=verifier)
    records = AssessorRecord.objects.filter(author=assessor, centre=centre, parts__registration__in=readable)
    return list(records.distinct().order_by("-pk")[:RECORDS_TO_NAME])


def staff_of(centre: Centre) -> QuerySet[User]:
    """Who assesses, verifies or coordinates at the centre, by name."""
    held = Membership.objects.current().filter(centre=centre, role__in=STAFF)
    return User.objects.filter(pk__in=held.values("user")).order_by("name", "pk")


# --- The list ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MonitoringWanted:
    """What is looked for: a kind, a part of somebody's name, a year, and after which record (as addresses say it)."""

    kind: str = ""
    words: str = ""
    year: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class MonitoringList:
    """A page of records, the latest first; `following` is the record after which the next begins."""

    records: Sequence[MonitoringRecord]
    years: Sequence[int]
    following: UUID | None


def monitoring_list(user: User, centre: Centre, wanted: MonitoringWanted) -> MonitoringList:
    """Return a page of what the person may read; two queries, three behind a record."""
    readable = MonitoringRecord.objects.visible_to(user).filter(centre=centre)
    first = readable.aggregate(first=Min("day"))["first"]
    this_year = centre.today.year
    found = readable.filter(_like(wanted)).filter(_behind(readable, wanted.after))
    rows = list(found.select_related(*WITH_WHOM).order_by("-day", "-pk")[: RECORDS_ON_A_PAGE + 1])
    shown = rows[:RECORDS_ON_A_PAGE]
    return MonitoringList(
        records=shown,
        years=range(this_year, first.year - 1, -1) if first else (),
        following=shown[-1].uuid if len(rows) > len(shown) else None,
    )


def _like(wanted: MonitoringWanted) -> Q:
    like = Q()
    if wanted.kind in MonitoringKind.values:
        like &= Q(kind=wanted.kind)
    if re.fullmatch(r"[12][0-9]{3}", wanted.year):
        like &= Q(day__year=int(wanted.year))
    if wanted.words:
        there = MeetingAttendance.objects.filter(record=OuterRef("pk"), person__name__icontains=wanted.words)
        like &= (
            Q(verifier__name__icontains=wanted.words)
            | Q(assessor__name__icontains=wanted.words)
            | Q(registration__candidate__name__icontains=wanted.words)
            | Q(Exists(there))
        )
    return like


def _behind(readable: QuerySet[MonitoringRecord], after: str) -> Q:
    try:
        last = readable.filter(uuid=UUID(after)).values_list("day", "pk").first()
    except ValueError:
        last = None
    if last is None:
        return Q()
    day, pk = last
    return Q(day__lt=day) | Q(day=day, pk__lt=pk)


def actions_to_open(user: User, record: MonitoringRecord) -> set[int]:
    """Which of the actions that were agreed the person may read the page of, by primary key."""
    readable = Action.objects.visible_to(user).filter(agreed_in__record=record)
    return set(readable.values_list("pk", flat=True))


def whole(record: MonitoringRecord) -> dict[str, Any]:
    """Return what the page and the paper of a record show besides its row; four queries."""
    evidence = record.points.select_related("evidence__registration__candidate").order_by("number")
    agreed = record.actions_agreed.select_related("action__owner").order_by("pk")
    return {
        "points": list(evidence),
        "present": list(User.objects.filter(meetings_attended__record=record).order_by("name", "pk")),
        "actions": [one.action for one in agreed],
        "minutes": list(record.minutes.select_related("stored_file", "added_by").order_by("pk")),
    }
