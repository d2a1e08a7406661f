"""How much each assessor and verifier of a centre works on: one count, for all pages that show it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, QuerySet

from centres.models import Centre, User
from centres.selectors import to_choose_from
from portfolio.models import Allocation, Capacity, State
from portfolio.models.registration_standings import is_at_rest

# In which state a unit waits for who leads in it.
WAITS_IN = {Capacity.ASSESSOR: State.SUBMITTED, Capacity.INTERNAL_VERIFIER: State.ASSESSED}
WAITS = {Capacity.ASSESSOR: "submitted", Capacity.INTERNAL_VERIFIER: "signed off"}  # how such units are called
Whose = tuple[int, str]  # a person's primary key, and the capacity


class CaseLoad(NamedTuple):
    """Units in which somebody leads and which are not verified, those of them that wait for them, and those beside."""

    open: int = 0
    waiting: int = 0
    beside: int = 0

    def __add__(self, other: "CaseLoad") -> "CaseLoad":  # type: ignore[override]
        return CaseLoad(*(mine + more for mine, more in zip(self, other, strict=True)))

    def __sub__(self, other: "CaseLoad") -> "CaseLoad":
        return CaseLoad(*(mine - less for mine, less in zip(self, other, strict=True)))

    def in_words(self, capacity: str) -> str:
        """Say it: "12 open, 3 of them submitted, 2 beside others"."""
        said = [f"{self.open} open"]
        if self.waiting:
            said.append(f"{self.waiting} of them {WAITS[Capacity(capacity)]}")
        if self.beside:
            said.append(f"{self.beside} beside others")
        return ", ".join(said)


def load_of(state: str, capacity: str, leads: bool) -> CaseLoad:
    """What one unit that stands so adds to the load of somebody who does this in it."""
    if state == State.VERIFIED:
        return CaseLoad()
    if not leads:
        return CaseLoad(beside=1)
    return CaseLoad(open=1, waiting=int(state == WAITS_IN[Capacity(capacity)]))


def case_loads(centre: Centre, people: Collection[User] | None = None) -> Mapping[Whose, CaseLoad]:
    """Return the load of each person (of these, or of everybody) by what they do; one query. Who has none has 0."""
    working = Allocation.objects.in_force(centre.pk).filter(
        ~is_at_rest("candidate_unit__registration"),
        candidate_unit__registration__centre=centre,
        candidate_unit__set_aside_at__isnull=True,
        candidate_unit__versions__closed_at__isnull=True,
    )
    if people is not None:
        working = working.filter(user__in=people)
    rows = working.order_by().values_list("user", "capacity", "leads", "candidate_unit__versions__state")
    loads: dict[Whose, CaseLoad] = defaultdict(CaseLoad)
    for user, capacity, leads, state, number in rows.annotate(number=Count("pk")):
        one = load_of(state, capacity, leads)
        loads[user, capacity] += CaseLoad(*(number * each for each in one))
    return loads


def names_with_loads(
    people: QuerySet[User], capacity: Capacity, loads: Mapping[Whose, CaseLoad]
) -> list[tuple[UUID, str]]:
    """The uuid of each person and their name in a list, with their load: "Ann Assessor (12 open)"; two queries."""
    keys = dict(people.values_list("uuid", "pk"))
    return [
        (uuid, f"{name} ({loads.get((keys[uuid], capacity), CaseLoad()).in_words(capacity)})")
        for uuid, name in to_choose_from(people)
    ]
