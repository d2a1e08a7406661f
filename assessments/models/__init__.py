"""What others say of a portfolio: judgements, returns, signatures, and the final forms."""

from assessments.models.judgements import NEEDS_A_REASON, REASON_AT_MOST, AssessorStatement, Judgement, Outcome
from assessments.models.observations import (
    Acknowledgement,
    AssessorRecord,
    Medium,
    RecordDraft,
    RecordKind,
    RecordPart,
)
from assessments.models.openings import Opening
from assessments.models.signatures import (
    CONFIRMED_BY,
    CONFIRMS,
    FinalForm,
    PinnedEvidence,
    Return,
    Signature,
    Stage,
)
from assessments.models.standings import Standing, Turn, UnitProgress

__all__ = [
    "CONFIRMED_BY",
    "CONFIRMS",
    "NEEDS_A_REASON",
    "REASON_AT_MOST",
    "Acknowledgement",
    "AssessorRecord",
    "AssessorStatement",
    "FinalForm",
    "Judgement",
    "Medium",
    "Opening",
    "Outcome",
    "PinnedEvidence",
    "RecordDraft",
    "RecordKind",
    "RecordPart",
    "Return",
    "Signature",
    "Stage",
    "Standing",
    "Turn",
    "UnitProgress",
]
