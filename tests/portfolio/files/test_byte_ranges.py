"""Which part of a file a Range header wants."""

import pytest

from portfolio.files.byte_ranges import PART_AT_MOST, Unsatisfiable, wanted_range


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("bytes=0-99", range(100)),
        ("bytes=10-10", range(10, 11)),
        ("bytes=990-", range(990, 1000)),
        ("bytes=-10", range(990, 1000)),
        ("bytes=-5000", range(1000)),
        ("bytes=900-5000", range(900, 1000)),
        (" bytes = 1 - 2 ", range(1, 3)),
    ],
)
def test_one_range_is_given(header, wanted):
    assert wanted_range(header, 1000) == wanted


@pytest.mark.parametrize(
    "header",
    ["", "bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "bytes=0-1,5-6", "lines=0-1", "bytes=--1",
     "bytes=1" + "0" * 99],
)  # fmt: skip
def test_what_is_no_single_range_is_answered_with_the_whole(header):
    assert wanted_range(header, 1000) is None


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused(header):
    with pytest.raises(Unsatisfiable):
        wanted_range(header, 1000)


def test_a_long_range_is_given_in_parts():
    part = wanted_range("bytes=7-", 10 * PART_AT_MOST)
    assert part == range(7, 7 + PART_AT_MOST)
