"""The forms about staff: what is put on record, and why it is taken off."""

from typing import cast

from django import forms
from django.http import QueryDict

from centres.models import ROLES_WITH_AWARD, Centre
from centres.staff.kinds import HOURS_AT_MOST, OF_A_ROLE, StaffKind
from centres.staff.services import StaffDetails
from record.form_fields import DATE_FORMATS, DayField, WordsField

HOURS = f"Give the hours as a number, such as 2 or 1.5, and at most {HOURS_AT_MOST}."


def _day_field(label: str, *, needed: bool, help_text: str = "") -> DayField:
    return DayField(
        label=label if needed else f"{label} (may stay empty)",
        required=needed,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=DATE_FORMATS,
        error_messages=dict.fromkeys(("required", "invalid"), "Give a date, such as 22/11/2026."),
    )


class StaffRecordForm(forms.Form):
    """What is put on record, with the fields of its kind."""

    role = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Say for which role the award is."),
    )
    what = WordsField(max_length=200)
    since = _day_field("", needed=True)
    until = _day_field("", needed=True)
    hours = forms.DecimalField(
        min_value=0.25,
        max_value=HOURS_AT_MOST,
        max_digits=5,
        decimal_places=2,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits"),
            HOURS,
        ),
    )
    shown_by = WordsField(max_length=300)

    def __init__(self, data: QueryDict | None, *, kind: StaffKind, centre: Centre) -> None:
        super().__init__(data)
        asked = kind.asked
        self.fields["what"].label, self.fields["what"].help_text = asked.what, asked.what_help
        self.fields["since"] = _day_field(asked.since, needed=True)
        self.fields["until"] = _day_field(asked.until, needed=asked.until_needed, help_text=asked.until_help)
        needed = asked.shown_by_needed
        self.fields["shown_by"].label = asked.shown_by if needed else f"{asked.shown_by} (may stay empty)"
        self.fields["shown_by"].required, self.fields["shown_by"].help_text = needed, asked.shown_by_help
        role = cast(forms.ChoiceField, self.fields["role"])
        role.label = "It qualifies for the role of"
        role.choices = [(one.value, centre.words.of_role(one).capitalize()) for one in ROLES_WITH_AWARD]
        unasked = {
            "role": kind not in OF_A_ROLE,
            "until": not asked.until,
            "hours": kind != StaffKind.DEVELOPMENT,
        }
        for name in (name for name, is_unasked in unasked.items() if is_unasked):
            del self.fields[name]

    @property
    def details(self) -> StaffDetails:
        """What was said. For a valid form."""
        return StaffDetails(**self.cleaned_data)


class EndForm(forms.Form):
    """Why something is taken off the record."""

    why = WordsField(
        label="Why?",
        max_length=500,
        help_text="Such as: typed wrongly; given up; withdrawn by the awarding body.",
        error_messages={"required": "Say why: it stays in the record."},
    )
