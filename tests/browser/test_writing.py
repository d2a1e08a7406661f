"""What is written in the page is kept on the device, each letter, until it is saved."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from portfolio.models import EvidenceFile
from portfolio.models.evidence import stored_path

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]


def opened(context, registration):
    page = context.new_page()
    where = {"centre": registration.centre.uuid, "portfolio": registration.uuid}
    page.goto(reverse("portfolio:evidence_add", kwargs=where))
    return page


def test_a_closed_tab_brings_back_what_was_written_and_it_is_saved(context_of, unit, candidate):
    context = context_of(candidate)
    page = opened(context, unit.registration)
    page.get_by_text("Write it here").click()
    page.get_by_label("What you write").press_sequentially("I rang them.")
    expect(page.get_by_label("What kind of evidence is it?")).to_have_value("personal_statement")
    page.close(run_before_unload=False)

    page = opened(context, unit.registration)
    page.wait_for_timeout(6_500)  # until then the first tab may be open still
    page.reload()
    expect(page.get_by_text("What you wrote until")).to_be_visible()
    expect(page.get_by_label("What you write")).to_have_value("I rang them.")
    page.get_by_label("Description of evidence").fill("What I did on Monday")
    page.get_by_label("What kind of evidence is it?").select_option("personal_statement")
    page.get_by_label("Where does it come from?").select_option("real_job")
    page.get_by_label("When did it happen?").fill("2026-03-02")
    page.get_by_role("button", name="Save evidence").click()
    expect(page.get_by_text("Evidence 1 is saved.")).to_be_visible()
    assert stored_path(EvidenceFile.objects.get().stored_file).read_bytes() == b"I rang them."

    page = opened(context, unit.registration)
    expect(page.get_by_text("What you wrote until")).to_have_count(0)
    assert page.locator("[name=written]").input_value() == ""


OLDER = """kept => Object.entries(JSON.parse(kept)).forEach(([key, value]) => {
  localStorage[key] = JSON.stringify({ ...JSON.parse(value), alive: 1 });
})"""


def test_another_person_on_the_device_sees_nothing_of_it(context_of, unit, candidate, assessor):
    page = opened(context_of(candidate), unit.registration)
    page.get_by_text("Write it here").click()
    page.get_by_label("What you write").fill("Only for me.")
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "Only for me." in kept

    page = opened(context_of(assessor), unit.registration)
    page.evaluate(OLDER, kept)
    page.reload()
    assert page.locator("[name=written]").input_value() == ""
