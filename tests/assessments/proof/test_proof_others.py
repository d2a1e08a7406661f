"""Pins, stored files, what is worked out, and chains: each fault is named; and what is no fault is not."""

import json
import uuid
from datetime import datetime

import pytest

from assessments.models import (
    Judgement,
    PinnedEvidence,
    Signature,
    Standing,
    UnitProgress,
)
from assessments.proof.rows import TOLD_BY
from portfolio.models import (
    EvidenceFile,
    EvidenceVersion,
    StoredFile,
    UnitCertificate,
)
from record.event_content import rows_told
from record.models import Chain, Event, EventPayload
from standards.models import Criterion
from tests.assessments.eventful import Eventful
from tests.assessments.proof.tampering import (
    MODELS,
    assert_named,
    change,
    delete,
    events_of,
    named,
    owned,
    put_in,
    undone,
    verify,
)
from verification.models import (
    MonitoringPoint,
    SampledClaim,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

# --- Pins and stored files, which are told with the rows that hold them --------------------------------------------


@pytest.mark.long
def test_a_changed_exception_is_named(eventful):
    with undone():
        looked_at = SampledClaim.objects.select_related("record").earliest("pk")
        change(looked_at, exception="Nothing was missing.")
        assert_named(named(looked_at.record), "tells otherwise of its claims.")


def test_a_changed_answer_in_an_interview_is_named(eventful):
    with undone():
        point = MonitoringPoint.objects.select_related("record").earliest("pk")
        change(point, said="Nobody helps me.")
        assert_named(named(point.record), "tells otherwise of its points.")


def test_a_changed_pin_is_named(eventful):
    with undone():
        pin = PinnedEvidence.objects.select_related("signature").earliest("pk")
        change(pin, evidence_version=EvidenceVersion.objects.earliest("pk"))
        assert_named(named(pin.signature), "tells otherwise of its pins.")


def test_a_pin_of_another_signature_is_named(eventful):
    with undone():
        pin = PinnedEvidence.objects.select_related("signature").earliest("pk")
        change(pin, signature=Signature.objects.get(stage="countersignature"))
        assert_named(named(pin.signature), "tells otherwise of its pins.")


def test_a_pin_that_was_taken_out_is_named(eventful):
    with undone():
        pin = PinnedEvidence.objects.select_related("signature").earliest("pk")
        delete(pin)
        assert_named(named(pin.signature), "tells otherwise of its pins.")


def test_a_pin_that_was_put_in_is_named(eventful):
    with undone():
        pin = PinnedEvidence.objects.select_related("signature").earliest("pk")
        put_in(pin, evidence_version=EvidenceVersion.objects.earliest("pk"))
        assert_named(named(pin.signature), "tells otherwise of its pins.")


@pytest.mark.parametrize(("column", "value"), [("sha256", "0" * 64), ("size", 5)])
def test_a_changed_column_of_a_stored_file_is_named(eventful, column, value):
    with undone():
        file = EvidenceFile.objects.select_related("stored_file", "version").earliest("pk")
        change(file.stored_file, **{column: value})
        assert_named(named(file), column, "tells otherwise of its ")


def test_a_stored_file_that_was_taken_out_is_named(eventful):
    with undone():
        file = EvidenceFile.objects.select_related("stored_file", "version").earliest("pk")
        delete(file.stored_file)
        assert_named(named(file), "it is not there.")


def test_a_stored_file_of_another_centre_is_named(eventful):
    with undone():
        file = StoredFile.objects.earliest("pk")
        change(file, centre=eventful.elsewhere.centre)
        assert_named(f"File {file.sha256} is missing.", options=())


def test_a_stored_file_that_was_put_in_is_named(eventful):
    with undone():
        put_in(StoredFile.objects.earliest("pk"), sha256="1" * 64)
        assert_named(f"File {'1' * 64} is held, and nothing refers to it.")


def test_a_file_that_was_removed_and_is_there_again_is_named(eventful):
    with undone():
        for event in Event.objects.filter(kind="evidence.removed").select_related("payload"):
            gone = next(one for _, one, told in rows_told(json.loads(event.payload.body)) if told is None)
        file = put_in(EvidenceFile.objects.earliest("pk"), uuid=uuid.UUID(gone), position=9)
        assert_named(named(file), "tells that it is gone, and it is there.")


# --- What is worked out from rows ----------------------------------------------------------------------------------


def test_a_changed_standing_is_named(eventful):
    with undone():
        standing = Standing.objects.select_related("claim").earliest("pk")
        change(standing, status="not_yet")
        assert_named(f"claim {standing.claim.uuid}: How a claim stands is kept otherwise")


def test_a_standing_that_was_taken_out_is_named(eventful):
    with undone():
        standing = Standing.objects.select_related("claim").earliest("pk")
        Standing.objects.filter(pk=standing.pk).delete()
        assert_named(f"claim {standing.claim.uuid}: How a claim stands is not kept")


def test_changed_progress_is_named(eventful):
    with undone():
        change(UnitProgress.objects.get(candidate_unit=eventful.unit_pk), met=0)
        assert_named(f"unit {eventful.unit.uuid}: ", "How far the unit is is kept otherwise")


# --- Chains --------------------------------------------------------------------------------------------------------


def last_event(world: Eventful) -> Event:
    return Event.objects.select_related("payload", "chain").filter(chain=world.registration.chain_id).latest("sequence")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "unit.verified"),
        ("actor", None),
        ("actor", uuid.uuid4()),
        ("happened_at", datetime.fromisoformat("2026-01-01T09:00:00Z")),
        ("payload_digest", "0" * 64),
        ("previous", "0" * 64),
        ("digest", "0" * 64),
        ("uuid", uuid.uuid4()),
        ("sequence", 900),
    ],
)
def test_a_changed_column_of_an_event_is_named(eventful, column, value):
    with undone():
        event = last_event(eventful)
        change(event, **{column: value})
        sentence = {"sequence": "is missing", "previous": "does not follow"}.get(column, "was changed")
        assert_named(f"portfolio {eventful.registration.uuid}: Event {event.sequence} {sentence}")


