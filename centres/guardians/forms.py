"""The forms about a candidate under 18: the day, the consent, and why it is withdrawn."""

from typing import Any

from django import forms

from record.form_fields import DATE_FORMATS, DayField, WordsField


def day_field(**options: Any) -> DayField:
    """A day, with the calendar of the browser."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    errors = dict.fromkeys(("required", "invalid"), "Give a date, such as 22/11/2026.")
    return DayField(widget=widget, input_formats=DATE_FORMATS, error_messages=errors, **options)


class ComingOfAgeForm(forms.Form):
    """Until when a candidate is under 18."""

    day = day_field(
        label="Turns 18 on (empty: is not under 18)",
        required=False,
        help_text="Only this day is kept, not how old they are.",
    )


class ConsentForm(forms.Form):
    """A guardian's consent."""

    guardian = WordsField(label="Guardian's name", max_length=200, error_messages={"required": "Type their name."})
    relation = WordsField(
        label="What they are to the candidate",
        max_length=100,
        help_text="Mother, father, legal guardian.",
        error_messages={"required": "Say what they are to the candidate."},
    )
    given_on = day_field(label="When they consented")
    shown_by = WordsField(
        label="How it is shown",
        max_length=300,
        help_text="Where the signed paper is kept: “Office, folder Consent 2026”.",
        error_messages={"required": "Say where the signed paper is kept."},
    )


class ConsentWithdrawalForm(forms.Form):
    """Why a consent does not stand any more."""

    why = WordsField(
        label="Why it is withdrawn", max_length=500, error_messages={"required": "Say why it is withdrawn."}
    )
