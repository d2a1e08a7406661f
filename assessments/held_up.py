"""What is stuck in a centre: the units that nothing happens to, by what holds them up."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Exists, F, Max, OuterRef, QuerySet, Subquery

from assessments.models import Return, Signature
from centres.models import Centre
from portfolio.models import Allocation, Capacity, Claim, EvidenceVersion, State, UnitVersion

CANDIDATE_MAY_TAKE = timedelta(days=14)
OTHERS_MAY_TAKE = timedelta(days=7)
UNITS_OF_A_REASON = 5  # on a page
LEFT_OVER = 2  # so many more stand on the last page rather than on one of their own
# What holds a unit up, in the order of the page, with the words over its list.
REASONS = {
    "nobody": "Nobody is allocated",
    "kept_out": "The internal verifier wrote evidence that is claimed",
    "unconfirmed": "Waiting for a confirming signature",
    "candidate": "The candidate has not moved for two weeks",
    "assessor": "Waiting for the assessor for over a week",
    "verifier": "Waiting for the internal verifier for over a week",
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A unit that is not verified: where it stands, since when, and who works on it."""

    centre: int
    uuid: UUID
    code: str
    title: str
    candidate: str
    state: str
    began: datetime
    submitted: datetime | None
    assessed: datetime | None
    came_back: datetime | None  # the last step back
    claimed: datetime | None  # the last claim
    added: datetime | None  # the last that was said of any evidence in the portfolio
    unconfirmed: bool  # its last signature is to be confirmed by somebody else, and is not
    assessor: str | None
    verifier: str | None
    kept_out: str | None  # the verifier, where they cannot verify what they wrote

    @property
    def since(self) -> datetime:
        """Since when nothing has happened to it, or nobody could look at what does."""
        happened: tuple[datetime | None, ...]
        match self.state:
            case State.COLLECTING if self.assessor is None:
                happened = ()
            case State.ASSESSED | State.VERIFIED:
                happened = (self.assessed,)
            case State.SUBMITTED:
                happened = (self.submitted, self.came_back)
            case _:
                happened = (self.came_back, self.claimed, self.added)
        return max([self.began, *(at for at in happened if at)])

    def reason(self, now: datetime) -> str | None:
        """What holds it up: without an assessor (once assessed, a verifier) it is stuck at once, and with a verifier
        who wrote what is claimed, or a signature to be confirmed; a candidate may take two weeks, an assessor and a
        verifier one."""
        if (self.verifier if self.state in {State.ASSESSED, State.VERIFIED} else self.assessor) is None:
            return "nobody"
        if self.kept_out:
            return "kept_out"
        if self.unconfirmed:
            return "unconfirmed"
        took = now - self.since
        if self.state == State.COLLECTING:
            return "candidate" if took > CANDIDATE_MAY_TAKE else None
        if took <= OTHERS_MAY_TAKE:
            return None
        return "verifier" if self.state == State.ASSESSED else "assessor"


@dataclass(frozen=True, kw_only=True)
class HeldUp:
    """A unit that is stuck: for how many days, and whose turn it is."""

    unit: Standing
    days: int
    who: str


@dataclass(frozen=True, kw_only=True)
class Group:
    """Some of the units that one thing holds up in a centre, the longest first, and how many there are in all."""

    reason: str
    words: str
    number: int  # of the page of this list
    pages: int
    total: int
    units: tuple[HeldUp, ...]


def held_up(
    centres: Collection[Centre], *, now: datetime, page_of: Callable[[str], int] = lambda reason: 1
) -> dict[int, list[Group]]:
    """What is stuck in each of the centres, by its primary key, in two queries; `page_of` says which page of a list."""
    stuck: dict[tuple[int, str], list[Standing]] = defaultdict(list)
    for unit in _standing(centres):
        if reason := unit.reason(now):
            stuck[unit.centre, reason].append(unit)
    return {
        centre.pk: [
            _group(reason, sorted(units, key=_longest_first), now, page_of(reason))
            for reason in REASONS
            if (units := stuck.get((centre.pk, reason)))
        ]
        for centre in centres
    }


