"""The list of units: whose they are, how it is searched and sorted, and what a row shows."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, ClassVar, NamedTuple
from zoneinfo import ZoneInfo

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from assessments.home.listed_units import ListedUnit, Units, listed_by_key, worked_on_by
from assessments.models import NOBODYS, Turn, UnitProgress
from centres.lists.by_key import Order
from centres.lists.tables import DayColumn, KeyedTable
from centres.models import Centre, Role, User
from centres.permissions import coordinates
from centres.selectors import holders, to_choose_from
from portfolio.addresses import addresses
from portfolio.models import Capacity, Registration, RegistrationParticulars, State
from portfolio.models.registrations import PortfolioOpen
from portfolio.registrations.candidate_list import qualifications_taken
from portfolio.registrations.particulars import words_before

LISTS_UNITS = frozenset({Role.COORDINATOR, Role.ASSESSOR, Role.INTERNAL_VERIFIER})
# Whose turn it is, for `Words.say`.
TURNS = {
    Turn.CANDIDATE: "The {candidate}’s",
    Turn.ASSESSOR: "The assessor’s",
    Turn.VERIFIER: "The {internal_verifier}’s",
    Turn.UNCONFIRMED: "Somebody’s who confirms a signature",
    Turn.NOBODY: "Nobody’s: none is allocated",
    Turn.KEPT_OUT: "Nobody’s: who verifies wrote evidence",
    Turn.DONE: "Nobody’s: it is verified",
}


def units_of_centre(centre: Centre, user: User, roles: Collection[str]) -> Units:
    """The units in the list of somebody with these roles: a coordinator's all, anybody else's those they work on.

    As in all lists, those are left out in which nothing waits: set aside, or of a registration that is not active.
    """
    if coordinates(roles):
        theirs = Q(centre=centre) & ~Q(turn__in=NOBODYS)
    else:
        theirs = Q(pk__in=[])
        for capacity in (Capacity.ASSESSOR, Capacity.INTERNAL_VERIFIER):
            if capacity in roles:
                theirs |= worked_on_by(user, capacity, [centre])
    open_to_them = UnitProgress.objects.filter(theirs).filter(PortfolioOpen(user, "candidate_unit__registration__"))
    return open_to_them.select_related("candidate_unit").only("candidate_unit__uuid")


class UnitsFilter(django_filters.FilterSet):
    """Words in a name, a number or a unit; how it stands; whose turn it is; qualification, people and site."""

    find = django_filters.CharFilter(
        method="with_words", label="Name, number or unit", widget=forms.TextInput(attrs={"type": "search"})
    )
    state = django_filters.ChoiceFilter(label="State", empty_label="In any state", choices=State.choices)
    turn = django_filters.ChoiceFilter(label="Whose turn", empty_label="Anybody’s")
    qualification = django_filters.ChoiceFilter(
        method="on_qualification", label="Qualification", empty_label="All qualifications"
    )
    assessor = django_filters.ChoiceFilter(method="led_by", label="Assessor", empty_label="All assessors")
    verifier = django_filters.ChoiceFilter(method="led_by", empty_label="All")
    site = django_filters.ChoiceFilter(method="at_site", label="Site", empty_label="All sites")

    class Meta:
        model = UnitProgress
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, centre: Centre, roles: Collection[str], **kwargs: Any) -> None:
        """`centre` is where they are worked on, `roles` those of the person there."""
        super().__init__(*args, **kwargs)
        called = centre.words
        self.filters["turn"].extra["choices"] = [(turn.value, called.say(words)) for turn, words in TURNS.items()]
        self.filters["qualification"].extra["choices"] = qualifications_taken(centre)
        self.filters["verifier"].label = called.internal_verifier.capitalize()
        for name, role in (("assessor", Role.ASSESSOR), ("verifier", Role.INTERNAL_VERIFIER)):
            if coordinates(roles):
                people = to_choose_from(holders(centre, role))
                self.filters[name].extra["choices"] = [("nobody", "Nobody yet"), *people]
            else:
                del self.filters[name]
        if sites := words_before(centre, "site")["site"]:
            self.filters["site"].extra["choices"] = [(one, one) for one in sites]
        else:
            del self.filters["site"]  # there is nothing to choose

    def with_words(self, units: Units, _name: str, value: str) -> Units:
        """Those with all these words, in part or whole, in the candidate's name or number, or in the unit."""
        for word in value.split()[:10]:
            units = units.filter(
                Q(candidate_unit__registration__candidate__name__icontains=word)
                | Q(candidate_unit__registration__number__icontains=word)
                | Q(candidate_unit__revision__title__icontains=word)
                | Q(candidate_unit__revision__unit__code__iexact=word)
            )
        return units

    def on_qualification(self, units: Units, _name: str, value: str) -> Units:
        """Those of who is registered on it, whatever the wording of its rule; or on single units."""
        if value == "none":
            return units.filter(candidate_unit__registration__qualification__isnull=True)
        return units.filter(candidate_unit__registration__qualification__code=value)

    def led_by(self, units: Units, name: str, value: str) -> Units:
        """Those in which this person, given by uuid, leads in assessing or verifying; or nobody does."""
        return units.filter(**({name: None} if value == "nobody" else {f"{name}__uuid": value}))

    def at_site(self, units: Units, _name: str, value: str) -> Units:
        """Those whose candidate is at this site now."""
        said = RegistrationParticulars.objects.current().filter(registration=OuterRef("registration"), site=value)
        return units.filter(Exists(said))


