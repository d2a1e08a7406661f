"""Figures as bars, drawn by the page itself: lengths are shares of its width, so it fits a phone as well. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ROW = 44  # pixels: the words, and the bar below them


@dataclass(frozen=True, kw_only=True)
class ChartBar:
    """One bar: its words, how far down it stands in pixels, and its two lengths in per cent of the width."""

    words: str
    top: int
    whole: float
    part: float  # of the whole, drawn within it


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart: what it shows, its bars, and how high it is in pixels."""

    title: str
    bars: Sequence[ChartBar]

    @property
    def height(self) -> int:
        """Of all bars."""
        return ROW * len(self.bars)


def chart_of(title: str, rows: Iterable[tuple[str, float, float]]) -> Chart:
    """Return the chart of these rows, each with its words, whole and part; the longest takes the whole width."""
    shown = [*rows]
    longest = max((max(whole, part) for _, whole, part in shown), default=0) or 1
    return Chart(
        title=title,
        bars=[
            ChartBar(
                words=words,
                top=ROW * place,
                whole=round(100 * whole / longest, 1),
                part=round(100 * part / longest, 1),
            )
            for place, (words, whole, part) in enumerate(shown)
        ],
    )
