"""One fault of every kind is planted behind the back of the product, and the proof of the record names it.

Every column of every row that events tell of is changed, every kind of row taken out and put in, and the events
that tell of it taken out. The record is made once; each fault is undone again.
"""

import uuid
from collections.abc import Callable

import pytest
from django.db import models
from django.utils import timezone

from assessments.models import (
    Acknowledgement,
    Action,
    ActionStep,
    AssessorRecord,
    AssessorStatement,
    DrawnName,
    FinalForm,
    NotShown,
    NotShownAnswer,
    RecordPart,
    Sheet,
    SheetAnswer,
    SheetLine,
    SheetTemplate,
    Signature,
)
from centres.models import Centre, CentrePolicy, Membership, User
from portfolio.models import (
    Access,
    AchievedBefore,
    AchievedBeforeCheck,
    Allocation,
    AllocationReason,
    CandidateUnit,
    Capacity,
    Claim,
    Evidence,
    EvidenceFile,
    EvidenceVersion,
    Induction,
    InductionText,
    Interest,
    Participation,
    QualificationRules,
    Registration,
    RegistrationParticulars,
    RegistrationStanding,
    RemovedFile,
    StaffCertificate,
    StoredFile,
    TakenDown,
    Testimony,
    TestimonyRequest,
    UnitCertificate,
    UnitVersion,
    Witness,
    WitnessStanding,
)
from record.models import ChainKind
from record.services.documents import document_freeze
from record.services.events import chain_start
from tests.assessments.eventful import Eventful
from tests.assessments.proof.changes import OTHERWISE
from tests.assessments.proof.tampering import (
    A_FEW_FIRST,
    ELSEWHERE,
    KEYS,
    MODELS,
    UNTOLD,
    Values,
    assert_named,
    change,
    delete,
    elsewhere_too,
    events_of,
    named,
    other_value,
    owned,
    part_of,
    person,
    put_in,
    the_open_request,
    the_talk,
    undone,
)
from verification.models import (
    Case,
    CaseStep,
    MeetingMinutes,
    MonitoringAcknowledgement,
    MonitoringRecord,
    PlannedSample,
    SamplingPolicy,
    SamplingRecord,
    VisitAsk,
    VisitReport,
    VisitSample,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


TOLD = {
    model: [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in UNTOLD.get(model, set())
    ]
    for model in MODELS
}
COLUMNS = [
    # One column of each model at once, the others in their time.
    pytest.param(model, field, id=f"{model.__name__}.{field.name}", marks=[pytest.mark.long] if place else [])
    for model, fields in TOLD.items()
    for place, field in enumerate(fields)
]


@pytest.mark.long
@pytest.mark.parametrize(("model", "field"), COLUMNS)
def test_a_changed_column_is_named(eventful, model, field):
    with undone():
        if otherwise := OTHERWISE.get((model, field.name)):
            row, values = otherwise(eventful)
        else:
            row = owned(eventful, model)[0]
            values = {field.name: other_value(field, getattr(row, field.name))}
        name = named(row)
        change(row, **values)
        if (model, field.name) in ELSEWHERE or field.name == "uuid":
            assert_named(name, "tells of it, and it is not there.")
            row.refresh_from_db()
            assert_named(named(row), "No event tells of it.")
        else:
            assert_named(name, KEYS.get(field.name, field.name).replace("_", " "), "tells otherwise of its ")


# --- Rows that were taken out and put in, and events that were taken out -------------------------------------------


@pytest.mark.parametrize("model", A_FEW_FIRST)
def test_a_row_that_was_taken_out_is_named(eventful, model):
    with undone():
        row = owned(eventful, model)[0]
        name = named(row)
        delete(row)
        if model is Registration:  # with all that is in it
            assert_named(f"centre {row.centre.uuid}: {name}Event ", "tells of it, and it is not there.")
        elif model is Centre:
            assert_named(f"site: {name}Event ", "tells of it, and it is not there.")
        else:
            assert_named(name, "tells of it, and it is not there.")


PUT_IN: dict[type[models.Model], Callable[[Eventful], Values]] = {
    User: lambda world: {"email": "new@harbour.example"},
    Centre: lambda world: {"chain": chain_start(ChainKind.CENTRE)},
    Membership: lambda world: {"ended_at": timezone.now()},
    CentrePolicy: lambda world: {"number": 9, "author": person("Bob")(world)},
    Registration: lambda world: {"chain": chain_start()},
    RegistrationParticulars: lambda world: {"version": 9},
    CandidateUnit: lambda world: {"revision": world.spare},
    UnitVersion: lambda world: {"number": 9},
    Participation: lambda world: {"user": person("Bob")(world), "capacity": Capacity.ASSESSOR},
    Allocation: lambda world: {"ended_at": timezone.now()},
    AllocationReason: lambda world: {"allocation": world.unit.allocations.last()},
    Interest: lambda world: {"kind": "business"},
    VisitAsk: lambda world: {"action": owned(world, Action)[0]},
    Evidence: lambda world: {"number": 9, "form_key": uuid.uuid4()},
    EvidenceVersion: lambda world: {"number": 9},
    EvidenceFile: lambda world: {"position": 9},
    RemovedFile: lambda world: {"stored_file": StoredFile.objects.earliest("pk")},
    StaffCertificate: lambda world: {"stored_file": StoredFile.objects.latest("pk")},
    RegistrationStanding: lambda world: {"ended_at": timezone.now()},
    AchievedBeforeCheck: lambda world: {"achieved": AchievedBefore.objects.earliest("pk")},
    UnitCertificate: lambda world: {"unit_version": world.unit.versions.latest("pk")},
    WitnessStanding: lambda world: {"witness": Witness.objects.earliest("pk")},
    TestimonyRequest: lambda world: {"token_digest": "0" * 64},
    TakenDown: lambda world: {"request": the_open_request(world)},
    Testimony: lambda world: {"request": the_open_request(world), "evidence": the_talk(world)},
    Claim: lambda world: {"withdrawn_at": timezone.now(), "withdrawn_by": part_of("Pat")(world)},
    AssessorStatement: lambda world: {"withdrawn_at": timezone.now()},
    NotShownAnswer: lambda world: {"not_shown": NotShown.objects.earliest("pk")},
    Signature: lambda world: {"document": document_freeze(document={"format": 3, "new": True})},
    AssessorRecord: lambda world: {"form_key": uuid.uuid4()},
    RecordPart: lambda world: {"evidence": the_talk(world)},
    Acknowledgement: lambda world: {"part": RecordPart.objects.latest("pk")},
    DrawnName: lambda world: {"part": RecordPart.objects.latest("pk")},
    FinalForm: lambda world: {"signature": Signature.objects.earliest("pk")},
    SamplingPolicy: lambda world: {"number": 9},
    PlannedSample: lambda world: {"stage": "summative"},
    SamplingRecord: lambda world: {"form_key": uuid.uuid4()},
    Access: lambda world: {"ended_at": timezone.now()},
    MonitoringRecord: lambda world: {"form_key": uuid.uuid4()},
    Case: lambda world: {"form_key": uuid.uuid4()},
    CaseStep: lambda world: {"number": 9},
    MonitoringAcknowledgement: lambda world: {"record": MonitoringRecord.objects.latest("pk")},
    MeetingMinutes: lambda world: {"stored_file": StoredFile.objects.earliest("pk")},
    VisitSample: lambda world: {"candidate_unit": elsewhere_too(world)},
    VisitReport: lambda world: {"stored_file": StoredFile.objects.earliest("pk")},
    ActionStep: lambda world: {"number": 9},
    Sheet: lambda world: {"number": 9, "form_key": uuid.uuid4()},
    SheetLine: lambda world: {"position": 9, "action": owned(world, Action)[0]},
    SheetAnswer: lambda world: {"sheet": Sheet.objects.latest("pk")},
    SheetTemplate: lambda world: {"number": 9},
    Induction: lambda world: {"registration": world.elsewhere},
    InductionText: lambda world: {"number": 9},
    QualificationRules: lambda world: {"number": 9},
}


@pytest.mark.parametrize("model", A_FEW_FIRST)
def test_a_row_that_was_put_in_is_named(eventful, model):
    with undone():
        row = owned(eventful, model)[0]
        assert_named(named(put_in(row, **PUT_IN.get(model, lambda world: {})(eventful))), "No event tells of it.")


@pytest.mark.long
@pytest.mark.parametrize("model", A_FEW_FIRST)
def test_a_row_whose_events_were_taken_out_is_named(eventful, model):
    with undone():
        row = owned(eventful, model)[0]
        for event in events_of(row):
            delete(event.payload)
            delete(event)
        assert_named(named(row), "No event tells of it.")
        assert_named(": Event", "missing.")


def test_a_claim_that_names_a_criterion_of_another_unit_is_named(eventful):
    """Its kind and place are those that were told."""
    with undone():
        claim = owned(eventful, Claim)[-1]
        change(claim, criterion=eventful.spare.criteria.get(position=claim.criterion.position))
        assert_named(named(claim), "It names a criterion of another unit.")
