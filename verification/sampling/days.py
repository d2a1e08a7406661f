"""Days as the centre counts them."""

import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from centres.models import Centre


def day_at(moment: datetime.datetime, centre: Centre) -> datetime.date:
    """The day on which a moment falls at the centre."""
    return timezone.localdate(moment, ZoneInfo(centre.time_zone))


def today_at(centre: Centre) -> datetime.date:
    """The day that it is there now."""
    return day_at(timezone.now(), centre)


def in_words(day: datetime.date) -> str:
    """A day in a sentence: "14 November 2026"."""
    return f"{day.day} {day:%B %Y}"
