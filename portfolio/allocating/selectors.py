"""What one person works on, for whoever hands it over."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, QuerySet, When

from centres.models import Centre, Membership, User
from portfolio.allocating.pending import in_words, pending_of
from portfolio.models import Allocation, CandidateUnit, State
from portfolio.permissions import ROLE_OF
from standards.in_words import counted


def units_of(centre: Centre, person: User, capacity: str) -> QuerySet[CandidateUnit]:
    """The units to which a person is allocated in a capacity; what is not verified yet comes first."""
    allocated = Allocation.objects.current().filter(user=person, capacity=capacity)
    units = CandidateUnit.objects.taken().filter(
        pk__in=allocated.values("candidate_unit"), registration__centre=centre, versions__closed_at__isnull=True
    )
    return units.order_by(Case(When(versions__state=State.VERIFIED, then=1), default=0), "registration", "pk")


@dataclass(frozen=True, kw_only=True)
class LeftOpen:
    """What stays behind when somebody gives up a role: how many allocations, and what is pending, in words."""

    capacity: str
    units: int
    pending: Sequence[str]

    @property
    def in_words(self) -> list[str]:
        """Each as a line."""
        allocated = [f"{counted(self.units, 'unit')} to which they are allocated"] if self.units else []
        return [*allocated, *self.pending]


def left_open_by(membership: Membership) -> LeftOpen | None:
    """What a person leaves open who gives up this role; None for a role that has no units."""
    capacity = next((one for one, role in ROLE_OF.items() if role == membership.role and one != "candidate"), None)
    if capacity is None:
        return None
    person = membership.user
    units = list(units_of(membership.centre, person, capacity).values_list("pk", flat=True))
    pending = [one for one in pending_of(membership.centre, [person.pk], units) if one.capacity == capacity]
    return LeftOpen(capacity=capacity.value, units=len(units), pending=in_words(pending))
