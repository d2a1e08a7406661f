"""The one thing that a candidate should do now."""

from dataclasses import dataclass

import pytest

from assessments.home.next_step import NextStepKind, most_pressing, step_of
from assessments.standing.progress import Progress

ALL = Progress(total=30, waiting=30)
SOME = Progress(total=30, waiting=10)


@dataclass(frozen=True)
class Line:
    step: NextStepKind
    progress: Progress = SOME


def next_of(lines, *, unclaimed_piece=False):
    found = most_pressing(lines, unclaimed_piece=unclaimed_piece)
    assert found
    return found


@pytest.mark.parametrize(
    ("state", "progress", "came_back", "step"),
    [
        ("collecting", ALL, True, NextStepKind.RETURNED),
        ("collecting", Progress(total=30, met=20, not_yet=1), False, NextStepKind.MEND),
        ("collecting", ALL, False, NextStepKind.SUBMIT),
        ("collecting", SOME, False, NextStepKind.ADD),
        ("collecting", Progress(total=30), False, NextStepKind.BEGIN),
        ("submitted", ALL, True, NextStepKind.WAIT),
        ("assessed", ALL, False, NextStepKind.WAIT),
        ("verified", ALL, False, NextStepKind.DONE),
    ],
)
def test_what_is_next_for_a_unit(state, progress, came_back, step):
    assert step_of(state=state, progress=progress, came_back=came_back) == step


def test_the_most_pressing_of_all_units_comes_first():
    lines = [
        Line(NextStepKind.DONE),
        Line(NextStepKind.WAIT),
        Line(NextStepKind.BEGIN),
        Line(NextStepKind.ADD),
        Line(NextStepKind.SUBMIT),
        Line(NextStepKind.MEND),
    ]
    assert next_of([*lines, Line(NextStepKind.RETURNED)], unclaimed_piece=True).step == NextStepKind.RETURNED
    assert next_of(lines, unclaimed_piece=True).step == NextStepKind.SAY
    while len(lines) > 2:
        assert next_of(lines).step == lines.pop().step


def test_of_several_units_the_one_with_the_least_left_to_do_comes_first():
    near = Line(NextStepKind.ADD, Progress(total=30, waiting=29))
    assert next_of([Line(NextStepKind.ADD), near]).line == near


def test_finished_is_said_only_when_nothing_waits():
    assert next_of([Line(NextStepKind.DONE), Line(NextStepKind.WAIT)]).step == NextStepKind.WAIT
    assert next_of([Line(NextStepKind.DONE)]).step == NextStepKind.DONE


def test_who_has_no_unit_is_told_no_step():
    assert most_pressing([], unclaimed_piece=True) is None
