"""An answer says what happened, also where the session that should bring it to the next page is lost."""

import copy
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from assessments.models import Signature
from centres.models import User
from portfolio.models import CandidateUnit, Evidence
from tests.assessments.pages import address, html_of, signed_in, text_of
from tests.at_once import second_to
from tests.cast import PASSWORD
from tests.portfolio.files.arrivals import pdf
from tests.portfolio.files.typed import evidence_form

pytestmark = pytest.mark.django_db(transaction=True)

STANDS = "What you did just now was saved, and it stands. Do not send it again."
SIGNED_OUT = "You have since been signed out"


def another_tab(of: Client) -> Client:
    """Another tab of the same browser; what it does to the cookies comes too late for what was sent already."""
    tab = Client()
    tab.cookies = copy.deepcopy(of.cookies)
    return tab


def signed_out_meanwhile(tab: Client, row: Any, send: Callable[[], object]) -> Any:
    """Send something that waits for the lock of a row, and sign out in another tab while it waits."""

    def sign_out() -> None:
        type(row).objects.select_for_update().get(pk=row.pk)
        assert another_tab(tab).post(reverse("account_logout")).status_code == 302

    second = second_to(sign_out, send)
    assert second.waited
    return second.came


def form_to_sign(tab: Client, unit: CandidateUnit) -> dict[str, str]:
    shown = re.search(r'name="seen" value="([0-9a-f]{64})"', html_of(tab.get(address("sign", unit))))
    assert shown
    return {"seen": shown[1], "password": PASSWORD}


@contextmanager
def sessions_not_written() -> Iterator[None]:
    """The database has no room left for a session, as a full disk has none, and takes everything else."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            full = "SELECT RAISE(FAIL, 'database or disk is full')"
            cursor.execute(f"CREATE TRIGGER full_disk BEFORE UPDATE ON django_session BEGIN {full}; END")
        else:
            cursor.execute(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE 'No space left on device' USING ERRCODE = 'disk_full'; END $$"
            )
            cursor.execute(
                "CREATE TRIGGER full_disk BEFORE UPDATE OR INSERT ON django_session FOR EACH ROW "
                "EXECUTE FUNCTION full_disk()"
            )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("DROP TRIGGER full_disk")
            else:
                cursor.execute("DROP TRIGGER full_disk ON django_session")
                cursor.execute("DROP FUNCTION full_disk()")


@pytest.fixture
def at_adding(candidate: User, unit: CandidateUnit) -> tuple[Client, str]:
    """The candidate's browser, and the address at which they add evidence."""
    where = {"centre": unit.registration.centre.uuid, "portfolio": unit.registration.uuid}
    return signed_in(candidate), reverse("portfolio:evidence_add", kwargs=where)


# --- Signed out in another tab ------------------------------------------------------------------------


def test_who_was_signed_out_while_signing_is_told_that_the_signature_stands(claimed_unit, candidate):
    tab = signed_in(candidate)
    form = form_to_sign(tab, claimed_unit)
    answer = signed_out_meanwhile(tab, claimed_unit, lambda: tab.post(address("sign", claimed_unit), form))

    said = text_of(answer)
    assert f"Signed. The code of what you signed is {Signature.objects.get().document.digest[:12]}" in said
    assert SIGNED_OUT in said
    assert STANDS in said
    assert "Nothing was saved" not in said
    assert "Pat Candidate" not in said  # nor what only a signed-in person sees
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.long
def test_who_was_signed_out_while_uploading_is_told_that_the_piece_is_there_each_of_twenty_times(
    at_adding, unit, candidate
):
    _, url = at_adding
    for number in range(1, 21):
        tab = signed_in(candidate)
        form = evidence_form() | {"files": SimpleUploadedFile("log.pdf", pdf(), content_type="application/pdf")}
        answer = signed_out_meanwhile(tab, unit.registration, partial(tab.post, url, form))

        said = text_of(answer)
        assert f"Evidence {number}" in said
        assert (SIGNED_OUT in said, STANDS in said, "Nothing was saved" in said) == (True, True, False)
        assert Evidence.objects.count() == number


