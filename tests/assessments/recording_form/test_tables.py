import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.recording_form.tables import split_columns


@pytest.mark.parametrize(
    ("count", "tables"),
    [(0, []), (1, [1]), (8, [8]), (9, [4, 5]), (15, [7, 8]), (17, [5, 6, 6]), (24, [8, 8, 8])],
)
def test_it_splits_as_the_source_does(count, tables):
    assert split_columns(count) == tables


@given(st.integers(min_value=0, max_value=500))
def test_it_takes_the_least_number_of_even_tables_with_the_shorter_first(count):
    tables = split_columns(count)

    assert sum(tables) == count
    assert all(1 <= size <= 8 for size in tables)
    assert 8 * (len(tables) - 1) < count or not tables  # one table less would not do
    assert tables == sorted(tables)
    assert not tables or tables[-1] - tables[0] <= 1
