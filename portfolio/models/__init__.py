"""What the candidate says: registrations, the units in them, evidence and claims."""

from portfolio.models.access import Access
from portfolio.models.achieved_before import AchievedBefore, AchievedBeforeCheck, UnitCertificate
from portfolio.models.adjustments import Adjustment, AdjustmentKind
from portfolio.models.claims import Claim
from portfolio.models.evidence import (
    ArrivingFile,
    Evidence,
    EvidenceFile,
    EvidenceVersion,
    RemovedFile,
    StagedFile,
    StoredFile,
)
from portfolio.models.importing import Import, ImportRow, ImportRowState, ImportState
from portfolio.models.inductions import Induction, InductionText
from portfolio.models.interests import CONFLICTING, AllocationReason, Interest, InterestKind
from portfolio.models.particulars import RegistrationParticulars
from portfolio.models.people_in_files import People
from portfolio.models.qualification_rules import QualificationRules
from portfolio.models.registration_standings import RegistrationStanding, RegistrationState
from portfolio.models.registrations import (
    Allocation,
    CandidateUnit,
    Capacity,
    Participation,
    Registration,
    State,
    UnitVersion,
)
from portfolio.models.request_letters import RequestLetter
from portfolio.models.staff_certificates import StaffCertificate
from portfolio.models.testimony import (
    GivenOn,
    Reached,
    Relation,
    TakenDown,
    Testimony,
    TestimonyNote,
    TestimonyRequest,
    Witness,
    WitnessStanding,
)
from portfolio.models.waiting_work import WaitingWork, WorkKind, WorkLane, WorkState

__all__ = [
    "CONFLICTING",
    "Access",
    "AchievedBefore",
    "AchievedBeforeCheck",
    "Adjustment",
    "AdjustmentKind",
    "Allocation",
    "AllocationReason",
    "ArrivingFile",
    "CandidateUnit",
    "Capacity",
    "Claim",
    "Evidence",
    "EvidenceFile",
    "EvidenceVersion",
    "GivenOn",
    "Import",
    "ImportRow",
    "ImportRowState",
    "ImportState",
    "Induction",
    "InductionText",
    "Interest",
    "InterestKind",
    "Participation",
    "People",
    "QualificationRules",
    "Reached",
    "Registration",
    "RegistrationParticulars",
    "RegistrationStanding",
    "RegistrationState",
    "Relation",
    "RemovedFile",
    "RequestLetter",
    "StaffCertificate",
    "StagedFile",
    "State",
    "StoredFile",
    "TakenDown",
    "Testimony",
    "TestimonyNote",
    "TestimonyRequest",
    "UnitCertificate",
    "UnitVersion",
    "WaitingWork",
    "Witness",
    "WitnessStanding",
    "WorkKind",
    "WorkLane",
    "WorkState",
]
