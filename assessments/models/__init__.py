"""What others say of a portfolio: judgements, returns, signatures, and the final forms."""

from assessments.models.judgements import NEEDS_A_REASON, REASON_AT_MOST, AssessorStatement, Judgement, Outcome
from assessments.models.not_shown import REFERENCE_AT_MOST, NotShown, NotShownAnswer
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
    "REFERENCE_AT_MOST",
    "AssessorStatement",
    "FinalForm",
    "Judgement",
    "NotShown",
    "NotShownAnswer",
    "Opening",
    "Outcome",
    "PinnedEvidence",
    "Return",
    "Signature",
    "Stage",
    "Standing",
    "Turn",
    "UnitProgress",
]
