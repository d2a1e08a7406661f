"""What was pressed on the grid or the judging page is never lost, nor saved in another name, whatever happens."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page, Route, expect

from assessments.models import Judgement
from portfolio.models import Claim
from tests.assessments.cells.test_judgements import correct
from tests.assessments.pages import address
from tests.assessments.steps import answer, judge
from tests.browser.cells import cell, saved, statuses
from tests.cast import claims_withdraw

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

# The page sends again when the person says so, and long after that by itself.
ONLY_WHEN_ASKED = "import('/static/js/presses/sending.js').then(({RETRY}) => { RETRY.fill(3600); })"
NO_STORAGE = (
    "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"
)


def take_back(unit, evidence, candidate) -> None:
    """The candidate takes the claim on the first criterion back, elsewhere."""
    criterion = unit.revision.criteria.get(kind="performance", position=1)
    claims_withdraw(unit=unit, evidence=evidence, actor=candidate, criterion=criterion)


def is_asked_before_leaving_by(page: Page, link: str | re.Pattern) -> bool:
    """Follow a link and wait until the browser asks whether to leave the page; stay."""
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        page.get_by_role("link", name=link).click(no_wait_after=True)
    return asked.value.type == "beforeunload"


def is_asked_before_loading_again(page: Page) -> bool:
    """Load the page again from outside of it, as a key of the browser does, and wait until it asks; stay."""
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        page.evaluate("setTimeout(() => location.reload())")
    return asked.value.type == "beforeunload"


@contextmanager
def on_its_way(page: Page) -> Iterator[None]:
    """What the page sends next arrives when all of this was done."""
    sent: list[Route] = []
    page.route("**/cells/", lambda route: sent.append(route), times=1)  # noqa: PLW0108 - Playwright marks what it calls
    with page.expect_request("**/cells/"):
        yield
    while not sent:
        page.wait_for_timeout(10)  # milliseconds
    sent[0].continue_()


def judged() -> list[str]:
    return list(Judgement.objects.values_list("outcome", flat=True))


def test_nothing_is_saved_in_the_name_of_who_signed_in_since(unit, evidence, candidate, assessor, open_as):
    page = open_as(candidate)
    page.context.set_offline(True)
    cell(page, 1, 1).click()
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(assessor.pk), assessor.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session.create()
    address_of_site = page.evaluate("location.origin")
    page.context.add_cookies(
        [
            {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": address_of_site},
            {"name": settings.CSRF_COOKIE_NAME, "value": "z" * 32, "url": address_of_site},
        ]
    )
    page.context.set_offline(False)
    expect(page.locator("#grid-unsaved")).to_contain_text("Somebody else has signed in in this browser.")
    expect(page.locator("#grid-unsaved")).to_contain_text("One change is not saved yet.")
    expect(cell(page, 1, 1)).to_have_class(re.compile("unsaved"))
    assert not Claim.objects.exists()


def test_a_reason_half_typed_stays_when_an_answer_arrives(unit, evidence, assessor, open_as):
    page = open_as(assessor)
    with on_its_way(page):
        cell(page, 1, 1).click()
        page.keyboard.press("Space")
        page.keyboard.press("n")
        page.keyboard.type("Which ")
    expect(page.locator("#grid-saved")).to_contain_text("Saved at")
    page.keyboard.type("day?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    saved(page)
    assert statuses(unit) == {"B10.1.1": "not_yet"}
    assert Judgement.objects.get().reason == "Which day?"


def test_a_reason_half_typed_is_there_again_after_a_look_elsewhere(claimed_unit, assessor, open_as):
    page = open_as(assessor)
    cell(page, 1, 1).click()
    page.keyboard.press("n")
    page.keyboard.type("Which ")
    cell(page, 1, 2).click()
    page.keyboard.press("n")
    expect(page.locator("#grid-dock textarea")).to_have_value("")
    cell(page, 1, 1).click()
    page.keyboard.press("n")
    expect(page.locator("#grid-dock textarea")).to_have_value("Which ")
    page.keyboard.press("End")
    page.keyboard.type("day?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    saved(page)
    assert [given.reason for given in Judgement.objects.all()] == ["Which day?"]


@pytest.mark.parametrize("name", ["grid", "judge"])
def test_a_page_with_a_reason_half_typed_asks_before_it_is_left(name, claimed_unit, evidence, assessor, open_as):
    page = open_as(assessor, name, **({"evidence": evidence.uuid} if name == "judge" else {}))
    if name == "grid":
        cell(page, 1, 1).click()
        page.keyboard.press("n")
    else:
        first = page.locator("fieldset.answer").first
        first.get_by_role("radio", name="Met in part").check()
        expect(page.locator(".answer.unsaved")).to_have_count(0)
        first.get_by_role("textbox").focus()
    page.keyboard.type("Which day?")
    assert is_asked_before_loading_again(page)
    page.keyboard.press("Tab")  # given on the one, said with the button on the other
    if name == "grid":
        page.keyboard.press("Enter")
    expect(page.locator(".unsaved")).to_have_count(0)
    page.reload()
    assert Judgement.objects.order_by("pk").reverse()[0].reason == "Which day?"


def test_who_hears_the_page_is_told_how_a_cell_stands_now(claimed_unit, assessor, open_as):
    page = open_as(assessor)
    one = cell(page, 1, 1)
    with on_its_way(page):
        one.click()
        page.keyboard.press("m")
        expect(one).to_have_attribute("aria-label", "Evidence 1, B10.1.1: met, not saved yet")
    expect(one).to_have_attribute("aria-label", "Evidence 1, B10.1.1: met")


def test_a_claim_and_its_judgement_are_both_sent_when_the_connection_is_back(unit, evidence, assessor, open_as):
    page = open_as(assessor)
    page.context.set_offline(True)
    cell(page, 1, 1).click()
    page.keyboard.press("Space")
    page.keyboard.press("m")
    cell(page, 1, 2).click()
    page.keyboard.press("Space")
    page.keyboard.press("p")
    page.keyboard.press("m")
    page.context.set_offline(False)
    saved(page)
    assert statuses(unit) == {"B10.1.1": "met", "B10.1.2": "met"}
    assert judged() == ["met", "met"]


def test_what_was_refused_is_not_undone(claimed_unit, evidence, candidate, assessor, open_as):
    page = open_as(assessor)
    take_back(claimed_unit, evidence, candidate)
    cell(page, 1, 1).click()
    page.keyboard.press("m")
    expect(page.locator("#grid-dock .problem")).to_contain_text("Nobody claims it any more.")
    expect(page.locator("#grid-undo")).to_be_disabled()
    page.keyboard.press("Control+z")
    expect(page.locator(".unsaved")).to_have_count(0)
    assert not Claim.objects.filter(author__user=assessor).exists()


def test_undo_of_a_judged_claim_claims_again(claimed_unit, candidate, assessor, open_as):
    other = open_as(assessor)
    cell(other, 1, 1).click()
    other.keyboard.press("m")
    saved(other)
    page = open_as(candidate)
    cell(page, 1, 1).click()
    page.keyboard.press("Space")
    expect(cell(page, 1, 1)).not_to_have_class(re.compile(r"\bm\b"))
    saved(page)
    page.keyboard.press("Control+z")
    expect(cell(page, 1, 1)).to_have_class("c")
    assert statuses(claimed_unit)["B10.1.1"] == "claimed"


def test_two_pages_without_a_connection_keep_what_each_was_told(unit, evidence, candidate, open_as):
    one = open_as(candidate)
    two = one.context.new_page()
    two.goto(address("grid", unit))
    one.context.route("**/cells/", lambda route: route.abort())
    for page, column in ((one, 1), (two, 2)):
        cell(page, 1, column).click()
        expect(page.locator("#grid-unsaved")).to_contain_text("There is no connection.")
    one.close()
    two.close()
    one.context.unroute("**/cells/")
    again = one.context.new_page()
    again.goto(address("grid", unit))
    saved(again)
    assert statuses(unit) == {"B10.1.1": "claimed", "B10.1.2": "claimed"}


def test_what_a_later_page_has_taken_over_is_sent_from_there_alone(unit, evidence, candidate, open_as):
    one = open_as(candidate)
    one.evaluate(ONLY_WHEN_ASKED)
    one.route("**/cells/", lambda route: route.abort())
    cell(one, 1, 1).click()
    expect(one.locator("#grid-unsaved")).to_contain_text("There is no connection.")
    two = one.context.new_page()
    two.goto(address("grid", unit))
    saved(two)
    expect(one.locator("#grid-unsaved")).to_contain_text("Another page of yours has taken over")
    cell(two, 1, 1).click()
    expect(cell(two, 1, 1)).not_to_have_class(re.compile("c"))
    saved(two)
    one.unroute("**/cells/")
    one.evaluate("dispatchEvent(new Event('online'))")
    cell(one, 1, 2).click()
    saved(one)
    assert statuses(unit) == {"B10.1.2": "claimed"}


def test_a_browser_that_keeps_nothing_asks_before_the_page_is_left(unit, evidence, candidate, open_as):
    page = open_as(candidate)
    page.add_init_script(NO_STORAGE)
    page.reload()
    page.context.set_offline(True)
    cell(page, 1, 1).click()
    expect(page.locator("#grid-unsaved")).to_contain_text("leave the page open until it is saved")
    assert is_asked_before_leaving_by(page, re.compile("^← B10"))


def test_who_does_not_want_it_sent_is_shown_what_was_saved_all_the_same(unit, evidence, candidate, open_as):
    page = open_as(candidate)
    page.evaluate(ONLY_WHEN_ASKED)
    page.route("**/cells/", lambda route: route.abort())
    cell(page, 1, 1).click()
    expect(page.locator("#grid-unsaved")).to_contain_text("There is no connection.")
    page.unroute("**/cells/")
    with on_its_way(page):
        page.get_by_role("button", name="Send now").click()
        page.get_by_role("button", name="Do not send").click()
        expect(page.locator("#grid-unsaved")).to_contain_text("You did not want it sent.")
        expect(cell(page, 1, 1)).not_to_have_class(re.compile("c"))
    expect(cell(page, 1, 1)).to_have_class("c")  # it was on its way already
    assert statuses(unit) == {"B10.1.1": "claimed"}


def test_an_answer_that_is_no_answer_of_ours_is_asked_for_again(unit, evidence, candidate, open_as):
    page = open_as(candidate)
    page.evaluate(ONLY_WHEN_ASKED)
    page.route("**/cells/", lambda route: route.fulfill(status=200, body="<html>Sign in to this network</html>"))
    cell(page, 1, 1).click()
    expect(page.locator("#grid-unsaved")).to_contain_text("One change is not saved yet.")
    expect(page.locator("#grid-saved")).to_have_text("Not saved yet")
    page.unroute("**/cells/")
    page.get_by_role("button", name="Send now").click()
    saved(page)
    assert statuses(unit) == {"B10.1.1": "claimed"}


def test_shift_and_a_press_take_in_what_lies_between(unit, evidence, assessor, open_as):
    page = open_as(assessor)
    cell(page, 1, 1).click()
    cell(page, 1, 4).click(modifiers=["Shift"])
    expect(page.locator("table.grid td[aria-selected=true]")).to_have_count(4)
    taken_in, beside = (cell(page, 1, column).evaluate("one => getComputedStyle(one).boxShadow") for column in (2, 5))
    assert taken_in != "none" and beside == "none"


def test_space_on_several_cells_neither_takes_judgements_back_nor_claims_besides(
    claimed_unit, evidence, candidate, assessor, open_as
):
    take_back(claimed_unit, evidence, candidate)
    page = open_as(assessor)
    cell(page, 1, 2).click()
    page.keyboard.press("m")
    saved(page)
    cell(page, 1, 2).click()
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Space")  # on the one that nobody claims
    expect(cell(page, 1, 1)).to_have_class("c")
    expect(page.locator("#grid-says")).to_contain_text("Evidence 1, B10.1.1: waiting")
    saved(page)
    assert judged() == ["met"]
    page.keyboard.press("Control+z")
    saved(page)
    cell(page, 1, 1).click()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Space")  # on the one that is met
    expect(cell(page, 1, 2)).to_have_class("c")
    saved(page)
    assert "B10.1.1" not in statuses(claimed_unit)
    assert judged() == ["met", ""]


def test_a_second_press_overwrites_nothing_that_the_first_was_refused_for(claimed_unit, evidence, assessor, open_as):
    other, page = open_as(assessor, "judge", evidence=evidence.uuid), open_as(assessor)
    other.get_by_role("radio", name="Met in part").first.check()
    expect(other.locator("#saved")).to_contain_text("Saved at")
    with on_its_way(page):
        cell(page, 1, 1).click()
        page.keyboard.press("m")
        page.keyboard.press("n")
        page.keyboard.type("Which day?")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    banner = page.locator("#grid-unsaved")
    expect(banner).to_contain_text("Not saved: B10.1.1 of evidence 1: not yet (Which day?).")  # the words are not lost
    expect(page.locator("#grid-dock .problem")).to_contain_text("Nothing was overwritten")
    expect(cell(page, 1, 1)).to_have_class("p")
    expect(page.locator("#grid-undo")).to_be_disabled()
    assert judged() == ["partly"]


def test_who_comes_back_to_the_grid_sees_how_it_stands_now(unit, evidence, candidate, open_as):
    page = open_as(candidate)
    cell(page, 1, 1).click()
    saved(page)
    page.get_by_role("link", name=re.compile("^← B10")).click()
    page.go_back()
    expect(cell(page, 1, 1)).to_have_class("c")
    take_back(unit, evidence, candidate)
    page.get_by_role("link", name=re.compile("^← B10")).click()
    page.go_back()
    expect(cell(page, 1, 1)).not_to_have_class(re.compile("c"))


def test_what_is_missing_is_counted_as_one_claims(unit, evidence, candidate, open_as):
    for show in ("", "missing"):
        page = open_as(candidate)
        page.goto(address("grid", unit) + (f"?show={show}" if show else ""))
        missing = page.locator("#grid-missing")
        before = int(missing.inner_text())
        cell(page, 1, 5).click()
        expect(missing).to_have_text(str(before - 1))
        saved(page)
        page.keyboard.press("Control+z")
        expect(missing).to_have_text(str(before))
        saved(page)


def test_an_answer_that_was_refused_shows_as_it_stands_and_is_not_undone(
    claimed_unit, evidence, candidate, assessor, open_as
):
    page = open_as(assessor, "judge", evidence=evidence.uuid)
    correct(evidence, candidate, title="Corrected meanwhile")
    page.keyboard.press("j")
    page.keyboard.press("m")
    expect(page.locator("#unsaved")).to_contain_text("corrected")
    expect(page.locator("#undo")).to_be_disabled()
    page.get_by_text("I have read it").click()
    page.keyboard.press("k")
    page.keyboard.press("m")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    page.keyboard.press("Control+z")
    expect(_checked(page)).to_have_count(0)
    expect(page.locator(".answer.unsaved")).to_have_count(0)
    assert judged() == ["met", ""]


def test_not_yet_without_a_reason_says_that_it_is_not_saved(claimed_unit, evidence, assessor, open_as):
    page = open_as(assessor, "judge", evidence=evidence.uuid)
    page.keyboard.press("j")
    page.keyboard.press("m")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    page.keyboard.press("k")
    page.keyboard.press("n")
    first = page.locator("fieldset.answer").first
    expect(first).to_contain_text("Not saved yet: say why.")
    assert is_asked_before_leaving_by(page, "Grid")
    first.get_by_role("textbox").press("Escape")
    expect(first).not_to_contain_text("Not saved yet")
    expect(_checked(page)).to_have_value("met")
    page.keyboard.press("n")
    page.keyboard.type("Which day?")
    page.keyboard.press("Control+Enter")
    expect(first).not_to_contain_text("Not saved yet")
    expect(page.locator(".answer.unsaved")).to_have_count(0)
    assert statuses(claimed_unit)["B10.1.1"] == "not_yet"


def test_what_was_said_of_a_claim_that_is_met_stays_when_the_others_are_met_too(
    claimed_unit, evidence, assessor, open_as
):
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit, reason="Shown twice.")])
    page = open_as(assessor, "judge", evidence=evidence.uuid)
    page.locator("fieldset.answer").first.focus()
    page.keyboard.press("m")
    expect(page.locator("fieldset.answer").nth(1)).to_be_focused()
    page.get_by_role("button", name="All of these are met").click()
    expect(page.locator("#saved")).to_contain_text("Saved at")
    expect(page.locator(".answer.unsaved")).to_have_count(0)
    assert set(statuses(claimed_unit).values()) == {"met"}
    assert [given.reason for given in Judgement.objects.all()] == ["Shown twice."] + [""] * (len(judged()) - 1)
    assert len(judged()) == len(statuses(claimed_unit))


def _checked(page: Page):
    return page.locator("fieldset.answer").first.locator("[type=radio]:checked")
