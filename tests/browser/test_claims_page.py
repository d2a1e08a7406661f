"""Searching while one ticks, and where to look by one press, on the page that asks what a piece shows."""

import pytest
from playwright.sync_api import expect

from demo.sounds import conversation
from portfolio.addresses import claims_address
from portfolio.files.services import bytes_store
from portfolio.models import Claim, EvidenceFile
from tests.browser.chromium import DESK, PHONE
from tests.browser.test_viewer import until
from tests.cast import add_evidence

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    for name in ("FILES_DIR", "INCOMING_DIR", "PREVIEWS_DIR"):
        setattr(settings, name, tmp_path / name)


@pytest.mark.parametrize("viewport", [PHONE, DESK])
def test_what_is_ticked_stays_while_one_searches_and_a_press_beside_the_player_says_where_to_look(
    viewport, context_of, qualified, candidate
):
    piece = add_evidence(qualified, candidate, kind="observation")
    sound = bytes_store(centre=qualified.centre, content=conversation(seconds=70, seed="talk"))
    EvidenceFile.objects.create(
        version=piece.versions.get(), stored_file=sound, name="talk.wav", content_type="audio/wav", position=1
    )
    page = context_of(candidate, viewport=viewport).new_page()
    page.goto(claims_address(qualified.centre.uuid, piece.uuid))
    page.get_by_role("checkbox", name="1.1 Greet customers.").check()
    if viewport == DESK:  # else the search brings them
        page.get_by_text("M2 Unit M2").click()
        expect(page.get_by_role("checkbox", name="1.1 Greet customers.")).to_have_count(2)
        page.get_by_text("M2 Unit M2").click()
    page.get_by_role("searchbox").fill("SAFÉ")
    safety = page.get_by_role("checkbox", name="2a safety")
    expect(safety).to_have_count(2)  # M2 is unfolded for it
    expect(page.get_by_text("2.1 Explain why.").first).to_be_hidden()
    expect(page.get_by_text("2 of 10 criteria")).to_be_visible()
    page.get_by_role("searchbox").press("Enter")
    safety.last.check()

    if viewport == PHONE:
        page.get_by_text("Look at talk.wav").click()
    until(page, "document.querySelector('audio').readyState > 0")
    page.locator("audio").evaluate("sound => { sound.currentTime = 65 }")
    page.get_by_role("button", name="Here: 1:05").click()
    expect(page.get_by_label("Where to look for M2 knowledge 2a")).to_have_value("1:05")
    expect(page.get_by_text("1:05: where to look for M2 knowledge 2a.")).to_be_visible()

    page.get_by_role("button", name="Save what is ticked").click()
    expect(page.get_by_text("Saved: in M1 1 claimed; in M2 1 claimed.")).to_be_visible()
    assert sorted(Claim.objects.values_list("where", flat=True)) == ["", "1:05"]
