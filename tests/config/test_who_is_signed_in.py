"""A page knows for whom it was made, and asks whether they are still there, without telling who that is."""

import re

import pytest
from django.test import Client

from centres.models import User
from tests.config.conftest import sign_in

CODE = re.compile(
    r'<script src="[^"]*remembered_page[^"]*" data-whose="([0-9a-f]{32})"\s+data-address="/whose/"(| data-answer)>'
)


def asked(browser: Client) -> str:
    code: str = browser.get("/whose/").json()["whose"]
    return code


def made_for(response) -> tuple[str, str]:
    [found] = CODE.findall(response.content.decode())
    return found


@pytest.mark.parametrize("path", ["/note/", "/", "/no-such-page/", "/closed/"])
def test_every_page_of_a_person_knows_whose_it_is(path, browser, candidate):
    browser.force_login(candidate)
    assert made_for(browser.get(path)) == (asked(browser), "")


def test_a_page_that_answers_a_form_says_so(browser, candidate):
    browser.force_login(candidate)
    assert made_for(browser.post("/note/", {"title": ""})) == (asked(browser), " data-answer")


@pytest.mark.parametrize("path", ["/accounts/login/", "/no-such-page/"])
def test_a_page_of_nobody_asks_nothing(path, browser, db):
    assert "data-whose" not in browser.get(path).content.decode()
    assert asked(browser) == ""


def test_the_code_is_the_same_whenever_the_person_signs_in_and_another_one_for_each(
    browser: Client, candidate: User, assessor: User
):
    sign_in(browser, candidate)
    first = asked(browser)
    browser.post("/accounts/logout/")
    assert asked(browser) == ""
    sign_in(browser, assessor)
    assert asked(browser) not in {first, ""}
    browser.post("/accounts/logout/")
    sign_in(browser, candidate)
    assert asked(browser) == first
    assert str(candidate.uuid).replace("-", "") != first


def test_nobody_keeps_the_answer(browser, candidate):
    browser.force_login(candidate)
    assert "no-store" in browser.get("/whose/")["Cache-Control"]
    assert browser.post("/whose/").status_code == 405
