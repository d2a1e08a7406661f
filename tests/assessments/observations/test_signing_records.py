"""Signing a record: evidence of each candidate, claimed and judged met in one act, or nothing at all."""

import datetime
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import (
    Acknowledgement,
    AssessorRecord,
    DrawnName,
    Judgement,
    RecordDraft,
    RecordKind,
    RecordPart,
    Stage,
)
from assessments.observations.from_device import NameFromDevice
from assessments.observations.services import acknowledge, draft_save, record_sign
from assessments.proof.rows import row_faults
from assessments.standing.readiness import in_short, readiness
from assessments.standing.unit_record import unit_record
from portfolio.files.written import written_text
from portfolio.models import Capacity, Claim, Evidence, EvidenceFile, Participation
from portfolio.registrations.services import allocate, registration_create
from record.models import Event
from standards.published import published_content
from standards.services.publishing import unit_publish
from standards.unit_rules import UnitRules
from tests.append_only import assert_append_only
from tests.assessments.eventful import SMALL
from tests.assessments.observations.records import LONDON, SEEN, said_of, session_of, sign
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def events_of(unit):
    return list(Event.objects.filter(chain=unit.registration.chain).values_list("kind", flat=True))


def words_of(part):
    return written_text(EvidenceFile.objects.get(version__evidence=part.evidence))


def test_it_becomes_evidence_of_the_assessor_claimed_and_judged_met(unit, assessor):
    record = sign(assessor, said_of(unit, "1.1", "1.2"))
    evidence = Evidence.objects.get()
    version = evidence.versions.get()
    assert (evidence.author, evidence.number, version.kind, version.setting) == (assessor, 1, "observation", "real_job")
    assert version.title == "Observation at Returns desk, 3 March 2026, 10:00 to 10:40"
    assert version.happened_from == datetime.date(2026, 3, 3)
    assert [judged.outcome for judged in Judgement.objects.all()] == ["met", "met"]
    assert {claim.author.user for claim in Claim.objects.all()} == {assessor}
    assert record.parts.get().evidence == evidence
    kinds = events_of(unit)
    assert kinds[-6:] == ["evidence.added", *["claim.made"] * 2, *["claim.judged"] * 2, "observation.signed"]


def test_the_text_says_all_that_was_signed(unit, assessor):
    session = session_of(medium="live_video", identity_checked=True, all_agreed=True, present="Mia, the manager")
    record = sign(assessor, said_of(unit, "1.1"), session=session)
    text = words_of(record.parts.get())
    for said in (SEEN, "Returns desk", "10:00 to 10:40", "By live video", "Identity checked", "Mia", "- B10.1.1"):
        assert said in text


def test_each_candidate_gets_their_own_part_and_nothing_of_the_other(unit, second_unit, assessor):
    record = sign(assessor, said_of(unit, "1.1"), said_of(second_unit, "1.2", words="Otto rang the warehouse."))
    assert record.parts.count() == 2
    for one, other in ((unit, "Otto rang"), (second_unit, SEEN)):
        part = record.parts.get(registration=one.registration)
        assert other not in words_of(part)
        assert events_of(one)[-1] == "observation.signed"
        assert list(row_faults(one.registration.chain, one.registration)) == []
    centre = unit.registration.centre
    assert list(row_faults(centre.chain, centre)) == []


@pytest.mark.parametrize("kind", [kind for kind in RecordKind if kind != RecordKind.PRIOR_LEARNING])
def test_notes_alone_are_evidence_that_claims_nothing(unit, assessor, kind):
    record = sign(assessor, said_of(unit), session=session_of(kind))
    assert record.parts.get().evidence.versions.get().kind == kind.value
    assert "Nothing was judged met" in words_of(record.parts.get())
    assert not Claim.objects.exists()
    assert not Participation.objects.filter(user=assessor).exists()


def test_prior_learning_is_dated_by_what_was_achieved_and_meets_nothing_when_not_current(unit, assessor):
    said: dict[str, Any] = {"achieved_on": datetime.date(2019, 6, 1), "words": "NVQ 2 in retail"}
    session = session_of(RecordKind.PRIOR_LEARNING)
    with pytest.raises(ValidationError, match="not current"):
        sign(assessor, said_of(unit, "1.1", **said, is_current=False), session=session)
    assert not Evidence.objects.exists()
    record = sign(assessor, said_of(unit, **said, is_current=False), session=session)
    version = record.parts.get().evidence.versions.get()
    assert (version.title, version.happened_from.year) == ("Prior learning: NVQ 2 in retail", 2019)


def test_sent_twice_it_is_signed_once(unit, assessor):
    key = uuid.uuid4()
    assert sign(assessor, said_of(unit, "1.1"), form_key=key) == sign(assessor, said_of(unit, "1.1"), form_key=key)
    assert (Evidence.objects.count(), Judgement.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"ended_at": datetime.datetime(2026, 3, 3, 9, 0, tzinfo=LONDON)}, "a_session_ends_after_it_begins"),
        ({"medium": "recording"}, "who_was_not_met"),
        ({"place": ""}, "a_session_has_place_and_hours"),
        ({"ended_at": timezone.now() + datetime.timedelta(hours=1)}, "future"),
    ],
)
def test_what_cannot_have_been_is_refused(unit, assessor, changed, why):
    with pytest.raises(ValidationError, match=why):
        sign(assessor, said_of(unit, "1.1"), session=session_of(**changed))
    assert not Evidence.objects.exists()


