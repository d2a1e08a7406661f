"""The one thing that a candidate should do now. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assessments.progress import Progress
from portfolio.models import State


class Step(StrEnum):
    """What is next for a unit, the most pressing first."""

    RETURNED = "returned"  # it came back, with a reason
    SAY = "say"  # a piece of evidence lies there and nobody said what it shows
    MEND = "mend"  # the assessor asked for more on some criteria
    SUBMIT = "submit"  # everything is claimed
    ADD = "add"  # something is missing
    BEGIN = "begin"  # nothing is claimed yet
    DONE = "done"  # verified: the form can be had
    WAIT = "wait"  # it is somebody else's turn


ORDER = list(Step)


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What is next, and for which line of the page, where it is about a unit."""

    step: Step
    line: Any = None


def step_of(*, state: str, progress: Progress, came_back: bool) -> Step:
    """What is next for one unit."""
    if state == State.VERIFIED:
        return Step.DONE
    if state != State.COLLECTING:
        return Step.WAIT
    if came_back:
        return Step.RETURNED
    if progress.returned:
        return Step.MEND
    if not progress.claimed:
        return Step.BEGIN
    return Step.ADD if progress.missing else Step.SUBMIT


def most_pressing(lines: Sequence[Any], *, unclaimed_piece: bool) -> NextStep | None:
    """The most pressing step of all lines (each has `step` and `progress`); None where there is no unit.

    Of several units with the same step, the one with the least left to do. All done is said only when nothing waits.
    """
    steps: Iterable[NextStep] = [NextStep(step=line.step, line=line) for line in lines]
    if unclaimed_piece and lines:
        steps = [*steps, NextStep(step=Step.SAY)]
    all_done = all(line.step == Step.DONE for line in lines)
    pressing = [one for one in steps if one.step != Step.DONE or all_done]
    return min(pressing, key=_rank, default=None)


def _rank(one: NextStep) -> tuple[int, int]:
    return ORDER.index(one.step), one.line.progress.missing + one.line.progress.returned if one.line else 0
