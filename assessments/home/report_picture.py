"""The numbers of a centre over time, as lines. Pure: `_report_picture.html` in templates has the markup."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, ROOM = 600, 160, 8  # of the drawing, and above and below its lines


@dataclass(frozen=True, kw_only=True)
class NumberLine:
    """One number over the days: its points as SVG has them, and where it ends."""

    name: str
    words: str
    points: str
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class ReportPicture:
    """The lines over the days from the first to the last; `top` is the number at the upper edge."""

    lines: Sequence[NumberLine]
    first: datetime.date
    last: datetime.date
    top: int
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def in_words(self) -> str:
        """What it shows, for those who do not see it."""
        return ". ".join(f"{line.words}: {line.first}, then {line.last}" for line in self.lines)


def report_picture(
    days: Sequence[tuple[datetime.date, Mapping[str, int]]], words: Mapping[str, str]
) -> ReportPicture | None:
    """Draw the named numbers of these days, the oldest first; None where there are not two of them yet."""
    if len(days) < 2:
        return None
    first, last = days[0][0], days[-1][0]
    top = max((numbers.get(name, 0) for _, numbers in days for name in words), default=0) or 1
    across = (last - first).days or 1

    def point(day: datetime.date, number: int) -> str:
        x = WIDTH * (day - first).days / across
        y = HEIGHT - ROOM - (HEIGHT - 2 * ROOM) * number / top
        return f"{x:.1f},{y:.1f}"

    return ReportPicture(
        lines=[
            NumberLine(
                name=name,
                words=called,
                points=" ".join(point(day, numbers.get(name, 0)) for day, numbers in days),
                first=days[0][1].get(name, 0),
                last=days[-1][1].get(name, 0),
            )
            for name, called in words.items()
        ],
        first=first,
        last=last,
        top=top,
    )


def one_a_week(
    days: Sequence[tuple[datetime.date, Mapping[str, int]]],
) -> list[tuple[datetime.date, Mapping[str, int]]]:
    """The last of these days in each week, the oldest first."""
    return list({day.isocalendar()[:2]: (day, numbers) for day, numbers in days}.values())
