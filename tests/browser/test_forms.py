"""Forms that a script helps with, in a real browser."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Error, expect

from assessments.models import Signature
from assessments.recording_form.services import final_form_render
from tests.assessments.pages import address
from tests.browser.chromium import sideways
from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]


def test_units_are_found_by_what_is_typed_and_what_is_chosen_stays(context_of, unit, coordinator):
    call_command("sync_standards", "--framework", "nos", verbosity=0)
    page = context_of(coordinator).new_page()
    where = {"centre": unit.registration.centre.uuid, "portfolio": unit.registration.uuid}
    page.goto(reverse("portfolio:unit_add", kwargs=where) + "?framework=nos")
    lines, found_in = page.locator("[data-unit-line]:visible"), page.locator("[data-unit-group]:visible")
    everything, groups = lines.count(), found_in.count()
    assert everything > 60
    page.get_by_label(re.compile("^B10 ")).check()

    page.get_by_label("Find a unit").fill("  CUSTOMERS telephone")

    expect(page.get_by_text(f"3 of {everything} units")).to_be_visible()
    assert [text.split()[0] for text in lines.all_inner_texts()] == ["A11", "A12", "B10"]
    assert found_in.count() < groups

    asked = []
    page.on("request", lambda request: asked.append(request.method))
    page.get_by_label("Find a unit").press("Enter")  # a search registers nobody
    page.evaluate("fetch(location.href)")  # what Enter had sent would be seen before this
    assert asked == ["GET"]
    page.get_by_label("Find a unit").fill("")

    expect(lines).to_have_count(everything)
    assert unit.registration.candidate_units.count() == 1


@pytest.mark.parametrize("javascript", [True, False])
def test_a_refused_signature_opens_at_the_password_and_is_not_found_by_going_back(
    javascript, context_of, judged_unit, assessor
):
    context = context_of(assessor, java_script_enabled=javascript)
    page = context.new_page()
    where = {"centre": judged_unit.registration.centre.uuid, "unit": judged_unit.uuid}
    page.goto(reverse("assessments:sign", kwargs=where))
    page.get_by_label("Notes or comments").fill("Sound work.\nWell told.")
    page.get_by_label("Your password").fill("guess")
    page.get_by_role("button", name="Sign", exact=True).click()

    expect(page.get_by_text("That is not your password. Nothing was signed.")).to_be_in_viewport()
    expect(page.get_by_label("Your password")).to_be_focused()
    expect(page.get_by_label("Notes or comments")).to_have_value("Sound work.\nWell told.")

    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Your password").press("Enter")
    expect(page.get_by_text("Signed. The code of what you signed is")).to_be_visible()

    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # the browser asks whether to send the form again
        page.go_back()
    expect(page.get_by_text("Nothing was signed")).to_have_count(0)


def note_what_is_asked(page):
    """Note from now on what the browser asks before the page is left; it stays."""
    page.asked = []

    def stay(dialog):
        page.asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)


@pytest.fixture
def adding(context_of, unit, candidate):
    """The page that adds evidence, on which it is noted what the browser asks."""
    page = context_of(candidate).new_page()
    note_what_is_asked(page)
    where = {"centre": unit.registration.centre.uuid, "portfolio": unit.registration.uuid}
    page.goto(reverse("portfolio:evidence_add", kwargs=where))
    return page


def leave(page):
    page.get_by_role("link", name="Your portfolio").click(no_wait_after=True)


def is_asked_and_stays(page, heading="Add evidence"):
    with page.expect_event("dialog"):
        leave(page)
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    return page.asked == ["beforeunload"]


def choose(page, name):
    page.get_by_label("Files", exact=True).set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": b"Saturday"}
    )
    expect(page.get_by_text("8 bytes, is here")).to_be_visible()


TYPING = {
    "words": lambda page: page.get_by_label("Description of evidence").fill("The counter on Saturday"),
    "a choice": lambda page: page.get_by_label("What kind of evidence is it?").select_option("work_product"),
    "a file": lambda page: choose(page, "log.txt"),
}


@pytest.mark.parametrize("typing", TYPING.values(), ids=TYPING.keys())
def test_a_page_on_which_something_was_typed_asks_before_it_is_left(typing, adding):
    typing(adding)

    assert is_asked_and_stays(adding)


def test_a_page_on_which_nothing_is_typed_any_more_asks_nothing(adding):
    adding.get_by_label("Description of evidence").fill("The counter")
    adding.get_by_label("Description of evidence").fill("")
    leave(adding)

    expect(adding.get_by_role("heading", name="Add evidence")).to_have_count(0)
    assert adding.asked == []


def test_what_was_sent_is_not_asked_for_and_what_was_refused_is(adding):
    adding.get_by_label("Description of evidence").fill("The counter on Saturday")
    adding.get_by_role("button", name="Save evidence").click()

    expect(adding.get_by_label("Files", exact=True)).to_be_focused()
    expect(adding.get_by_label("Description of evidence")).to_have_value("The counter on Saturday")
    assert adding.asked == []

    adding.get_by_label("What kind of evidence is it?").press("Tab")  # a page is asked for that was touched

    assert is_asked_and_stays(adding)


def test_a_file_of_a_long_name_that_is_kept_does_not_widen_the_page(adding):
    name = f"{'x' * 120}.txt"
    choose(adding, name)
    assert sideways(adding, 390) == ""
    adding.get_by_role("button", name="Save evidence").click()

    expect(adding.get_by_label(name)).to_be_checked()
    assert sideways(adding, 390) == ""


def test_without_a_connection_nothing_is_sent_and_what_was_typed_stays(adding):
    TYPING["words"](adding)
    TYPING["a file"](adding)
    adding.context.set_offline(True)
    adding.get_by_role("button", name="Save evidence").click()

    expect(adding.get_by_text("No connection, so nothing was sent.")).to_be_in_viewport()
    expect(adding.get_by_label("Description of evidence")).to_have_value("The counter on Saturday")
    expect(adding.get_by_text("8 bytes, is here")).to_be_visible()

    adding.context.set_offline(False)
    expect(
        adding.get_by_text("The connection is back. Nothing was sent yet: press “Save evidence” again.")
    ).to_have_count(1)
    adding.get_by_role("button", name="Save evidence").click()

    expect(adding.get_by_text("Files that have arrived already")).to_be_visible()
    assert adding.asked == []


def test_a_site_on_a_machine_without_any_network_takes_what_is_sent(adding):
    adding.evaluate("Object.defineProperty(navigator, 'onLine', { get: () => false })")
    TYPING["a file"](adding)
    adding.get_by_role("button", name="Save evidence").click()

    expect(adding.get_by_text("Files that have arrived already")).to_be_visible()
    assert adding.asked == []


def test_the_page_asks_before_it_is_left_for_what_was_ticked(context_of, unit, candidate, evidence):
    page = context_of(candidate).new_page()
    note_what_is_asked(page)
    page.goto(address("claims", unit, evidence=evidence.uuid))
    page.get_by_role("checkbox", name="B10.1.1 ").check()

    assert is_asked_and_stays(page, heading="What does evidence 1 show?")

    page.get_by_role("button", name="Save what is ticked").click()

    expect(page.get_by_text("Saved: 1 claimed.")).to_be_visible()
    assert page.asked == ["beforeunload"]


def test_the_final_form_comes_by_itself(context_of, verified_unit, candidate):
    page = context_of(candidate).new_page()
    page.goto(address("unit", verified_unit))
    expect(page.get_by_text("The final form is being prepared.")).to_be_visible()

    final_form_render(signature=Signature.objects.get(stage="countersignature").uuid)

    expect(page.get_by_text("The final form is ready: download it above.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Candidate Recording Form").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
