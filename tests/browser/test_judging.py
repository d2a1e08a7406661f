"""The judging page by keys and by mouse: it judges what was meant, in as few keys as there are claims."""

import pytest
from playwright.sync_api import expect

from assessments.models import Outcome
from assessments.standing.unit_record import unit_record
from tests.assessments.pages import address
from tests.browser.cells import statuses, taken
from tests.cast import claim_in_bulk, judge_in_bulk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.long]

REASON = "Missing: the date and the name of a manager, please."  # with every letter that judges


def judged(unit) -> list[tuple[str, str]]:
    """What was answered, with the reasons, in the order of the page."""
    return [
        (record.judgement.outcome, record.judgement.reason) for record in unit_record(unit).claims if record.judgement
    ]


def all_saved(page) -> None:
    expect(page.locator("#saved")).to_contain_text("Saved at")
    expect(page.locator(".answer.unsaved")).to_have_count(0)


def test_forty_claims_of_a_piece_are_judged_with_two_keys_more(unit, evidence, coordinator, assessor, open_as):
    unit_of_forty = taken("cvq:U12902", unit, coordinator, assessor)
    claim_in_bulk(unit_of_forty, [evidence], at_most=40)
    page = open_as(assessor)
    page.goto(address("judge", unit_of_forty, evidence=evidence.uuid))
    claims = page.locator("fieldset.answer").count()
    assert claims == 40
    keys = 0
    while "waiting" in page.locator("fieldset.answer").evaluate_all(
        "all => all.map(one => one.querySelector('input:checked')?.value ?? 'waiting')"
    ):
        page.keyboard.press("m")
        keys += 1
        assert keys <= claims + 2
    all_saved(page)
    assert set(statuses(unit_of_forty).values()) == {"met"}


def test_letters_judge_only_the_claim_that_has_the_focus_itself(claimed_unit, evidence, assessor, open_as):
    judge_in_bulk(claimed_unit, assessor, Outcome.PARTLY)
    page = open_as(assessor, "judge", evidence=evidence.uuid)
    first = page.locator("fieldset.answer").first

    page.keyboard.press("m")  # nothing waits, so nothing is marked
    first.get_by_role("radio", name="Met", exact=True).focus()
    page.keyboard.press("n")
    page.get_by_role("button", name="All of these are met").focus()
    page.keyboard.press("m")
    page.get_by_role("link", name="Grid").focus()
    page.keyboard.press("p")
    assert {outcome for outcome, _ in judged(claimed_unit)} == {"partly"}

    # Not yet, by the mouse or by its letter, leads into the reason even where one is there.
    first.get_by_text("Not yet", exact=True).click()
    expect(first.get_by_role("textbox")).to_be_focused()
    page.keyboard.type(f" {REASON}")
    page.keyboard.press("Control+Enter")
    expect(first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("n")
    page.keyboard.type(f" {REASON}")
    page.keyboard.press("Control+Enter")
    all_saved(page)
    given = judged(claimed_unit)
    assert given[:2] == [("not_yet", f"One more occasion, please. {REASON}")] * 2
    assert {outcome for outcome, _ in given[2:]} == {"partly"}


def test_the_first_letter_judges_the_first_claim_that_waits(claimed_unit, evidence, assessor, open_as):
    page = open_as(assessor, "judge", evidence=evidence.uuid)
    expect(page.locator("fieldset.answer").first).to_have_class("thing answer is-here")
    page.keyboard.press("p")
    all_saved(page)
    page.reload()
    page.keyboard.press("m")
    all_saved(page)
    assert [outcome for outcome, _ in judged(claimed_unit)] == ["partly", "met"]
