"""One fault of every kind is planted behind the back of the product, and the proof of the record names it.

Every column of every row that events tell of is changed, every kind of row taken out and put in, and the events
that tell of it taken out. The record is made once; each fault is undone again.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.utils import timezone

from assessments.models import (
    Acknowledgement,
    Action,
    ActionStep,
    AssessorRecord,
    AssessorStatement,
    DrawnName,
    Feedback,
    FinalForm,
    Judgement,
    NotShown,
    NotShownAnswer,
    PinnedEvidence,
    RecordPart,
    Return,
    Sheet,
    SheetAnswer,
    SheetLine,
    SheetTemplate,
    Signature,
    Standing,
    UnitProgress,
)
from assessments.proof.rows import ROWS, TOLD_BY
from centres.models import Centre, CentrePolicy, Membership, User
from centres.staff.models import StaffRecord
from portfolio.models import (
    Access,
    AchievedBefore,
    AchievedBeforeCheck,
    Adjustment,
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
    TestimonyNote,
    TestimonyRequest,
    UnitCertificate,
    UnitVersion,
    Witness,
    WitnessStanding,
)
from portfolio.registrations.choosing import forget_rules
from record.event_content import ToldModel, rows_told
from record.models import Chain, ChainKind, Event, EventPayload
from record.services.documents import document_freeze
from record.services.events import chain_start
from standards.catalogue import forget_catalogue
from standards.models import Criterion
from standards.published import forget_published
from tests.append_only import lifted
from tests.assessments.eventful import Eventful, everything
from tests.snapshots import SNAPSHOTS
from verification.models import (
    MeetingMinutes,
    MonitoringAcknowledgement,
    MonitoringPoint,
    MonitoringRecord,
    PlannedSample,
    PlanStep,
    SampledClaim,
    SamplingPlan,
    SamplingPolicy,
    SamplingRecord,
    Visit,
    VisitAction,
    VisitMark,
    VisitReport,
    VisitSample,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

MODELS: list[type[ToldModel]] = list(dict.fromkeys(model for told in ROWS.values() for model in told))
# Every fourth at once, the others in their time.
A_FEW_FIRST = [pytest.param(model, marks=[pytest.mark.long] if at % 4 else []) for at, model in enumerate(MODELS)]
Values = dict[str, Any]
Change = Callable[[Eventful], tuple[Any, Values]]

# What no event tells, because nobody would miss it: `told` of each model says why.
UNTOLD = {
    User: {"password", "last_login", "is_active", "joined_at", "hints_dismissed", "home_looked_at"},
    UnitVersion: {"stamp"},
    AssessorRecord: {"form_key"},
    Evidence: {"form_key"},
    FinalForm: {"attempts", "waits_since"},
    SamplingRecord: {"form_key"},
    MonitoringRecord: {"form_key"},
    Sheet: {"form_key"},
}
# What a column is called in what is told.
KEYS = {
    "candidate_unit": "unit",
    "unit_version": "version",
    "achieved": "achieved_before",
    "document": "digest",
    "stored_file": "sha256",
    "content_type": "type",
}
# Where a row with another value belongs to another portfolio, centre or signature, and so is missed where it was.
ELSEWHERE = {
    (AssessorRecord, "centre"),
    (CandidateUnit, "registration"),
    (Evidence, "registration"),
    (Witness, "registration"),
    (RecordPart, "registration"),
    (CentrePolicy, "centre"),
    (Membership, "centre"),
    (StaffRecord, "centre"),
    (Registration, "centre"),
    (FinalForm, "signature"),
    (SamplingPolicy, "centre"),
    (Access, "registration"),
    (RegistrationParticulars, "registration"),
    (RegistrationStanding, "registration"),
    (AchievedBefore, "registration"),
    (Interest, "registration"),
    (Visit, "centre"),
    (MonitoringRecord, "centre"),
    (Action, "centre"),
    (Action, "registration"),
    (Sheet, "registration"),
    (SheetTemplate, "centre"),
    (Adjustment, "registration"),
    (Induction, "registration"),
    (InductionText, "centre"),
    (QualificationRules, "centre"),
}


@pytest.fixture(scope="module")
def eventful(django_db_setup, django_db_blocker) -> Iterator[Eventful]:
    """The record, in a transaction that is never committed.

    It is made before the fixtures of a single test, so it forgets the standards of the file before.
    """
    forget_published()
    forget_catalogue()
    forget_rules()
    with django_db_blocker.unblock():
        SNAPSHOTS.stand_on(0)
    with django_db_blocker.unblock(), transaction.atomic():
        yield everything()
        transaction.set_rollback(True)


@contextmanager
def undone() -> Iterator[None]:
    """Undo what was done, before the database looks for rows that others point at."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def verify(*options: str) -> list[str]:
    """Return the faults that the command prints."""
    out = StringIO()
    try:
        call_command("verify_record", *options, stdout=out)
        well = True
    except CommandError:
        well = False
    faults = [line for line in out.getvalue().splitlines() if not line.startswith(("remark: ", "key "))][:-1]
    assert well == (not faults)
    return faults


