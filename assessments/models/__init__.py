"""What others say of a portfolio: judgements, returns, signatures, and the final forms."""

from assessments.models.actions import (
    ENDS,
    MAY_FOLLOW,
    Action,
    ActionState,
    ActionStep,
    Binding,
    Origin,
    StepKind,
    state_after,
    today_at,
)
from assessments.models.drawn_names import LINES_AT_MOST, NAME_AT_MOST, DrawnName
from assessments.models.feedback import Feedback
from assessments.models.judgements import NEEDS_A_REASON, REASON_AT_MOST, AssessorStatement, Judgement, Outcome
from assessments.models.not_shown import REFERENCE_AT_MOST, NotShown, NotShownAnswer
from assessments.models.observations import (
    Acknowledgement,
    AssessorRecord,
    Medium,
    RecordDraft,
    RecordKind,
    RecordPart,
)
from assessments.models.openings import Opening
from assessments.models.plans import (
    MetHow,
    Sheet,
    SheetAnswer,
    SheetDraft,
    SheetKind,
    SheetLine,
    SheetTemplate,
)
from assessments.models.print_jobs import JobState, Packing, PartState, PrintJob, PrintPart
from assessments.models.questions import Question
from assessments.models.reports import CentreDay
from assessments.models.signatures import (
    CONFIRMED_BY,
    CONFIRMS,
    FinalForm,
    PinnedEvidence,
    Return,
    Signature,
    Stage,
)
from assessments.models.standings import NOBODYS, Standing, Turn, UnitProgress

__all__ = [
    "CONFIRMED_BY",
    "CONFIRMS",
    "ENDS",
    "LINES_AT_MOST",
    "MAY_FOLLOW",
    "NAME_AT_MOST",
    "NEEDS_A_REASON",
    "NOBODYS",
    "REASON_AT_MOST",
    "REFERENCE_AT_MOST",
    "Acknowledgement",
    "Action",
    "ActionState",
    "ActionStep",
    "AssessorRecord",
    "AssessorStatement",
    "Binding",
    "CentreDay",
    "DrawnName",
    "Feedback",
    "FinalForm",
    "JobState",
    "Judgement",
    "Medium",
    "MetHow",
    "NotShown",
    "NotShownAnswer",
    "Opening",
    "Origin",
    "Outcome",
    "Packing",
    "PartState",
    "PinnedEvidence",
    "PrintJob",
    "PrintPart",
    "Question",
    "RecordDraft",
    "RecordKind",
    "RecordPart",
    "Return",
    "Sheet",
    "SheetAnswer",
    "SheetDraft",
    "SheetKind",
    "SheetLine",
    "SheetTemplate",
    "Signature",
    "Stage",
    "Standing",
    "StepKind",
    "Turn",
    "UnitProgress",
    "state_after",
    "today_at",
]
