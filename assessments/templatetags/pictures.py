"""Pictures that the server draws: a bar, a timeline, the steps of a unit's life. The markup is in templates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime

from assessments.history.timeline import Happened, Lane, Timeline, one_line
from assessments.standing.progress import Progress
from assessments.standing.progress_bar import WIDTH, bar_parts
from portfolio.models import State

register = template.Library()


@register.inclusion_tag("_bar.html")
def bar(progress: Progress, of: str = "") -> dict[str, Any]:
    """A bar with its parts and what they mean; `of` says what it is a bar of, for those who do not see it."""
    return {"progress": progress, "parts": bar_parts(progress), "width": WIDTH, "of": of}


@register.inclusion_tag("_timeline.html")
def timeline(happened: Sequence[Happened]) -> dict[str, Any]:
    """What happened when, on a line."""
    return lanes(one_line(happened))


@register.inclusion_tag("_timeline.html")
def lanes(timeline: Timeline) -> dict[str, Any]:
    """What happened when, on a line for each kind of it (`assessments.history.timeline.line_a_kind`)."""
    return {"timeline": timeline, "width": WIDTH, "in_words": ". ".join(map(_in_words, timeline.lanes))}


def _in_words(lane: Lane) -> str:
    """What a line shows, for those who do not see it."""
    if not lane.words:
        return ", ".join(f"{mark.words} {_day(mark.at)}" for mark in lane.marks)
    until = f" to {_day(lane.last)}" if lane.number > 1 else ""
    return f"{lane.words}: {lane.number}, {_day(lane.first)}{until}"


def _day(moment: datetime) -> str:
    return date_format(localtime(moment), "j F Y")


@register.inclusion_tag("_stepper.html")
def stepper(state: str) -> dict[str, Any]:
    """The steps of a unit's life, with the present one marked."""
    order = list(State)
    here = order.index(State(state))
    return {"steps": [(step, number - here) for number, step in enumerate(order)]}