def assert_named(*wanted: str, options: tuple[str, ...] = ("--skip-files",)) -> None:
    """Assert that one line says all of `wanted`, and that no line names anybody."""
    faults = verify(*options)
    assert [fault for fault in faults if all(word in fault for word in wanted)], faults
    assert not [fault for fault in faults for name in ("Pat", "Ann", "Ivy", "Vera", "example") if name in fault]


def change(row: models.Model, **values: Any) -> None:
    """Change columns of a row past triggers, `save` and the rules."""
    with lifted():
        assert type(row)._base_manager.filter(pk=row.pk).update(**values) == 1


def delete(row: models.Model) -> None:
    """Take a row out, whoever points at it."""
    with lifted(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])  # noqa: S608


def put_in(row: models.Model, **values: Any) -> Any:
    """Put a copy of a row in, with other values."""
    copy = type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})
    copy.pk = None
    if hasattr(copy, "uuid"):
        copy.uuid = uuid.uuid4()
    for name, value in values.items():
        setattr(copy, name, value)
    with lifted():
        copy.save_base(raw=True, force_insert=True)
    return copy


def events_of(row: ToldModel) -> list[Event]:
    """The events that tell of a row."""
    name = (row.told_as, row.told()["id"])
    events = Event.objects.select_related("payload").order_by("pk")
    return [event for event in events if name in {one[:2] for one in rows_told(json.loads(event.payload.body))}]


def owned(world: Eventful, model: type[models.Model]) -> list[Any]:
    """The rows of a model that the table plants faults in, the oldest first."""
    way = ROWS[ChainKind.PORTFOLIO].get(model)  # type: ignore[arg-type]
    rows = model._default_manager.order_by("pk")
    return list(rows.filter(**{way: world.registration.pk}) if way else rows)


def named(row: ToldModel) -> str:
    """How a line begins that speaks of a row."""
    return f"{row.told_as.replace('_', ' ')} {row.told()['id']}: "


# --- Which row is changed, and to what, where the first row and a value of the field's type would not do ----------


def first(model: type[models.Model], **values: Any) -> Change:
    return lambda world: (owned(world, model)[0], values)


def to(model: type[models.Model], of: str, pick: Callable[[Eventful], Any], **where: Any) -> Change:
    """Change the column `of` of the first row like this to what `pick` finds."""
    return lambda world: (next(iter(model._default_manager.filter(**where).order_by("pk"))), {of: pick(world)})


def part_of(name: str) -> Callable[[Eventful], Any]:
    return lambda world: Participation.objects.get(candidate_unit=world.unit, user__name__startswith=name)


def person(name: str) -> Callable[[Eventful], Any]:
    return lambda world: User.objects.get(name__startswith=name)


def state_back(world: Eventful) -> tuple[Any, Values]:
    return world.unit.versions.get(number=2), {"state": "collecting", "submitted_at": None}


def unit_of_version(world: Eventful) -> tuple[Any, Values]:
    return world.unit.versions.get(number=1), {"candidate_unit": world.other, "number": 9}


def to_the_policy(of: str) -> Change:
    """Change a column of what Cora chose, to any other value."""

    def change(_: Eventful) -> tuple[Any, Values]:
        row = CentrePolicy.objects.get(number=1)
        field = next(field for field in CentrePolicy._meta.concrete_fields if field.name == of)
        return row, {of: other_value(field, getattr(row, of))}

    return change


