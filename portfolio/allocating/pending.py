"""What of a person's work in units is under way. Apps above say what they know of it when Django starts."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from centres.models import Centre
from portfolio.case_loads import WAITS_IN
from portfolio.models import Allocation, Capacity, UnitVersion
from portfolio.models.registration_standings import is_at_rest

TO_JUDGE = ("unit to judge and sign off", "units to judge and sign off")
TO_COUNTERSIGN = ("unit to countersign", "units to countersign")
NOUNS = {Capacity.ASSESSOR: TO_JUDGE, Capacity.INTERNAL_VERIFIER: TO_COUNTERSIGN}


class Pending(NamedTuple):
    """Something of which a person has the next step, in a unit or in none. Units and people are primary keys."""

    unit: int | None
    person: int
    capacity: str
    noun: tuple[str, str]  # what one is called, and several


Teller = Callable[[Centre, Collection[int], Collection[int]], Iterable[Pending]]
_tellers: list[Teller] = []


def tell_what_is_pending(teller: Teller) -> None:
    """Have this asked of people in units (primary keys). Apps above call it when Django starts."""
    if teller not in _tellers:
        _tellers.append(teller)


def pending_of(centre: Centre, people: Collection[int], units: Collection[int]) -> list[Pending]:
    """What these people have still to do in these units, and in none; as many queries whatever their number."""
    return [one for teller in (_waiting, *_tellers) for one in teller(centre, people, units)] if people else []


def by_unit(found: Iterable[Pending]) -> Mapping[tuple[int | None, int, str], str]:
    """The same in words, by unit, person and capacity."""
    there: dict[tuple[int | None, int, str], list[Pending]] = defaultdict(list)
    for one in found:
        there[one.unit, one.person, one.capacity].append(one)
    return {where: ", ".join(in_words(some)) for where, some in there.items()}


def in_words(found: Iterable[Pending]) -> list[str]:
    """How many there are of each: "2 actions to answer", "1 sign-off to confirm"."""
    return [f"{number} {noun[number > 1]}" for noun, number in Counter(one.noun for one in found).items()]


def _waiting(centre: Centre, people: Collection[int], units: Collection[int]) -> Iterator[Pending]:
    """Units that wait for who leads in them."""
    versions = UnitVersion.objects.worked_on().filter(
        ~is_at_rest("candidate_unit__registration"), candidate_unit__in=units, state__in=WAITS_IN.values()
    )
    states = dict(versions.values_list("candidate_unit", "state"))
    leading = Allocation.objects.current().filter(candidate_unit__in=units, user__in=people, leads=True)
    for unit, person, capacity in leading.values_list("candidate_unit", "user", "capacity"):
        if states.get(unit) == WAITS_IN[Capacity(capacity)]:
            yield Pending(unit, person, capacity, NOUNS[Capacity(capacity)])
