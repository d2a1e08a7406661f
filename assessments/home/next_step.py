"""What a candidate should do now: the one most pressing thing. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assessments.standing.progress import Progress
from portfolio.models import State


class NextStepKind(StrEnum):
    """What is next for a unit, the most pressing first."""

    RETURNED = "returned"  # it came back, with a reason
    SAY = "say"  # there is a piece of evidence, and nobody has said what it shows
    MEND = "mend"  # the assessor asked for more on some criteria
    SUBMIT = "submit"  # everything is claimed
    ADD = "add"  # something is missing
    BEGIN = "begin"  # nothing is claimed yet
    DONE = "done"  # verified: the form can be had
    WAIT = "wait"  # it is somebody else's turn


ORDER = list(NextStepKind)


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What is next, and the line of the page whose unit it is about, if it is about one."""

    step: NextStepKind
    line: Any = None


def step_of(*, state: str, progress: Progress, came_back: bool) -> NextStepKind:
    """What is next for one unit."""
    if state == State.VERIFIED:
        return NextStepKind.DONE
    if state != State.COLLECTING:
        return NextStepKind.WAIT
    if came_back:
        return NextStepKind.RETURNED
    if progress.returned:
        return NextStepKind.MEND
    if not progress.claimed:
        return NextStepKind.BEGIN
    return NextStepKind.ADD if progress.missing else NextStepKind.SUBMIT


def most_pressing(lines: Sequence[Any], *, unclaimed_piece: bool) -> NextStep | None:
    """The most pressing step of all lines (each has `step` and `progress`); None if there is no unit.

    Of several units with the same step, the one with the least left to do. DONE is given only when all are done.
    """
    steps: Iterable[NextStep] = [NextStep(step=line.step, line=line) for line in lines]
    if unclaimed_piece and lines:
        steps = [*steps, NextStep(step=NextStepKind.SAY)]
    all_done = all(line.step == NextStepKind.DONE for line in lines)
    pressing = [one for one in steps if one.step != NextStepKind.DONE or all_done]
    return min(pressing, key=_rank, default=None)


def _rank(one: NextStep) -> tuple[int, int]:
    return ORDER.index(one.step), one.line.progress.missing + one.line.progress.returned if one.line else 0
