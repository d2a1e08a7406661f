"""What a candidate should do now: the one most pressing thing. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assessments.standing.progress import Progress
from portfolio.models import State


class StepKind(StrEnum):
    """What is next for a unit, the most pressing first."""

    RETURNED = "returned"  # it came back, with a reason
    SAY = "say"  # there is a piece of evidence, and nobody has said what it shows
    MEND = "mend"  # the assessor asked for more on some criteria
    SUBMIT = "submit"  # everything is claimed
    ADD = "add"  # something is missing
    BEGIN = "begin"  # nothing is claimed yet
    DONE = "done"  # verified: the form can be had
    WAIT = "wait"  # it is somebody else's turn


ORDER = list(StepKind)


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What is next, and the line of the page whose unit it is about, if it is about one."""

    step: StepKind
    line: Any = None


def step_of(*, state: str, progress: Progress, came_back: bool) -> StepKind:
    """What is next for one unit."""
    if state == State.VERIFIED:
        return StepKind.DONE
    if state != State.COLLECTING:
        return StepKind.WAIT
    if came_back:
        return StepKind.RETURNED
    if progress.returned:
        return StepKind.MEND
    if not progress.claimed:
        return StepKind.BEGIN
    return StepKind.ADD if progress.missing else StepKind.SUBMIT


def most_pressing(lines: Sequence[Any], *, unclaimed_piece: bool) -> NextStep | None:
    """The most pressing step of all lines (each has `step` and `progress`); None if there is no unit.

    Of several units with the same step, the one with the least left to do. DONE is given only when all are done.
    """
    steps: Iterable[NextStep] = [NextStep(step=line.step, line=line) for line in lines]
    if unclaimed_piece and lines:
        steps = [*steps, NextStep(step=StepKind.SAY)]
    all_done = all(line.step == StepKind.DONE for line in lines)
    pressing = [one for one in steps if one.step != StepKind.DONE or all_done]
    return min(pressing, key=_rank, default=None)


def _rank(one: NextStep) -> tuple[int, int]:
    return ORDER.index(one.step), one.line.progress.missing + one.line.progress.returned if one.line else 0
