"""Where the parts of a bar are drawn, and what those read who do not see them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.standing.progress import Progress
from assessments.standing.progress_bar import GAP, LEAST, WIDTH, bar_parts
from tests.assessments.pages import drawn

numbers = st.integers(min_value=0, max_value=500)


@given(numbers, numbers, numbers, numbers)
def test_the_parts_of_a_bar_fill_it_and_each_can_be_seen(met, waiting, returned, missing):
    total = met + waiting + returned + missing
    parts = bar_parts(Progress(total=total, met=met, waiting=waiting, partly=returned))
    assert sum(part.number for part in parts) == total
    if parts:
        assert all(part.width >= LEAST for part in parts)
        assert parts[-1].x + parts[-1].width == pytest.approx(WIDTH, abs=0.3)
        for one, after in pairwise(parts):
            assert after.x - one.x - one.width == pytest.approx(GAP, abs=0.3)


def test_a_bar_says_its_numbers_to_those_who_do_not_see_it():
    html = drawn("{% bar progress 'B10' %}", progress=Progress(total=30, met=8, waiting=6, not_yet=1))
    assert 'role="img" aria-label="B10: 8 met, 6 waiting, 1 needs more, 15 missing, of 30"' in html
    assert html.count("<li>") == 4
    assert "style=" not in html


def test_a_unit_without_criteria_has_no_bar():
    assert "<svg" not in drawn("{% bar progress %}", progress=Progress())
