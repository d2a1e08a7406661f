"""Judging in Firefox and WebKit, each of which gives the focus in a way of its own to what is pressed."""

import os
from collections.abc import Iterator

import pytest

from assessments.standing.unit_record import unit_record
from tests.assessments.pages import address
from tests.browser.chromium import DESK
from tests.browser.conftest import end_of_requests, session_of
from tests.browser.screens import Screen, screens

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.engines, pytest.mark.django_db(transaction=True)]

REASON = "Missing: the date and the name of a manager, please."  # with every letter that judges


@pytest.fixture(params=["firefox", "webkit"])
def screen(request, live_server, assessor, tmp_path, monkeypatch) -> Iterator[Screen]:
    """The assessor's, who has signed in."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # as in conftest.py
    with screens(request.param, tmp_path) as new_screen:
        screen = new_screen(DESK)
        screen.open(live_server.url)
        screen.be(session_of(assessor))
        yield screen
    end_of_requests()


def test_what_is_typed_after_not_yet_is_its_reason(claimed_unit, evidence, live_server, screen):
    screen.open(live_server.url + address("judge", claimed_unit, evidence=evidence.uuid))
    screen.type("m")
    screen.click("li:nth-child(2) > fieldset.answer .form-check:has([value=not_yet]) label")
    screen.type(REASON)
    screen.click("h1")
    screen.sees("Saved at", at="#saved")
    screen.open(live_server.url)  # the browser asks whether to leave what is not saved

    given = [record.judgement for record in unit_record(claimed_unit).claims if record.judgement]
    assert [(one.outcome, one.reason) for one in given] == [("met", ""), ("not_yet", REASON)]
