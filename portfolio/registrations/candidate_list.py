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
from portfolio.models import (
    Allocation,
    CandidateUnit,
    Capacity,
    Registration,
    RegistrationParticulars,
    RegistrationStanding,
    RegistrationState,
    State,
    UnitVersion,
)
from portfolio.models.registration_standings import is_at_rest
from portfolio.registrations.choosing import achieved_in, as_taken, rules_of
from portfolio.registrations.particulars import said_in, words_before
from portfolio.registrations.targets import A_DAY, NEAR, unfinished_with_target
from standards.combination import Combination, TakenUnit, combination
from standards.content import code_order
from standards.in_words import counted
from standards.models import Qualification

CANDIDATES_ON_A_PAGE = 15
FOLDED_FROM = 3  # from so many units on, they are folded under a line that sums them up


class UnitLine(NamedTuple):
    """A unit that a candidate works on; a name is empty if nobody is allocated."""

    uuid: UUID
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
    site: str
    cohort: str
    target: date | None
    qualification: str  # empty for single units
    combination: Combination | None
    achieved_before: tuple[str, ...]  # units, as a revision is called
    standing: RegistrationStanding | None  # how the registration stands, unless it is active
    standing_url: str
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


# What apps above know of how candidates stand: its words, for `Words.say`, and what is true of their registrations.
_stands: dict[str, tuple[str, Callable[[Centre], Q]]] = {}


def filter_candidates_by(name: str, words: str, condition: Callable[[Centre], Q]) -> None:
    """Have the list show those of whom this is true, on demand. Apps above call it when Django starts."""
    _stands[name] = words, condition