def test_a_wrong_password_signs_nothing_and_the_draft_stays(unit, assessor, centre):
    key = uuid.uuid4()
    draft_save(author=assessor, centre=centre, form_key=key, kind="observation", about="Pat", fields={"a": ["b"]})
    with pytest.raises(ValidationError, match="not your password"):
        sign(assessor, said_of(unit, "1.1"), form_key=key, password="wrong")
    assert RecordDraft.objects.get().fields == {"a": ["b"]}
    sign(assessor, said_of(unit, "1.1"), form_key=key)
    assert not RecordDraft.objects.exists()


@pytest.mark.parametrize("person", ["candidate", "verifier", "coordinator", "outsider"])
def test_only_an_assessor_of_each_unit_records(unit, person, request):
    with pytest.raises(PermissionDenied):
        sign(request.getfixturevalue(person), said_of(unit, "1.1"))
    assert not AssessorRecord.objects.exists()


def test_a_unit_that_was_signed_off_meanwhile_refuses_all_of_it(assessed_unit, second_unit, assessor):
    before = Evidence.objects.count()
    with pytest.raises(ValidationError, match="B10 of Pat Candidate: This unit is assessed now"):
        sign(assessor, said_of(second_unit, "1.1"), said_of(assessed_unit, "1.1"))
    assert Evidence.objects.count() == before
    sign(assessor, said_of(second_unit, "1.1"), said_of(assessed_unit))  # notes alone are no judgement
    assert Evidence.objects.count() == before + 2


def test_what_the_unit_does_not_take_is_said_and_nothing_is_signed(unit, assessor):
    with pytest.raises(ValidationError, match=r"B10.*simulation"):
        sign(assessor, said_of(unit, "1.1", setting="simulation"))
    assert not Evidence.objects.exists()


def test_the_candidate_acknowledges_once_and_may_disagree_in_words(unit, candidate, assessor):
    part = sign(assessor, said_of(unit, "1.1")).parts.get()
    with pytest.raises(ValidationError, match="Say what you do not agree with"):
        acknowledge(part=part, actor=candidate, agrees=False)
    with pytest.raises(PermissionDenied):
        acknowledge(part=part, actor=assessor, agrees=True)
    with pytest.raises(ValidationError, match="not your password"):
        acknowledge(part=part, actor=candidate, agrees=True, password="wrong")
    first = acknowledge(part=part, actor=candidate, agrees=False, words="It was a toaster.", password=PASSWORD)
    assert (first.on_the_spot, first.words) == (True, "It was a toaster.")
    assert acknowledge(part=part, actor=candidate, agrees=True) == first
    assert events_of(unit)[-1] == "observation.acknowledged"
    assert list(row_faults(unit.registration.chain, unit.registration)) == []


def test_the_database_keeps_a_part_to_evidence_of_the_records_author(unit, evidence, assessor):
    record = sign(assessor, said_of(unit, "1.1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordPart.objects.create(record=record, registration=unit.registration, evidence=evidence)  # Pat's own


def test_who_signs_for_another_centre_is_refused(unit, outsider, assessor):
    with pytest.raises(PermissionDenied):
        record_sign(
            centre=outsider.memberships.first().centre,
            actor=assessor,
            password=PASSWORD,
            form_key=uuid.uuid4(),
            session=session_of(),
            said=[said_of(unit, "1.1")],
        )


def test_nothing_of_a_record_changes_or_goes(unit, candidate, assessor):
    now = timezone.now()
    device = session_of(present="Mia", written_at=now, arrived_at=now)
    drawn = {unit.registration: NameFromDevice(lines="M1 1L200 100", by_device_clock=now)}
    part = sign(assessor, said_of(unit), session=device, drawn=drawn).parts.get()
    acknowledge(part=part, actor=candidate, agrees=False, words="It was a toaster.")
    decision = said_of(unit, achieved_on=datetime.date(2024, 3, 1), is_current=False)
    sign(assessor, decision, session=session_of(RecordKind.PRIOR_LEARNING))
    assert_append_only(part.record)
    assert_append_only(RecordPart.objects.get(is_current=False))
    assert_append_only(Acknowledgement.objects.get())
    assert_append_only(DrawnName.objects.get())
    with pytest.raises(IntegrityError, match="what was written on a device arrived from it"), transaction.atomic():
        sign(assessor, said_of(unit), session=session_of(written_at=now))


def test_it_is_the_observation_that_a_unit_asks_an_assessor_for(unit, candidate, assessor, coordinator):
    asked = UnitRules(observations_at_least=1, observed_elements=("1",))
    revision = unit_publish(content=replace(SMALL, rules=asked))
    assert revision
    registration = registration_create(
        centre=unit.registration.centre, actor=coordinator, candidate=candidate, number="", revisions=[revision]
    )
    small = registration.candidate_units.get()
    allocate(unit=small, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    assert "an assessor wrote" in missing_in(small)
    first, *_ = published_content(revision).unit.performance
    sign(assessor, said_of(small, met={small: {first: ""}}))
    assert "an assessor wrote" not in missing_in(small)


def missing_in(unit):
    facts = unit_record(unit).facts
    return " ".join(in_short(readiness(facts, Stage.SIGN_OFF), facts))
