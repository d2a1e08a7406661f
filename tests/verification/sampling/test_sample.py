"""Sampling one unit: what is recorded, who may, and what the page keeps and shows."""

import uuid
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.models import Action
from assessments.openings.services import opening_add
from assessments.standing.unit_record import claims_in, unit_record
from centres.models import Role
from portfolio.models import Capacity, Participation, State
from portfolio.registrations.services import allocate, registration_create, unit_add
from record.errors import ChangedMeanwhile
from standards.services.publishing import unit_publish
from tests.assessments.eventful import SMALL
from tests.assessments.steps import events, last_told, open_version
from tests.cast import add_evidence, claim_in_bulk, claim_make, join, make_assessed, seen
from tests.verification.sampling.conftest import finding
from verification.models import SampledClaim, SamplingRecord
from verification.sampling.planning import planned_add
from verification.sampling.services import unit_sample

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def at(unit):
    return reverse("verification:sample", args=[unit.registration.centre.uuid, unit.uuid])


def test_what_was_looked_at_and_found_is_on_record_and_told(assessed_unit, sample, assessor, verifier):
    record = sample(assessed_unit, claims=3, exception="The date is missing.", words="Sound but for one date.")
    assert (record.stage, record.assessor, record.agrees) == ("summative", assessor, True)
    assert record.claims.count() == 3
    first = record.claims.order_by("pk")[0]
    assert first.judgement is not None
    assert first.version == first.claim.evidence.versions.get()
    assert events(assessed_unit)[-1] == "sampling.recorded"
    told = last_told(assessed_unit)
    assert told["sampling_record"] == record.told()
    assert told["sampling_record"]["claims"][0]["exception"] == "The date is missing."
    assert told["also"][0]["participation"]["user"] == str(verifier.uuid)


def test_an_interim_sample_does_not_stop_the_candidate(claimed_unit, sample, candidate):
    stamp = open_version(claimed_unit).stamp
    assert sample(claimed_unit).stage == "interim"
    assert (open_version(claimed_unit).state, open_version(claimed_unit).stamp) == (State.COLLECTING, stamp)
    piece = add_evidence(claimed_unit.registration, candidate)
    criterion = claims_in(claimed_unit).claims[0].claim.criterion
    claim_make(unit=claimed_unit, evidence=piece, criterion=criterion, where="", actor=candidate)


def test_only_a_verifier_allocated_to_the_unit_samples_it(
    assessed_unit, sample, assessor, coordinator, candidate, centre
):
    other = join(centre, coordinator, "Ida", "ida@harbour.example", Role.INTERNAL_VERIFIER)
    for person in (assessor, coordinator, candidate, other):
        with pytest.raises(PermissionDenied):
            sample(assessed_unit, actor=person)
    assert not SamplingRecord.objects.exists()


def test_who_took_part_as_assessor_never_samples(assessed_unit, sample, assessor, centre, coordinator):
    other = join(centre, coordinator, "Ida", "ida@harbour.example", Role.INTERNAL_VERIFIER)
    allocate(unit=assessed_unit, actor=coordinator, user=other, capacity=Capacity.INTERNAL_VERIFIER, leads=False)
    Participation.objects.create(candidate_unit=assessed_unit, user=other, capacity=Capacity.ASSESSOR)
    with pytest.raises(PermissionDenied):
        sample(assessed_unit, actor=other)
    author = Participation.objects.get(candidate_unit=assessed_unit, user=assessor)
    record = SamplingRecord(
        unit_version=open_version(assessed_unit), stage="interim", verifier=author, method="evidence",
        valid=True, authentic=True, current=True, sufficient=True, reliable=True, agrees=True,
        form_key=uuid.uuid4(), made_at=assessed_unit.added_at,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="sampled by an internal verifier"), transaction.atomic():
        record.save()  # past the service, the database itself refuses


def test_a_disagreement_says_why_and_a_record_rests_on_claims(assessed_unit, sample):
    with pytest.raises(ValidationError, match="why you disagree"):
        sample(assessed_unit, agrees=False)
    with pytest.raises(ValidationError, match="Tick at least one claim"):
        sample(assessed_unit, claims=0)
    assert not SamplingRecord.objects.exists()
    assert "sampling.recorded" not in events(assessed_unit)


