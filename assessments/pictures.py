"""Where things stand in a picture: the parts of a bar, the marks of a timeline. Pure; templates draw them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from assessments.progress import Progress

WIDTH = 400  # of every picture, in its own units; it is shown as wide as there is room
GAP = 4  # between the parts of a bar
LEAST = 8  # the width of the smallest part that is not nothing
EDGE = 46  # from the end of a timeline to its first mark, so that the date under it fits
APART = 22  # between the middles of two marks at least, where there is room
DATE = 92  # the room that a date takes


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a bar: what it stands for (also the end of its CSS class), how many, and where it is drawn."""

    kind: str
    outcome: str  # whose shape stands beside the number
    number: int
    words: str
    x: float
    width: float

    @property
    def inside(self) -> float:
        """The width within an outline of 2."""
        return self.width - 2

    @property
    def left(self) -> float:
        """Where the outline begins."""
        return self.x + 1

    @property
    def half(self) -> float:
        """Half of the width, which is filled where something is met in part."""
        return self.width / 2


def bar_parts(progress: Progress) -> tuple[Part, ...]:
    """The parts of a bar from left to right. Those that are nothing are left out; each other can be seen."""
    wanted = [
        ("met", "met", progress.met, "met"),
        ("claimed", "claimed", progress.waiting, "waiting"),
        ("returned", "partly", progress.returned, "needs more" if progress.returned == 1 else "need more"),
        ("empty", "empty", progress.missing, "missing"),
    ]
    wanted = [one for one in wanted if one[2] > 0]
    room = WIDTH - GAP * (len(wanted) - 1) - LEAST * len(wanted)
    parts, x = [], 0.0
    for kind, outcome, number, words in wanted:
        width = LEAST + room * number / progress.total
        parts.append(Part(kind=kind, outcome=outcome, number=number, words=words, x=round(x, 1), width=round(width, 1)))
        x += width + GAP
    return tuple(parts)


@dataclass(frozen=True, kw_only=True)
class Happened:
    """Something that happened in a unit: its kind as the end of a CSS class, what it is called, and when."""

    kind: str
    words: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One mark on a timeline, and whether there is room for its date."""

    kind: str
    words: str
    at: datetime
    x: float
    dated: bool


def timeline_marks(happened: Sequence[Happened]) -> tuple[Mark, ...]:
    """The marks of what happened, the oldest on the left: as far apart as in time, but never on each other.

    A mark has its date where there is room for it.
    """
    steps = sorted(happened, key=lambda step: step.at)
    if not steps:
        return ()
    width = WIDTH - 2 * EDGE
    apart = min(APART, width / max(len(steps) - 1, 1))
    spare = width - apart * (len(steps) - 1)
    took = (steps[-1].at - steps[0].at).total_seconds()

    def place(number: int) -> float:
        if took == 0:
            return EDGE + (width * number / (len(steps) - 1) if number else 0)
        return EDGE + apart * number + spare * (steps[number].at - steps[0].at).total_seconds() / took

    places = [round(place(number), 1) for number in range(len(steps))]
    dated = _with_a_date([step.at.date() for step in steps], places)
    return tuple(
        Mark(kind=step.kind, words=step.words, at=step.at, x=x, dated=number in dated)
        for number, (step, x) in enumerate(zip(steps, places, strict=True))
    )


def _with_a_date(days: Sequence[date], places: Sequence[float]) -> set[int]:
    """Which marks have their date: the last, the first, and each between them where there is room; no day twice."""
    last = len(days) - 1
    dated = {last}
    for number in range(last):
        before = max(dated - {last}, default=None)
        room = before is None or places[number] - places[before] >= DATE
        new = days[number] != days[last] and (before is None or days[number] != days[before])
        if room and new and places[last] - places[number] >= DATE:
            dated.add(number)
    return dated
