"""Which row a column is changed in, and to what, where the first row and any value of its type would not do."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import models
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
    RecordPart,
    Return,
    Sheet,
    SheetAnswer,
    SheetLine,
    SheetTemplate,
    Signature,
)
from centres.guardians.models import ComingOfAge, GuardianConsent
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
from record.models import ChainKind
from record.services.documents import document_freeze
from record.services.events import chain_start
from tests.assessments.proof.tampering import (
    Change,
    earliest,
    elsewhere_too,
    first,
    owned,
    part_of,
    person,
    put_in,
    state_back,
    the_next_visit,
    the_open_request,
    the_other,
    the_talk,
    to,
    to_the_policy,
    unit_of_version,
)
from verification.models import (
    Case,
    CaseStep,
    MeetingMinutes,
    MonitoringAcknowledgement,
    MonitoringRecord,
    PlannedSample,
    PlanStep,
    SamplingPlan,
    SamplingPolicy,
    SamplingRecord,
    Visit,
    VisitAction,
    VisitAsk,
    VisitMark,
    VisitReport,
    VisitSample,
)

OTHERWISE: dict[tuple[type[models.Model], str], Change] = {
    (User, "email"): first(User, email="other@harbour.example"),
    (Centre, "chain"): lambda world: (world.registration.centre, {"chain": chain_start(ChainKind.CENTRE)}),
    (Centre, "candidate_word"): first(Centre, candidate_word="learner"),
    (Centre, "internal_verifier_word"): first(Centre, internal_verifier_word="IQA"),
    (Centre, "external_verifier_word"): first(Centre, external_verifier_word="EQA"),
    (Membership, "user"): to(Membership, "user", person("Bob"), role="coordinator"),
    (Membership, "centre"): to(Membership, "centre", lambda world: world.elsewhere.centre, user__name="Pat Candidate"),
    (User, "candidate_number"): to(User, "candidate_number", lambda _: "0043", candidate_number="0042"),
    (User, "number_centre"): to(User, "number_centre", lambda world: world.elsewhere.centre, candidate_number="0042"),
    (ComingOfAge, "centre"): to(ComingOfAge, "centre", lambda world: world.elsewhere.centre),
    (ComingOfAge, "user"): to(ComingOfAge, "user", person("Bob")),
    (ComingOfAge, "author"): to(ComingOfAge, "author", person("Bob")),
    (GuardianConsent, "centre"): to(GuardianConsent, "centre", lambda world: world.elsewhere.centre),
    (GuardianConsent, "user"): to(GuardianConsent, "user", person("Bob")),
    (GuardianConsent, "author"): to(GuardianConsent, "author", person("Bob")),
    (GuardianConsent, "withdrawn_by"): to(GuardianConsent, "withdrawn_by", person("Bob"), withdrawn_at__isnull=False),
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
    (CentrePolicy, "second_step_roles"): to(CentrePolicy, "second_step_roles", lambda _: "assessor", number=1),
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
    (Case, "centre"): to(Case, "centre", lambda world: world.elsewhere.centre),
    (Case, "chain"): to(Case, "chain", lambda world: world.elsewhere.chain),
    (Case, "registration"): to(Case, "registration", lambda world: world.elsewhere),
    (Case, "candidate_unit"): to(Case, "candidate_unit", the_other),
    (Case, "judgement"): to(Case, "judgement", lambda _: Judgement.objects.latest("pk")),
    (Case, "kind"): first(Case, kind="complaint", judgement=None),
    (Case, "about"): to(Case, "about", person("Bob")),
    (Case, "raised_by"): to(Case, "raised_by", person("Cora")),
    (Case, "on_behalf"): first(Case, on_behalf="His mother", raised_as="coordinator"),
    (Case, "handler"): to(Case, "handler", person("Cora")),
    (Case, "ended_at"): lambda world: (owned(world, Case)[0], {"ended_at": timezone.now(), "due": None}),
    (CaseStep, "case"): lambda world: (
        owned(world, CaseStep)[0],
        {"case": Case.objects.get(kind="complaint"), "number": 9},
    ),
    (CaseStep, "kind"): first(CaseStep, kind="to_panel"),
    (CaseStep, "person"): to(CaseStep, "person", person("Cora")),
    (CaseStep, "to"): to(CaseStep, "to", person("Cora")),
    (CaseStep, "outcome"): to(CaseStep, "outcome", lambda _: "in_part", outcome="not_upheld"),
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
    **{
        (model, "visit"): to(model, "visit", the_next_visit)
        for model in (VisitSample, VisitReport, VisitAction, VisitAsk)
    },
    (VisitAsk, "action"): to(VisitAsk, "action", lambda world: owned(world, Action)[0]),
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
