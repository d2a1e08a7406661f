"""Who works on a unit now: who assesses it, who verifies it, and who should but cannot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from centres.models import User
from portfolio.conflicts import KeptOutFor, kept_out_for
from portfolio.models import Allocation, CandidateUnit, Capacity
from portfolio.models.registration_standings import has_ended
from record.prepared import prepared


@dataclass(frozen=True, kw_only=True)
class PeopleOn:
    """The people of a unit: who leads in assessing and verifying it, and who works beside them.

    Those in `kept_out` are among them but cannot act, for the reason that stands beside them.
    """

    assessor: User | None = None
    verifier: User | None = None
    further_assessors: tuple[User, ...] = ()
    further_verifiers: tuple[User, ...] = ()
    kept_out: Mapping[User, KeptOutFor] = field(default_factory=dict)
    has_ended: bool = False  # the registration: then nobody works on it any more

    def capacity_of(self, user: User) -> Capacity | None:
        """In which capacity they are allocated to the unit, if at all; none once the registration has ended."""
        if self.has_ended:
            return None
        if user == self.assessor or user in self.further_assessors:
            return Capacity.ASSESSOR
        return Capacity.INTERNAL_VERIFIER if user == self.verifier or user in self.further_verifiers else None

    def leads(self, user: User) -> bool:
        """Whether they are the unit's assessor or verifier, who sign, return and withdraw unless they are kept out."""
        return user in {self.assessor, self.verifier}

    def signs_as(self, user: User, capacity: Capacity | None) -> Capacity | None:
        """As what a person of this capacity signs, returns and withdraws: the candidate, or who leads."""
        return capacity if capacity == Capacity.CANDIDATE or self.leads(user) else None


def people_on(unit: CandidateUnit) -> PeopleOn:
    """Return who works on the unit now, in one query."""
    given = _working(unit.registration.centre_id, unit.pk, timezone.now())
    leading = {one.capacity: one.user for one in given if one.leads}
    further: dict[str, list[User]] = {capacity: [] for capacity in Capacity}
    for one in given:
        if not one.leads:
            further[one.capacity].append(one.user)
    return PeopleOn(
        assessor=leading.get(Capacity.ASSESSOR),
        verifier=leading.get(Capacity.INTERNAL_VERIFIER),
        further_assessors=tuple(further[Capacity.ASSESSOR]),
        further_verifiers=tuple(further[Capacity.INTERNAL_VERIFIER]),
        kept_out={one.user: KeptOutFor(one.kept_out_for) for one in given if one.kept_out_for},
        has_ended=any(one.has_ended for one in given),
    )


@prepared
def _working(centre: int, unit: int, now: datetime) -> QuerySet[Any, Any]:
    working = Allocation.objects.in_force(centre, now).filter(candidate_unit=unit)
    of_unit = {"kept_out_for": kept_out_for(), "has_ended": has_ended("candidate_unit__registration")}
    return working.select_related("user").annotate(**of_unit).order_by("pk")
