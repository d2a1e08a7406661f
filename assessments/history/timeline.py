"""Where the points of a timeline are drawn. Pure; templates draw them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from assessments.standing.progress_bar import WIDTH

EDGE = 46  # from the end of a timeline to its first mark, so that the date under it fits
APART = 22  # between the middles of two marks at least, where there is room
DATE = 92  # the room that a date takes
LANES = 112  # where the lines of a timeline with several begin: right of their names
LANE = 26  # from one line to the next
TOP = 12  # the middle of the first line
UNDER = 29  # from the middle of the last line to the foot of the dates
DAY = 24 * 60 * 60


@dataclass(frozen=True, kw_only=True)
class Happened:
    """Something that happened: its kind (the end of a CSS class), what it is called, and when."""

    kind: str
    words: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Point:
    """One mark on a timeline: whether there is room for its date, and how many things it stands for."""

    kind: str
    words: str
    at: datetime
    x: float
    dated: bool = False
    number: int = 1


@dataclass(frozen=True, kw_only=True)
class Dated:
    """A date under a timeline."""

    at: datetime
    x: float


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One line of a timeline with its marks: how many things happened, from when until when."""

    words: str  # empty where the timeline has no other line
    y: float
    start: float
    end: float
    marks: tuple[Point, ...]
    number: int
    first: datetime
    last: datetime


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The lines of a timeline from top to bottom, and the dates under them."""

    lanes: tuple[Lane, ...] = ()
    dates: tuple[Dated, ...] = ()

    @property
    def height(self) -> int:
        """The height of its lines and dates, in the units of `WIDTH`."""
        return TOP + LANE * (len(self.lanes) - 1) + UNDER + 5

    @property
    def foot(self) -> int:
        """Where the dates are written."""
        return TOP + LANE * (len(self.lanes) - 1) + UNDER


def one_line(happened: Sequence[Happened]) -> Timeline:
    """All that happened, on one line, each thing with a mark of its own; empty if nothing happened."""
    marks = timeline_marks(happened)
    if not marks:
        return Timeline()
    lane = Lane(
        words="", y=TOP, start=marks[0].x, end=marks[-1].x, marks=marks,
        number=len(marks), first=marks[0].at, last=marks[-1].at,
    )  # fmt: skip
    return Timeline(lanes=(lane,), dates=tuple(Dated(at=mark.at, x=mark.x) for mark in marks if mark.dated))


def line_a_kind(
    happened: Sequence[Happened], *, kinds: Mapping[str, str], began: datetime, until: datetime
) -> Timeline:
    """What happened, with a line for each kind that there is, from `began` to `until` and true to time.

    `kinds` says what each line is called, from top to bottom. Marks that would overlap become one that says how many
    they are, so the picture is as large for three years as for a week.
    """
    if not happened:
        return Timeline()
    began = min(began, *(step.at for step in happened))
    took = (max(until, *(step.at for step in happened)) - began).total_seconds()
    last = began + timedelta(seconds=took)
    left, right = LANES + APART / 2, WIDTH - APART / 2
    by_kind: dict[str, list[tuple[float, Happened]]] = {kind: [] for kind in kinds}
    for step in sorted(happened, key=lambda step: step.at):
        share = (step.at - began).total_seconds() / took if took else 0
        by_kind[step.kind].append((round(left + (right - left) * share, 1), step))
    lanes = tuple(
        Lane(
            words=kinds[kind], y=TOP + LANE * number, start=LANES, end=WIDTH, marks=_gathered(placed),
            number=len(placed), first=placed[0][1].at, last=placed[-1][1].at,
        )
        for number, (kind, placed) in enumerate((kind, placed) for kind, placed in by_kind.items() if placed)
    )  # fmt: skip
    ends = [Dated(at=began, x=LANES + EDGE), Dated(at=last, x=WIDTH - EDGE)]
    return Timeline(lanes=lanes, dates=tuple(ends if took >= DAY else ends[:1]))


def _gathered(placed: Sequence[tuple[float, Happened]]) -> tuple[Point, ...]:
    """One mark for all that would overlap the first of them."""
    marks: list[Point] = []
    for x, step in placed:
        if marks and x - marks[-1].x < APART:
            marks[-1] = replace(marks[-1], number=marks[-1].number + 1)
        else:
            marks.append(Point(kind=step.kind, words=step.words, at=step.at, x=x))
    return tuple(marks)


def timeline_marks(happened: Sequence[Happened]) -> tuple[Point, ...]:
    """The marks of what happened, the oldest on the left: as far apart as in time, but never overlapping.

    A mark shows its date if there is room for it.
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
        Point(kind=step.kind, words=step.words, at=step.at, x=x, dated=number in dated)
        for number, (step, x) in enumerate(zip(steps, places, strict=True))
    )


def _with_a_date(days: Sequence[date], places: Sequence[float]) -> set[int]:
    """Which marks show their date: the last, the first, and others between them while there is room; no day twice."""
    last = len(days) - 1
    dated = {last}
    for number in range(last):
        before = max(dated - {last}, default=None)
        room = before is None or places[number] - places[before] >= DATE
        new = days[number] != days[last] and (before is None or days[number] != days[before])
        if room and new and places[last] - places[number] >= DATE:
            dated.add(number)
    return dated