def test_sent_twice_it_is_recorded_once_and_a_changed_unit_is_looked_at_again(assessed_unit, verifier):
    said = {"unit": assessed_unit, "actor": verifier, "form_key": uuid.uuid4(), "finding": finding(assessed_unit)}
    first = unit_sample(**said, seen=seen(assessed_unit))
    assert unit_sample(**said, seen=seen(assessed_unit)) == first
    with pytest.raises(ChangedMeanwhile):
        unit_sample(**said | {"form_key": uuid.uuid4()}, seen="another digest")
    assert SamplingRecord.objects.count() == 1


def test_one_press_agrees_with_what_was_opened_and_leads_on(client, assessed_unit, verifier):
    [piece] = unit_record(assessed_unit).evidence
    opening_add(version=piece.version, actor=verifier, position=None)
    client.force_login(verifier)
    page = client.get(at(assessed_unit))
    assert page.content.count(b'name="looked"') == len(piece.claims)
    answer = client.post(at(assessed_unit), sent(page) | {"all_hold": "1"})
    record = SamplingRecord.objects.get()
    assert record.agrees
    assert not record.failed
    assert record.claims.count() == len(piece.claims)
    assert answer.url.startswith(reverse("verification:countersign", args=[assessed_unit.registration.centre.uuid]))


def sent(page):
    """What the page's form sends as it is."""
    ticked = [
        str(claim.record.claim.uuid) for piece in page.context["pieces"] for claim in piece.claims if claim.is_ticked
    ]
    shown = [str(piece.evidence.uuid) for piece in page.context["pieces"] if piece.was_shown]
    key = str(page.context["form"]["form_key"].value())
    return {"seen": page.context["seen"], "form_key": key, "method": "evidence", "looked": ticked, "shown": shown}


def test_nothing_is_ticked_of_what_nobody_opened_and_the_record_says_what_was_not(client, assessed_unit, verifier):
    client.force_login(verifier)
    page = client.get(at(assessed_unit))  # its one piece is kept at the workplace
    assert sent(page)["looked"] == []
    refused = client.post(at(assessed_unit), sent(page) | {"all_hold": "1", "words": "Kept words"})
    assert b"Tick at least one claim" in refused.content
    assert b"Kept words" in refused.content
    claim = str(claims_in(assessed_unit).claims[0].claim.uuid)
    client.post(at(assessed_unit), sent(page) | {"all_hold": "1", "looked": [claim]})
    assert b"not opened here by then" in client.get(at(assessed_unit)).content


def test_another_piece_is_shown_with_all_that_was_typed(client, assessed_unit, verifier):
    client.force_login(verifier)
    page = client.get(at(assessed_unit))
    claim = str(claims_in(assessed_unit).claims[1].claim.uuid)
    typed = {"show": sent(page)["shown"] or "x", "words": "Half a sentence", f"{claim}-exception": "Which date?"}
    typed |= {"tests": ["valid"], "decision": "disagree"}
    again = client.post(at(assessed_unit), sent(page) | typed)
    assert not SamplingRecord.objects.exists()
    for words in (b"Half a sentence", b"Which date?"):
        assert words in again.content
    assert again.context["form"]["tests"].value() == ["valid"]
    assert again.context["form"]["decision"].value() == "disagree"


def test_the_assessor_reads_the_record_and_the_candidate_never(client, assessed_unit, sample, assessor, candidate):
    sample(assessed_unit, agrees=False, words="The log shows one day only.")
    client.force_login(assessor)
    page = client.get(at(assessed_unit)).content
    assert b"The log shows one day only." in page
    assert b"all_hold" not in page
    client.force_login(candidate)
    assert client.get(at(assessed_unit)).status_code == 403
    unit_page = reverse("assessments:unit", args=[assessed_unit.registration.centre.uuid, assessed_unit.uuid])
    assert b"one day only" not in client.get(unit_page).content


def test_an_assessor_of_another_unit_of_the_portfolio_reads_nothing(client, assessed_unit, sample, centre, coordinator):
    sample(assessed_unit)
    revision = unit_publish(content=replace(SMALL, code="S9"))
    assert revision
    other = unit_add(registration=assessed_unit.registration, actor=coordinator, revision=revision)
    abe = join(centre, coordinator, "Abe", "abe@harbour.example", Role.ASSESSOR)
    allocate(unit=other, actor=coordinator, user=abe, capacity=Capacity.ASSESSOR)
    client.force_login(abe)
    assert client.get(at(assessed_unit)).status_code == 403
    assert client.get(at(other)).status_code == 200


