"""What a coordinator chooses for many units: who works on them, and as what."""

import datetime
from collections.abc import Collection
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q
from django.http import QueryDict

from centres.models import Centre, User
from centres.selectors import holders, to_choose_from
from portfolio.allocating.preview import AT_ONCE, AllocationsWanted
from portfolio.case_loads import case_loads, names_with_loads
from portfolio.models import Allocation, Capacity
from portfolio.permissions import ROLE_OF
from portfolio.registrations.cover import cover_day_field, end_of_cover
from record.form_fields import WordsField

ALLOCATED = (Capacity.ASSESSOR, Capacity.INTERNAL_VERIFIER)
NOT_THERE = "This person is not there to be chosen any more. Choose somebody else."


class SeenField(forms.CharField):
    """Units, each with what the page showed to stand in it: "uuid:digest uuid:digest …". All else is left out."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> dict[UUID, str]:  # type: ignore[override]
        """Return the digests by the uuid of the unit."""
        found = {}
        for one in str(super().to_python(value) or "").split():
            unit, _, seen = one.partition(":")
            try:
                found[UUID(unit)] = seen
            except ValueError:
                continue
        return found


class _WorkForm(forms.Form):
    """Who is to work on many units. `seen` comes back from the page that showed what would change."""

    person = forms.ChoiceField(error_messages={"required": "Choose who is to do it.", "invalid_choice": NOT_THERE})
    reason = WordsField(
        required=False,
        max_length=1000,
        label="Why somebody with a declared interest assesses here (may stay empty)",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Wanted only where they have declared a family or business interest.",
    )
    units = SeenField(required=False)  # all that were chosen
    seen = SeenField(required=False)  # those that would be changed

    def __init__(self, data: QueryDict | None, *, centre: Centre, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.centre = centre
        loads = case_loads(centre)
        cast(forms.ChoiceField, self.fields["person"]).choices = [
            ("", "Choose…"),
            *(
                (
                    f"As {centre.words.of_role(capacity)}",
                    [
                        (f"{capacity.value}:{uuid}", name)
                        for uuid, name in names_with_loads(holders(centre, ROLE_OF[capacity]), capacity, loads)
                    ],
                )
                for capacity in ALLOCATED
            ),
        ]

    def clean_person(self) -> tuple[User, Capacity]:
        """Return the person, and what they are to do."""
        return _person(self.cleaned_data["person"])

    def hidden(self) -> list[tuple[str, str]]:
        """What the next page sends back of what was chosen here."""
        kept = ("person", "how", "until", "whose")
        return [(name, self.data.get(name, "")) for name in kept if name in self.fields]


def _person(said: str) -> tuple[User, Capacity]:
    capacity, _, uuid = said.partition(":")
    return User.objects.get(uuid=uuid), Capacity(capacity)


class AllocateManyForm(_WorkForm):
    """One person is to lead in many units, or to work beside who does."""

    which = forms.ChoiceField(
        label="Which units",
        widget=forms.RadioSelect,
        initial="ticked",
        required=False,
    )
    how = forms.ChoiceField(
        label="What they do",
        widget=forms.RadioSelect,
        initial="lead",
        choices=[
            ("lead", "Lead, in place of whoever leads now"),
            ("beside", "Work beside whoever leads, such as a cover"),
        ],
        error_messages={"required": "Say whether they lead, or work beside who does."},
    )
    until = cover_day_field(
        "The last day of a cover, for who works beside. After it they do not see the portfolios any more."
    )
    field_order = ["which", "person", "how", "until", "reason"]

    def __init__(self, data: QueryDict | None, *, centre: Centre, found: int) -> None:
        super().__init__(data, centre=centre)
        self.fields["person"].label = "Who"
        cast(forms.ChoiceField, self.fields["which"]).choices = [
            ("ticked", "Those that I tick below"),
            ("found", f"All {found:,} that the list finds, on all its pages"),
        ]
        self.found = found

    def clean_until(self) -> datetime.datetime | None:
        """Return the moment at which that day ends in the centre."""
        return end_of_cover(self.cleaned_data["until"], ZoneInfo(self.centre.time_zone))

    def clean(self) -> dict[str, Any]:
        """Refuse an end for somebody who leads, and more units than are allocated at once."""
        said = self.cleaned_data
        if said.get("until") and said.get("how") == "lead":
            self.add_error("until", "Who leads does so until somebody else does. Leave it empty, or choose a cover.")
        if said.get("which") == "found" and not said.get("units") and self.found > AT_ONCE:
            self.add_error(
                "which", f"The list finds {self.found:,} units, and {AT_ONCE} at most are allocated at once. Narrow it."
            )
        return said

    @property
    def wanted(self) -> AllocationsWanted:
        """What was chosen. For a valid form."""
        said = self.cleaned_data
        person, capacity = said["person"]
        return AllocationsWanted(
            person=person, capacity=capacity, leads=said["how"] == "lead", until=said["until"], reason=said["reason"]
        )


class HandOverForm(_WorkForm):
    """All that one person does in a capacity is handed over to another."""

    whose = forms.ChoiceField(
        label="Whose units",
        error_messages={"required": "Choose whose units are handed over.", "invalid_choice": NOT_THERE},
    )
    field_order = ["whose", "person", "reason"]

    def __init__(self, data: QueryDict | None, *, centre: Centre, whose: str = "") -> None:
        super().__init__(data, centre=centre, initial={"whose": whose})
        self.fields["person"].label = "Who takes them over"
        cast(forms.ChoiceField, self.fields["whose"]).choices = [
            ("", "Choose…"),
            *((f"As {centre.words.of_role(capacity)}", _who_works(centre, capacity)) for capacity in ALLOCATED),
        ]

    def clean_whose(self) -> tuple[User, Capacity]:
        """Return the person, and what they do."""
        return _person(self.cleaned_data["whose"])

    def clean(self) -> dict[str, Any]:
        """Refuse somebody who does something else, and the same person."""
        said = self.cleaned_data
        if "whose" in said and "person" in said:
            (leaves, capacity), (comes, comes_as) = said["whose"], said["person"]
            if capacity != comes_as:
                called = self.centre.words.of_role(capacity)
                self.add_error("person", f"{leaves} works as {called}. Choose somebody who takes over as {called}.")
            elif leaves == comes:
                self.add_error("person", "Choose somebody else than the person who leaves.")
        return said

    @property
    def wanted(self) -> AllocationsWanted:
        """What was chosen. For a valid form."""
        (leaves, capacity), (comes, _) = self.cleaned_data["whose"], self.cleaned_data["person"]
        return AllocationsWanted(person=comes, capacity=capacity, instead_of=leaves, reason=self.cleaned_data["reason"])


def _who_works(centre: Centre, capacity: Capacity) -> Collection[tuple[str, str]]:
    """Everybody who is allocated to a unit, whether or not they still hold the role."""
    working = Allocation.objects.current().filter(candidate_unit__registration__centre=centre, capacity=capacity)
    people = User.objects.filter(Q(pk__in=working.values("user"))).order_by("name", "pk")
    return [(f"{capacity.value}:{uuid}", name) for uuid, name in to_choose_from(people)]
