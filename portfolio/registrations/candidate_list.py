"""The candidates of a centre as the coordinator's list shows them. Plain values, as there may be hundreds of units."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import NegatedExpression
from django.utils import timezone

from centres.lists.by_key import Order
from centres.lists.tables import KeyedTable
from centres.models import Centre, Role
from centres.selectors import holders, to_choose_from
from portfolio.addresses import addresses
from portfolio.models import Allocation, Capacity, Registration, State, UnitVersion
from portfolio.registrations.choosing import rules_of
from standards.combination import Combination, TakenUnit, combination
from standards.content import code_order
from standards.in_words import counted
from standards.models import Qualification

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
    registered: date
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


class CandidatesFilter(django_filters.FilterSet):
    """Words in a name or number; a qualification; how units stand; who assesses; what nobody does yet."""

    find = django_filters.CharFilter(
        method="with_words", label="Name or number", widget=forms.TextInput(attrs={"type": "search"})
    )
    qualification = django_filters.ChoiceFilter(
        method="on_qualification", label="Qualification", empty_label="All qualifications"
    )
    state = django_filters.ChoiceFilter(
        method="with_state", label="With a unit that is", empty_label="In any state", choices=State.choices
    )
    assessor = django_filters.ChoiceFilter(method="assessed_by", label="Assessor", empty_label="All assessors")

    class Meta:
        model = Registration
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: object, centre: Centre, **kwargs: object) -> None:
        """`centre` is where they are registered: its qualifications and assessors are offered."""
        super().__init__(*args, **kwargs)
        taken = Registration.objects.filter(centre=centre, qualification__isnull=False).values("qualification__code")
        rules = Qualification.objects.filter(code__in=taken).order_by("number")  # the latest title of each
        titles = dict(rules.values_list("code", "title"))
        self.filters["qualification"].extra["choices"] = [
            *((code, f"{code} {title}") for code, title in sorted(titles.items())),
            ("none", "Single units"),
        ]
        assessors = to_choose_from(holders(centre, Role.ASSESSOR))
        self.filters["assessor"].extra["choices"] = [("nobody", "Nobody yet"), *assessors]
        self.centre = centre

    def with_words(self, found: QuerySet[Registration], _name: str, value: str) -> QuerySet[Registration]:
        """Whose name or number has all these words, in part or whole."""
        for word in value.split()[:10]:
            found = found.filter(Q(candidate__name__icontains=word) | Q(number__icontains=word))
        return found

    def on_qualification(self, found: QuerySet[Registration], _name: str, value: str) -> QuerySet[Registration]:
        """Who is registered on it, whatever the wording of its rule; or on single units."""
        if value == "none":
            return found.filter(qualification__isnull=True)
        return found.filter(qualification__code=value)

    def with_state(self, found: QuerySet[Registration], _name: str, value: str) -> QuerySet[Registration]:
        """Who has a unit that stands so."""
        return found.filter(Exists(self._worked_on().filter(state=value)))

    def assessed_by(self, found: QuerySet[Registration], _name: str, value: str) -> QuerySet[Registration]:
        """Who has a unit that this person, given by uuid, assesses; or one that nobody does."""
        return found.filter(
            Exists(self._worked_on().filter(self.is_assessed_by(value, unit=OuterRef("candidate_unit"))))
        )

    def is_assessed_by(self, value: str, *, unit: OuterRef) -> Exists | NegatedExpression:
        """Whether this person, given by uuid, assesses the unit; or, for "nobody", whether nobody does."""
        assesses = Allocation.objects.in_force(self.centre.pk).filter(capacity=Capacity.ASSESSOR, candidate_unit=unit)
        return ~Exists(assesses) if value == "nobody" else Exists(assesses.filter(user__uuid=value))

    @staticmethod
    def _worked_on() -> QuerySet[UnitVersion]:
        return UnitVersion.objects.worked_on().filter(candidate_unit__registration=OuterRef("pk"))


class CandidatesTable(KeyedTable):
    """A row for each unit of each candidate: what a spreadsheet gets. The page shows a block for each candidate."""

    orders: ClassVar[tuple[Order, ...]] = (
        Order(name="name", field="candidate__name"),
        Order(name="registered", field="registered_at"),
    )

    name = tables.Column(verbose_name="Name")
    number = tables.Column(verbose_name="Number")
    registered = tables.Column(verbose_name="Registered")
    qualification = tables.Column(verbose_name="Qualification")
    unit = tables.Column(verbose_name="Unit")
    state = tables.Column(verbose_name="State")
    assessor = tables.Column(verbose_name="Assessor")
    internal_verifier = tables.Column(verbose_name="Internal verifier")


def unit_rows(lines: Sequence[CandidateLine]) -> list[dict[str, str]]:
    """The rows of the table for these candidates; one without a unit for whoever has none yet."""
    rows = []
    for line in lines:
        of_candidate = {
            "name": line.candidate,
            "number": line.number,
            "registered": line.registered.isoformat(),
            "qualification": line.qualification,
        }
        units = [
            {
                "unit": unit.name,
                "state": State(unit.state).label,
                "assessor": unit.assessor,
                "internal_verifier": unit.internal_verifier,
            }
            for unit in line.units
        ]
        rows += [of_candidate | unit for unit in units] or [of_candidate]
    return rows


def candidate_lines(centre: Centre, registrations: Sequence[Registration]) -> list[CandidateLine]:
    """Return what the list shows of these registrations, which have their candidates; three queries."""
    rules = rules_of({one.qualification_id for one in registrations if one.qualification_id})
    units = _units([one.pk for one in registrations], centre)
    portfolio_at = addresses("assessments:portfolio", centre.uuid, "portfolio")
    choose_at = addresses("portfolio:units", centre.uuid, "portfolio")
    add_at = addresses("portfolio:unit_add", centre.uuid, "portfolio")
    lines = []
    for one in registrations:
        taken = tuple(units.get(one.pk, ()))
        rule = rules[one.qualification_id] if one.qualification_id else None
        lines.append(
            CandidateLine(
                candidate=one.candidate.name,
                number=one.number,
                registered=timezone.localtime(one.registered_at, ZoneInfo(centre.time_zone)).date(),
                qualification=f"{rule.code} {rule.title}" if rule else "",
                combination=combination(rule, [unit.taken for unit in taken]) if rule else None,
                units=taken,
                url=portfolio_at(one.uuid),
                units_url=(choose_at if rule else add_at)(one.uuid),
            )
        )
    return lines


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