def test_a_claim_of_another_unit_is_no_part_of_a_record(assessed_unit, sample, centre, coordinator, b10):
    record = sample(assessed_unit)
    otto = join(centre, coordinator, "Otto", "otto@harbour.example", Role.CANDIDATE)
    other = registration_create(centre=centre, actor=coordinator, candidate=otto, number="", revisions=[b10])
    piece = add_evidence(other, otto)
    claim_in_bulk(other.candidate_units.get(), [piece])
    claim = other.candidate_units.get().claims.all()[0]
    row = SampledClaim(record=record, claim=claim, version=piece.versions.get())
    with pytest.raises(IntegrityError, match="one of the unit"), transaction.atomic():
        row.save()


def test_the_page_of_the_countersignature_says_whether_it_was_sampled(client, assessed_unit, sample, verifier):
    client.force_login(verifier)
    sign = reverse("assessments:sign", args=[assessed_unit.registration.centre.uuid, assessed_unit.uuid])
    assert b"This unit was not sampled." in client.get(sign).content
    sample(assessed_unit)
    assert b"agreed with the assessor" in client.get(sign).content


def test_an_interim_look_is_no_sample_for_the_countersignature(client, judged_unit, sample, assessor, verifier):
    sample(judged_unit)
    make_assessed(judged_unit, assessor)
    planned_add(unit=judged_unit, actor=verifier, reason="A new workplace.")
    client.force_login(verifier)
    shown = client.get(reverse("assessments:sign", args=[*_named(judged_unit)])).context["known"]
    [known] = [one for one in shown if "sampled" in one.sentence]
    assert known.is_warning
    assert known.sentence.startswith("This unit was not sampled after its sign-off")
    assert "the plan asks for it by" in known.sentence


def test_a_disagreement_leads_to_the_return_which_begins_with_it(client, assessed_unit, sample, verifier):
    client.force_login(verifier)
    page = client.get(at(assessed_unit))
    claim = str(claims_in(assessed_unit).claims[0].claim.uuid)
    said = {"looked": [claim], f"{claim}-exception": "Which day?", "decision": "disagree", "words": "One day only."}
    answer = client.post(
        at(assessed_unit), sent(page) | said | {"tests": ["valid", "authentic", "current", "reliable"]}
    )
    assert answer.url == reverse("assessments:return", args=[*_named(assessed_unit)], query={"from": "sampling"})
    form = client.get(answer.url)
    begun = form.context["form"]["reason"].value()
    record = SamplingRecord.objects.get()
    day = f"{record.made_at.day} {record.made_at:%B %Y}"
    assert begun == f"Sampling of {day}: One day only.\nNot sufficient.\nEvidence 1, B10.1.1: Which day?"
    client.post(answer.url, {"reason": begun, "stamp": form.context["version"].stamp, "binding": "sign_off"})
    assert open_version(assessed_unit).state == State.SUBMITTED
    assert Action.objects.get().text == begun
    # Without the address of the sampling, and once they agree, nothing is begun.
    plain = reverse("assessments:ask", args=[*_named(assessed_unit)])
    assert not client.get(plain).context["form"]["text"].value()
    sample(assessed_unit)
    assert not client.get(f"{plain}?from=sampling").context["form"]["text"].value()
    assert b"Say what the assessor is to do" not in client.get(at(assessed_unit)).content


def test_before_the_sign_off_a_disagreement_asks_the_assessor_and_never_the_candidate(
    client, claimed_unit, sample, assessor, verifier, candidate
):
    sample(claimed_unit, agrees=False, words="Ask for more.")
    client.force_login(verifier)
    assert b"Say what the assessor is to do" in client.get(at(claimed_unit)).content
    asks = reverse("assessments:ask", args=[*_named(claimed_unit)], query={"from": "sampling"})
    form = client.get(asks).context["form"]
    assert "Ask for more." in form["text"].value()
    assert form["binding"].value() == "date"  # an interim look stops nobody, unless the verifier chooses so
    owner = form["owner"].value()
    to_pat = f"candidate-{candidate.uuid}"
    said = {"text": form["text"].value(), "binding": "sign_off"}
    assert b"Choose one of these people" in client.post(asks, said | {"owner": to_pat}).content
    client.post(asks, said | {"owner": owner})
    action = Action.objects.get()
    assert (action.owner, action.origin, action.for_candidate) == (assessor, "sampling", False)
    # Another verifier's disagreement begins nothing, and a made-up origin neither.
    client.force_login(assessor)
    assert not client.get(asks).context["form"]["text"].value()
    assert not client.get(asks.replace("sampling", "visit")).context["form"]["text"].value()


def _named(unit):
    return unit.registration.centre.uuid, unit.uuid
