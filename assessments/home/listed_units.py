"""The units that homes list and count, as plain values. Every question here is answered from `UnitProgress`.

A person may have thousands of them: an index finds those on a page, and the rest is counted.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, Case, CharField, Count, F, Q, QuerySet, Value, When
from django.utils import timezone

from assessments.models import NOBODYS, Turn, UnitProgress
from assessments.standing.progress import FIELDS as COUNTED
from assessments.standing.progress import Progress
from centres.models import Centre, User
from portfolio.conflicts import is_kept_out
from portfolio.models import Allocation, Capacity, Registration, State
from record.prepared import prepared
from standards.published import published_contents_of

COLLECTING, SUBMITTED, ASSESSED = (state.value for state in (State.COLLECTING, State.SUBMITTED, State.ASSESSED))
Units = QuerySet[UnitProgress]


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """A unit with its state and what a list says of it. The whole numbers are primary keys."""

    pk: int
    uuid: UUID
    revision: int
    registration: int
    portfolio: UUID
    candidate: str  # the name
    centre: int
    state: str
    since: datetime
    turn: str
    assessor: int | None
    verifier: int | None
    sent_back_by: int | None
    unconfirmed_of: int | None
    happened_at: datetime
    code: str
    title: str
    framework: str  # its code
    progress: Progress

    @property
    def unconfirmed(self) -> bool:
        """Whether somebody else must confirm its last signature."""
        return self.unconfirmed_of is not None

    @property
    def named(self) -> str:
        """The code with the title and the framework, as a revision is called."""
        return f"{self.code} {self.title} ({self.framework.upper()})"


FIELDS = (
    "pk", "candidate_unit__uuid", "candidate_unit__revision", "registration", "registration__uuid",
    "registration__candidate__name", "centre", "state", "since", "turn", "assessor", "verifier", "sent_back_by",
    "unconfirmed_of", "happened_at",
)  # fmt: skip
REVISION = FIELDS.index("candidate_unit__revision")


def listed(units: Units) -> list[ListedUnit]:
    """These units by candidate and code; one query, and those for wordings that this process has not read yet."""
    return _listed(_rows(units))


def listed_by_key(units: Collection[int]) -> list[ListedUnit]:
    """The same of the units with these primary keys; no query without any."""
    return _listed(_rows_by_key(units)) if units else []


@prepared
def _rows_by_key(units: Collection[int]) -> QuerySet[UnitProgress, tuple[Any, ...]]:
    return _rows(UnitProgress.objects.filter(candidate_unit__pk__in=units))


def _rows(units: Units) -> QuerySet[UnitProgress, tuple[Any, ...]]:
    return units.order_by("registration__candidate__name", "registration").values_list(*FIELDS, *COUNTED)


def _listed(units: Iterable[tuple[Any, ...]]) -> list[ListedUnit]:
    rows = list(units)
    wordings = published_contents_of({row[REVISION] for row in rows})
    found = []
    for row in rows:
        unit = wordings[row[REVISION]].unit
        progress = Progress(**dict(zip(COUNTED, row[len(FIELDS) :], strict=True)))
        values: list[Any] = [*row[: len(FIELDS)], unit.code, unit.title, unit.framework.code, progress]
        found.append(ListedUnit(*values))
    place = {portfolio: place for place, portfolio in enumerate(dict.fromkeys(unit.registration for unit in found))}
    return sorted(found, key=lambda unit: (place[unit.registration], unit.code, unit.pk))


def units_in(registration: Registration) -> list[ListedUnit]:
    """The units of a portfolio that are worked on, by code."""
    units = UnitProgress.objects.filter(candidate_unit__registration=registration)
    return listed(units.exclude(turn=Turn.ASIDE))


# --- Whose units they are, and which wait ---------------------------------------------------------------------


def worked_on_by(user: User, capacity: Capacity, centres: Sequence[Centre]) -> Q:
    """The units of these centres in which the person leads in this capacity, or works beside who leads; one query.

    Leaves out those in which they cannot act: see `is_kept_out`.
    """
    further = _beside(user.pk, capacity, timezone.now())
    leads = Q(assessor=user.pk) if capacity == Capacity.ASSESSOR else Q(verifier=user.pk) & ~Q(turn=Turn.KEPT_OUT)
    return Q(leads | Q(pk__in=further) if further else leads, centre__in=centres) & ~Q(turn__in=NOBODYS)


@prepared
def _beside(user: int, capacity: str, now: datetime) -> QuerySet[Allocation, int]:
    beside = Allocation.objects.current().filter(Q(until__isnull=True) | Q(until__gt=now), leads=False)
    beside = beside.filter(~is_kept_out(), user=user, capacity=capacity)
    return beside.values_list("candidate_unit", flat=True)


@dataclass(frozen=True, kw_only=True)
class Confirms:
    """Whose signatures a person can confirm in a capacity: others', in the centres in which they hold the award."""

    user: int
    state: str  # of a unit that waits for such a confirmation
    centres: tuple[int, ...]

    @property
    def wanted(self) -> Q:
        """Among the units that they work on, those with such a signature (`assessments.permissions.may_confirm`)."""
        return Q(state=self.state, centre__in=self.centres, unconfirmed_of__isnull=False) & ~Q(unconfirmed_of=self.user)

    def waits(self, unit: ListedUnit) -> bool:
        """The same of one unit."""
        return unit.state == self.state and unit.centre in self.centres and unit.unconfirmed_of not in {None, self.user}


