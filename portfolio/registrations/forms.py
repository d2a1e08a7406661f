"""The coordinator's forms: which candidate, on which units, assessed and verified by whom."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, Self, cast
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils import timezone

from centres.models import Centre, Role, User
from centres.selectors import holders, to_choose_from
from portfolio.case_loads import case_loads, names_with_loads
from portfolio.models import Allocation, CandidateUnit, Capacity, Interest, Registration
from portfolio.registrations.allocatable import Work
from portfolio.registrations.choosing import OfferedGroup, offered_groups, rule_of
from portfolio.registrations.cover import cover_day_field, end_of_cover
from portfolio.registrations.particulars_forms import WHEN_REGISTERED, ParticularsFields
from record.form_fields import WordsField
from standards.content import Prose, code_order
from standards.in_words import counted
from standards.models import Framework, Qualification, UnitRevision
from standards.prose import prose_of
from standards.selectors import latest_in_short, latest_qualifications


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What a candidate may be registered on: a qualification, or single units of a framework."""

    kind: str  # qualification or framework
    address: str
    title: str
    details: str
    qualification: Qualification | None = None
    framework: Framework | None = None

    @property
    def query(self) -> str:
        """The query that chooses it in the page's address."""
        return urlencode({self.kind: self.address})


def offers(
    said: QueryDict, *, qualifications: bool = True, without: Registration | None = None
) -> tuple[list[Offer], Offer | None]:
    """Return the offers to choose from, and the chosen one, if any.

    First the qualifications, then the frameworks with units to take singly; `without` leaves out the units that a
    registration takes already. Two queries. If the address names an offer, only that is read, in one query. If there
    is only one offer, it counts as chosen.
    """
    if qualifications and (offer := _named(said, _qualifications, "qualification")):
        return [], offer
    if offer := _named(said, lambda: _frameworks(without), "framework"):
        return [], offer
    among = [*(_qualifications() if qualifications else ()), *_frameworks(without)]
    return among, among[0] if len(among) == 1 else None


def _named(said: QueryDict, among: Callable[[], Iterable[Offer]], kind: str) -> Offer | None:
    address = said.get(kind)
    return next((offer for offer in among() if offer.address == address), None) if address else None


def _qualifications() -> Iterator[Offer]:
    for row in latest_qualifications().select_related("framework").order_by("framework__title", "code"):
        level = f"level {row.level}, " if row.level is not None else ""
        yield Offer(
            kind="qualification",
            address=f"{row.framework.code}:{row.code}",
            title=str(row),
            details=f"A qualification: {level}{row.framework}",
            qualification=row,
        )


def _frameworks(without: Registration | None) -> Iterator[Offer]:
    by_framework = (
        _units_left(without)
        .order_by("unit__framework__title")
        .values_list("unit__framework", "unit__framework__code", "unit__framework__title")
        .annotate(units=Count("pk"))
    )
    for pk, code, title, units in by_framework:
        framework = Framework(pk=pk, code=code, title=title)
        yield Offer(
            kind="framework",
            address=code,
            title=f"{title} ({framework.short})",
            details=f"Single units: {counted(units, 'unit')} to choose from",
            framework=framework,
        )


def _units_left(registration: Registration | None) -> QuerySet[UnitRevision]:
    units = latest_in_short()
    if registration:
        taken = registration.candidate_units.filter(set_aside_at__isnull=True)
        units = units.exclude(unit__in=taken.values("revision__unit"))
    return units


@dataclass(frozen=True, kw_only=True)
class ToTick:
    """A unit with its box to tick. `given`: it is taken without being ticked."""

    revision: UnitRevision
    is_ticked: bool
    prose: Prose | None  # what it is about
    given: bool = False


@dataclass(frozen=True, kw_only=True)
class GroupToTick:
    """Units under one heading."""

    name: str
    rule: str
    units: tuple[ToTick, ...]
    is_theme: bool = False

    @property
    def theme_statement(self) -> str:
        """What the first unit that speaks of their theme says of it."""
        said = (unit.prose.theme_statement for unit in self.units if self.is_theme and unit.prose)
        return next(filter(None, said), "")


