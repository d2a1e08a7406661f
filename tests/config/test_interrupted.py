"""A session that ends in the middle of a form loses nothing that was typed, and shows it to nobody else."""

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from centres import interrupted
from centres.models import User
from tests.cast import PASSWORD
from tests.config.conftest import end_session, sign_in

TYPED = {"title": "The faulty kettle", "words": "I listened first.\nThen I asked."}


@pytest.fixture
def interrupted_browser(browser: Client, candidate: User) -> Client:
    """Pat's browser after Pat signed in, looked at a page, and twelve hours went by."""
    sign_in(browser, candidate)
    browser.get("/note/")
    end_session(browser)
    return browser


def test_what_was_typed_is_back_after_signing_in(interrupted_browser, candidate):
    sent = interrupted_browser.post("/note/", TYPED)
    assert sent["Location"] == "/accounts/login/?next=/note/"

    page = interrupted_browser.get(sign_in(interrupted_browser, candidate, next="/note/"))

    assert 'value="The faulty kettle"' in page.content.decode()
    assert "I listened first.\nThen I asked." in page.content.decode()
    assert "You had been signed out. What you typed is back; it is not saved yet." in page.content.decode()


def test_the_sign_in_page_says_that_it_is_kept_and_shows_none_of_it(interrupted_browser):
    assert "what you typed is kept" not in interrupted_browser.get("/accounts/login/").content.decode()
    interrupted_browser.post("/note/", TYPED)
    page = interrupted_browser.get("/accounts/login/?next=/note/").content.decode()

    assert "You have been signed out. Sign in again: what you typed is kept, and comes back." in page
    assert "kettle" not in page


def test_it_is_given_back_once(interrupted_browser, candidate):
    interrupted_browser.post("/note/", TYPED)
    sign_in(interrupted_browser, candidate)
    interrupted_browser.get("/note/")

    assert "kettle" not in interrupted_browser.get("/note/").content.decode()


def test_it_is_saved_when_it_is_sent_again(interrupted_browser, candidate):
    interrupted_browser.post("/note/", TYPED)
    sign_in(interrupted_browser, candidate)
    interrupted_browser.get("/note/")

    assert interrupted_browser.post("/note/", TYPED).content == b"saved: The faulty kettle"


def test_files_are_to_be_chosen_again_by_name(interrupted_browser, candidate):
    photo = SimpleUploadedFile("kettle.jpg", b"\xff\xd8\xff\xe0", content_type="image/jpeg")
    interrupted_browser.post("/note/", TYPED | {"file": photo})
    sign_in(interrupted_browser, candidate)

    assert "Please choose your files again: kettle.jpg." in interrupted_browser.get("/note/").content.decode()


def test_a_password_is_never_kept(interrupted_browser, candidate):
    interrupted_browser.post("/note/", TYPED | {"password": "hunter2 hunter2", "oldpassword": "hunter2 hunter2"})

    assert "hunter2" not in str(dict(interrupted_browser.session))


def test_another_person_on_that_browser_does_not_see_it(interrupted_browser, candidate, coordinator):
    interrupted_browser.post("/note/", TYPED)
    sign_in(interrupted_browser, coordinator)

    assert "kettle" not in interrupted_browser.get("/note/").content.decode()
    assert interrupted.SESSION_KEY not in interrupted_browser.session


def test_another_person_does_not_see_it_whatever_way_they_came_in(interrupted_browser, coordinator):
    interrupted_browser.post("/note/", TYPED)
    interrupted_browser.force_login(coordinator)

    assert "kettle" not in interrupted_browser.get("/note/").content.decode()


def test_the_next_person_s_page_keeps_nothing_for_the_one_after(interrupted_browser, candidate, coordinator):
    interrupted_browser.post("/note/", TYPED)
    sign_in(interrupted_browser, coordinator)
    interrupted_browser.get("/")
    interrupted_browser.post("/accounts/logout/")
    sign_in(interrupted_browser, candidate)

    assert "kettle" not in interrupted_browser.get("/note/").content.decode()


def test_a_browser_that_nobody_signed_in_on_keeps_nothing(browser, candidate):
    browser.post("/note/", TYPED)
    sign_in(browser, candidate)

    assert "kettle" not in browser.get("/note/").content.decode()


def test_what_is_too_long_is_dropped_and_said_so(interrupted_browser, candidate):
    interrupted_browser.post("/note/", TYPED | {"words": "x" * 200_001})
    sign_in(interrupted_browser, candidate)
    page = interrupted_browser.get("/note/").content.decode()

    assert "What you typed was too long to be kept, and it was not saved." in page
    assert "kettle" not in page


def test_what_is_too_long_does_not_fill_the_table_of_sessions(interrupted_browser, candidate):
    interrupted_browser.post("/note/", TYPED | {"words": "x" * 200_001})
    assert interrupted_browser.session[interrupted.SESSION_KEY]["fields"] == {}


