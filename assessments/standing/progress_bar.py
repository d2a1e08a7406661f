"""How far a unit has come, as the parts of a bar. Pure; a template draws them."""

from dataclasses import dataclass

from assessments.standing.progress import Progress

WIDTH = 400  # of every picture, in its own units; it is shown as wide as there is room
GAP = 4  # between the parts of a bar
LEAST = 8  # the width of the smallest part that is not nothing


@dataclass(frozen=True, kw_only=True)
class BarPart:
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
        """Half of the width: the filled half of what is met in part."""
        return self.width / 2


def bar_parts(progress: Progress) -> tuple[BarPart, ...]:
    """The parts of a bar from left to right. Empty ones are left out; all others are wide enough to be seen."""
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
        parts.append(
            BarPart(kind=kind, outcome=outcome, number=number, words=words, x=round(x, 1), width=round(width, 1))
        )
        x += width + GAP
    return tuple(parts)
