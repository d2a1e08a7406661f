"""What the candidate says: registrations, the units in them, evidence and claims."""

from portfolio.models.access import Access
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
from portfolio.models.interests import CONFLICTING, AllocationReason, Interest, InterestKind
from portfolio.models.people_in_files import People
from portfolio.models.registrations import (
    Allocation,
    CandidateUnit,
    Capacity,
    Participation,
    Registration,
    State,
    UnitVersion,
)
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
    "Interest",
    "InterestKind",
    "Participation",
    "People",
    "Reached",
    "Registration",
    "Relation",
    "RemovedFile",
    "StaffCertificate",
    "StagedFile",
    "State",
    "StoredFile",
    "TakenDown",
    "Testimony",
    "TestimonyNote",
    "TestimonyRequest",
    "UnitVersion",
    "WaitingWork",
    "Witness",
    "WitnessStanding",
    "WorkKind",
    "WorkLane",
    "WorkState",
]