def test_it_is_forgotten_after_an_hour(interrupted_browser, candidate, monkeypatch):
    interrupted_browser.post("/note/", TYPED)
    sign_in(interrupted_browser, candidate)
    later = time.time() + interrupted.KEPT_FOR + 1
    monkeypatch.setattr("centres.interrupted.time.time", lambda: later)

    assert "kettle" not in interrupted_browser.get("/note/").content.decode()


def test_an_address_that_only_takes_forms_leads_back_to_the_page_of_the_form(interrupted_browser, candidate):
    interrupted_browser.post("/send/", TYPED, headers={"referer": "http://testserver/desk/"})
    page = interrupted_browser.get(sign_in(interrupted_browser, candidate, next="/send/"), follow=True)

    assert page.redirect_chain == [("/desk/", 302)]
    assert 'value="The faulty kettle"' in page.content.decode()
    assert "What you wanted to do was not done; please do it again." in page.content.decode()


def test_a_button_leads_home_where_the_browser_does_not_name_the_page(interrupted_browser, candidate):
    interrupted_browser.post("/send/", {})
    page = interrupted_browser.get(sign_in(interrupted_browser, candidate, next="/send/"), follow=True)

    assert page.redirect_chain == [("/", 302)]
    assert "What you wanted to do was not done; please do it again." in page.content.decode()


@pytest.mark.parametrize("page", ["http://evil.example/desk/", "http://testserver//evil.example/"])
def test_nobody_is_led_off_the_site(interrupted_browser, candidate, page):
    interrupted_browser.post("/send/", TYPED, headers={"referer": page})

    assert interrupted_browser.get(sign_in(interrupted_browser, candidate, next="/send/"))["Location"] == "/"


def test_a_form_from_an_old_page_of_this_site_comes_back(careful_browser, candidate):
    careful_browser.force_login(candidate)
    careful_browser.get("/note/")

    answer = careful_browser.post("/note/", TYPED, headers={"origin": "http://testserver"}, follow=True)

    assert answer.redirect_chain == [("/note/", 302)]
    assert 'value="The faulty kettle"' in answer.content.decode()
    assert "That page had been open for too long to be trusted." in answer.content.decode()


def test_a_form_from_an_old_page_survives_a_session_that_ended_too(careful_browser, candidate):
    careful_browser.force_login(candidate)
    careful_browser.get("/note/")
    end_session(careful_browser)

    answer = careful_browser.post("/note/", TYPED, headers={"origin": "http://testserver"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/login/?next=/note/"
    careful_browser.post(
        "/accounts/login/",
        {
            "login": candidate.email,
            "password": PASSWORD,
            "csrfmiddlewaretoken": careful_browser.cookies["csrftoken"].value,
        },
    )

    assert 'value="The faulty kettle"' in careful_browser.get("/note/").content.decode()


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_a_form_from_another_site_is_refused_and_nothing_kept(careful_browser, candidate, origin):
    careful_browser.force_login(candidate)
    careful_browser.get("/note/")

    answer = careful_browser.post("/note/", TYPED, headers={"origin": origin} if origin else {})

    assert answer.status_code == 403
    assert "That page was too old to be sent" in answer.content.decode()
    assert "kettle" not in careful_browser.get("/note/").content.decode()


def test_an_old_sign_in_page_is_explained_and_keeps_no_password(careful_browser, db):
    answer = careful_browser.post(
        "/accounts/login/", {"login": "a@b.example", "password": PASSWORD}, headers={"origin": "http://testserver"}
    )

    assert answer.status_code == 403
    assert "load the page again" in answer.content.decode()
    assert not careful_browser.session.keys()


def test_an_old_sign_in_page_leads_home_who_has_signed_in_elsewhere(careful_browser, candidate):
    careful_browser.force_login(candidate)

    answer = careful_browser.post("/accounts/login/", {}, headers={"origin": "http://testserver"})

    assert answer["Location"] == "/"


def test_signing_out_from_an_old_page_asks_once_more(careful_browser, candidate):
    careful_browser.force_login(candidate)

    answer = careful_browser.post("/accounts/logout/", {}, headers={"origin": "http://testserver"}, follow=True)

    assert answer.redirect_chain == [("/accounts/logout/", 302)]
    assert "Sign out?" in answer.content.decode()


def test_an_old_page_of_the_demo_is_explained(careful_browser, candidate):
    careful_browser.force_login(candidate)
    careful_browser.get("/note/")
    end_session(careful_browser)

    answer = careful_browser.post("/demo/sign-in/", {"person": "1"}, headers={"origin": "http://testserver"})

    assert answer.status_code == 403
    assert "load the page again" in answer.content.decode()


def test_an_address_that_only_takes_forms_says_so_to_who_opens_it(browser, candidate):
    browser.force_login(candidate)
    answer = browser.get("/send/")

    assert answer.status_code == 405
    assert "Nothing was changed." in answer.content.decode()
