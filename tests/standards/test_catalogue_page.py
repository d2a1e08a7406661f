"""The catalogue: browsing by framework, suite and level, and searching.

Bad input: nothing, 10,000 characters, %, _, quotes, HTML, NUL, choices that do not exist, a page that does not.
"""

import re
from dataclasses import replace
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from standards.services.publishing import Publication, frameworks_publish, unit_publish, units_publish
from tests.standards.shapes import EVERY_SHAPE

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(get_user_model().objects.create(email="anyone@example.org"))
    return client


@pytest.fixture
def standards() -> None:
    for code in ("nvq", "ocr", "cg", "cvq"):
        call_command("sync_standards", "--framework", code, verbosity=0)


def page(client: Client, **asked: str) -> str:
    response = client.get("/standards/", asked)
    assert response.status_code == 200
    return response.content.decode()


def units(html: str) -> list[str]:
    """The units that the page leads to, in its order, each once."""
    return list(dict.fromkeys(re.findall(r'href="/standards/(?!qualifications)([^/"]+/[^/"#]+)/', html)))


def test_it_lists_every_unit_by_framework_and_the_qualifications(signed_in: Client, standards: None) -> None:
    html = page(signed_in)
    assert len(units(html)) == 1 + 1 + 1 + 9
    assert units(html)[:2] == ["cvq/U00306", "cvq/U09602"]
    assert "/standards/qualifications/cvq/CCA010-02/" in html
    assert "City &amp; Guilds Customer Service" in html


def test_it_is_in_the_navigation_of_everyone(signed_in: Client) -> None:
    assert '<a href="/standards/" aria-current="page">Standards</a>' in page(signed_in)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"framework": "ocr"}, ["ocr/58A"]),
        ({"theme": "Delivery"}, ["nvq/B10"]),
        ({"level": "3"}, ["cg/323", "ocr/58A"]),
        ({"level": "none"}, ["nvq/B10"]),
        ({"level": "3", "framework": "cvq"}, []),
        ({"q": "storage of data", "framework": "nvq"}, ["nvq/B10"]),
    ],
)
def test_it_narrows_by_framework_theme_and_level(
    signed_in: Client, standards: None, asked: dict[str, str], expected: list[str]
) -> None:
    assert units(page(signed_in, **asked)) == expected


@pytest.mark.parametrize(
    ("typed", "anchor", "shown"),
    [
        ("reliable", "", "<mark>reliable</mark>"),
        ("unexpected workloads", "performance-3", "<mark>unexpected</mark> additional <mark>workloads</mark>"),
        ("sickness", "knowledge-2", "<mark>sickness</mark>"),
        ("heimlich", "range-", "<mark>Heimlich</mark> manoeuvre"),
        ("spontaneous feedback", "evidence-11", "<mark>spontaneous</mark> customer <mark>feedback</mark>"),
        ("B10.2.7", "performance-10", "Take action"),
        ("Y/601/1230", "", "58A"),
        ("customer’s query", "performance-14", "<mark>customer&#x27;s</mark> <mark>query</mark>"),
    ],
)
def test_it_finds_words_in_every_part_and_shows_where(
    signed_in: Client, standards: None, typed: str, anchor: str, shown: str
) -> None:
    html = page(signed_in, q=typed)
    assert shown in html
    assert f"#{anchor}" in html


def test_what_is_in_the_title_comes_first(signed_in: Client) -> None:
    unit_publish(content=replace(EVERY_SHAPE, code="A1", title="Something else"))
    unit_publish(content=replace(EVERY_SHAPE, code="A2", title="Greet"))
    assert units(page(signed_in, q="greet")) == ["made-up/A2", "made-up/A1"]


def test_words_that_stand_in_different_lines_find_the_unit_too(signed_in: Client) -> None:
    unit_publish(content=EVERY_SHAPE)
    html = page(signed_in, q="greet explain")
    assert "<mark>Greet</mark>" in html
    assert "<mark>Explain</mark>" in html
    assert units(page(signed_in, q="greet nobody")) == []


def test_the_wording_that_is_searched_is_the_latest(signed_in: Client) -> None:
    unit_publish(content=EVERY_SHAPE)
    assert units(page(signed_in, q="shape")) == ["made-up/X1"]
    unit_publish(content=replace(EVERY_SHAPE, title="Circle"))
    assert units(page(signed_in, q="shape")) == []
    assert units(page(signed_in, q="circle")) == ["made-up/X1"]


def test_another_name_of_a_framework_is_shown_at_once(signed_in: Client) -> None:
    unit_publish(content=EVERY_SHAPE)
    assert "Made up" in page(signed_in)
    frameworks_publish(contents=[replace(EVERY_SHAPE.framework, title="Invented")])
    assert "Invented" in page(signed_in)


# --- bad input ---


@pytest.mark.parametrize("typed", ["%", "_", "'", "\"'“”", "--", "<>"])
def test_where_there_is_no_word_the_page_says_so(signed_in: Client, standards: None, typed: str) -> None:
    html = page(signed_in, q=typed)
    assert "There is no word in it." in html
    assert units(html) == []


def test_nothing_typed_lists_everything(signed_in: Client, standards: None) -> None:
    assert units(page(signed_in, q="   ")) == units(page(signed_in))


def test_html_is_shown_and_not_obeyed(signed_in: Client, standards: None) -> None:
    html = page(signed_in, q="<script>alert(1)</script>")
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "No unit holds that." in html
    assert html.count("Show all") == 1


def test_10000_characters_are_refused_in_a_sentence(signed_in: Client, standards: None) -> None:
    assert "of at most 200 characters" in page(signed_in, q="x" * 10_000)


def test_what_cannot_be_seen_is_not_searched_for(signed_in: Client, standards: None) -> None:
    assert units(page(signed_in, q="\ufeffcompl\x00aints\u200b")) == units(page(signed_in, q="complaints")) != []


@pytest.mark.parametrize("name", ["framework", "theme", "level"])
def test_a_choice_that_does_not_exist_is_said_so(signed_in: Client, standards: None, name: str) -> None:
    assert "There is no such choice" in page(signed_in, **{name: "moon"})


@pytest.mark.parametrize("number", ["0", "-1", "999", "x", "9" * 30])
def test_a_page_that_does_not_exist_is_the_nearest(signed_in: Client, standards: None, number: str) -> None:
    assert len(units(page(signed_in, page=number))) == 12


def test_without_standards_it_says_what_to_do(signed_in: Client) -> None:
    assert "manage.py sync_standards" in page(signed_in)


def test_the_pages_of_a_search_keep_what_was_searched(signed_in: Client) -> None:
    units_publish(publications=[Publication(content=replace(EVERY_SHAPE, code=f"X{number}")) for number in range(25)])
    html = page(signed_in, q="shape", level="2")
    assert len(units(html)) == 10
    assert "q=shape&amp;level=2&amp;page=2" in html
    assert len(units(page(signed_in, q="shape", level="2", page="3"))) == 5


def test_ten_times_the_standards_take_no_more_queries(
    signed_in: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    units_publish(publications=[Publication(content=replace(EVERY_SHAPE, code=f"X{number}")) for number in range(50)])
    for asked in ({}, {"q": "shape greet"}):
        with django_assert_max_num_queries(12):
            page(signed_in, **asked)
    assert "X49" in unescape(page(signed_in))
