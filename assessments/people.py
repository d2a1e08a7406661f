"""Who works on a unit now: who assesses it, who verifies it, and who was to and cannot."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from centres.models import User
from portfolio.models import Allocation, CandidateUnit, Capacity


@dataclass(frozen=True, kw_only=True)
class PeopleOn:
    """The people of a unit. Whoever is `kept_out` is named here and cannot act: see `AllocationQuerySet.kept_out`."""

    assessor: User | None = None
    verifier: User | None = None
    kept_out: tuple[User, ...] = ()


def people_on(unit: CandidateUnit) -> PeopleOn:
    """Return who works on the unit now, in one query."""
    working = Allocation.objects.in_force(unit.registration.centre_id).filter(candidate_unit=unit)
    kept_out = Allocation.objects.kept_out().filter(pk=OuterRef("pk"))
    given = list(working.select_related("user").annotate(is_kept_out=Exists(kept_out)).order_by("pk"))
    people = {one.capacity: one.user for one in given}
    return PeopleOn(
        assessor=people.get(Capacity.ASSESSOR),
        verifier=people.get(Capacity.INTERNAL_VERIFIER),
        kept_out=tuple(one.user for one in given if one.is_kept_out),
    )
