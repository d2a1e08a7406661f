"""Coming back in Firefox and WebKit, which keep and forget pages in ways of their own: the main cases."""

import os
from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from tests.assessments.pages import address
from tests.browser.chromium import DESK, PHONE
from tests.browser.conftest import end_of_requests, session_of
from tests.browser.screens import Screen, screens

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.engines, pytest.mark.django_db(transaction=True)]

WORDS = "The counter on Saturday"
# What can be seen of the page from now on whenever it comes back, in each frame: kept for the page after it.
WATCH = """(() => {
  sessionStorage.seen = "";
  const look = () => {
    const box = document.querySelector("main")?.checkVisibility({ visibilityProperty: true });
    sessionStorage.seen += box ? "shown " : "hidden ";
    requestAnimationFrame(look);
  };
  addEventListener("pageshow", look);
})()"""


@pytest.fixture(params=["firefox", "webkit"])
def engine(request) -> str:
    return request.param


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def screen(request, engine, live_server, candidate, tmp_path, monkeypatch) -> Iterator[Screen]:
    """The candidate's, who has signed in."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # as in conftest.py
    with screens(engine, tmp_path) as new_screen:
        screen = new_screen(request.param)
        screen.open(live_server.url)
        screen.be(session_of(candidate))
        yield screen
    end_of_requests()


@pytest.fixture
def adding(unit, live_server) -> str:
    where = {"centre": unit.registration.centre.uuid, "portfolio": unit.registration.uuid}
    return live_server.url + reverse("portfolio:evidence_add", kwargs=where)


def leave(screen: Screen, site: str) -> None:
    screen.ask(WATCH)
    screen.open(f"{site}/standards/")
    screen.sees("Standards")


@pytest.mark.parametrize("engine", ["webkit"])  # Playwright loses sight of a page that Firefox shows as it was left
def test_who_comes_back_to_a_form_finds_what_they_typed(screen, adding, live_server):
    screen.open(adding)
    screen.fill("Description of evidence", WORDS)
    leave(screen, live_server.url)
    screen.ask("history.back()")

    screen.comes_to(adding)
    assert screen.ask("document.querySelector('[name=title]').value") == WORDS


@pytest.mark.parametrize("ending", ["here", "elsewhere"])
@pytest.mark.parametrize("form", [True, False], ids=["form", "reading"])
def test_nothing_is_seen_by_going_back_after_signing_out(form, ending, screen, adding, unit, live_server):
    if form:
        screen.open(adding)
        screen.fill("Description of evidence", WORDS)
    else:
        screen.open(live_server.url + address("unit", unit))
    leave(screen, live_server.url)
    if ending == "here":
        screen.press("Sign out")
        screen.sees("E-mail")
    else:
        Session.objects.all().delete()
    screen.ask(f"history.go({-2 if ending == 'here' else -1})")

    screen.comes_to("/accounts/login/?next=/c/")
    screen.sees("E-mail")
    assert "shown" not in screen.ask("sessionStorage.seen")