def test_it_leads_to_where_the_answer_would_have_led_once_they_have_signed_in_again(at_adding, unit):
    tab, url = at_adding
    answer = signed_out_meanwhile(tab, unit.registration, lambda: tab.post(url, evidence_form()))
    [sign_in] = re.findall(r'class="btn btn-primary" href="([^"]+)"', html_of(answer))
    assert sign_in.startswith("/accounts/login/?next=/c/")

    # The browser's cookie may be the next person's by now.
    assert "sessionid" not in answer.cookies
    said = {"login": "pat@harbour.example", "password": PASSWORD}
    [onward] = set(re.findall(r'name="next" value="([^"]+)"', html_of(tab.get(sign_in))))
    page = tab.post(reverse("account_login"), said | {"next": onward})
    assert "Complaints log of the counter, March" in text_of(tab.get(page["Location"]))


@pytest.mark.sqlite
def test_a_page_that_was_being_made_is_shown(browser, candidate):
    browser.force_login(candidate)
    answer = browser.get("/signed-out-meanwhile/")

    assert "Sign out" in text_of(answer)
    assert not Session.objects.exists()


# --- The session cannot be written --------------------------------------------------------------------


@pytest.mark.sqlite
def test_a_message_that_cannot_be_kept_is_said_on_a_page_of_its_own(at_adding):
    tab, url = at_adding
    with sessions_not_written():
        answer = tab.post(url, evidence_form())
    said = text_of(answer)
    assert "What you did was saved It stands; do not send it again." in said
    assert "Evidence 1" in said
    assert SIGNED_OUT not in said
    [onward] = re.findall(r'class="btn btn-primary" href="([^"]+)"', html_of(answer))
    assert tab.get(onward).status_code == 200  # they are still signed in


@pytest.mark.sqlite
def test_a_page_that_shows_a_message_is_shown_while_nothing_can_be_written(at_adding):
    tab, url = at_adding
    page = tab.post(url, evidence_form())["Location"]
    with sessions_not_written():
        assert "Evidence 1" in text_of(tab.get(page))
        assert "Sign out" in text_of(tab.get(page))
    tab.get(page)
    assert Session.objects.count() == 1


@pytest.mark.sqlite
def test_a_page_is_shown_by_a_database_that_only_reads(at_adding):
    tab, url = at_adding
    page = tab.post(url, evidence_form())["Location"]
    reads_only, writes_again = (
        ("PRAGMA query_only = ON", "PRAGMA query_only = OFF")
        if connection.vendor == "sqlite"
        else ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off")
    )
    with connection.cursor() as cursor:
        cursor.execute(reads_only)
        try:
            answer = tab.get(page)
        finally:
            cursor.execute(writes_again)
    assert "Complaints log of the counter, March" in text_of(answer)


@pytest.mark.sqlite
def test_what_was_typed_and_cannot_be_kept_is_not_said_to_be_kept(careful_browser, candidate):
    careful_browser.force_login(candidate)
    careful_browser.get("/note/")
    careful_browser.raise_request_exception = False
    with sessions_not_written():
        answer = careful_browser.post("/note/", {"title": "T"}, headers={"origin": "http://testserver"})
    assert answer.status_code in {500, 503}
    assert "What you sent just now was most likely not saved" in answer.content.decode()


# --- What fails after the change was committed --------------------------------------------------------


@pytest.mark.sqlite
@pytest.mark.parametrize("what", ["broken", "disk", "suspicious"])
def test_what_fails_after_the_change_says_that_it_stands(what, browser, coordinator, centre):
    browser.force_login(coordinator)
    browser.raise_request_exception = False
    answer = browser.post(f"/done-and-failing/{what}/{centre.uuid}/")

    said = " ".join(answer.content.decode().split())
    assert answer.status_code == {"broken": 500, "disk": 503, "suspicious": 400}[what]
    assert "What you did just now was saved, and it stands." in said
    assert "not saved" not in said.replace("could not be saved", "not saved")
    assert "Nothing" not in said
    # The next request has done nothing yet.
    assert "most likely not saved" in browser.get("/broken/secret/").content.decode()


@pytest.mark.sqlite
def test_what_is_rolled_back_is_not_said_to_stand(browser, coordinator, centre):
    browser.force_login(coordinator)
    browser.raise_request_exception = False
    answer = browser.post(f"/done-and-failing/rolled-back/{centre.uuid}/")
    assert "most likely not saved" in answer.content.decode()
