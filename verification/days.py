"""Days as the centre counts them: as moments, and in a sentence."""

import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from centres.models import Centre


def day_begins(day: datetime.date, zone: ZoneInfo) -> datetime.datetime:
    """Return the moment at which a day begins in the centre."""
    return datetime.datetime.combine(day, datetime.time.min, zone)


def day_ends(day: datetime.date, zone: ZoneInfo) -> datetime.datetime:
    """Return the moment at which it is over."""
    return day_begins(day + datetime.timedelta(days=1), zone)


def day_at(moment: datetime.datetime, centre: Centre) -> datetime.date:
    """Return the day on which a moment falls at the centre."""
    return timezone.localdate(moment, ZoneInfo(centre.time_zone))


def in_words(day: datetime.date) -> str:
    """Return a day as a sentence has it: "9 November 2026"."""
    return f"{day.day} {day:%B %Y}"