def earliest(model: type[models.Model]) -> Callable[[Eventful], Any]:
    return lambda world: model._default_manager.earliest("pk")


def the_other(world: Eventful) -> CandidateUnit:
    return world.other


def the_open_request(_: Eventful) -> TestimonyRequest:
    return TestimonyRequest.objects.waiting().get(taken_down=None)


def the_talk(world: Eventful) -> Evidence:
    return Evidence.objects.get(registration=world.registration, number=3)


def the_next_visit(world: Eventful) -> Visit:
    return Visit.objects.latest("pk")


def elsewhere_too(world: Eventful) -> CandidateUnit:
    return world.elsewhere.candidate_units.get()


OTHERWISE: dict[tuple[type[models.Model], str], Change] = {
    (User, "email"): first(User, email="other@harbour.example"),
    (Centre, "chain"): lambda world: (world.registration.centre, {"chain": chain_start(ChainKind.CENTRE)}),
    (Centre, "candidate_word"): first(Centre, candidate_word="learner"),
    (Centre, "internal_verifier_word"): first(Centre, internal_verifier_word="IQA"),
    (Centre, "external_verifier_word"): first(Centre, external_verifier_word="EQA"),
    (Membership, "user"): to(Membership, "user", person("Bob"), role="coordinator"),
    (Membership, "centre"): to(Membership, "centre", lambda world: world.elsewhere.centre, user__name="Pat Candidate"),
    (StaffRecord, "centre"): to(StaffRecord, "centre", lambda world: world.elsewhere.centre),
    (StaffRecord, "user"): to(StaffRecord, "user", person("Bob")),
    (StaffRecord, "kind"): to(StaffRecord, "kind", lambda _: "approval", kind="competence"),
    (StaffRecord, "role"): to(StaffRecord, "role", lambda _: "internal_verifier", role="assessor"),
    (StaffRecord, "hours"): to(StaffRecord, "hours", lambda _: Decimal(9), kind="development"),
    (StaffRecord, "author"): to(StaffRecord, "author", person("Bob")),
    (StaffRecord, "ended_at"): to(StaffRecord, "ended_at", lambda _: timezone.now(), ended_at__isnull=False),
    (StaffRecord, "ended_by"): to(StaffRecord, "ended_by", person("Bob"), ended_at__isnull=False),
    (StaffRecord, "ended_why"): to(StaffRecord, "ended_why", lambda _: "Another.", ended_at__isnull=False),
    (StaffCertificate, "record"): to(StaffCertificate, "record", earliest(StaffRecord)),
    (StaffCertificate, "stored_file"): to(StaffCertificate, "stored_file", lambda _: StoredFile.objects.latest("pk")),
    (RegistrationStanding, "before"): to(
        RegistrationStanding, "before", lambda _: "suspended", state="suspended", ended_at__isnull=False
    ),
    (RegistrationStanding, "state"): first(RegistrationStanding, state="withdrawn", until=None),
    (RegistrationStanding, "until"): to(RegistrationStanding, "until", lambda _: None, state="suspended"),
    (RegistrationStanding, "to_centre"): to(
        RegistrationStanding, "to_centre", lambda _: "Another", state="transferred"
    ),
    (RegistrationStanding, "set_by"): to(RegistrationStanding, "set_by", person("Ann")),
    (RegistrationStanding, "registration"): to(RegistrationStanding, "registration", lambda world: world.elsewhere),
    (AchievedBefore, "registration"): to(AchievedBefore, "registration", lambda world: world.elsewhere),
    (AchievedBefore, "revision"): to(AchievedBefore, "revision", lambda world: world.spare),
    (AchievedBefore, "evidence"): to(AchievedBefore, "evidence", the_talk),
    (AchievedBeforeCheck, "achieved"): to(AchievedBeforeCheck, "achieved", earliest(AchievedBefore)),
    (UnitCertificate, "unit_version"): to(
        UnitCertificate, "unit_version", lambda world: world.unit.versions.get(number=2)
    ),
    (AchievedBefore, "recorded_by"): to(AchievedBefore, "recorded_by", person("Ann")),
    (AchievedBeforeCheck, "person"): to(AchievedBeforeCheck, "person", person("Pat")),
    (AchievedBeforeCheck, "capacity"): to(AchievedBeforeCheck, "capacity", lambda _: "internal_verifier"),
    (UnitCertificate, "claimed_by"): to(UnitCertificate, "claimed_by", person("Ann")),
    **{
        (model, of): to(model, of, pick, taken_back_at__isnull=False)
        for model in (AchievedBefore, UnitCertificate)
        for of, pick in (
            ("taken_back_by", person("Ann")),
            ("taken_back_at", lambda _: timezone.now()),
            ("taken_back_why", lambda _: "Another."),
        )
    },
    (StaffCertificate, "added_by"): to(StaffCertificate, "added_by", person("Ann")),
    **{
        (StaffCertificate, of): to(StaffCertificate, of, pick, removed_at__isnull=False)
        for of, pick in (
            ("removed_by", person("Ann")),
            ("removed_at", lambda _: timezone.now()),
            ("removed_why", lambda _: "Another."),
        )
    },
    **{
        (CentrePolicy, field.name): to_the_policy(field.name)
        for field in CentrePolicy._meta.concrete_fields
        if field.name not in {"id", "uuid"}
    },
    (CentrePolicy, "centre"): to(CentrePolicy, "centre", lambda world: world.elsewhere.centre, number=1),
    (CentrePolicy, "author"): to(CentrePolicy, "author", person("Bob"), number=1),
    (Registration, "centre"): lambda world: (world.registration, {"centre": world.elsewhere.centre}),
    (Registration, "candidate"): lambda world: (world.registration, {"candidate": person("Ann")(world)}),
    (Registration, "qualification"): lambda world: (world.registration, {"qualification": None}),
    (Registration, "chain"): lambda world: (world.registration, {"chain": chain_start()}),
    (RegistrationParticulars, "registration"): to(
        RegistrationParticulars, "registration", lambda world: world.elsewhere
    ),
    (RegistrationParticulars, "author"): to(RegistrationParticulars, "author", person("Ann"), version=2),
    (RegistrationParticulars, "uln"): to(RegistrationParticulars, "uln", lambda _: "1000000019", version=2),
    (RegistrationParticulars, "certificate_number"): to(
        RegistrationParticulars, "certificate_number", lambda _: "K-2", version=2
    ),
    (CandidateUnit, "registration"): lambda world: (world.unit, {"registration": world.elsewhere}),
    (CandidateUnit, "revision"): lambda world: (world.unit, {"revision": world.spare}),
    (UnitVersion, "candidate_unit"): unit_of_version,
    (UnitVersion, "state"): state_back,
    (Participation, "candidate_unit"): lambda world: (part_of("Ann")(world), {"candidate_unit": world.other}),
    (Participation, "user"): lambda world: (part_of("Ann")(world), {"user": person("Bob")(world)}),
    (Participation, "capacity"): lambda world: (part_of("Ann")(world), {"capacity": Capacity.INTERNAL_VERIFIER}),
    (Allocation, "candidate_unit"): to(Allocation, "candidate_unit", the_other, ended_at__isnull=False),
    (Allocation, "user"): to(Allocation, "user", person("Cora"), ended_at__isnull=False),
    (Allocation, "capacity"): to(Allocation, "capacity", lambda _: "internal_verifier", ended_at__isnull=False),
    # only of those who do not lead has it an end
    (Allocation, "until"): lambda world: (
        owned(world, Allocation)[0],
        {"until": timezone.now() + timedelta(days=1), "leads": False},
    ),
    (Evidence, "registration"): lambda world: (owned(world, Evidence)[0], {"registration": world.elsewhere}),
    (Evidence, "author"): to(Evidence, "author", person("Ann")),
    (Evidence, "put_in_by"): to(Evidence, "put_in_by", person("Ann")),
    (Evidence, "taken_from"): to(Evidence, "taken_from", earliest(EvidenceVersion)),
    (EvidenceVersion, "evidence"): to(EvidenceVersion, "evidence", the_talk, number=2),
    (EvidenceVersion, "author"): to(EvidenceVersion, "author", person("Ann")),
    (EvidenceVersion, "put_in_by"): to(EvidenceVersion, "put_in_by", person("Ann")),
    (EvidenceFile, "version"): lambda world: (
        owned(world, EvidenceFile)[0],
        {"version": the_talk(world).versions.get(), "position": 9},
    ),
    (EvidenceFile, "stored_file"): to(EvidenceFile, "stored_file", lambda _: StoredFile.objects.latest("pk")),
    (RemovedFile, "evidence"): to(
        RemovedFile, "evidence", lambda world: Evidence.objects.get(registration=world.registration, number=1)
    ),
    (RemovedFile, "stored_file"): to(RemovedFile, "stored_file", earliest(StoredFile)),
    (RemovedFile, "removed_by"): to(RemovedFile, "removed_by", person("Ann")),
    (Evidence, "witness"): to(Evidence, "witness", earliest(Witness)),
    (Witness, "registration"): lambda world: (owned(world, Witness)[0], {"registration": world.elsewhere}),
    (Witness, "added_by"): to(Witness, "added_by", person("Ann")),
    (WitnessStanding, "witness"): to(WitnessStanding, "witness", earliest(Witness)),
    (WitnessStanding, "accepted_by"): to(WitnessStanding, "accepted_by", person("Bob")),
    (TestimonyRequest, "witness"): to(TestimonyRequest, "witness", lambda _: Witness.objects.latest("pk")),
    (TestimonyRequest, "asked_by"): to(TestimonyRequest, "asked_by", person("Ann")),
    (TestimonyRequest, "token_digest"): to(TestimonyRequest, "token_digest", lambda _: "0" * 64),
    (TakenDown, "request"): to(TakenDown, "request", the_open_request),
    (Testimony, "request"): to(Testimony, "request", the_open_request),
    (Testimony, "evidence"): to(Testimony, "evidence", the_talk),
    (TestimonyNote, "testimony"): to(TestimonyNote, "testimony", lambda _: Testimony.objects.latest("pk")),
    (TestimonyNote, "author"): to(TestimonyNote, "author", person("Bob")),
    (Claim, "candidate_unit"): to(Claim, "candidate_unit", the_other),
    (Claim, "evidence"): to(Claim, "evidence", the_talk, withdrawn_at__isnull=True),
    (Claim, "criterion"): to(
        Claim, "criterion", lambda world: world.unit.revision.criteria.get(position=1), withdrawn_at__isnull=False
    ),
    (Claim, "author"): to(Claim, "author", part_of("Ann")),
    (Claim, "withdrawn_at"): to(Claim, "withdrawn_at", lambda _: timezone.now(), withdrawn_at__isnull=False),
    (Claim, "withdrawn_by"): to(Claim, "withdrawn_by", part_of("Ann"), withdrawn_at__isnull=False),
    (Judgement, "claim"): to(Judgement, "claim", lambda world: owned(world, Claim)[-1]),
    (Judgement, "evidence_version"): to(Judgement, "evidence_version", earliest(EvidenceVersion)),
    (Judgement, "author"): to(Judgement, "author", part_of("Ivy")),
    (Judgement, "outcome"): to(Judgement, "outcome", lambda _: "met", outcome="not_yet"),
    (Judgement, "reason"): to(Judgement, "reason", lambda _: "Too long.", outcome="not_yet"),
    (AssessorStatement, "candidate_unit"): to(AssessorStatement, "candidate_unit", the_other),
    (AssessorStatement, "author"): to(AssessorStatement, "author", part_of("Ivy")),
    (NotShown, "candidate_unit"): to(NotShown, "candidate_unit", the_other),
    (NotShown, "criterion"): to(
        NotShown, "criterion", lambda world: world.unit.revision.criteria.get(text="Greet customers")
    ),
    (NotShown, "author"): to(NotShown, "author", part_of("Ivy")),
    (NotShownAnswer, "not_shown"): to(NotShownAnswer, "not_shown", earliest(NotShown)),
    (NotShownAnswer, "author"): to(NotShownAnswer, "author", part_of("Ann")),
    (NotShownAnswer, "agrees"): lambda world: (
        NotShownAnswer.objects.get(agrees=False),
        {"agrees": True, "reference": "AB 13", "why_not": ""},
    ),
    (NotShownAnswer, "reference"): to(NotShownAnswer, "reference", lambda _: "AB 13", agrees=True),
    (AssessorRecord, "centre"): to(AssessorRecord, "centre", lambda world: world.elsewhere.centre),
    (AssessorRecord, "author"): to(AssessorRecord, "author", person("Bob")),
    (RecordPart, "record"): to(RecordPart, "record", lambda _: AssessorRecord.objects.latest("pk")),
    (RecordPart, "registration"): to(RecordPart, "registration", lambda world: world.elsewhere),
    (RecordPart, "evidence"): to(RecordPart, "evidence", the_talk),
    (RecordPart, "is_current"): to(RecordPart, "is_current", lambda _: True, is_current=False),
    (Acknowledgement, "part"): to(Acknowledgement, "part", lambda _: RecordPart.objects.latest("pk")),
    (DrawnName, "part"): to(DrawnName, "part", lambda _: RecordPart.objects.latest("pk")),
    (DrawnName, "typed"): lambda _: (DrawnName.objects.get(), {"typed": "Pat Pike", "lines": ""}),
    (Signature, "unit_version"): to(
        Signature, "unit_version", lambda world: world.unit.versions.get(number=2), stage="sign_off"
    ),
    (Signature, "stage"): to(Signature, "stage", lambda _: "countersignature", stage="sign_off"),
    (Signature, "signer"): to(Signature, "signer", part_of("Ivy"), stage="sign_off"),
    (Signature, "document"): to(Signature, "document", lambda _: document_freeze(document={"format": 3})),
    (Signature, "needs_confirmation"): to(Signature, "needs_confirmation", lambda _: True, stage="sign_off"),
    (Return, "unit_version"): to(Return, "unit_version", lambda world: world.unit.versions.get(number=2)),
    (Return, "author"): to(Return, "author", part_of("Ann")),
    (Return, "from_state"): to(Return, "from_state", lambda _: "submitted"),
    (FinalForm, "signature"): to(FinalForm, "signature", earliest(Signature)),
    (FinalForm, "stored_file"): to(FinalForm, "stored_file", earliest(StoredFile)),
    (Signature, "released_by_plan_of"): to(
        Signature, "released_by_plan_of", lambda _: date(2026, 3, 2), stage="countersignature"
    ),
    (SamplingPolicy, "centre"): to(SamplingPolicy, "centre", lambda world: world.elsewhere.centre),
    (SamplingPolicy, "summative_share"): to(SamplingPolicy, "summative_share", lambda _: 3),
    (SamplingPolicy, "interim_share"): to(SamplingPolicy, "interim_share", lambda _: 3),
    (SamplingPolicy, "new_months"): to(SamplingPolicy, "new_months", lambda _: 3),
    (SamplingPolicy, "every_months"): to(SamplingPolicy, "every_months", lambda _: 3),
    **{
        (SamplingPolicy, of): to(SamplingPolicy, of, lambda _: 3)
        for of in ("observations_a_year", "candidates_an_interview", "meetings_a_year")
    },
    (MonitoringRecord, "centre"): to(MonitoringRecord, "centre", lambda world: world.elsewhere.centre),
    (MonitoringRecord, "kind"): first(MonitoringRecord, kind="meeting", registration=None, place="x", words="x"),
    (MonitoringRecord, "verifier"): to(MonitoringRecord, "verifier", person("Cora")),
    (MonitoringRecord, "registration"): to(MonitoringRecord, "registration", lambda world: world.elsewhere),
    (MonitoringRecord, "assessor"): to(MonitoringRecord, "assessor", person("Bob"), kind="observation"),
    (MonitoringRecord, "occasion"): to(MonitoringRecord, "occasion", lambda _: "Another.", kind="observation"),
    (MonitoringRecord, "candidate_unit"): to(MonitoringRecord, "candidate_unit", the_other, kind="observation"),
    (MonitoringRecord, "assessor_record"): to(
        MonitoringRecord, "assessor_record", lambda _: AssessorRecord.objects.latest("pk"), kind="observation"
    ),
    (MonitoringRecord, "others"): to(MonitoringRecord, "others", lambda _: "Another.", kind="meeting"),
    **{
        (model, "record"): to(model, "record", earliest(MonitoringRecord))
        for model in (MonitoringAcknowledgement, MeetingMinutes)
    },
    (MeetingMinutes, "stored_file"): to(MeetingMinutes, "stored_file", earliest(StoredFile)),
    (MeetingMinutes, "added_by"): to(MeetingMinutes, "added_by", person("Ann")),
    (SamplingPolicy, "author"): to(SamplingPolicy, "author", person("Ann")),
    (SamplingPlan, "policy"): to(SamplingPlan, "policy", earliest(SamplingPolicy)),
    (SamplingPlan, "verifier"): to(SamplingPlan, "verifier", person("Ann")),
    (SamplingPlan, "period"): to(SamplingPlan, "period", lambda _: "2020-01"),
    (PlannedSample, "unit_version"): to(PlannedSample, "unit_version", lambda world: world.unit.versions.get(number=1)),
    (PlannedSample, "plan"): to(PlannedSample, "plan", lambda _: None),
    (PlannedSample, "reasons"): to(PlannedSample, "reasons", lambda _: ["otherwise"]),
    (PlanStep, "planned"): lambda _: (
        PlanStep.objects.earliest("pk"),
        {"planned": put_in(PlannedSample.objects.earliest("pk"), stage="summative")},
    ),
    (PlanStep, "author"): to(PlanStep, "author", person("Ann")),
    (SamplingRecord, "unit_version"): to(
        SamplingRecord, "unit_version", lambda world: world.unit.versions.get(number=1)
    ),
    (SamplingRecord, "verifier"): to(SamplingRecord, "verifier", part_of("Ann")),
    (SamplingRecord, "assessor"): to(SamplingRecord, "assessor", person("Bob")),
    (Access, "registration"): to(Access, "registration", lambda world: world.elsewhere),
    (Interest, "registration"): to(Interest, "registration", lambda world: world.elsewhere),
    (Interest, "person"): to(Interest, "person", person("Ivy")),
    (Interest, "kind"): to(Interest, "kind", lambda _: "business"),
    (Interest, "declared_by"): to(Interest, "declared_by", person("Ann")),
    **{
        (Interest, of): to(Interest, of, pick, withdrawn_at__isnull=False)
        for of, pick in (
            ("withdrawn_by", person("Ann")),
            ("withdrawn_at", lambda _: timezone.now()),
            ("withdrawn_why", lambda _: "Another."),
        )
    },
    (AllocationReason, "allocation"): to(AllocationReason, "allocation", lambda world: world.unit.allocations.last()),
    (AllocationReason, "interest"): to(AllocationReason, "interest", lambda _: Interest.objects.latest("pk")),
    (Access, "user"): to(Access, "user", person("Ann")),
    (Visit, "centre"): to(Visit, "centre", lambda world: world.elsewhere.centre),
    **{(model, "visit"): to(model, "visit", the_next_visit) for model in (VisitSample, VisitReport, VisitAction)},
    (VisitSample, "candidate_unit"): to(VisitSample, "candidate_unit", elsewhere_too),
    (VisitMark, "sample"): to(VisitMark, "sample", lambda _: VisitSample.objects.latest("pk")),
    (VisitReport, "stored_file"): to(VisitReport, "stored_file", earliest(StoredFile)),
    **{
        (model, of): to(model, of, person("Ann"))
        for model, of in (
            (Visit, "verifier"),
            (Visit, "opened_by"),
            (VisitSample, "added_by"),
            (VisitMark, "person"),
            (VisitReport, "added_by"),
            (VisitAction, "added_by"),
            (VisitAction, "done_by"),
        )
    },
    (Action, "centre"): lambda world: (
        owned(world, Action)[0],
        {"centre": world.registration.centre, "registration": None, "candidate_unit": None, "evidence": None},
    ),
    (Action, "registration"): lambda world: (owned(world, Action)[0], {"registration": world.elsewhere}),
    (Action, "candidate_unit"): lambda world: (owned(world, Action)[0], {"candidate_unit": world.other}),
    (Action, "evidence"): lambda world: (owned(world, Action)[0], {"evidence": the_talk(world)}),
    (Action, "criteria"): lambda world: (owned(world, Action)[0], {"criteria": [["performance", 2]]}),
    (Action, "owner"): lambda world: (owned(world, Action)[0], {"owner": person("Bob")(world)}),
    (Action, "asker"): lambda world: (owned(world, Action)[0], {"asker": person("Bob")(world)}),
    (Action, "asked_as"): lambda world: (owned(world, Action)[0], {"asked_as": "coordinator"}),
    (ActionStep, "action"): lambda world: (
        owned(world, ActionStep)[0],
        {"action": owned(world, Action)[1], "number": 9},
    ),
    (ActionStep, "kind"): to(ActionStep, "kind", lambda _: "accepted", kind="withdrawn"),
    (ActionStep, "person"): to(ActionStep, "person", person("Bob"), kind="answered"),
    (ActionStep, "to"): to(ActionStep, "to", person("Ivy"), kind="handed_over"),
    (Sheet, "registration"): to(Sheet, "registration", lambda world: world.elsewhere),
    (Sheet, "author"): to(Sheet, "author", person("Bob")),
    (Sheet, "kind"): lambda _: (Sheet.objects.get(kind="review"), {"kind": "plan", "number": 9}),
    (Sheet, "replaced_by"): to(Sheet, "replaced_by", lambda _: Sheet.objects.latest("pk")),
    (SheetLine, "sheet"): lambda _: (SheetLine.objects.earliest("pk"), {"sheet": Sheet.objects.latest("pk")}),
    (SheetLine, "action"): to(SheetLine, "action", lambda world: owned(world, Action)[0]),
    (SheetAnswer, "sheet"): to(SheetAnswer, "sheet", lambda _: Sheet.objects.latest("pk")),
    (SheetTemplate, "centre"): to(SheetTemplate, "centre", lambda world: world.elsewhere.centre),
    (SheetTemplate, "author"): to(SheetTemplate, "author", person("Bob")),
    (Adjustment, "registration"): to(Adjustment, "registration", lambda world: world.elsewhere),
    (Adjustment, "helper"): to(Adjustment, "helper", lambda _: "Another", kind="reader"),
    (Adjustment, "author"): to(Adjustment, "author", person("Bob")),
    (Adjustment, "ended_by"): to(Adjustment, "ended_by", person("Bob"), ended_at__isnull=False),
    (Induction, "registration"): to(Induction, "registration", lambda world: world.elsewhere),
    (Induction, "digest"): to(Induction, "digest", lambda _: "0" * 64),
    (InductionText, "author"): to(InductionText, "author", person("Bob")),
    (QualificationRules, "author"): to(QualificationRules, "author", person("Bob")),
    **{
        (model, "centre"): to(model, "centre", lambda world: world.elsewhere.centre)
        for model in (InductionText, QualificationRules)
    },
    (Feedback, "candidate_unit"): to(Feedback, "candidate_unit", the_other),
    (Feedback, "evidence"): to(Feedback, "evidence", the_talk),
    (Feedback, "author"): to(Feedback, "author", part_of("Ivy")),
}


def other_value(field: models.Field[Any, Any], value: Any) -> Any:
    """A value of the field's type that the row does not have."""
    if field.choices:
        return next(choice for choice, _ in field.flatchoices if choice and choice != value)
    if value is None:
        return timezone.now().date() if type(field) is models.DateField else timezone.now()
    others: dict[type, Callable[[], Any]] = {
        bool: lambda: not value,
        int: lambda: value + 90,
        str: lambda: f"{value}x",
        date: lambda: value - timedelta(days=1),
        datetime: lambda: value + timedelta(days=1 if field.name == "ended_at" else -1),
        uuid.UUID: uuid.uuid4,
        list: lambda: [*value, "x"],
    }
    return others[type(value)]()


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


# --- Pins and stored files, which are told with the rows that hold them --------------------------------------------


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
        last = Access.objects.latest("pk")
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
