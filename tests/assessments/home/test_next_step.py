"""The one thing that a candidate should do now."""

from dataclasses import dataclass

import pytest

from assessments.home.next_step import StepKind, most_pressing, step_of
from assessments.standing.progress import Progress

ALL = Progress(total=30, waiting=30)
SOME = Progress(total=30, waiting=10)


@dataclass(frozen=True)
class Line:
    step: StepKind
    progress: Progress = SOME


def next_of(lines, *, unclaimed_piece=False):
    found = most_pressing(lines, unclaimed_piece=unclaimed_piece)
    assert found
    return found


@pytest.mark.parametrize(
    ("state", "progress", "came_back", "step"),
    [
        ("collecting", ALL, True, StepKind.RETURNED),
        ("collecting", Progress(total=30, met=20, not_yet=1), False, StepKind.MEND),
        ("collecting", ALL, False, StepKind.SUBMIT),
        ("collecting", SOME, False, StepKind.ADD),
        ("collecting", Progress(total=30), False, StepKind.BEGIN),
        ("submitted", ALL, True, StepKind.WAIT),
        ("assessed", ALL, False, StepKind.WAIT),
        ("verified", ALL, False, StepKind.DONE),
    ],
)
def test_what_is_next_for_a_unit(state, progress, came_back, step):
    assert step_of(state=state, progress=progress, came_back=came_back) == step


def test_the_most_pressing_of_all_units_comes_first():
    lines = [
        Line(StepKind.DONE),
        Line(StepKind.WAIT),
        Line(StepKind.BEGIN),
        Line(StepKind.ADD),
        Line(StepKind.SUBMIT),
        Line(StepKind.MEND),
    ]
    assert next_of([*lines, Line(StepKind.RETURNED)], unclaimed_piece=True).step == StepKind.RETURNED
    assert next_of(lines, unclaimed_piece=True).step == StepKind.SAY
    while len(lines) > 2:
        assert next_of(lines).step == lines.pop().step


def test_of_several_units_the_one_with_the_least_left_to_do_comes_first():
    near = Line(StepKind.ADD, Progress(total=30, waiting=29))
    assert next_of([Line(StepKind.ADD), near]).line == near


def test_finished_is_said_only_when_nothing_waits():
    assert next_of([Line(StepKind.DONE), Line(StepKind.WAIT)]).step == StepKind.WAIT
    assert next_of([Line(StepKind.DONE)]).step == StepKind.DONE


def test_who_has_no_unit_is_told_no_step():
    assert most_pressing([], unclaimed_piece=True) is None