class UnitsForm(forms.Form):
    """The units of the offer, by group, to add to a registration; those it takes already are left out."""

    revisions = forms.ModelMultipleChoiceField(
        queryset=UnitRevision.objects.none(),
        to_field_name="uuid",
        label="Units",
        error_messages={
            "required": "Choose at least one unit.",
            "invalid_choice": "One of these units cannot be chosen here. Look at the list again.",
            "invalid_pk_value": "One of these units cannot be chosen here. Look at the list again.",
        },
    )

    def __init__(
        self, data: QueryDict | None, *, offer: Offer | None = None, registration: Registration | None = None
    ) -> None:
        super().__init__(data)
        offered = _units_left(registration)
        self.qualified: tuple[OfferedGroup, ...] = ()
        if offer and offer.framework:
            offered = offered.filter(unit__framework=offer.framework)
        if offer and offer.qualification:
            self.qualified = offered_groups(rule_of(offer.qualification))
            units = [one for group in self.qualified for one in group.units]
            offered = offered.filter(pk__in=[one.revision.pk for one in units if not one.is_mandatory])
            self.fields["revisions"].required = not any(one.is_mandatory for one in units)
        self.fields["revisions"].queryset = offered  # type: ignore[attr-defined]

    @cached_property
    def groups(self) -> list[GroupToTick]:
        """The units to tick, by the groups of the qualification, or by framework and theme."""
        ticked = {str(value) for value in self["revisions"].value() or ()}
        if self.qualified:
            prose = prose_of({one.revision.unit_id for group in self.qualified for one in group.units})
            return [
                GroupToTick(
                    name=group.name,
                    rule=group.rule,
                    units=tuple(
                        ToTick(
                            revision=one.revision,
                            is_ticked=str(one.revision.uuid) in ticked,
                            prose=prose.get(one.revision.unit_id),
                            given=one.is_mandatory,
                        )
                        for one in group.units
                    ),
                )
                for group in self.qualified
            ]
        units = sorted(self.fields["revisions"].queryset, key=_by_framework_and_code)  # type: ignore[attr-defined]
        prose = prose_of({one.unit_id for one in units})
        return [
            GroupToTick(
                name=theme or title,
                rule="",
                units=tuple(
                    ToTick(revision=one, is_ticked=str(one.uuid) in ticked, prose=prose.get(one.unit_id))
                    for one in found
                ),
                is_theme=bool(theme),
            )
            for (theme, title), found in groupby(units, key=lambda one: (one.theme, one.unit.framework.title))
        ]


def _by_framework_and_code(revision: UnitRevision) -> tuple[object, ...]:
    return revision.unit.framework.title, code_order(revision.unit.code)


