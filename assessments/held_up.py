"""What is stuck in a centre: the units that nothing happens to, by what holds them up."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Case, CharField, Count, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, Greatest, RowNumber

from assessments.models import Return
from assessments.selectors import with_state
from centres.models import Centre
from portfolio.models import Allocation, CandidateUnit, Capacity, Claim, EvidenceVersion, State

CANDIDATE_MAY_TAKE = timedelta(days=14)
OTHERS_MAY_TAKE = timedelta(days=7)
UNITS_OF_A_REASON = 5
# What holds a unit up, in the order of the page, with the words over its list.
REASONS = {
    "nobody": "Nobody is allocated",
    "candidate": "The candidate has not moved for two weeks",
    "assessor": "Waiting for the assessor for over a week",
    "verifier": "Waiting for the internal verifier for over a week",
}


@dataclass(frozen=True, kw_only=True)
class HeldUp:
    """A unit that is stuck: for how many days, and whose turn it is."""

    unit: CandidateUnit
    days: int
    who: str


@dataclass(frozen=True, kw_only=True)
class Group:
    """Some of the units that one thing holds up in a centre, the longest first, and how many there are in all."""

    reason: str
    words: str
    number: int  # of the page of this list
    total: int
    units: tuple[HeldUp, ...]

    @property
    def pages(self) -> int:
        """On how many pages they stand."""
        return -(-self.total // UNITS_OF_A_REASON)


def held_up(
    centres: Collection[Centre], *, now: datetime, page_of: Callable[[str], int] = lambda reason: 1
) -> dict[int, list[Group]]:
    """What is stuck in each of the centres, by its primary key, in one query. `page_of` says which page of each list.

    A unit without an assessor (or, once assessed, without a verifier) is stuck at once; a candidate may take two
    weeks, an assessor and a verifier one.
    """
    pages = {reason: page_of(reason) for reason in REASONS}
    found = _groups(centres, now, pages)
    shown = {group.reason for groups in found.values() for group in groups}
    too_far = [reason for reason, number in pages.items() if number > 1 and reason not in shown]
    return _groups(centres, now, pages | dict.fromkeys(too_far, 1)) if too_far else found


def _groups(centres: Collection[Centre], now: datetime, pages: dict[str, int]) -> dict[int, list[Group]]:
    order = list(REASONS)
    rows = list(_stuck(centres, now, pages))
    rows.sort(key=lambda unit: (unit.registration.centre_id, order.index(unit.reason), unit.place))
    groups: dict[int, list[Group]] = {}
    for (centre, reason), units in groupby(rows, lambda unit: (unit.registration.centre_id, unit.reason)):
        listed = list(units)
        group = Group(
            reason=reason,
            words=REASONS[reason],
            number=pages[reason],
            total=listed[0].in_all,
            units=tuple(
                HeldUp(unit=unit, days=max((now - unit.since).days, 0), who=_who(reason, unit)) for unit in listed
            ),
        )
        groups.setdefault(centre, []).append(group)
    return groups


def _who(reason: str, unit: CandidateUnit) -> str:
    match reason:
        case "candidate":
            return str(unit.registration.candidate)
        case "assessor":
            return unit.assessor or ""  # type: ignore[attr-defined]
        case "verifier":
            return unit.verifier or ""  # type: ignore[attr-defined]
        case _:
            wants = "no internal verifier" if unit.state == State.ASSESSED else "no assessor"  # type: ignore[attr-defined]
            return wants


def _stuck(centres: Collection[Centre], now: datetime, pages: dict[str, int]) -> QuerySet:
    shown = Q()
    for reason, number in pages.items():
        last = number * UNITS_OF_A_REASON
        shown |= Q(reason=reason, place__gt=last - UNITS_OF_A_REASON, place__lte=last)
    partition = [F("registration__centre"), F("reason")]
    return (
        _with_reason(CandidateUnit.objects.filter(registration__centre__in=centres), now)
        .filter(reason__isnull=False)
        .annotate(
            place=Window(RowNumber(), partition_by=partition, order_by=[F("since").asc(), F("pk").asc()]),
            in_all=Window(Count("*"), partition_by=partition),
        )
        .filter(shown)
    )


def _with_reason(units: QuerySet[CandidateUnit], now: datetime) -> QuerySet:
    """The units with the `reason` for which they are stuck, if they are, and `since` when."""
    stepped_back = Return.objects.filter(unit_version__candidate_unit=OuterRef("pk")).order_by("-made_at")
    claimed = Claim.objects.filter(candidate_unit=OuterRef("pk")).order_by("-made_at")
    added = (
        EvidenceVersion.objects.filter(evidence__registration=OuterRef("registration"))
        .order_by()
        .values("evidence__registration")
        .annotate(last=Max("made_at"))
    )
    began = F("added_at")
    moved = with_state(units).annotate(
        assessor=_allocated(Capacity.ASSESSOR),
        verifier=_allocated(Capacity.INTERNAL_VERIFIER),
        came_back=Coalesce(Subquery(stepped_back.values("made_at")[:1]), began),
        moved=Greatest(
            began,
            Coalesce(Subquery(claimed.values("made_at")[:1]), began),
            Coalesce(Subquery(added.values("last")), began),
            Coalesce(Subquery(stepped_back.values("made_at")[:1]), began),
        ),
    )
    collecting, submitted, assessed = (Q(state=s) for s in (State.COLLECTING, State.SUBMITTED, State.ASSESSED))
    timed = moved.annotate(
        since=Case(
            When(collecting & Q(assessor=None), then=began),
            When(collecting, then=F("moved")),
            When(submitted, then=Greatest(F("submitted_at"), F("came_back"))),
            When(assessed, then=F("assessed_at")),
        )
    )
    slow, others = Q(since__lt=now - CANDIDATE_MAY_TAKE), Q(since__lt=now - OTHERS_MAY_TAKE)
    return timed.annotate(
        reason=Case(
            When((collecting | submitted) & Q(assessor=None), then=Value("nobody")),
            When(assessed & Q(verifier=None), then=Value("nobody")),
            When(collecting & slow, then=Value("candidate")),
            When(submitted & others, then=Value("assessor")),
            When(assessed & others, then=Value("verifier")),
            output_field=CharField(),
        )
    )


def _allocated(capacity: Capacity) -> Subquery:
    standing = Allocation.objects.current().filter(candidate_unit=OuterRef("pk"), capacity=capacity)
    return Subquery(standing.values("user__name")[:1])
