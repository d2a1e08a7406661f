"""The days of a visit as moments: it is open from the beginning of its first day to the end of its last."""

import datetime
from zoneinfo import ZoneInfo


def day_begins(day: datetime.date, zone: ZoneInfo) -> datetime.datetime:
    """Return the moment at which a day begins in the centre."""
    return datetime.datetime.combine(day, datetime.time.min, zone)


def day_ends(day: datetime.date, zone: ZoneInfo) -> datetime.datetime:
    """Return the moment at which it is over."""
    return day_begins(day + datetime.timedelta(days=1), zone)


def in_words(day: datetime.date) -> str:
    """Return a day as a sentence has it: "9 November 2026"."""
    return f"{day.day} {day:%B %Y}"