@pytest.mark.parametrize(("column", "value"), [("body", '{"format":1}'), ("salt", "00"), ("body", "spoilt")])
def test_changed_particulars_are_named(eventful, column, value):
    with undone():
        event = last_event(eventful)
        change(event.payload, **{column: value})
        assert_named(f"portfolio {eventful.registration.uuid}: The particulars of event {event.sequence} were changed.")


def test_particulars_that_were_taken_out_are_named(eventful):
    with undone():
        event = last_event(eventful)
        delete(event.payload)
        assert_named(f"portfolio {eventful.registration.uuid}: The particulars of event {event.sequence} are missing")


def test_an_event_that_was_put_in_is_named(eventful):
    with undone():
        event = last_event(eventful)
        put_in(event, sequence=event.sequence + 1, previous=event.digest)
        assert_named(f"portfolio {eventful.registration.uuid}: The chain holds more events than it counts.")


@pytest.mark.parametrize(("column", "value"), [("head", "0" * 64), ("length", 3), ("length", 900)])
def test_a_changed_end_of_a_chain_is_named(eventful, column, value):
    with undone():
        change(eventful.registration.chain, **{column: value})
        assert_named(f"portfolio {eventful.registration.uuid}: ")


def test_a_chain_that_was_cut_at_its_end_is_named_by_the_rows_that_are_left(eventful):
    with undone():
        event = last_event(eventful)
        delete(event.payload)
        delete(event)
        change(event.chain, length=event.sequence - 1, head=event.previous)
        last = UnitCertificate.objects.latest("pk")
        assert_named(f"portfolio {eventful.registration.uuid}: {named(last)}No event tells of it.")


def test_a_chain_whose_portfolio_is_gone_is_named(eventful):
    with undone():
        chain = eventful.registration.chain
        delete(eventful.registration)
        assert_named(f"chain {chain.uuid}: The portfolio whose chain this is is gone.")


# --- What is no fault ----------------------------------------------------------------------------------------------


def test_the_record_in_which_everything_happened_has_no_faults(eventful):
    assert verify() == []


@pytest.mark.parametrize("model", MODELS)
def test_all_kinds_of_rows_are_in_it(eventful, model):
    assert owned(eventful, model)


def test_a_row_that_erased_particulars_may_have_told_of_is_not_compared(eventful):
    with undone():
        judged = Judgement.objects.get(outcome="not_yet")
        [event] = events_of(judged)
        delete(event.payload)
        change(judged, reason="Erased.")
        assert not [fault for fault in verify("--skip-files") if "judgement" in fault]


def test_a_row_that_was_told_of_after_the_erasure_is_compared(eventful):
    with undone():
        delete(events_of(Judgement.objects.get(outcome="not_yet"))[0].payload)
        later = Judgement.objects.latest("pk")
        change(later, reason="Put in.")
        assert_named(named(later), "tells otherwise of its reason.")


def test_erased_particulars_count_for_the_rows_that_their_kind_of_event_may_tell_of(eventful):
    for event in Event.objects.select_related("payload"):
        told = {noun for noun, _, _ in rows_told(json.loads(event.payload.body))}
        assert told <= TOLD_BY.get(event.kind.partition(".")[0], frozenset()), event.kind


def test_what_is_no_row_of_ours_tells_of_nothing(eventful):
    for said in ({}, {"format": 99, "claim": {"id": "1"}}, {"format": 1, "also": 5}, {"format": 1, "also": [5]}):
        assert list(rows_told(said)) == []
    assert list(rows_told({"format": 1, "claim": 5, "gone": [{"claim": "1"}]})) == [("claim", "1", None)]
    assert Chain.objects.count() == EventPayload.objects.values("event__chain").distinct().count()
    assert Criterion.objects.exists()