def _group(reason: str, units: list[Standing], now: datetime, number: int) -> Group:
    page = Paginator(units, UNITS_OF_A_REASON, orphans=LEFT_OVER).get_page(number)
    return Group(
        reason=reason,
        words=REASONS[reason],
        number=page.number,
        pages=page.paginator.num_pages,
        total=len(units),
        units=tuple(HeldUp(unit=unit, days=max((now - unit.since).days, 0), who=_who(reason, unit)) for unit in page),
    )


def _longest_first(unit: Standing) -> tuple[datetime, str, str]:
    return unit.since, unit.candidate, unit.code


def _who(reason: str, unit: Standing) -> str:
    match reason:
        case "candidate":
            return unit.candidate
        case "assessor":
            return unit.assessor or ""
        case "verifier":
            return unit.verifier or ""
        case "kept_out":
            return unit.kept_out or ""
        case "unconfirmed":
            return "the countersignature" if unit.state == State.VERIFIED else "the sign-off"
        case _:
            return "no internal verifier" if unit.state in {State.ASSESSED, State.VERIFIED} else "no assessor"


def _standing(centres: Collection[Centre]) -> Iterator[Standing]:
    """Every unit of the centres that is not finished, as plain values: there may be thousands."""
    came_back = Return.objects.filter(unit_version__candidate_unit=OuterRef("candidate_unit"))
    claimed = Claim.objects.filter(candidate_unit=OuterRef("candidate_unit"))
    added = EvidenceVersion.objects.filter(evidence__registration=OuterRef("candidate_unit__registration"))
    found = (
        UnitVersion.objects.worked_on()
        .filter(candidate_unit__registration__centre__in=centres)
        .annotate(unconfirmed=Exists(Signature.objects.unconfirmed().filter(unit_version=OuterRef("pk"))))
        .exclude(state=State.VERIFIED, unconfirmed=False)
        .order_by()
        .values_list(
            "candidate_unit__registration__centre",
            "candidate_unit__uuid",
            "candidate_unit__revision__unit__code",
            "candidate_unit__revision__title",
            "candidate_unit__registration__candidate__name",
            "state",
            "candidate_unit__added_at",
            "submitted_at",
            "assessed_at",
            _last(came_back, "unit_version__candidate_unit"),
            _last(claimed, "candidate_unit"),
            _last(added, "evidence__registration"),
            "unconfirmed",
            "candidate_unit",
        )
    )
    working: dict[tuple[int, str], str] = {}
    kept_out: dict[int, str] = {}
    for unit, capacity, name, is_kept_out in _working(centres):
        working[unit, capacity] = name
        if is_kept_out:
            kept_out[unit] = name
    for *row, unit in found:
        assessor, verifier = (working.get((unit, one)) for one in (Capacity.ASSESSOR, Capacity.INTERNAL_VERIFIER))
        people = (assessor, verifier, kept_out.get(unit))
        yield Standing(**dict(zip(Standing.__dataclass_fields__, (*row, *people), strict=True)))


def _last(happened: QuerySet, of: str) -> Subquery:
    return Subquery(happened.order_by().values(of).annotate(last=Max("made_at")).values("last"))


def _working(centres: Collection[Centre]) -> Iterable[tuple[int, str, str, bool]]:
    """Who leads in units of the centres: the unit's primary key, in which capacity, the name, and if they cannot."""
    working = Allocation.objects.in_force(F("candidate_unit__registration__centre"))
    working = working.filter(candidate_unit__registration__centre__in=centres, leads=True)
    is_kept_out = Exists(Allocation.objects.kept_out().filter(pk=OuterRef("pk")))
    return working.values_list("candidate_unit", "capacity", "user__name", is_kept_out)
