"""The candidates of a centre as the coordinator's list shows them. Plain values, as there may be hundreds of units."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.core.paginator import Page, Paginator

from centres.models import Centre
from portfolio.addresses import addresses
from portfolio.models import Allocation, Capacity, Registration, State, UnitVersion
from portfolio.registrations.choosing import rules_of
from standards.combination import Combination, TakenUnit, combination
from standards.content import code_order
from standards.in_words import counted

CANDIDATES_ON_A_PAGE = 15
FOLDED_FROM = 3  # from so many units on, they are folded under a line that sums them up


class UnitLine(NamedTuple):
    """A unit that a candidate works on; a name is empty if nobody is allocated."""

    taken: TakenUnit
    name: str  # as a revision is called: "B10 Deal with customers (NVQ)"
    state: str
    assessor: str
    internal_verifier: str
    url: str
    allocate_url: str


@dataclass(frozen=True, kw_only=True)
class CandidateLine:
    """A registration: who, on what, how far it has come (None for single units), and its units by code."""

    candidate: str  # the name
    number: str
    qualification: str  # empty for single units
    combination: Combination | None
    units: tuple[UnitLine, ...]
    url: str
    units_url: str  # where units are chosen or added

    @property
    def in_short(self) -> str:
        """How many units are in which state, and how many lack people: "6 units: 5 collecting, 1 verified".

        Empty if the units are few, since all of them are shown then.
        """
        if len(self.units) < FOLDED_FROM:
            return ""
        states = Counter(unit.state for unit in self.units)
        stand = ", ".join(f"{states[state]} {state.label.lower()}" for state in State if states[state])
        alone = sum(not (unit.assessor or unit.internal_verifier) for unit in self.units)
        some = "" if alone == len(self.units) else f" to {alone} of them"
        nobody = f"; nobody is allocated{some} yet" if alone else ""
        return f"{counted(len(self.units), 'unit')}: {stand}{nobody}"


def candidates_of(centre: Centre, page: str | None) -> tuple[list[CandidateLine], Page]:
    """Return the centre's candidates on this page, by name, and the page itself; four queries."""
    registrations = (
        Registration.objects.filter(centre=centre)
        .order_by("candidate__name", "pk")
        .values_list("pk", "uuid", "candidate__name", "number", "qualification")
    )
    found = Paginator(registrations, CANDIDATES_ON_A_PAGE).get_page(page)
    rows = list(found.object_list)
    rules = rules_of({qualification for *_, qualification in rows if qualification})
    units = _units([pk for pk, *_ in rows], centre)
    portfolio_at = addresses("assessments:portfolio", centre.uuid, "portfolio")
    choose_at = addresses("portfolio:units", centre.uuid, "portfolio")
    add_at = addresses("portfolio:unit_add", centre.uuid, "portfolio")
    lines = []
    for pk, uuid, name, number, qualification in rows:
        taken = tuple(units.get(pk, ()))
        rule = rules[qualification] if qualification else None
        lines.append(
            CandidateLine(
                candidate=name,
                number=number,
                qualification=f"{rule.code} {rule.title}" if rule else "",
                combination=combination(rule, [unit.taken for unit in taken]) if rule else None,
                units=taken,
                url=portfolio_at(uuid),
                units_url=(choose_at if rule else add_at)(uuid),
            )
        )
    return lines, found


def _units(registrations: Collection[int], centre: Centre) -> Mapping[int, list[UnitLine]]:
    """The units that are worked on, by the registration's primary key."""
    people = {
        (unit, capacity): name
        for unit, capacity, name in Allocation.objects.in_force(centre.pk)
        .filter(candidate_unit__registration__in=registrations, leads=True)
        .values_list("candidate_unit", "capacity", "user__name")
    }
    versions = UnitVersion.objects.worked_on().filter(candidate_unit__registration__in=registrations)
    unit_at: Callable[[UUID], str] = addresses("assessments:unit", centre.uuid, "unit")
    allocate_at = addresses("portfolio:allocate", centre.uuid, "unit")
    found: dict[int, list[UnitLine]] = defaultdict(list)
    for registration, pk, uuid, framework, code, title, credit, state in versions.values_list(
        "candidate_unit__registration", "candidate_unit", "candidate_unit__uuid",
        "candidate_unit__revision__unit__framework__code", "candidate_unit__revision__unit__code",
        "candidate_unit__revision__title", "candidate_unit__revision__credit", "state",
    ):  # fmt: skip
        found[registration].append(
            UnitLine(
                taken=TakenUnit(framework=framework, code=code, credit=credit, is_verified=state == State.VERIFIED),
                name=f"{code} {title} ({framework.upper()})",
                state=state,
                assessor=people.get((pk, Capacity.ASSESSOR), ""),
                internal_verifier=people.get((pk, Capacity.INTERNAL_VERIFIER), ""),
                url=unit_at(uuid),
                allocate_url=allocate_at(uuid),
            )
        )
    for units in found.values():
        units.sort(key=lambda unit: (code_order(unit.taken.code), unit.taken.framework))
    return found
