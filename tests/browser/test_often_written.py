"""The sentences that the centre keeps: a press puts one into the field that is written in."""

import pytest
from playwright.sync_api import expect

from assessments.models import Feedback
from assessments.standing.unit_record import unit_record
from tests.centres.policies import choose

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

WHERE, MORE = "Say where to look.", "One more occasion, please."


def test_a_sentence_of_the_centre_is_put_into_the_reason_that_is_written_and_is_saved(
    claimed_unit, evidence, assessor, centre, coordinator, open_as
):
    choose(centre, coordinator, feedback_sentences=f"{WHERE}\n{MORE}")
    page = open_as(assessor, "judge", evidence=evidence.uuid)
    first = page.locator("fieldset.answer").first
    first.get_by_text("Not yet", exact=True).click()
    reason = first.get_by_role("textbox")
    expect(reason).to_be_focused()
    sentences = page.get_by_text("Sentences of your centre")
    expect(first.locator("#often-written")).to_have_count(1)  # they have come along with the field
    reason.fill("No day.")
    sentences.click()
    page.get_by_role("button", name=WHERE).click()
    expect(reason).to_have_value(f"No day. {WHERE}")
    expect(reason).to_be_focused()
    reason.blur()
    expect(page.locator("#saved")).to_contain_text("Saved at")
    [judged] = [one.judgement for one in unit_record(claimed_unit).claims if one.judgement]
    assert (judged.outcome, judged.reason) == ("not_yet", f"No day. {WHERE}")

    words = page.locator("#id_words")
    words.focus()
    page.get_by_role("button", name=MORE).click()
    expect(words).to_have_value(MORE)
    expect(reason).to_have_value(f"No day. {WHERE}")
    page.get_by_role("button", name="Give feedback").click()
    expect(page.get_by_text("Said. They read it on their first page.")).to_be_visible()
    assert Feedback.objects.get().words == MORE
