"""The log tells what happened by the id of a request, and nothing about anybody."""

import io
import logging
import re
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from centres.models import User
from tests.cast import PASSWORD

PERSONAL = ["pat@harbour.example", "Pat Candidate", "Pat%20Candidate", PASSWORD]


@pytest.fixture
def log(settings) -> Iterator[io.StringIO]:
    """What the site writes, by the very handler of its settings."""
    (handler,) = [handler for handler in logging.getLogger().handlers if handler.name == "stderr"]
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.fixture
def visitor(browser: Client) -> Client:
    browser.raise_request_exception = False
    return browser


def test_each_line_of_a_request_has_its_id(log, visitor, candidate):
    visitor.force_login(candidate)
    answer = visitor.get("/broken/something/")

    lines = [line for line in log.getvalue().splitlines() if re.match(r"\d{4}-", line)]
    assert len(lines) == 2  # Django's own, with the traceback, and ours
    assert all(answer["X-Request-ID"] in line for line in lines)


def test_what_is_refused_leaves_no_traceback_among_those_that_matter(log, visitor, candidate):
    visitor.force_login(candidate)
    assert visitor.get("/closed/").status_code == 403

    assert "Forbidden" in log.getvalue()
    assert "Traceback" not in log.getvalue()


def test_each_request_has_another_id(visitor, db):
    ids = {visitor.get("/accounts/login/")["X-Request-ID"] for _ in range(3)}

    assert len(ids) == 3


def test_a_line_names_the_page_what_became_of_it_and_how_long_it_took(log, visitor, db):
    visitor.get("/accounts/login/")

    assert re.search(r"countersign\.requests: GET account_login 200 \d+ ms$", log.getvalue().strip())


def test_signing_in_leaves_no_trace_of_who(log, visitor, candidate):
    visitor.post("/accounts/login/", {"login": candidate.email, "password": "wrong wrong wrong"})
    visitor.post("/accounts/login/?next=/note/", {"login": candidate.email, "password": PASSWORD})
    visitor.get("/note/", {"search": candidate.name})
    visitor.post("/accounts/password/reset/", {"email": candidate.email})

    assert "GET note 200" in log.getvalue()
    assert not [text for text in [*PERSONAL, "search", "next="] if text in log.getvalue()]


def test_the_key_of_a_password_link_is_not_logged(log, visitor, db):
    visitor.get("/accounts/password/reset/key/3-c0ffee-5ec4e7/")
    Client(enforce_csrf_checks=True).post("/accounts/password/reset/key/3-c0ffee-5ec4e7/")
    visitor.get("/accounts/password/reset/kye/3-c0ffee-5ec4e7/")

    assert "account_reset_password_from_key" in log.getvalue()
    assert "5ec4e7" not in log.getvalue()


def test_where_a_refused_form_came_from_is_not_logged(log, browser, candidate):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(candidate)
    careful.get("/note/")
    careful.post("/note/", secure=True, headers={"referer": "https://elsewhere.example/?who=5ec4e7"})

    assert "Forbidden" in log.getvalue()
    assert "5ec4e7" not in log.getvalue()


def test_an_address_that_fails_is_not_logged_with_its_secret(log, visitor, candidate):
    visitor.force_login(candidate)
    visitor.get("/broken/5ec4e7/", {"q": "Pat Candidate"})

    assert "RuntimeError" in log.getvalue()
    assert "5ec4e7" not in log.getvalue()
    assert not [text for text in PERSONAL if text in log.getvalue()]


def test_an_address_that_a_message_or_a_traceback_names_is_left_out(log, db):
    try:
        raise ValueError("There is no mailbox pat@harbour.example")
    except ValueError:
        logging.getLogger("countersign").exception("Nothing could be sent to <pat@harbour.example>")

    assert "Nothing could be sent to <(address)>" in log.getvalue()
    assert "ValueError: There is no mailbox (address)" in log.getvalue()
    assert "pat@harbour.example" not in log.getvalue()


def test_what_the_database_repeats_of_a_row_is_left_out(log, candidate):
    try:
        with transaction.atomic():
            User(email=candidate.email, name="Somebody").save()
    except IntegrityError:
        logging.getLogger("countersign").exception("The person could not be added")

    assert "IntegrityError" in log.getvalue()
    assert "pat@harbour.example" not in log.getvalue()
    if connection.vendor == "postgresql":
        assert "DETAIL: (left out)" in log.getvalue()
