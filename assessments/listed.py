"""The units of a person, as plain values: home pages list and count them, and there may be hundreds."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from assessments.models import Return, Signature
from assessments.progress import Progress
from centres.models import Membership, User
from portfolio.models import Capacity, Participation, Registration, State, UnitVersion

COLLECTING, SUBMITTED, ASSESSED = (state.value for state in (State.COLLECTING, State.SUBMITTED, State.ASSESSED))


class ListedUnit(NamedTuple):
    """A unit with where it stands and what a list says of it. What is not said otherwise is a primary key."""

    pk: int
    uuid: UUID
    revision: int
    code: str
    title: str
    framework: str  # its code
    registration: int
    portfolio: UUID
    candidate: str  # the name
    centre: int
    added_at: datetime
    state: str
    submitted_at: datetime | None
    assessed_at: datetime | None
    unconfirmed: bool  # whether its last signature is to be confirmed, and is not
    leads: bool = True  # whether the person it is listed for does, or works beside who does
    to_confirm: bool = False  # whether they can confirm what is unconfirmed

    @property
    def waits_for_verifier(self) -> bool:
        """Whether it waits for the internal verifier it is listed for: to countersign, or to confirm that."""
        return self.to_confirm or (self.state == ASSESSED and self.leads and not self.unconfirmed)

    @property
    def named(self) -> str:
        """The code with the title and the framework, as a revision is called."""
        return f"{self.code} {self.title} ({self.framework.upper()})"


FIELDS = (
    "candidate_unit", "candidate_unit__uuid", "candidate_unit__revision", "candidate_unit__revision__unit__code",
    "candidate_unit__revision__title", "candidate_unit__revision__unit__framework__code",
    "candidate_unit__registration", "candidate_unit__registration__uuid",
    "candidate_unit__registration__candidate__name", "candidate_unit__registration__centre",
    "candidate_unit__added_at", "state", "submitted_at", "assessed_at",
)  # fmt: skip
BY_CENTRE = ("candidate_unit__registration__centre__name", "candidate_unit__registration__centre_id")
BY_CODE = ("candidate_unit__revision__unit__code", "candidate_unit")


def own_units(user: User, centres: Collection[int]) -> list[ListedUnit]:
    """The person's own units in these centres, where they are a candidate; by centre and code."""
    own = _open_in(centres).filter(candidate_unit__registration__candidate=user.pk)
    return _listed(own.order_by(*BY_CENTRE, *BY_CODE))


def allocated_units(user: User, capacity: Capacity, centres: Collection[int]) -> list[ListedUnit]:
    """The units in which the person has this capacity now (`portfolio.permissions.capacity_in`), by candidate.

    `centres` are those in which they hold the role that it rests on. Units are left out in which they cannot act by
    it (`AllocationQuerySet.kept_out`).
    """
    otherwise = Participation.objects.filter(user=user.pk, candidate_unit=OuterRef("candidate_unit"))
    allocated = _open_in(centres).filter(
        ~Exists(otherwise.exclude(capacity=capacity.value)),
        ~Q(candidate_unit__registration__candidate=user.pk),
        Q(candidate_unit__allocations__until__isnull=True) | Q(candidate_unit__allocations__until__gt=timezone.now()),
        candidate_unit__allocations__user=user.pk,
        candidate_unit__allocations__capacity=capacity.value,
        candidate_unit__allocations__ended_at__isnull=True,
    )
    by = (*BY_CENTRE, "candidate_unit__registration__candidate__name", "candidate_unit__registration_id", *BY_CODE)
    return _listed(
        allocated.order_by(*by), "candidate_unit__allocations__leads", Exists(_to_confirm_by(user, capacity))
    )


def units_in(registration: Registration) -> list[ListedUnit]:
    """The units of a portfolio that are worked on, by code."""
    return _listed(UnitVersion.objects.worked_on().filter(candidate_unit__registration=registration).order_by(*BY_CODE))


def _open_in(centres: Collection[int]) -> QuerySet[UnitVersion]:
    return UnitVersion.objects.worked_on().filter(candidate_unit__registration__centre__in=centres)


def _listed(versions: QuerySet[UnitVersion], *more: Any) -> list[ListedUnit]:
    unconfirmed = Exists(Signature.objects.unconfirmed().filter(unit_version=OuterRef("pk")))
    return [ListedUnit(*row) for row in versions.values_list(*FIELDS, unconfirmed, *more)]


def _to_confirm_by(user: User, capacity: Capacity) -> QuerySet[Signature]:
    """What waits in a unit for a confirmation that the person can give (`assessments.permissions.may_confirm`)."""
    holds_award = Membership.objects.current().filter(user=user.pk, role=capacity.value, works_towards_award=False)
    centres = holds_award.values("centre")
    return (
        Signature.objects.unconfirmed()
        .filter(
            unit_version=OuterRef("pk"),
            signer__capacity=capacity.value,
            unit_version__candidate_unit__registration__centre__in=centres,
        )
        .exclude(signer__user=user.pk)
    )


def is_assessors_turn(unit: ListedUnit, progress: Progress) -> bool:
    """Whether it waits for an assessor: it is theirs to sign off or to confirm, or has claims to judge."""
    if unit.to_confirm or (unit.state == SUBMITTED and unit.leads):
        return True
    return unit.state in {COLLECTING, SUBMITTED} and progress.to_judge > 0


def to_assess(units: Iterable[ListedUnit], progress: Mapping[int, Progress]) -> list[ListedUnit]:
    """Those that wait for the assessor: what is submitted, the longest waiting on top, then what is to be judged."""
    waiting = [unit for unit in units if unit.pk in progress and is_assessors_turn(unit, progress[unit.pk])]
    place = _places(waiting)
    return sorted(waiting, key=lambda unit: (place[unit.centre], *_since(unit.submitted_at), unit.added_at))


def to_verify(units: Iterable[ListedUnit], sent_back: Collection[int]) -> list[ListedUnit]:
    """What waits for the internal verifier, the longest waiting on top; what is still out; the others by candidate."""
    units = list(units)
    place = _places(units)

    def rank(unit: ListedUnit) -> tuple[Any, ...]:
        waits = unit.waits_for_verifier
        since = _since(unit.assessed_at) if waits else ()
        return not waits, not is_out(unit, sent_back), place[unit.centre], *since

    return sorted(units, key=rank)


def is_out(unit: ListedUnit, sent_back: Collection[int]) -> bool:
    """Whether the internal verifier who sent these units back still waits for this one."""
    return unit.state in (COLLECTING, SUBMITTED) and unit.pk in sent_back


def sent_back_by(user: User) -> set[int]:
    """The units that an internal verifier has ever returned or reopened, by primary key."""
    steps = Return.objects.filter(author__user=user.pk, kind__in=["returned", "reopened"])
    return set(steps.order_by().values_list("unit_version__candidate_unit", flat=True))


def _places(units: Iterable[ListedUnit]) -> dict[int, int]:
    """Where each centre stands among those of the units, which come by centre."""
    centres = dict.fromkeys(unit.centre for unit in units)
    return {centre: place for place, centre in enumerate(centres)}


def _since(at: datetime | None) -> tuple[bool, float]:
    """To sort by a time, with what has none behind."""
    return at is None, at.timestamp() if at else 0.0
