"""One Chromium for the tests of a module, and browsers of people who have signed in."""

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, Page, expect

from centres.models import User
from tests.assessments.pages import address
from tests.browser.chromium import chromium

# For what a page says when it is ready, like the 30 seconds that Playwright itself gives to what a person does: a
# machine that does much else takes long. What comes sooner is not waited for any longer.
expect.set_options(timeout=30_000)  # milliseconds


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, chromium() as browser:
        # Playwright keeps a loop running in this thread, in which Django else refuses its database.
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield browser


def session_of(user: User) -> dict[str, str]:
    """Sign somebody in; return the cookie by which the site knows it."""
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session.create()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key or ""}


def end_of_requests() -> None:
    """The database is emptied after a test: no request of its browsers may still be answered then."""
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(30)
            assert not thread.is_alive()


@pytest.fixture
def context_of(browser, live_server) -> Iterator[Callable[..., BrowserContext]]:
    """Make a browser in which somebody has signed in to the site of this test's own process."""
    contexts = []

    def context_of(user: User, **options: Any) -> BrowserContext:
        context = browser.new_context(
            **{"base_url": live_server.url, "viewport": {"width": 1280, "height": 900}} | options
        )
        contexts.append(context)
        context.add_cookies([session_of(user) | {"url": live_server.url}])
        return context

    yield context_of
    for context in contexts:
        context.close()
    end_of_requests()


@pytest.fixture
def open_as(context_of, unit) -> Iterator[Callable[..., Page]]:
    """Open a page of the unit as somebody, in a browser of their own; what the console complains of fails the test."""
    complaints = []

    def open_page(user, name="grid", *, width=1280, script=True, **kwargs) -> Page:
        context = context_of(user, viewport={"width": width, "height": 844}, java_script_enabled=script)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address(name, unit, **kwargs))
        return page

    yield open_page
    assert complaints == []
