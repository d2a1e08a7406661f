"""Where the parts of a bar and the marks of a timeline are drawn, and what those read who do not see them."""

import datetime
from itertools import pairwise

import pytest
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

from assessments.pictures import APART, EDGE, GAP, LEAST, WIDTH, Happened, bar_parts, timeline_marks
from assessments.progress import Progress, progress_from

BEGAN = datetime.datetime(2026, 9, 1, 9, tzinfo=datetime.UTC)
numbers = st.integers(min_value=0, max_value=500)


def happened(*days, kind="submitted"):
    return [Happened(kind=kind, words=f"Day {day}", at=BEGAN + datetime.timedelta(days=day)) for day in days]


def drawn(source, **context):
    return engines["django"].from_string("{% load pictures %}" + source).render(context)


@given(numbers, numbers, numbers, numbers)
def test_the_parts_of_a_bar_fill_it_and_each_can_be_seen(met, waiting, returned, missing):
    total = met + waiting + returned + missing
    parts = bar_parts(Progress(total=total, met=met, waiting=waiting, returned=returned))
    assert sum(part.number for part in parts) == total
    if parts:
        assert all(part.width >= LEAST for part in parts)
        assert parts[-1].x + parts[-1].width == pytest.approx(WIDTH, abs=0.3)
        for one, after in pairwise(parts):
            assert after.x - one.x - one.width == pytest.approx(GAP, abs=0.3)


def test_a_bar_says_its_numbers_to_those_who_do_not_see_it():
    html = drawn("{% bar progress 'B10' %}", progress=Progress(total=30, met=8, waiting=6, returned=1))
    assert 'role="img" aria-label="B10: 8 met, 6 waiting, 1 needs more, 15 missing, of 30"' in html
    assert html.count("<li>") == 4
    assert "style=" not in html


def test_a_unit_without_criteria_has_no_bar():
    assert "<svg" not in drawn("{% bar progress %}", progress=Progress())


def test_a_criterion_counts_once_as_its_best_claim():
    progress = progress_from(["met", "claimed", "partly", "not_yet", "barred", "empty"])
    assert progress == Progress(total=6, met=1, waiting=1, returned=2)
    assert (progress.claimed, progress.missing) == (4, 2)


def test_almost_all_is_not_a_hundred_percent():
    assert Progress(total=300, met=299).percent == 99


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


def test_a_stepper_marks_the_step_that_the_unit_stands_on():
    html = drawn("{% stepper 'submitted' %}")
    assert html.count('aria-current="step"') == 1
    assert html.index("Collecting") < html.index('aria-current="step"') < html.index("Submitted")
    assert html.count("state-later") == 2
