"""The field for a day in the forms of the office: any day, past or to come."""

from django import forms

from record.form_fields import DATE_FORMATS, DayField

GIVE_A_DATE = "Give a date, such as 22/11/2026."


def day_field(label: str, *, required: bool = False, help_text: str = "") -> DayField:
    """Return a field for a day; one that is not required says so beside its label."""
    return DayField(
        label=label if required else f"{label} (may stay empty)",
        required=required,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=DATE_FORMATS,
        error_messages=dict.fromkeys(("required", "invalid"), GIVE_A_DATE),
    )
