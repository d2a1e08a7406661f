"""What a criterion answers in other units, on the page that asks what a piece shows."""

import pytest
from playwright.sync_api import expect

from portfolio.models import Claim
from tests.assessments.claiming.test_claims_page import page_of
from tests.browser.chromium import DESK, PHONE
from tests.cast import add_evidence
from tests.portfolio.qualified import unit_in

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("viewport", "script"), [(PHONE, True), (PHONE, False), (DESK, True)])
def test_the_offer_comes_and_goes_with_the_tick_and_is_ticked_by_the_person_alone(
    viewport, script, context_of, qualified, candidate
):
    unit = unit_in(qualified, "M1")
    piece = add_evidence(qualified, candidate, kind="observation")
    page = context_of(candidate, viewport=viewport, java_script_enabled=script).new_page()
    page.goto(page_of(unit, piece))
    knows = page.get_by_role("checkbox", name="2a safety").first
    also = page.get_by_role("checkbox", name="Also answers M2 knowledge 2a")
    expect(also).to_be_hidden()
    knows.check()
    expect(also).to_be_visible()
    expect(also).not_to_be_checked()
    also.check()
    knows.uncheck()
    expect(also).to_be_hidden()
    knows.check()
    page.get_by_label("Where to look for M1 knowledge 2a").fill("page 4")
    page.get_by_role("button", name="Save what is ticked").click()
    expect(page.get_by_text("Saved: 1 claimed. Also claimed in M2.")).to_be_visible()
    assert list(Claim.objects.values_list("where", flat=True)) == ["page 4", "page 4"]
    expect(page.get_by_text("Claimed already from this evidence: M2 knowledge 2a")).to_be_visible()
