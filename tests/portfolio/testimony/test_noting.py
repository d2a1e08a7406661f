"""What an assessor adds to a testimony, the standing of an expert, and the list of witnesses."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assessments.proof.rows import row_faults
from assessments.standing.unit_record import unit_record
from portfolio.models import EvidenceFile, TestimonyNote, TestimonyRequest, WitnessStanding
from portfolio.models.evidence_number import evidence_number
from portfolio.remarks import FAMILY
from portfolio.testimony.criteria import criteria_to_ask, keys_of
from portfolio.testimony.how_given import UNREACHED
from portfolio.testimony.services import standing_accept, standing_accepted, testimony_note
from record.models import Event
from tests.assessments.pages import address as unit_address
from tests.cast import claim_in_bulk, make_submitted
from tests.portfolio.files.typed import address, words
from tests.portfolio.testimony.asked import SAW, ask, give
from tests.printing.printed import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def testimony(unit, candidate):
    """What Dave gave."""
    return give(ask(unit.registration, candidate), is_expert=True)


def page(name, testimony, **named):
    return address(f"portfolio:{name}", testimony.evidence.registration, **named)


def test_an_assessor_says_how_they_reached_the_witness_beside_the_untouched_words(
    client, testimony, assessor, candidate
):
    noting = page("testimony_note", testimony, evidence=testimony.evidence.uuid)
    client.force_login(assessor)
    client.post(noting, {"reached": "telephone", "reached_on": "2026-03-05", "words": "Was the customer angry?"})
    note = TestimonyNote.objects.get()
    assert (note.author, note.reached, note.reached_on) == (assessor, "telephone", datetime.date(2026, 3, 5))
    client.force_login(candidate)
    shown = words(client.get(page("evidence", testimony, evidence=testimony.evidence.uuid)))
    assert "reached Dave Smith by telephone on 5 March 2026" in shown
    assert "Was the customer angry?" in shown
    assert Event.objects.filter(kind="testimony.noted", actor=assessor.uuid).count() == 1
    registration = testimony.evidence.registration
    assert [*row_faults(registration.chain, registration)] == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Say how you reached the witness, or write what you have to say."),
        ({"reached": "telephone"}, "Say both how you reached the witness and on which day."),
        ({"reached": "telephone", "reached_on": "2999-01-01"}, "This day is in the future."),
    ],
)
def test_half_a_note_is_refused(client, testimony, assessor, said, sentence):
    client.force_login(assessor)
    answer = client.post(page("testimony_note", testimony, evidence=testimony.evidence.uuid), said)
    assert sentence in words(answer)
    assert not TestimonyNote.objects.exists()


def test_an_expert_is_accepted_once_by_an_assessor_alone(client, testimony, assessor, candidate, verifier):
    dave = testimony.evidence.witness
    accepting = page("witness_accept", testimony, witness=dave.uuid)
    for person in (candidate, verifier):
        with pytest.raises(PermissionDenied):
            standing_accept(witness=dave, actor=person, reason="Because")
        with pytest.raises(PermissionDenied):
            testimony_note(testimony=testimony, actor=person, words="Because")
    client.force_login(assessor)
    assert "Say why" in words(client.post(accepting, {"reason": ""}))
    assert not standing_accepted(dave)
    for _ in range(2):
        client.post(accepting, {"reason": "Twenty years at the counter."})
    assert standing_accepted(dave)
    assert WitnessStanding.objects.get().accepted_by == assessor
    assert Event.objects.filter(kind="witness.accepted").count() == 1


def test_a_member_of_the_family_is_flagged_to_who_judges_and_who_signs(client, unit, candidate, assessor, verifier):
    testimony = give(ask(unit.registration, candidate, name="Mum"), name="Mum", relation="family")
    for person in (assessor, verifier):
        client.force_login(person)
        shown = words(client.get(page("evidence", testimony, evidence=testimony.evidence.uuid)))
        assert FAMILY in shown
    claim_in_bulk(unit, [testimony.evidence])
    make_submitted(unit, candidate)
    client.force_login(assessor)
    assert FAMILY in words(client.get(unit_address("sign", unit)))


def test_an_observation_of_an_expert_is_flagged_and_opened_like_the_word_of_any_witness(
    client, unit, candidate, assessor
):
    mum = give(ask(unit.registration, candidate, name="Mum"), name="Mum", relation="family").evidence.witness
    assert mum
    standing_accept(witness=mum, actor=assessor, reason="Twenty years at the counter.")
    request = ask(unit.registration, assessor, witness=mum, as_observation=True)
    testimony = give(request, name="Mum", relation="family")
    claim_in_bulk(unit, [testimony.evidence])
    make_submitted(unit, candidate)
    client.force_login(assessor)
    shown = words(client.get(unit_address("sign", unit)))
    assert "Observation by expert witness" in shown
    assert FAMILY in shown
    assert "Not opened by an assessor" in shown


def test_on_the_candidates_device_is_marked_where_it_is_signed_and_on_the_list(client, unit, candidate, assessor):
    testimony = give(ask(unit.registration, candidate), candidate)
    claim_in_bulk(unit, [testimony.evidence])
    make_submitted(unit, candidate)
    listed = page("witnesses", testimony, portfolio=unit.registration.uuid)
    on_paper = page("witness_list", testimony, portfolio=unit.registration.uuid)
    client.force_login(assessor)
    marked = f"Given on the candidate's device. {UNREACHED}"
    assert marked in words(client.get(unit_address("sign", unit)))
    assert marked in words(client.get(listed))
    assert marked in words_of(client.get(on_paper))
    testimony_note(testimony=testimony, actor=assessor, reached="telephone", reached_on=datetime.date(2026, 3, 5))
    reached = "Given on the candidate's device. Ann Assessor reached the witness by telephone on 5 March 2026."
    assert reached in words(client.get(unit_address("sign", unit)))
    assert reached in words(client.get(listed))
    assert reached in words_of(client.get(on_paper))


def test_a_testimony_prints_with_all_that_stands_beside_it(client, unit, candidate, assessor):
    criteria = keys_of(criteria_to_ask(unit.registration))[:1]
    testimony = give(ask(unit.registration, candidate, criteria=criteria), candidate, criteria=criteria)
    testimony_note(
        testimony=testimony, actor=assessor, words="So it was.", reached="video", reached_on=datetime.date(2026, 3, 5)
    )
    assert testimony.evidence.witness
    standing_accept(witness=testimony.evidence.witness, actor=assessor, reason="Twenty years at the counter.")
    client.force_login(candidate)
    file = EvidenceFile.objects.get(version__evidence=testimony.evidence)
    said = words_of(client.get(page("written_print", testimony, file=file.uuid), follow=True))
    for words_said in (
        "Dave Smith, Shift manager",
        "Their manager or supervisor",
        "Accepted by Ann Assessor",
        "Twenty years at the counter.",
        "dave@shop.example",
        "at: At the counter",
        "on the candidate's device",
        SAW,
        "I saw it myself.",
        "B10.1.1",
        "by video call on 5 March 2026",
        "So it was.",
    ):
        assert words_said in said


def test_the_list_of_witnesses_prints(client, testimony, unit, candidate):
    client.force_login(candidate)
    said = words_of(client.get(page("witness_list", testimony, portfolio=unit.registration.uuid)))
    assert "Witness list Centre Harbour College, 90210 Candidate Pat Candidate, C-1001" in said
    assert "Dave Smith Shift manager" in said
    assert f"dave@shop.example {evidence_number(1)}. {UNREACHED} Page 1 of 1" in said


def test_an_accepted_expert_is_asked_for_an_observation_which_counts_as_an_assessors(
    client, testimony, unit, assessor, candidate
):
    dave = testimony.evidence.witness
    with pytest.raises(ValidationError, match="Accept them first"):
        ask(unit.registration, assessor, witness=dave, as_observation=True)
    standing_accept(witness=dave, actor=assessor, reason="Twenty years at the counter.")
    with pytest.raises(PermissionDenied):
        ask(unit.registration, candidate, witness=dave, as_observation=True)
    client.force_login(assessor)
    asking = page("witness_ask", testimony, portfolio=unit.registration.uuid)
    sent = {"form_key": str(uuid.uuid4()), "who": "new", "name": "Mary", "words": "What?", "setting": "real_job"}
    assert "Accept them first" in words(client.post(asking, sent | {"as_observation": "on"}))
    client.post(asking, sent | {"as_observation": "on", "who": str(dave.uuid), "name": ""})
    piece = give(TestimonyRequest.objects.latest("pk")).evidence
    version = piece.versions.get()
    assert (version.kind, version.title.partition(",")[0]) == (
        "observation",
        "Observation by expert witness Dave Smith",
    )
    claim_in_bulk(unit, [piece, testimony.evidence])
    facts = unit_record(unit).facts.claims
    assert {(fact.evidence, fact.author) for fact in facts} == {(1, "candidate"), (2, "assessor")}
    assert [*row_faults(unit.registration.chain, unit.registration)] == []
