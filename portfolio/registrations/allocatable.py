"""Why a person cannot assess or verify a unit. One rule, asked of one unit and of hundreds."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from centres.models import Membership, User
from portfolio.conflicts import conflicts_of
from portfolio.interests.rules import why_not_allocated
from portfolio.models import Allocation, AllocationReason, CandidateUnit, Capacity, Interest, Participation
from portfolio.permissions import ROLE_OF
from portfolio.testimony.rules import why_no_work_each
from record.plain_text import plain_text


class Work(NamedTuple):
    """What a person has to do in a unit: lead as its assessor or verifier, or work beside the one who does.

    `until` is the moment from which the allocation opens nothing; None: it has no end.
    """

    user: User
    capacity: Capacity
    leads: bool = True
    until: datetime.datetime | None = None

    def is_done_by(self, allocation: Allocation) -> bool:
        """Whether an allocation lets exactly this person do exactly this."""
        return (allocation.user_id, allocation.capacity, allocation.leads, allocation.until) == (
            self.user.pk, self.capacity, self.leads, self.until,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class KnownOfPerson:
    """What is known of a person in a unit before they are allocated to it in a capacity."""

    holds_role: bool
    took_part_as: str = ""
    testimony: str = ""  # why they cannot work in the portfolio, because of a testimony in it
    interest: Interest | None = None


def known_of(person: User, capacity: Capacity, units: Sequence[CandidateUnit]) -> dict[int, KnownOfPerson]:
    """Return what is known of the person in each of these units of one centre, by primary key; six queries at most."""
    if not units:
        return {}
    centre = units[0].registration.centre
    held = Membership.objects.current().filter(centre=centre, user=person, role=ROLE_OF[capacity]).exists()
    took_part = Participation.objects.filter(candidate_unit__in=units, user=person)
    took_part_as = dict(took_part.values_list("candidate_unit", "capacity"))
    portfolios = {unit.registration_id for unit in units}
    testimonies = why_no_work_each(portfolios, person, capacity, centre.words)
    interests = conflicts_of(person, portfolios)
    return {
        unit.pk: KnownOfPerson(
            holds_role=held,
            took_part_as=took_part_as.get(unit.pk, ""),
            testimony=testimonies.get(unit.registration_id, ""),
            interest=interests.get(unit.registration_id),
        )
        for unit in units
    }


def why_not(
    unit: CandidateUnit, work: Work, known: KnownOfPerson, standing: Collection[Allocation], reason: str
) -> str:
    """Say why the person cannot do this work in the unit, where these allocations stand; "" if they can.

    `reason` is why they assess although they have declared a family or business interest.
    """
    person, capacity = work.user, work.capacity
    centre, code = unit.registration.centre, unit.revision.unit.code
    called = centre.words.of_role(capacity)
    if not known.holds_role:
        return f"{person} is no {called} of {centre}."
    if known.took_part_as not in {"", capacity}:
        before = centre.words.of_role(known.took_part_as)
        return f"{person} has taken part in {code} as its {before}, so they cannot be its {called}."
    if any(one.user_id == person.pk and one.capacity != capacity for one in standing):
        return f"{person} is allocated to {code} already, so they cannot be its {called}."
    if any(work.is_done_by(one) for one in standing):
        return ""
    why = known.testimony or why_not_allocated(known.interest, person, capacity, centre.words, reason)
    return f"{code}: {why}" if why else ""


def given_up(work: Work, standing: Collection[Allocation], instead_of: User | None = None) -> list[Allocation]:
    """The allocations that end where this work begins.

    Another one of the same person, that of who led until now, and those of `instead_of`, who hands their work over.
    """
    return [
        one
        for one in standing
        if not work.is_done_by(one)
        and (
            one.user_id == work.user.pk
            or (one.capacity == work.capacity and work.leads and one.leads)
            or (one.capacity == work.capacity and instead_of is not None and one.user_id == instead_of.pk)
        )
    ]


def reasons_for(allocation: Allocation, known: KnownOfPerson, reason: str) -> list[AllocationReason]:
    """The row that keeps why somebody with a declared interest is allocated; none for anybody else. Not saved yet."""
    if known.interest is None:
        return []
    return [AllocationReason(allocation=allocation, interest=known.interest, reason=plain_text(reason))]
