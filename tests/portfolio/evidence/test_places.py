"""Which page or moment a claim's "where to look" names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.evidence.places import PLACES_AT_MOST, Place, is_one_place, places_in


def page(*numbers):
    return [Place("page", number) for number in numbers]


def moment(*seconds):
    return [Place("time", second) for second in seconds]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("page 3", page(3)),
        ("Page 3, paragraph 2", page(3)),
        ("p. 2", page(2)),
        ("p2", page(2)),
        ("page 3 of 5", page(3)),
        ("pages 3, 5 and 7", page(3, 5, 7)),
        ("pp. 3-5", page(3)),
        ("pages 3 to 5, and 9", page(3, 9)),
        ("1:35", moment(95)),
        ("at 1:02:03", moment(3723)),
        ("0:10 to 0:24", moment(10)),
        ("0:10–0:24 and 1:00", moment(10, 60)),
        ("minute 3", moment(180)),
        ("after 2 min 30 s", moment(150)),
        ("1m35s", moment(95)),
        ("95 seconds in", moment(95)),
        ("page 3, 1:35", [*page(3), *moment(95)]),
        ("page 2, 3 minutes in", [*page(2), *moment(180)]),
        ("page 3; page 3 again", page(3)),
        ("file 2, 1:35, then file 3 p. 4", [Place("time", 95, file=2), Place("page", 4, file=3)]),
        ("file 12 seconds", moment(12)),
    ],
)
def test_it_finds_pages_and_moments_in_their_order_each_once(text, found):
    assert places_in(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "", "the second paragraph", "10:30 am", "at 10:30pm", "step 3", "appendix 3", "shop 3", "B10.1.1",
        "2026-03-02", "1:75", "page 0", "page 12345", "3 m from the counter", "ratio 1:2", "par. 3",
    ],
)  # fmt: skip
def test_what_is_neither_leads_nowhere(text):
    assert places_in(text) == []


def test_a_place_says_itself_as_a_button_does():
    assert [str(place) for place in places_in("p. 3, 95 seconds, file 2, 1:02:03")] == [
        "Page 3",
        "1:35",
        "File 2, 1:02:03",
    ]


@pytest.mark.parametrize("text", ["page 2", "p. 2", "Page 2.", "file 2, 1:35", "1:35", "minute 3", "2 min 30 s"])
def test_a_text_may_be_one_place_and_nothing_else(text):
    assert is_one_place(text)


@pytest.mark.parametrize(
    "text", ["", "page 2, top", "pages 2 to 4", "p. 2, 3", "0:10 to 0:24", "page 2, 1:35", "para 1"]
)
def test_a_text_that_says_more_than_one_place_is_kept(text):
    assert not is_one_place(text)


def test_a_long_text_names_no_more_than_some():
    assert len(places_in(" ".join(f"page {number}." for number in range(1, 2000)))) == PLACES_AT_MOST


@given(st.text(alphabet="p page0123456789:,-–toandminsec. ", max_size=400))
def test_any_text_is_read(text):
    for place in places_in(text):
        assert place.value >= (place.kind == "page")
