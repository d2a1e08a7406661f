"""The forms by which a verifier changes the plan, each time with a reason."""

from django import forms

from assessments.models import REASON_AT_MOST
from record.form_fields import DayField, WordsField


class PlanChangeForm(forms.Form):
    """Why the plan is changed, and another day by which the unit is looked at."""

    reason = WordsField(
        label="Why",
        max_length=REASON_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why: the plan is part of the record."},
    )
    due = DayField(
        label="To be looked at by (may stay empty)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Give a day, such as 2026-12-24."},
    )
