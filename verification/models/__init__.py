"""The tables of verification. Other apps import them from here."""

from verification.models.cases import Case, CaseKind, CaseOutcome, CaseStep, CaseStepKind
from verification.models.figures import KeptFigures
from verification.models.monitoring import (
    AgreedAction,
    MeetingAttendance,
    MeetingMinutes,
    MonitoringAcknowledgement,
    MonitoringKind,
    MonitoringMethod,
    MonitoringPoint,
    MonitoringRecord,
)
from verification.models.packs import PackFile, PackFileState, PackState, SubmissionPack
from verification.models.sampling import (
    PlannedSample,
    PlanStep,
    SampledClaim,
    SamplingPlan,
    SamplingPolicy,
    SamplingRecord,
)
from verification.models.sampling_choices import Method, SampleStage, SamplingChoices
from verification.models.visits import Visit, VisitAction, VisitAsk, VisitMark, VisitReport, VisitSample

__all__ = [
    "AgreedAction",
    "Case",
    "CaseKind",
    "CaseOutcome",
    "CaseStep",
    "CaseStepKind",
    "KeptFigures",
    "MeetingAttendance",
    "MeetingMinutes",
    "Method",
    "MonitoringAcknowledgement",
    "MonitoringKind",
    "MonitoringMethod",
    "MonitoringPoint",
    "MonitoringRecord",
    "PackFile",
    "PackFileState",
    "PackState",
    "PlanStep",
    "PlannedSample",
    "SampleStage",
    "SampledClaim",
    "SamplingChoices",
    "SamplingPlan",
    "SamplingPolicy",
    "SamplingRecord",
    "SubmissionPack",
    "Visit",
    "VisitAction",
    "VisitAsk",
    "VisitMark",
    "VisitReport",
    "VisitSample",
]
