"""Whether what is signed in a unit can be confirmed, where it has to be."""

from collections.abc import Collection

from centres.models import Centre, User
from centres.permissions import with_award
from portfolio.models import Allocation, CandidateUnit, Capacity
from portfolio.permissions import ROLE_OF


def nobody_confirms(unit: CandidateUnit) -> list[str]:
    """Say, for each lead of the unit without an award, that nobody who works on it confirms, and what to do."""
    centre = unit.registration.centre
    working = list(Allocation.objects.in_force(centre.pk).filter(candidate_unit=unit).select_related("user"))
    said = []
    for capacity in (Capacity.ASSESSOR, Capacity.INTERNAL_VERIFIER):
        there = [one for one in working if one.capacity == capacity]
        qualified = list(with_award(centre, ROLE_OF[capacity]))
        if lead := unconfirmed_lead(there, qualified):
            elsewhere = {unit.registration.candidate_id, *(one.user_id for one in working if one.capacity != capacity)}
            where = "this unit"
            said.append(in_a_sentence(centre, capacity, lead, where=where, qualified=qualified, elsewhere=elsewhere))
    return said


def unconfirmed_lead(working: Collection[Allocation], qualified: Collection[User]) -> User | None:
    """Who leads among those who work on a unit in one capacity, if neither they nor the others hold an award."""
    lead = next((one.user for one in working if one.leads), None)
    return None if any(one.user in qualified for one in working) else lead


def in_a_sentence(
    centre: Centre,
    capacity: Capacity,
    lead: User,
    *,
    where: str,
    qualified: Collection[User],
    elsewhere: Collection[int],
) -> str:
    """Say that nobody confirms what this person signs there, and who could; not those who work `elsewhere` in it."""
    word = centre.words.of_role(ROLE_OF[capacity])
    what = f"{lead} holds no award on record as {word}, and nobody who works on {where} can confirm what they sign."
    if others := ", ".join(str(person) for person in qualified if person.pk not in elsewhere):
        return f"{what} Let somebody who holds one work on it too: {others}."
    return f"{what} Nobody else here could: put another’s award on record, or add an {word} who holds one."