@dataclass(frozen=True, kw_only=True)
class UnitRow:
    """A unit of a candidate in the list; a name is empty if nobody leads."""

    candidate: str
    portfolio_url: str
    unit: str
    unit_url: str
    qualification: str
    state: str
    since: date
    met: str
    assessor: str
    verifier: str
    site: str


class UnitsTable(KeyedTable):
    """Units of a centre. Its rows are `UnitRow`."""

    named: ClassVar[str] = "candidate_unit__uuid"
    orders: ClassVar[tuple[Order, ...]] = (
        # First what changed last: an index gives it, while names are sorted over all units of a centre.
        Order(name="since", field="since", begins_with_last=True),
        Order(name="candidate", field="candidate_unit__registration__candidate__name"),
    )

    candidate = tables.Column(verbose_name="{Candidate}", linkify=lambda record: record.portfolio_url)
    unit = tables.Column(verbose_name="Unit", linkify=lambda record: record.unit_url)
    qualification = tables.Column(verbose_name="Qualification")
    state = tables.Column(verbose_name="State")
    since = DayColumn(verbose_name="Since")
    met = tables.Column(verbose_name="Met")
    assessor = tables.Column(verbose_name="Assessor")
    verifier = tables.Column(verbose_name="{Internal_verifier}")
    site = tables.Column(verbose_name="Site")

    def render_state(self, value: str) -> SafeString:
        """As all pages show it."""
        return _state(value)

    def value_state(self, value: str) -> str:
        """In words."""
        return str(State(value).label)


@cache
def _state(state: str) -> SafeString:
    return render_to_string("_state.html", {"state": state})


class _Registered(NamedTuple):
    """What a row says of a registration."""

    qualification: str
    site: str


def unit_rows(centre: Centre, units: Sequence[UnitProgress]) -> list[UnitRow]:
    """Return what the list shows of these units, in their order; three queries."""
    keys = [unit.pk for unit in units]
    found = {unit.pk: unit for unit in listed_by_key(keys)}
    return list(_rows(centre, [found[key] for key in keys if key in found]))


def _rows(centre: Centre, units: Sequence[ListedUnit]) -> Iterator[UnitRow]:
    registered = _registered({unit.registration for unit in units})
    names = _names(units)
    zone = ZoneInfo(centre.time_zone)
    portfolio_at = addresses("assessments:portfolio", centre.uuid, "portfolio")
    unit_at = addresses("assessments:unit", centre.uuid, "unit")
    for unit in units:
        of = registered[unit.registration]
        yield UnitRow(
            candidate=unit.candidate,
            portfolio_url=portfolio_at(unit.portfolio),
            unit=unit.named,
            unit_url=unit_at(unit.uuid),
            qualification=of.qualification,
            state=unit.state,
            since=timezone.localtime(unit.since, zone).date(),
            met=f"{unit.progress.met} of {unit.progress.total}",
            assessor=names.get(unit.assessor or 0, ""),
            verifier=names.get(unit.verifier or 0, ""),
            site=of.site,
        )


def _registered(registrations: Collection[int]) -> dict[int, _Registered]:
    """The qualification and the site of each, in words; one query."""
    site = RegistrationParticulars.objects.current().filter(registration=OuterRef("pk")).values("site")[:1]
    rows = Registration.objects.filter(pk__in=registrations).annotate(site=site)
    return {
        pk: _Registered(f"{code} {title}" if code else "Single units", site or "")
        for pk, code, title, site in rows.values_list("pk", "qualification__code", "qualification__title", "site")
    }


def _names(units: Collection[ListedUnit]) -> dict[int, str]:
    """Who leads in these units, by primary key; one query."""
    people = {person for unit in units for person in (unit.assessor, unit.verifier) if person}
    return dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
