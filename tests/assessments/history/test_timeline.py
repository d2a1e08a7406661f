"""Where the marks of a timeline are drawn, and what those read who do not see them."""

import datetime
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.history.timeline import APART, EDGE, LANES, Happened, line_a_kind, timeline_marks
from assessments.standing.progress_bar import WIDTH
from tests.assessments.pages import drawn

KINDS = {"evidence": "Evidence", "submitted": "Submitted", "back": "Went back"}
BEGAN = datetime.datetime(2026, 9, 1, 9, tzinfo=datetime.UTC)


def happened(*days, kind="submitted"):
    return [Happened(kind=kind, words=f"Day {day}", at=BEGAN + datetime.timedelta(days=day)) for day in days]


@given(st.lists(st.integers(min_value=0, max_value=2000), max_size=40))
def test_the_marks_of_a_timeline_stand_in_order_and_not_on_each_other(days):
    marks = timeline_marks(happened(*days))
    assert [mark.at for mark in marks] == sorted(BEGAN + datetime.timedelta(days=day) for day in days)
    apart = min(APART, (WIDTH - 2 * EDGE) / max(len(days) - 1, 1))
    for one, after in pairwise(marks):
        assert after.x - one.x >= apart - 0.2
    assert all(EDGE - 0.2 <= mark.x <= WIDTH - EDGE + 0.2 for mark in marks)
    dated = [mark.x for mark in marks if mark.dated]
    assert all(after - one >= 92 for one, after in pairwise(dated))


def test_no_day_is_written_twice_on_a_timeline():
    assert [mark.dated for mark in timeline_marks(happened(0, 0, 0, 0))] == [False, False, False, True]
    assert [mark.dated for mark in timeline_marks(happened(0, 30, 60))] == [True, True, True]


def test_a_timeline_says_what_happened_to_those_who_do_not_see_it():
    html = drawn("{% timeline steps %}", steps=happened(0, 30))
    assert 'role="img" aria-label="Day 0 1 September 2026, Day 30 1 October 2026"' in html
    assert "style=" not in html


def lanes_of(happened, *, days=1000):
    return line_a_kind(happened, kinds=KINDS, began=BEGAN, until=BEGAN + datetime.timedelta(days=days))


@given(
    st.lists(st.tuples(st.sampled_from(list(KINDS)), st.integers(min_value=-5, max_value=2000)), max_size=300),
    st.integers(min_value=0, max_value=1500),
)
def test_lines_for_each_kind_tell_of_everything_in_order_and_no_mark_stands_on_another(happenings, days):
    steps = [step for kind, day in happenings for step in happened(day, kind=kind)]
    timeline = lanes_of(steps, days=days)
    told = [(lane.words, lane.number) for lane in timeline.lanes]
    counts = [(words, sum(step.kind == kind for step in steps)) for kind, words in KINDS.items()]
    assert told == [(words, number) for words, number in counts if number]
    for lane in timeline.lanes:
        assert sum(mark.number for mark in lane.marks) == lane.number
        assert lane.first == lane.marks[0].at
        assert lane.first <= lane.last
        assert all(LANES + APART / 2 <= mark.x <= WIDTH - APART / 2 for mark in lane.marks)
        assert all(after.x - one.x >= APART for one, after in pairwise(lane.marks))


def test_lines_are_true_to_time_from_the_beginning_to_the_end():
    [lane] = lanes_of(happened(0, 50, 100), days=100).lanes
    first, middle, last = (mark.x for mark in lane.marks)
    assert (first, last) == (LANES + APART / 2, WIDTH - APART / 2)
    assert middle == pytest.approx((first + last) / 2, abs=0.1)
    assert [mark.number for mark in lanes_of(happened(50, 50, 51), days=100).lanes[0].marks] == [3]


def test_lines_have_the_dates_of_both_ends_unless_they_are_one_day():
    dates = lanes_of(happened(10), days=100).dates
    assert [(date.at - BEGAN).days for date in dates] == [0, 100]
    assert len(lanes_of(happened(0), days=0).dates) == 1


def test_where_nothing_happened_no_line_is_drawn():
    assert lanes_of([]).lanes == ()
    assert "<svg" not in drawn("{% lanes timeline %}", timeline=lanes_of([]))


def test_lines_say_how_many_and_when_to_those_who_do_not_see_them():
    steps = [*happened(0, 40, kind="evidence"), *happened(30)]
    html = drawn("{% lanes timeline %}", timeline=lanes_of(steps))
    assert 'aria-label="Evidence: 2, 1 September 2026 to 11 October 2026. Submitted: 1, 1 October 2026"' in html
    assert "style=" not in html


def test_a_mark_for_many_says_how_many():
    many = drawn("{% lanes timeline %}", timeline=lanes_of(happened(*[1] * 100, *[500] * 12)))
    assert re.findall(r"timeline-number[^>]*>([^<]+)<", many) == ["99+", "12"]
