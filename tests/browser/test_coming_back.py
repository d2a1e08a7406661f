"""A page that the browser remembers is shown to nobody but the person it was made for.

Chromium throws its own memory away at the header that signing out sends; the others do not. So here a session ends on
the server alone, which every browser learns of by asking.
"""

import os
from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route, expect

from tests.assessments.pages import address
from tests.browser.chromium import DESK, PHONE, chromium

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

WORDS = "The counter on Saturday"
# How it came back, and what was to be seen when it was left, then, and in the next frames: kept for the page after it.
WATCH = """() => {
  const look = () => sessionStorage.seen += getComputedStyle(document.body).visibility + " ";
  addEventListener("pagehide", () => { sessionStorage.seen = ""; look(); }, { once: true });
  addEventListener("pageshow", (event) => {
    sessionStorage.seen = `${event.persisted} ${sessionStorage.seen}`;
    look();
    requestAnimationFrame(() => { look(); requestAnimationFrame(look); });
  });
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that keeps pages as they were left; Playwright's does not by itself."""
    with (
        pytest.MonkeyPatch.context() as patch,
        chromium(ignore_default_args=["--disable-back-forward-cache"]) as browser,
    ):
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield browser


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(request, context_of, candidate) -> Page:
    return context_of(candidate, viewport=request.param).new_page()


@pytest.fixture
def adding(unit) -> str:
    where = {"centre": unit.registration.centre.uuid, "portfolio": unit.registration.uuid}
    return reverse("portfolio:evidence_add", kwargs=where)


def leave(page: Page, to: str = "/standards/") -> None:
    page.evaluate(WATCH)
    page.on("dialog", lambda dialog: dialog.accept())  # whether to leave what was typed
    page.goto(to)


def go_back(page: Page) -> None:
    """Playwright's own waits for a page to load, which one that was kept does not."""
    page.evaluate("history.back()")


def type_and_leave(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_label("Description of evidence").fill(WORDS)
    leave(page)


def test_who_comes_back_to_a_form_finds_what_they_typed(page, adding):
    type_and_leave(page, adding)
    go_back(page)

    expect(page.get_by_label("Description of evidence")).to_be_visible()
    expect(page.get_by_label("Description of evidence")).to_have_value(WORDS)
    assert page.evaluate("sessionStorage.seen").startswith("true hidden hidden")


def test_who_comes_back_to_a_page_that_only_shows_has_it_anew(page, unit, evidence):
    page.goto(address("unit", unit))
    page.evaluate("window.asItWas = true")
    leave(page)
    go_back(page)

    page.wait_for_function("!window.asItWas")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("performance.getEntriesByType('navigation')[0].type") == "reload"


@pytest.mark.parametrize("form", [True, False], ids=["form", "reading"])
def test_nothing_is_seen_by_going_back_after_signing_out(form, page, adding, unit):
    if form:
        type_and_leave(page, adding)
    else:
        page.goto(address("unit", unit))
        leave(page)
    Session.objects.all().delete()
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.evaluate("history.go(-2)")

    page.wait_for_url("**/accounts/login/?next=/c/**")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    kept, *seen = page.evaluate("sessionStorage.seen").split()
    assert (kept, set(seen)) == ("true", {"hidden"})


def test_another_person_does_not_find_what_was_typed(page, adding, context_of, outsider):
    type_and_leave(page, adding)
    theirs = context_of(outsider).cookies()
    page.context.clear_cookies()
    page.context.add_cookies(theirs)
    go_back(page)

    expect(page.get_by_role("heading", name="There is nothing here for you")).to_be_visible()
    expect(page.get_by_label("Description of evidence")).to_have_count(0)
    kept, *seen = page.evaluate("sessionStorage.seen").split()
    assert (kept, set(seen)) == ("true", {"hidden"})


def test_without_a_connection_the_page_is_hidden_and_says_so_until_it_can_ask(page, adding):
    type_and_leave(page, adding)
    page.context.set_offline(True)
    go_back(page)

    expect(page.get_by_role("alert")).to_contain_text("There is no connection")
    expect(page.get_by_label("Description of evidence")).to_be_hidden()
    assert page.locator("body :visible").count() == 3  # the notice, its words and its button

    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_label("Description of evidence")).to_be_hidden()
    page.context.set_offline(False)
    expect(page.get_by_label("Description of evidence")).to_be_visible()
    expect(page.get_by_label("Description of evidence")).to_have_value(WORDS)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_what_was_refused_is_still_there_for_who_comes_back(page, adding):
    page.goto(adding)
    page.get_by_label("Description of evidence").fill(WORDS)
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.locator("main form .btn-primary").click()
    expect(page.locator("form[data-ask=refused]")).to_be_visible()
    expect(page.get_by_label("Description of evidence")).to_have_value(WORDS)
    leave(page)
    go_back(page)

    expect(page.get_by_label("Description of evidence")).to_be_visible()
    expect(page.get_by_label("Description of evidence")).to_have_value(WORDS)


def test_a_grid_is_asked_for_again(page, unit, evidence):
    page.goto(address("grid", unit))
    page.evaluate("window.asItWas = true")
    leave(page)
    go_back(page)

    page.wait_for_function("!window.asItWas")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


# --- Built anew from what the browser has stored -----------------------------------------------------

# Firefox and WebKit do so where they have not kept the page as it was left; this Chromium loads it again instead.
BUILT_ANEW = """
  const came = { type: "back_forward", transferSize: 0 };
  if (location.pathname.startsWith("/c/") && !sessionStorage.cameOnce) performance.getEntriesByType = () => [came];
  if (location.pathname.startsWith("/c/")) sessionStorage.cameOnce = "yes";
  const look = () => {
    const shown = document.body ? getComputedStyle(document.body).visibility : "";
    sessionStorage.painted = `${sessionStorage.painted ?? ""} ${location.pathname.slice(0, 3)}${shown}`;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
"""


def test_a_form_that_is_built_anew_is_shown_once_its_person_is_known(page, adding):
    page.add_init_script(BUILT_ANEW)
    with page.expect_request("**/whose/"):
        page.goto(adding)
    expect(page.get_by_label("Description of evidence")).to_be_visible()


@pytest.mark.parametrize("form", [True, False], ids=["form", "reading"])
def test_a_page_that_is_built_anew_shows_nothing_to_nobody(form, page, adding, unit):
    url = adding if form else address("unit", unit)

    def answer_and_sign_out(route: Route) -> None:
        # The session ends before the browser has the page: nothing of it can have asked for anything yet.
        had = route.fetch()
        assert had.ok
        Session.objects.all().delete()
        route.fulfill(response=had)

    page.add_init_script(BUILT_ANEW)
    page.route(f"**{url}", answer_and_sign_out, times=1)
    page.goto(url, wait_until="commit")

    page.wait_for_url("**/accounts/login/?next=/c/**")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "/c/visible" not in page.evaluate("sessionStorage.painted")