class RegistrationForm(UnitsForm, ParticularsFields):
    """A candidate to register on the offer. Its `form_key` identifies this form: pressed twice, it registers once."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    candidate = forms.ModelChoiceField(
        queryset=User.objects.none(),
        to_field_name="uuid",
        empty_label="Choose…",
        error_messages={
            "required": "Choose who is registered.",
            "invalid_choice": "This person is not there to be registered any more. Choose somebody else.",
        },
    )
    number = WordsField(
        max_length=40,
        required=False,
        help_text="As the awarding body gave it; it is printed on the form.",
    )
    field_order = ["candidate", "number", "revisions"]

    def __init__(self, data: QueryDict | None, *, centre: Centre, offer: Offer | None = None) -> None:
        super().__init__(data, offer=offer)
        self.centre, self.offer = centre, offer
        people = holders(centre, Role.CANDIDATE)
        candidate = cast(forms.ModelChoiceField, self.fields["candidate"])
        candidate.label = centre.words.say("{Candidate}")
        self.fields["number"].label = centre.words.say("{Candidate} number (may stay empty)")
        candidate.queryset = people
        # Read once, since the page also has to know whether there is anybody.
        names = to_choose_from(people)
        candidate.choices = [("", candidate.empty_label), *names]
        self.has_candidates = bool(names)
        self.ask(centre, *WHEN_REGISTERED)

    def for_another(self) -> Self:
        """Return the form with what was chosen and a new key, since the one that was sent may be used up."""
        data = cast(QueryDict, self.data).copy()
        data["form_key"] = str(uuid4())
        return type(self)(data, centre=self.centre, offer=self.offer)


class AllocationForm(forms.Form):
    """Who leads in assessing and verifying a unit, and who works beside them. `seen`: the allocations on the page."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=5000)
    assessor = forms.ModelChoiceField(
        queryset=User.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label="Nobody yet",
        label="Lead assessor",
        help_text="Judges, and signs the unit off.",
    )
    internal_verifier = forms.ModelChoiceField(
        queryset=User.objects.none(), to_field_name="uuid", required=False, empty_label="Nobody yet"
    )
    kept = forms.MultipleChoiceField(
        required=False,
        label="Work on it too",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Who else works on it was changed since you opened the page. Look again."},
    )
    another = forms.ChoiceField(
        required=False,
        label="Let somebody else work on it too (may stay empty)",
        help_text="An assessor judges and records; who holds the award confirms what a lead without it signs.",
    )
    another_until = cover_day_field("The last day of a cover. After it they do not see the portfolio any more.")
    reason = WordsField(
        required=False,
        max_length=1000,
        label="Why somebody with a declared interest assesses here (may stay empty)",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    everywhere = forms.BooleanField(
        required=False,
        initial=True,
        label="Also in the other units of this portfolio that nobody assesses or verifies yet",
    )

    def __init__(self, data: QueryDict | None, *, unit: CandidateUnit) -> None:
        standing = Allocation.objects.current().filter(candidate_unit=unit).select_related("user").order_by("pk")
        self.unit = unit
        self.zone = ZoneInfo(unit.registration.centre.time_zone)
        self.stands = " ".join(str(allocation.uuid) for allocation in standing)
        people = {allocation.capacity: allocation.user.uuid for allocation in standing if allocation.leads}
        self.others = {str(allocation.uuid): allocation for allocation in standing if not allocation.leads}
        super().__init__(data, initial={**people, "seen": self.stands, "kept": list(self.others)})
        called = unit.registration.centre.words
        self.fields["internal_verifier"].label = called.say("{Internal_verifier}")
        self.offered: dict[Capacity, QuerySet[User]] = {}
        loads = case_loads(unit.registration.centre)
        to_add: list[tuple[str, list[tuple[str, str]]]] = []
        for capacity, role in (
            (Capacity.ASSESSOR, Role.ASSESSOR),
            (Capacity.INTERNAL_VERIFIER, Role.INTERNAL_VERIFIER),
        ):
            offered = holders(unit.registration.centre, role).exclude(pk=unit.registration.candidate_id)
            field = cast(forms.ModelChoiceField, self.fields[capacity])
            field.queryset = self.offered[capacity] = offered
            names = names_with_loads(offered, capacity, loads)
            field.choices = [("", field.empty_label), *names]
            to_add.append(
                (f"As {called.of_role(capacity)}", [(f"{capacity.value}:{uuid}", name) for uuid, name in names])
            )
        cast(forms.ChoiceField, self.fields["another"]).choices = [("", "Nobody"), *to_add]
        cast(forms.ChoiceField, self.fields["kept"]).choices = [
            (uuid, self._said_of(allocation)) for uuid, allocation in self.others.items()
        ]
        if not self.others:
            del self.fields["kept"]
        if not Interest.objects.conflicting().filter(registration=unit.registration).exists():
            del self.fields["reason"]
        if not CandidateUnit.objects.taken().filter(registration=unit.registration).exclude(pk=unit.pk).exists():
            del self.fields["everywhere"]

    def _said_of(self, allocation: Allocation) -> str:
        called = self.unit.registration.centre.words
        said = f"{allocation.user}, {called.of_role(allocation.capacity)}"
        if allocation.until is None:
            return said
        last = timezone.localtime(allocation.until - datetime.timedelta.resolution, self.zone)
        over = "" if allocation.until > timezone.now() else " (over)"
        return f"{said}, until {last.day} {last:%B %Y}{over}"

    def clean_seen(self) -> list[str]:
        """Return the uuids of the allocations that were seen."""
        return str(self.cleaned_data["seen"]).split()

    def clean_another_until(self) -> datetime.datetime | None:
        """Return the moment at which that day ends in the centre."""
        return end_of_cover(self.cleaned_data["another_until"], self.zone)

    def clean(self) -> dict[str, Any]:
        """Return what `allocations_set` takes; `others` are those who were kept and those who are added."""
        said = self.cleaned_data
        kept, another = said.pop("kept", []), said.pop("another", "")
        until = said.pop("another_until", None)
        others = [self.others[uuid] for uuid in kept]
        said["others"] = [Work(one.user, Capacity(one.capacity), False, one.until) for one in others]
        if another:
            capacity, _, uuid = another.partition(":")
            person = self.offered[Capacity(capacity)].get(uuid=uuid)
            said["others"] = [work for work in said["others"] if work.user != person]
            said["others"].append(Work(person, Capacity(capacity), False, until))
        elif until:
            self.add_error("another", "Say who works on it until then.")
        return said

    def over_what_stands(self) -> Self:
        """Return the form with what was chosen, to be saved over the present allocations."""
        data = cast(QueryDict, self.data).copy()
        data["seen"] = self.stands
        return type(self)(data, unit=self.unit)
