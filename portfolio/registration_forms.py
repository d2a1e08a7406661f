"""What a coordinator decides about a candidate: who, on which units, assessed and verified by whom."""

from typing import Self, cast
from uuid import uuid4

from django import forms
from django.http import QueryDict

from centres.models import Centre, Role, User
from centres.selectors import holders
from portfolio.models import Allocation, CandidateUnit, Capacity, Registration
from record.fields import validate_plain_text
from standards.models import UnitRevision
from standards.selectors import latest_revisions


class RevisionChoiceField(forms.ModelMultipleChoiceField):
    """Units to tick, each in its latest wording."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, revision: UnitRevision) -> str:
        return f"{revision.unit.code} {revision.title} ({revision.unit.framework})"


class UnitsForm(forms.Form):
    """Units to add to a registration; those it has already are not offered."""

    revisions = RevisionChoiceField(
        queryset=UnitRevision.objects.none(),
        to_field_name="uuid",
        label="Units",
        error_messages={"required": "Choose at least one unit."},
    )

    def __init__(self, data: QueryDict | None, *, registration: Registration | None = None) -> None:
        super().__init__(data)
        offered = latest_revisions().select_related("unit__framework").order_by("unit__framework__title", "unit__code")
        if registration:
            offered = offered.exclude(unit__revisions__candidate_units__registration=registration)
        self.fields["revisions"].queryset = offered  # type: ignore[attr-defined]


class RegistrationForm(UnitsForm):
    """A candidate to register on single units. Its `form_key` names this form: pressed twice, it registers once."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    candidate = forms.ModelChoiceField(queryset=User.objects.none(), to_field_name="uuid", empty_label="Choose…")
    number = forms.CharField(
        label="Candidate number (may stay empty)",
        max_length=40,
        required=False,
        validators=[validate_plain_text],
        help_text="As the awarding body gave it; it is printed on the form.",
    )
    field_order = ["candidate", "number", "revisions"]

    def __init__(self, data: QueryDict | None, *, centre: Centre) -> None:
        super().__init__(data)
        self.fields["candidate"].queryset = holders(centre, Role.CANDIDATE)  # type: ignore[attr-defined]


class AllocationForm(forms.Form):
    """Who assesses a unit and who verifies it. `seen` are the allocations that the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)
    assessor = forms.ModelChoiceField(
        queryset=User.objects.none(), to_field_name="uuid", required=False, empty_label="Nobody yet"
    )
    internal_verifier = forms.ModelChoiceField(
        queryset=User.objects.none(), to_field_name="uuid", required=False, empty_label="Nobody yet"
    )

    def __init__(self, data: QueryDict | None, *, unit: CandidateUnit) -> None:
        standing = Allocation.objects.current().filter(candidate_unit=unit).select_related("user").order_by("pk")
        self.unit = unit
        self.stands = " ".join(str(allocation.uuid) for allocation in standing)
        people = {allocation.capacity: allocation.user.uuid for allocation in standing}
        super().__init__(data, initial={**people, "seen": self.stands})
        for capacity, role in (
            (Capacity.ASSESSOR, Role.ASSESSOR),
            (Capacity.INTERNAL_VERIFIER, Role.INTERNAL_VERIFIER),
        ):
            offered = holders(unit.registration.centre, role).exclude(pk=unit.registration.candidate_id)
            self.fields[capacity].queryset = offered  # type: ignore[attr-defined]

    def clean_seen(self) -> list[str]:
        """Return the uuids of the allocations that were seen."""
        return str(self.cleaned_data["seen"]).split()

    def over_what_stands(self) -> Self:
        """Return the form with what was chosen, to be saved over what stands now."""
        data = cast(QueryDict, self.data).copy()
        data["seen"] = self.stands
        return type(self)(data, unit=self.unit)
