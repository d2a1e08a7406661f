"""What happened in a portfolio, and when: evidence that came in, units that moved on or went back."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import CharField, Value
from django.utils import timezone

from assessments.history.steps import SIGNED, step_words
from assessments.history.timeline import Happened
from assessments.models import Return, Signature
from centres.words import DOMAIN, Words
from portfolio.models import Registration

EVIDENCE = "evidence"
# What each line of the timeline is called, by the kind of thing that happened, from top to bottom.
KINDS = {
    EVIDENCE: "Evidence",
    "submitted": "Submitted",
    "signed_off": "Signed off",
    "countersigned": "Countersigned",
    "back": "Went back",
}


class Month(NamedTuple):
    """A month in which something happened: how many pieces came in, and what happened to units, in order."""

    first: date
    pieces: int
    steps: tuple[Happened, ...]


def steps_of(names: Mapping[int, str], called: Words = DOMAIN) -> list[Happened]:
    """What was signed and what went back in these units, which are given by primary key with their names; one query."""
    units = list(names)
    signed = Signature.objects.filter(unit_version__candidate_unit__in=units).values_list(
        "unit_version__candidate_unit", "stage", Value("", output_field=CharField()), "signed_at"
    )
    back = Return.objects.filter(unit_version__candidate_unit__in=units).values_list(
        "unit_version__candidate_unit", "kind", "from_state", "made_at"
    )
    return [
        _step(names[unit], step, from_state, at, called)
        for unit, step, from_state, at in signed.order_by().union(back.order_by(), all=True)
    ]


def _step(unit: str, step: str, from_state: str, at: datetime, called: Words) -> Happened:
    what, kind = SIGNED[step] if step in SIGNED else (step_words(step, from_state, called), "back")
    return Happened(kind=kind, words=f"{unit} {what[0].lower()}{what[1:]}", at=at)


def came_in(times: Iterable[datetime]) -> list[Happened]:
    """The pieces of evidence that came in at these times."""
    return [Happened(kind=EVIDENCE, words="Evidence", at=at) for at in times]


def by_month(happened: Collection[Happened], zone: ZoneInfo) -> list[Month]:
    """The same by month, in this time zone, the newest first."""

    def month(step: Happened) -> date:
        return timezone.localtime(step.at, zone).date().replace(day=1)

    found = []
    for first, steps in groupby(sorted(happened, key=lambda step: step.at, reverse=True), month):
        in_it = list(steps)
        moved = tuple(step for step in in_it if step.kind != EVIDENCE)
        found.append(Month(first=first, pieces=len(in_it) - len(moved), steps=moved))
    return found


def end_of_today(registration: Registration) -> datetime:
    """When the day ends at the portfolio's centre: until then a timeline does not change by itself."""
    zone = ZoneInfo(registration.centre.time_zone)
    return datetime.combine(timezone.localdate(timezone=zone), time.max, zone)
