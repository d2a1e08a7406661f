"""Until when somebody covers for whoever leads: the field that asks it, and the moment that it means."""

import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from record.form_fields import DATE_FORMATS, LAST_YEAR, DayField


def cover_day_field(help_text: str) -> DayField:
    """The last day of a cover, which may stay empty."""
    return DayField(
        required=False,
        label="Until (may stay empty)",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=DATE_FORMATS,
        error_messages={"invalid": "Give a date, such as 22/11/2026."},
        help_text=help_text,
    )


def end_of_cover(last: datetime.date | None, zone: ZoneInfo) -> datetime.datetime | None:
    """Return the moment at which that day ends in the centre; None without one. Raises ValidationError."""
    if last is None:
        return None
    if last < timezone.localdate(timezone=zone):
        raise forms.ValidationError("This day is over. Choose a later one, or leave it empty.")
    if last.year > LAST_YEAR:
        raise forms.ValidationError("Look at the year.")
    return datetime.datetime.combine(last + datetime.timedelta(days=1), datetime.time.min, zone)
