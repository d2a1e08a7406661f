"""Each page for when something goes wrong says what happened, what was kept and what to do."""

import re

import pytest
from django.test import Client


@pytest.fixture
def signed_in(browser: Client, candidate) -> Client:
    browser.force_login(candidate)
    browser.raise_request_exception = False
    return browser


def test_a_page_that_is_not_there(signed_in):
    answer = signed_in.get("/no-such-page/")

    assert answer.status_code == 404
    assert "There is nothing here for you" in answer.content.decode()
    assert "Nothing was changed." in answer.content.decode()
    assert "Sign out" in answer.content.decode()


def test_a_page_that_is_not_there_for_a_stranger(browser, db):
    answer = browser.get("/no-such-page/")

    assert answer.status_code == 404
    assert 'href="/accounts/login/"' in answer.content.decode()


def test_a_page_that_one_s_role_does_not_open(signed_in):
    answer = signed_in.get("/closed/")

    assert answer.status_code == 403
    assert "your role there does not include doing this. Nothing was changed." in answer.content.decode()


def test_a_fault_of_ours_names_the_line_of_the_log(signed_in):
    answer = signed_in.get("/broken/secret/")

    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()
    assert "nothing is ever saved by half" in answer.content.decode()
    assert answer["X-Request-ID"] in answer.content.decode()
    assert "harbour.example" not in answer.content.decode()


@pytest.mark.parametrize(
    ("what", "status", "words"),
    [
        ("disk", 503, "There is no room left on the server"),
        ("full-database", 503, "There is no room left on the server"),
        ("locked-database", 503, "Its database did not answer in time."),
        ("our-mistake", 500, "Something went wrong on our side"),
    ],
)
def test_a_full_disk_and_a_busy_database_are_named(signed_in, what, status, words):
    answer = signed_in.get(f"/failing/{what}/")

    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "nothing is ever saved by half" in answer.content.decode()


def test_a_fault_of_ours_looks_like_the_other_pages(signed_in):
    """It has no template in common with them, as that might be what failed."""
    asked = re.compile(r'<link rel="(?:icon|preload|stylesheet)" href="([^"]+)"')
    broken = signed_in.get("/broken/secret/").content.decode()
    assert asked.findall(broken) == asked.findall(signed_in.get("/no-such-page/").content.decode())
    assert len(asked.findall(broken)) == 6


def test_a_fault_of_ours_is_said_without_style_sheets_too(signed_in, monkeypatch):
    def missing(name: str) -> str:
        raise ValueError(f"Missing staticfiles manifest entry for {name}")

    monkeypatch.setattr("config.views.static", missing)

    html = signed_in.get("/broken/secret/").content.decode()
    assert "Something went wrong on our side" in html
    assert "<link" not in html


@pytest.mark.parametrize(
    "too_much",
    [
        pytest.param({f"field{number}": "x" for number in range(5001)}, id="fields"),
        pytest.param({"words": "x" * 3_000_000}, id="characters"),
    ],
)
def test_too_much_at_once(signed_in, too_much):
    answer = signed_in.post(
        "/note/",
        "&".join(f"{name}={value}" for name, value in too_much.items()),
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 400
    assert "That was too much at once" in answer.content.decode()
    assert "Nothing of it was saved" in answer.content.decode()
    assert "at most 20 files" in answer.content.decode()


def test_a_host_that_is_not_ours(signed_in):
    answer = signed_in.get("/note/", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert "This could not be understood" in answer.content.decode()
