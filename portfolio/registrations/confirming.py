"""Whether what is signed in a unit can be confirmed, where it has to be."""

from centres.permissions import with_award
from portfolio.models import Allocation, CandidateUnit, Capacity
from portfolio.permissions import ROLE_OF


def nobody_confirms(unit: CandidateUnit) -> list[str]:
    """Say, for each lead of the unit without an award, that nobody who works on it confirms, and what to do."""
    centre = unit.registration.centre
    working = list(Allocation.objects.in_force(centre.pk).filter(candidate_unit=unit).select_related("user"))
    said = []
    for capacity in (Capacity.ASSESSOR, Capacity.INTERNAL_VERIFIER):
        lead = next((one.user for one in working if one.leads and one.capacity == capacity), None)
        if lead is None:
            continue
        role = ROLE_OF[capacity]
        qualified = list(with_award(centre, role))
        if lead in qualified or any(one.user in qualified for one in working if one.capacity == capacity):
            continue
        elsewhere = {unit.registration.candidate_id, *(one.user_id for one in working if one.capacity != capacity)}
        others = ", ".join(str(person) for person in qualified if person.pk not in elsewhere)
        word = centre.words.of_role(role)
        what = (
            f"{lead} holds no award on record as {word}, and nobody who works on this unit can confirm what they sign."
        )
        if others:
            said.append(f"{what} Let somebody who holds one work on it too: {others}.")
        else:
            said.append(
                f"{what} Nobody else here could: put another’s award on record, or add an {word} who holds one."
            )
    return said
