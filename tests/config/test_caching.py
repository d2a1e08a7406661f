"""No proxy keeps a page, and no browser shows one to the next person at the same machine."""

import pytest


@pytest.mark.parametrize("path", ["/note/", "/no-such-page/", "/closed/", "/accounts/login/", "/health"])
def test_no_page_is_for_a_shared_cache(browser, candidate, path):
    browser.force_login(candidate)
    kept = browser.get(path)["Cache-Control"]

    assert "no-cache" in kept
    assert "private" in kept


def test_a_page_may_say_more(browser, db):
    assert "no-store" in browser.get("/accounts/login/")["Cache-Control"]


def test_going_back_to_a_form_finds_what_was_typed(browser, candidate):
    browser.force_login(candidate)

    assert "no-store" not in browser.get("/note/")["Cache-Control"]


def test_signing_out_empties_the_browser_s_cache(browser, candidate):
    browser.force_login(candidate)
    assert "Clear-Site-Data" not in browser.get("/accounts/logout/")

    token = browser.cookies["csrftoken"].value
    signed_out = browser.post("/accounts/logout/", {"csrfmiddlewaretoken": token})

    assert signed_out["Clear-Site-Data"] == '"cache"'