def waiting_for(assessor: int, confirms: Confirms) -> Q:
    """An assessor's units that wait: for their sign-off if they lead, for judgements, or for a confirmation."""
    return (
        Q(state=SUBMITTED, assessor=assessor) | Q(state__in=(COLLECTING, SUBMITTED), to_judge__gt=0) | confirms.wanted
    )


def is_assessors_turn(unit: ListedUnit, confirms: Confirms) -> bool:
    """The same of one unit."""
    if confirms.waits(unit) or (unit.state == SUBMITTED and unit.assessor == confirms.user):
        return True
    return unit.state in {COLLECTING, SUBMITTED} and unit.progress.to_judge > 0


# --- Counting, and reading what stands on a page ------------------------------------------------------------


def by_centre(centres: Sequence[Centre]) -> tuple[Case, ...]:
    """The order by these centres; empty if there is only one."""
    if len(centres) < 2:
        return ()
    return (Case(*(When(centre=centre.pk, then=place) for place, centre in enumerate(centres))),)


@dataclass(frozen=True)
class ToCount:
    """Units to count: `number` is what is counted of them, all together or for each value of the field `by`."""

    units: Units
    by: str = ""
    number: Aggregate = field(default_factory=lambda: Count("*"))


Counts = Mapping[str, Counter[int]]  # by what was counted (or by the value), and the centre's primary key


def counted(wanted: Mapping[str, ToCount]) -> Counts:
    """Return how many there are of each, in one query for all. What is not there counts as 0."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    arms = [
        one.units.order_by()
        .values("centre")
        .annotate(what=F(one.by) if one.by else Value(what, output_field=CharField()), number=one.number)
        .values_list("what", "centre", "number")
        for what, one in wanted.items()
    ]
    if arms:
        for what, centre, number in arms[0].union(*arms[1:], all=True):
            found[what][centre] = number
    return found


def read(pages: Mapping[str, Units]) -> dict[str, list[ListedUnit]]:
    """Read the units of several pages, by the name of each page; two queries for all, one for a single page.

    A page is a slice of an ordered list, which an index finds. Its keys are read first and alone, because PostgreSQL
    would otherwise join all units with everything said of them before it looked which are wanted.
    """
    if len(pages) == 1:
        [(name, page)] = pages.items()
        return {name: listed(UnitProgress.objects.filter(pk__in=page.values("pk")) if page.query.is_sliced else page)}
    arms = [
        UnitProgress.objects.filter(pk__in=page.values("pk"))
        .order_by()
        .annotate(page=Value(name, output_field=CharField()))
        .values_list("page", "pk")
        for name, page in pages.items()
    ]
    on_page: dict[str, set[int]] = {name: set() for name in pages}
    if arms:
        for name, unit in arms[0].union(*arms[1:], all=True):
            on_page[name].add(unit)
    wanted = set().union(*on_page.values())
    units = listed_by_key(wanted)
    return {name: [unit for unit in units if unit.pk in keys] for name, keys in on_page.items()}
