"""Browsers on a site with a few pages of its own, and the way people sign in there."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from centres.models import User
from tests.cast import PASSWORD


@pytest.fixture(autouse=True)
def _nobody_has_tried_before() -> Iterator[None]:
    """Counters of tries are shared by all tests otherwise."""
    cache.clear()
    yield


@pytest.fixture
def browser(settings) -> Client:
    """A browser on the site of tests/config/pages.py."""
    settings.ROOT_URLCONF = "tests.config.pages"
    return Client()


@pytest.fixture
def careful_browser(settings) -> Client:
    """The same, on a site that checks where a form comes from."""
    settings.ROOT_URLCONF = "tests.config.pages"
    return Client(enforce_csrf_checks=True)


def sign_in(browser: Client, person: User, next: str = "") -> str:
    """Sign in by the page for it; return where that leads."""
    response = browser.post(
        "/accounts/login/", {"login": person.email, "password": PASSWORD, "next": next}, follow=False
    )
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def end_session(browser: Client) -> None:
    """What twelve hours do: the session's cookie is gone, the others stay."""
    del browser.cookies["sessionid"]
