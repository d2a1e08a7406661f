"""How prints name a centre, and a moment at it. Paper has the words of the domain (`centres/words.py`)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateformat import format as formatted

from centres.models import Centre

DAY = "j F Y"
MOMENT = "j F Y, H:i"


def centre_fact(centre: Centre) -> tuple[str, str]:
    """The line at the top that names the centre, with its number if it has one."""
    return "Centre", f"{centre.name}, {centre.number}" if centre.number else centre.name


def at_centre(moment: datetime, centre: Centre, how: str = DAY) -> str:
    """Return a moment as the centre counts time: its day, or with MOMENT its hour as well."""
    return formatted(timezone.localtime(moment, ZoneInfo(centre.time_zone)), how)
