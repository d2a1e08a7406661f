"""Feedback, on what is met as well: written by assessors, read by the candidate, on record."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from assessments.feedback.services import feedback_give
from assessments.models import Feedback
from portfolio.models.evidence_number import evidence_number
from portfolio.registrations.services import registration_create
from record.models import Event
from tests.assessments.pages import address, html_of, signed_in, text_of
from tests.cast import add_evidence
from tests.centres.policies import choose
from tests.printing.printed import words_of

pytestmark = pytest.mark.django_db

WORDS = "The call was handled calmly, and the form is complete."


@pytest.mark.sqlite
def test_it_is_on_record_once_however_often_the_button_is_pressed(claimed_unit, evidence, assessor):
    given = feedback_give(unit=claimed_unit, actor=assessor, words=WORDS, evidence=evidence)
    assert feedback_give(unit=claimed_unit, actor=assessor, words=f" {WORDS} ", evidence=evidence) == given
    feedback_give(unit=claimed_unit, actor=assessor, words=WORDS)
    assert Feedback.objects.count() == 2
    event = Event.objects.filter(kind="feedback.given").earliest("sequence")
    said = json.loads(event.payload.body)
    assert (event.chain, said["feedback"]) == (claimed_unit.registration.chain, given.told())


@pytest.mark.sqlite
@pytest.mark.parametrize("words", ["", " \n", "x" * 5001])
def test_it_has_words_and_not_too_many(claimed_unit, assessor, words):
    with pytest.raises(ValidationError):
        feedback_give(unit=claimed_unit, actor=assessor, words=words)
    assert not Feedback.objects.exists()


def test_only_an_assessor_of_the_unit_gives_it(claimed_unit, candidate, verifier, coordinator, outsider):
    for person in (candidate, verifier, coordinator, outsider):
        with pytest.raises(PermissionDenied):
            feedback_give(unit=claimed_unit, actor=person, words=WORDS)
    assert not Feedback.objects.exists()


def test_the_candidate_reads_it_at_home_and_beside_the_evidence(claimed_unit, evidence, assessor, candidate):
    client = signed_in(assessor)
    path = address("piece_feedback", claimed_unit, evidence=evidence.uuid)
    assert f'action="{path}"' in html_of(client.get(address("judge", claimed_unit, evidence=evidence.uuid)))
    answer = client.post(path, {"words": WORDS})
    assert answer["Location"] == address("judge", claimed_unit, evidence=evidence.uuid)
    client.post(address("feedback", claimed_unit), {"words": "Half of the unit is there."})
    reader = signed_in(candidate)
    home = text_of(reader.get("/"))
    assert "Feedback on evidence 1" in home and WORDS in home and "Half of the unit is there." in home
    here = {"centre": evidence.registration.centre.uuid, "evidence": evidence.uuid}
    piece = text_of(reader.get(reverse("portfolio:evidence", kwargs=here)))
    assert WORDS in piece and "Half of the unit" not in piece
    assert WORDS in text_of(reader.get(address("unit", claimed_unit)))


def test_what_was_said_since_the_last_look_is_new_and_only_once(claimed_unit, evidence, assessor, candidate):
    feedback_give(unit=claimed_unit, actor=assessor, words=WORDS, evidence=evidence)
    reader = signed_in(candidate)
    assert "What others said 1 new" in text_of(reader.get("/"))
    again = text_of(reader.get("/"))
    assert WORDS in again and "1 new" not in again and "New" not in again.partition("What others said")[2]
    feedback_give(unit=claimed_unit, actor=assessor, words="One more thing.")
    page = html_of(reader.get("/"))
    assert page.count('<span class="tag">New</span>') == 1
    assert page.index(">New<") < page.index("One more thing.") < page.index(WORDS)


def test_what_was_not_taken_is_kept(claimed_unit, assessor):
    client, path = signed_in(assessor), address("feedback", claimed_unit)
    assert "Write what you want to say." in text_of(client.post(path, {"words": " "}))
    assert "x" * 5001 in html_of(client.post(path, {"words": "x" * 5001}))
    assert not Feedback.objects.exists()


def test_the_sentences_of_the_centre_are_offered(claimed_unit, evidence, assessor, centre, coordinator):
    client = signed_in(assessor)
    pages = [
        address("judge", claimed_unit, evidence=evidence.uuid),
        address("feedback", claimed_unit),
        address("piece_feedback", claimed_unit, evidence=evidence.uuid),
    ]
    assert not [path for path in pages if "Sentences of your centre" in text_of(client.get(path))]
    choose(centre, coordinator, feedback_sentences="Say where to look.\nOne more occasion, please.")
    for path in pages:
        assert "Sentences of your centre Say where to look. One more occasion, please." in text_of(client.get(path))


def test_feedback_on_a_piece_of_another_portfolio_is_refused(claimed_unit, assessor, outsider, b10):
    [centre] = {held.centre for held in outsider.memberships.all()}
    elsewhere = registration_create(centre=centre, actor=outsider, candidate=outsider, number="", revisions=[b10])
    with pytest.raises(ValidationError, match="not in the portfolio"):
        feedback_give(unit=claimed_unit, actor=assessor, words=WORDS, evidence=add_evidence(elsewhere, outsider))


@pytest.mark.long
def test_all_of_it_prints_in_the_order_in_which_it_was_said(claimed_unit, evidence, assessor, candidate):
    feedback_give(unit=claimed_unit, actor=assessor, words=WORDS, evidence=evidence)
    feedback_give(unit=claimed_unit, actor=assessor, words="Now the other half.")
    client = signed_in(candidate)
    assert address("feedback_print", claimed_unit) in html_of(client.get(address("unit", claimed_unit)))
    said = words_of(client.get(address("feedback_print", claimed_unit)))
    assert f"Ann Assessor Evidence {evidence_number(1)} {WORDS}" in said
    assert said.index(WORDS) < said.index("The unit Now the other half.")