class CandidatesFilter(django_filters.FilterSet):
    """Words in a name or number; a qualification; how it stands, by default active; how units stand; who assesses."""

    find = django_filters.CharFilter(
        method="with_words", label="Name or number", widget=forms.TextInput(attrs={"type": "search"})
    )
    qualification = django_filters.ChoiceFilter(
        method="on_qualification", label="Qualification", empty_label="All qualifications"
    )
    state = django_filters.ChoiceFilter(
        method="with_state", label="With a unit that is", empty_label="In any state", choices=State.choices
    )
    standing = django_filters.ChoiceFilter(
        method="standing_so",
        label="Registration",
        empty_label="Active",
        choices=[
            *((one.value, one.label.capitalize()) for one in RegistrationState if one != "active"),
            ("all", "All"),
        ],
    )
    assessor = django_filters.ChoiceFilter(method="assessed_by", label="Assessor", empty_label="All assessors")
    site = django_filters.ChoiceFilter(method="with_particulars", label="Site", empty_label="All sites")
    cohort = django_filters.ChoiceFilter(method="with_particulars", label="Programme or cohort", empty_label="All")
    target = django_filters.ChoiceFilter(
        method="with_target",
        label="Target date",
        empty_label="Any",
        choices=[("past", "Past, and not finished"), ("near", "Within 90 days, and not finished")],
    )
    stands = django_filters.ChoiceFilter(method="that_stand", label="How it goes", empty_label="Any")

    class Meta:
        model = Registration
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: object, centre: Centre, **kwargs: object) -> None:
        """`centre` is where they are registered: its qualifications and assessors are offered."""
        super().__init__(*args, **kwargs)
        self.filters["qualification"].extra["choices"] = qualifications_taken(centre)
        assessors = to_choose_from(holders(centre, Role.ASSESSOR))
        self.filters["assessor"].extra["choices"] = [("nobody", "Nobody yet"), *assessors]
        for name, words in words_before(centre, "site", "cohort").items():
            if words:
                self.filters[name].extra["choices"] = [(one, one) for one in words]
            else:
                del self.filters[name]  # there is nothing to choose
        said = [(name, centre.words.say(words)) for name, (words, _) in _stands.items()]
        self.filters["stands"].extra["choices"] = said
        self.centre = centre

    def filter_queryset(self, queryset: QuerySet[Registration]) -> QuerySet[Registration]:
        """What the filters find; where nobody says how registrations stand, those that are active."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("standing") else found.filter(~is_at_rest("pk"))

    def standing_so(self, found: QuerySet[Registration], _name: str, value: str) -> QuerySet[Registration]:
        """Whose registration stands so; "all" of them."""
        if value == "all":
            return found
        stands = RegistrationStanding.objects.current().filter(registration=OuterRef("pk"), state=value)
        return found.filter(Exists(stands))

    def with_words(self, found: QuerySet[Registration], _name: str, value: str) -> QuerySet[Registration]:
        """Whose name or number has all these words, in part or whole."""
        for word in value.split()[:10]:
            found = found.filter(Q(candidate__name__icontains=word) | Q(number__icontains=word))
        return found

    def on_qualification(self, found: QuerySet[Registration], _name: str, value: str) -> QuerySet[Registration]:
        """Who is registered on it, whatever the wording of its rule; or on single units."""
        return found.filter(registered_on(value))

    def with_state(self, found: QuerySet[Registration], _name: str, value: str) -> QuerySet[Registration]:
        """Who has a unit that stands so."""
        return found.filter(Exists(self._worked_on().filter(state=value)))

    def units_found(self) -> QuerySet[CandidateUnit]:
        """The units on which the candidates found work: those alone that stand as asked, and are assessed as asked."""
        asked = self.form.cleaned_data
        units = CandidateUnit.objects.taken().filter(registration__in=self.qs.order_by().values("pk"))
        if asked.get("state"):
            units = units.filter(versions__closed_at__isnull=True, versions__state=asked["state"])
        if who := asked.get("assessor"):
            assesses = Allocation.objects.in_force(self.centre.pk).filter(
                capacity=Capacity.ASSESSOR, candidate_unit=OuterRef("pk")
            )
            is_theirs = ~Exists(assesses) if who == "nobody" else Exists(assesses.filter(user__uuid=who))
            units = units.filter(is_theirs)
        return units.order_by("registration", "pk")

    def assessed_by(self, found: QuerySet[Registration], _name: str, value: str) -> QuerySet[Registration]:
        """Who has a unit that this person, given by uuid, assesses; or one that nobody does."""
        return found.filter(
            Exists(self._worked_on().filter(self.is_assessed_by(value, unit=OuterRef("candidate_unit"))))
        )

    def is_assessed_by(self, value: str, *, unit: OuterRef) -> Exists | NegatedExpression:
        """Whether this person, given by uuid, assesses the unit; or, for "nobody", whether nobody does."""
        assesses = Allocation.objects.in_force(self.centre.pk).filter(capacity=Capacity.ASSESSOR, candidate_unit=unit)
        return ~Exists(assesses) if value == "nobody" else Exists(assesses.filter(user__uuid=value))

    def with_particulars(self, found: QuerySet[Registration], name: str, value: str) -> QuerySet[Registration]:
        """Whose particulars say this now."""
        said = RegistrationParticulars.objects.current().filter(registration=OuterRef("pk"), **{name: value})
        return found.filter(Exists(said))

    def with_target(self, found: QuerySet[Registration], _name: str, value: str) -> QuerySet[Registration]:
        """Whose target date is past or near, and who has not finished."""
        today = self.centre.today
        days = (date.min, today - A_DAY) if value == "past" else (today, today + NEAR)
        return found.filter(unfinished_with_target(*days))

    def that_stand(self, found: QuerySet[Registration], _name: str, value: str) -> QuerySet[Registration]:
        """Of whom it is true, as an app above says."""
        _, condition = _stands[value]
        return found.filter(condition(self.centre))

    @staticmethod
    def _worked_on() -> QuerySet[UnitVersion]:
        return UnitVersion.objects.worked_on().filter(candidate_unit__registration=OuterRef("pk"))


def qualifications_taken(centre: Centre) -> list[tuple[str, str]]:
    """What candidates of the centre are registered for, to choose from, by its latest title; "none": single units.

    Each goes by its address, such as "cvq:Q2": two frameworks may have the same code, which then both are named.
    """
    taken = Registration.objects.filter(centre=centre, qualification=OuterRef("pk"))
    named = set(Qualification.objects.filter(Exists(taken)).values_list("framework__code", "code"))
    rules = Qualification.objects.filter(code__in={code for _, code in named}).order_by("number")
    latest = {row[:2]: row[2] for row in rules.values_list("framework__code", "code", "title") if row[:2] in named}
    twice = Counter(code for _, code in latest)
    return [
        *(
            (f"{framework}:{code}", f"{code} {title}" + (f" ({framework.upper()})" if twice[code] > 1 else ""))
            for (framework, code), title in sorted(latest.items(), key=lambda one: (one[0][1], one[0][0]))
        ),
        ("none", "Single units"),
    ]


def registered_on(address: str, *, path: str = "") -> Q:
    """Whether the registration at the end of `path` is on this qualification, in whichever wording; or on "none"."""
    if address == "none":
        return Q((f"{path}qualification__isnull", True))
    framework, _, code = address.partition(":")
    return Q((f"{path}qualification__framework__code", framework), (f"{path}qualification__code", code))


class CandidatesTable(KeyedTable):
    """A row for each unit of each candidate: what a spreadsheet gets. The page shows a block for each candidate."""

    orders: ClassVar[tuple[Order, ...]] = (
        Order(name="name", field="candidate__name"),
        Order(name="registered", field="registered_at"),
    )

    name = tables.Column(verbose_name="Name")
    number = tables.Column(verbose_name="Number")
    registered = tables.Column(verbose_name="Registered")
    site = tables.Column(verbose_name="Site")
    cohort = tables.Column(verbose_name="Programme or cohort")
    target = tables.Column(verbose_name="Target date")
    qualification = tables.Column(verbose_name="Qualification")
    standing = tables.Column(verbose_name="Registration")
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
            "site": line.site,
            "cohort": line.cohort,
            "target": line.target.isoformat() if line.target else "",
            "qualification": line.qualification,
            "standing": line.standing.get_state_display() if line.standing else "active",
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
        units += [{"unit": unit, "state": "Achieved before"} for unit in line.achieved_before]
        rows += [of_candidate | unit for unit in units] or [of_candidate]
    return rows


def candidate_lines(centre: Centre, registrations: Sequence[Registration]) -> list[CandidateLine]:
    """Return what the list shows of these registrations, which have their candidates; five queries."""
    achieved = achieved_in([one.pk for one in registrations])
    rules = rules_of({one.qualification_id for one in registrations if one.qualification_id})
    units = _units([one.pk for one in registrations], centre)
    portfolio_at = addresses("assessments:portfolio", centre.uuid, "portfolio")
    choose_at = addresses("portfolio:units", centre.uuid, "portfolio")
    standing_at = addresses("assessments:registration_standing", centre.uuid, "portfolio")
    standings = {
        one.registration_id: one
        for one in RegistrationStanding.objects.at_rest().filter(registration__in=[one.pk for one in registrations])
    }
    add_at = addresses("portfolio:unit_add", centre.uuid, "portfolio")
    current = RegistrationParticulars.objects.current().filter(registration__in=registrations)
    particulars = {row.registration_id: row for row in current}
    lines = []
    for one in registrations:
        said = said_in(particulars.get(one.pk), one)
        taken = tuple(units.get(one.pk, ()))
        rule = rules[one.qualification_id] if one.qualification_id else None
        before = achieved.get(one.pk, [])
        counts = [*map(as_taken, before), *(unit.taken for unit in taken)]
        lines.append(
            CandidateLine(
                candidate=one.candidate.name,
                number=one.number,
                registered=timezone.localtime(one.registered_at, ZoneInfo(centre.time_zone)).date(),
                site=said.site,
                cohort=said.cohort,
                target=said.target_on,
                qualification=f"{rule.code} {rule.title}" if rule else "",
                combination=combination(rule, counts) if rule else None,
                achieved_before=tuple(str(unit.revision) for unit in before),
                standing=standings.get(one.pk),
                units=taken,
                url=portfolio_at(one.uuid),
                standing_url=standing_at(one.uuid),
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
                uuid=uuid,
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
