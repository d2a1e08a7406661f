"""The main job on a phone whose browser runs no scripts."""

import pytest
from playwright.sync_api import expect

from tests.assessments.pages import address
from tests.browser.chromium import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("who", "leads_to"), [("candidate", "claims"), ("assessor", "judge")])
def test_the_pieces_of_a_grid_lead_to_their_ticks_or_answers(
    context_of, claimed_unit, evidence, request, who, leads_to
):
    page = context_of(request.getfixturevalue(who), viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(address("grid", claimed_unit))
    expect(page.locator("table.grid")).to_be_hidden()
    page.get_by_role("navigation", name="The evidence").get_by_role("link", name="Complaints log").click()
    page.wait_for_url(f"**{address(leads_to, claimed_unit, evidence=evidence.uuid)}")


def test_where_the_rows_show_the_pieces_are_not_listed_twice(context_of, claimed_unit, candidate):
    page = context_of(candidate, viewport=DESK, java_script_enabled=False).new_page()
    page.goto(address("grid", claimed_unit))
    expect(page.locator("table.grid")).to_be_visible()
    expect(page.locator(".grid-rows")).to_be_hidden()
