"""The grid and the judging page in a real browser: keys, presses, undo, no connection, two people, a phone."""

import re

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Request, expect

from assessments.models import Judgement
from assessments.signing.services import unit_submit
from portfolio.models import Claim
from tests.assessments.pages import address
from tests.browser.cells import cell, saved, statuses
from tests.cast import PASSWORD, add_evidence, seen

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]


def test_arrow_keys_move_space_claims_shift_takes_in_several_and_ctrl_z_undoes(unit, evidence, candidate, open_as):
    page = open_as(candidate)
    asked = []  # by scripts; the browser fetches pictures when it pleases

    def note(request: Request) -> None:
        if request.resource_type in {"fetch", "xhr", "document"}:
            asked.append((request.method, request.url.rpartition("/units/")[2]))

    page.on("request", note)
    page.locator("table.grid td[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    expect(cell(page, 1, 2)).to_be_focused()
    expect(page.locator("#grid-dock")).to_contain_text("Organise what you do")  # the words on focus
    page.keyboard.press("Space")
    saved(page)
    assert asked == [("POST", f"{unit.uuid}/cells/")]  # one request a press
    assert statuses(unit) == {"B10.1.2": "claimed"}
    page.keyboard.press("ArrowRight")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Space")
    expect(cell(page, 1, 6)).to_have_class(re.compile(r"\bc\b"))
    saved(page)
    assert list(statuses(unit)) == ["B10.1.2", "B10.1.3", "B10.2.1", "B10.2.2", "B10.2.3"]
    page.keyboard.press("Control+z")
    expect(cell(page, 1, 6)).not_to_have_class(re.compile(r"\bc\b"))
    saved(page)
    assert statuses(unit) == {"B10.1.2": "claimed"}
    page.keyboard.press("End")
    expect(cell(page, 1, 30)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/claims/.*#evidence-12"))


def test_tab_comes_to_the_first_cell_at_once_and_the_arrows_to_the_heads(unit, evidence, candidate, open_as):
    page = open_as(candidate)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skips to the content
    tabs = 0
    while not cell(page, 1, 1).evaluate("one => one === document.activeElement"):
        page.keyboard.press("Tab")
        tabs += 1
        assert tabs <= 6, "the page before the grid: its unit, one button and two views"
    page.keyboard.press("ArrowUp")
    expect(page.locator("table.grid thead").get_by_role("link", name="B10.1.1")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(cell(page, 1, 2)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("table.grid tbody").get_by_role("link")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(cell(page, 1, 1)).to_be_focused()
    assert not Claim.objects.exists()


def test_head_row_and_first_column_stay_put_while_the_rest_is_scrolled(unit, candidate, open_as):
    for number in range(30):
        add_evidence(unit.registration, candidate, title=f"Complaints log, week {number + 1}")
    page = open_as(candidate, width=700)
    head, first = page.locator("table.grid thead th").last, page.locator("table.grid tbody th").first
    left, top = "one => one.getBoundingClientRect().left", "one => one.getBoundingClientRect().top"
    before = head.evaluate(top), first.evaluate(left)
    page.locator(".grid-scroll").evaluate("box => box.scrollTo(400, 600)")
    assert cell(page, 1, 1).evaluate(left) < first.evaluate(left)
    assert (head.evaluate(top), first.evaluate(left)) == before


def test_the_words_of_a_criterion_appear_on_touch(unit, evidence, candidate, context_of):
    page = context_of(candidate, has_touch=True, viewport={"width": 1024, "height": 768}).new_page()
    page.goto(address("grid", unit))
    cell(page, 1, 3).tap()
    expect(page.locator("#grid-dock")).to_contain_text("Reorganise your work")
    saved(page)
    assert statuses(unit) == {"B10.1.3": "claimed"}


def test_a_judged_claim_is_taken_back_on_the_second_press_only(claimed_unit, candidate, assessor, open_as):
    assessors = open_as(assessor)
    cell(assessors, 1, 1).click()
    assessors.keyboard.press("m")
    saved(assessors)
    page = open_as(candidate)
    cell(page, 1, 1).click()
    expect(page.locator("#grid-dock")).to_contain_text("was judged “met”")
    assert statuses(claimed_unit)["B10.1.1"] == "met"
    page.keyboard.press("Space")
    saved(page)
    assert "B10.1.1" not in statuses(claimed_unit)


def test_an_assessor_judges_by_key_and_not_yet_asks_why(claimed_unit, assessor, open_as):
    page = open_as(assessor)
    cell(page, 1, 1).click()
    page.keyboard.press("p")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("n")
    page.keyboard.type("Which day was it?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(cell(page, 1, 2)).to_have_class(re.compile(r"\bn\b"))
    saved(page)
    judged = [(given.outcome, given.reason) for given in Judgement.objects.all()]
    assert judged == [("partly", ""), ("not_yet", "Which day was it?")]
    page.locator("#grid-undo").click()
    expect(cell(page, 1, 2)).to_have_class(re.compile(r"\bc\b"))
    saved(page)
    assert statuses(claimed_unit)["B10.1.2"] == "claimed"


def test_the_later_of_two_people_sees_what_changed_before_overwriting_it(claimed_unit, candidate, assessor, open_as):
    one, other = open_as(candidate), open_as(assessor)
    cell(other, 1, 1).click()
    other.keyboard.press("m")
    saved(other)
    cell(one, 1, 1).click()  # their page still shows it as waiting
    expect(one.locator("#grid-dock .problem")).to_contain_text(
        "B10.1.1 of evidence 1 was changed since you opened the page. Ann Assessor judged it “met”."
    )
    expect(cell(one, 1, 1)).to_have_class(re.compile(r"\bm\b"))
    assert statuses(claimed_unit)["B10.1.1"] == "met"


def test_without_a_connection_a_press_is_kept_shown_as_unsaved_and_sent_later(unit, evidence, candidate, open_as):
    page = open_as(candidate)
    page.context.set_offline(True)
    cell(page, 1, 1).click()
    expect(page.locator("#grid-unsaved")).to_contain_text("There is no connection. One change is not saved yet.")
    expect(cell(page, 1, 1)).to_have_class(re.compile("unsaved"))
    cell(page, 1, 2).click()
    assert not Claim.objects.exists()
    page.context.set_offline(False)  # the browser says so, and it is sent
    saved(page)
    expect(page.locator("#grid-unsaved")).to_be_hidden()
    assert statuses(unit) == {"B10.1.1": "claimed", "B10.1.2": "claimed"}


def test_a_page_that_was_closed_in_the_middle_sends_the_rest_when_it_is_opened_again(
    unit, evidence, candidate, open_as
):
    page = open_as(candidate)
    page.route("**/cells/", lambda route: route.abort())
    cell(page, 1, 3).click()
    expect(page.locator("#grid-unsaved")).to_be_visible()
    page.close()
    again = page.context.new_page()
    again.goto(address("grid", unit))
    expect(again.locator("#grid-saved")).to_contain_text("Saved at")
    assert statuses(unit) == {"B10.1.3": "claimed"}


def test_what_cannot_be_saved_any_more_is_given_back_with_the_reason(claimed_unit, candidate, open_as):
    page = open_as(candidate)
    unit_submit(unit=claimed_unit, actor=candidate, password=PASSWORD, seen=seen(claimed_unit))
    cell(page, 1, 1).click()
    banner = page.locator("#grid-unsaved")
    expect(banner).to_contain_text("This unit is submitted now")
    expect(banner).to_contain_text("Not saved: B10.1.1 of evidence 1")
    expect(cell(page, 1, 1)).to_have_class("c")
    banner.get_by_role("button", name="I have read it").click()
    expect(banner).to_be_hidden()


def test_what_was_pressed_after_the_role_was_withdrawn_is_given_back(unit, evidence, candidate, centre, open_as):
    page = open_as(candidate)
    centre.memberships.filter(user=candidate).update(ended_at=timezone.now())
    cell(page, 1, 1).click()
    expect(page.locator("#grid-unsaved")).to_contain_text("This unit is not open to you any more.")
    expect(page.locator("#grid-unsaved")).to_contain_text("Not saved: B10.1.1 of evidence 1: waiting.")
    expect(cell(page, 1, 1)).not_to_have_class(re.compile("c"))
    assert not Claim.objects.exists()


def test_who_was_signed_out_keeps_what_was_pressed(unit, evidence, candidate, open_as):
    page = open_as(candidate)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    cell(page, 1, 1).click()
    expect(page.locator("#grid-unsaved")).to_contain_text("You had been signed out.")
    expect(cell(page, 1, 1)).to_have_class(re.compile("unsaved"))
    assert not Claim.objects.exists()


def test_on_a_phone_a_criterion_is_a_row_and_its_pieces_unfold_under_it(unit, evidence, candidate, open_as):
    page = open_as(candidate, width=390)
    expect(page.locator("table.grid")).to_be_hidden()
    page.get_by_role("link", name=re.compile(r"B10\.2\.1 Maintain")).click()
    piece = page.get_by_role("button", name=re.compile("Complaints log"))
    piece.click()
    expect(piece).to_have_attribute("aria-pressed", "true")
    saved(page)
    assert statuses(unit) == {"B10.2.1": "claimed"}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_a_script_the_whole_of_it_is_links_and_forms(unit, evidence, candidate, open_as):
    page = open_as(candidate, script=False)
    page.locator("table.grid").get_by_role("link", name="B10.1.1").click()
    page.get_by_role("checkbox", name=re.compile("Complaints log")).check()
    page.get_by_role("button", name="Save what is ticked").click()
    expect(page.get_by_text("Saved: 1 changed.")).to_be_visible()
    assert statuses(unit) == {"B10.1.1": "claimed"}


def test_judging_beside_the_evidence_saves_each_answer_and_moves_on(claimed_unit, evidence, assessor, open_as):
    page = open_as(assessor, "judge", evidence=evidence.uuid)
    page.keyboard.press("j")
    page.keyboard.press("m")
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("p")
    expect(page.locator("#saved")).to_contain_text(re.compile(r"Saved at \d\d:\d\d:\d\d"))
    page.keyboard.press("n")
    page.keyboard.type("Not on this page.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("fieldset.answer").nth(2)).to_be_focused()
    expect(page.locator(".answer.unsaved")).to_have_count(0)
    expect(page.locator("fieldset.answer").nth(2).get_by_role("radio", name="Not yet")).to_be_checked()
    assert [given.outcome for given in Judgement.objects.all()] == ["met", "partly", "not_yet"]
    page.locator("#undo").click()
    expect(page.locator("fieldset.answer").nth(2).get_by_role("radio", name="Not yet")).not_to_be_checked()
    expect(page.locator(".answer.unsaved")).to_have_count(0)
    assert statuses(claimed_unit)["B10.1.3"] == "claimed"
    page.get_by_role("button", name="All of these are met").click()
    expect(page.locator(".answer.unsaved")).to_have_count(0)
    assert set(statuses(claimed_unit).values()) == {"met"}


def test_judging_without_a_script_is_a_form(claimed_unit, evidence, assessor, open_as):
    page = open_as(assessor, "judge", evidence=evidence.uuid, script=False)
    page.locator("fieldset.answer").first.get_by_label("Met", exact=True).check()
    page.get_by_role("button", name="Save the judgements").click()
    expect(page.get_by_text("Saved 1 judgement.")).to_be_visible()


def test_a_grid_of_ugly_words_holds_together(unit, candidate, open_as):
    for words in ("x" * 300, "خدمة العملاء: سجل الشكاوى", "<b>bold</b> & more", "A description. " * 333):
        add_evidence(unit.registration, candidate, title=words)
    page = open_as(candidate)
    widths = page.locator("table.grid tbody th").evaluate_all("all => all.map(one => one.offsetWidth)")
    assert len(set(widths)) == 1
    heights = page.locator("table.grid tbody tr").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert max(heights) < 70
    narrow = open_as(candidate, width=320)
    assert narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")
