"""What is written in a correction is kept on the device, each letter, until it is saved.

Of a new piece the device keeps the whole: test_on_device.py. Nobody else finds it: tests/js/drafts.test.js.
"""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from portfolio.models import EvidenceFile
from portfolio.models.evidence import stored_path

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]


def opened(context, evidence):
    page = context.new_page()
    where = {"centre": evidence.registration.centre.uuid, "evidence": evidence.uuid}
    page.goto(reverse("portfolio:evidence_correct", kwargs=where))
    return page


def test_a_closed_tab_brings_back_what_was_written_and_it_is_saved(context_of, evidence, candidate):
    context = context_of(candidate)
    page = opened(context, evidence)
    page.get_by_text("Write it here").click()
    page.get_by_label("What you write").press_sequentially("I rang them.")
    page.close(run_before_unload=False)

    page = opened(context, evidence)
    page.wait_for_timeout(6_500)  # until then the first tab may be open still
    page.reload()
    expect(page.get_by_text("What you wrote until")).to_be_visible()
    expect(page.get_by_label("What you write")).to_have_value("I rang them.")
    page.get_by_role("button", name="Save correction").click()
    expect(page.get_by_text("Saved as version 2.")).to_be_visible()
    assert stored_path(EvidenceFile.objects.get().stored_file).read_bytes() == b"I rang them."

    page = opened(context, evidence)
    expect(page.get_by_text("What you wrote until")).to_have_count(0)
