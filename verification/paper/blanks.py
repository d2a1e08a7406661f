"""The forms that a hand fills in, each by its name in addresses."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from assessments.actions.on_paper import blank_actions
from assessments.feedback.on_paper import blank_feedback
from assessments.models import RecordKind
from assessments.observations.on_paper import blank_record
from centres.models import Centre
from portfolio.testimony.list_on_paper import blank_witness_list
from printing.papers import Paper
from verification.sampling.on_paper import blank_sampling
from verification.sampling.plan_on_paper import blank_plan
from verification.visits.on_paper import blank_visit


class Blank(NamedTuple):
    """A blank form: what it is called, who fills it in, and what makes it for a centre."""

    called: str
    by: str
    paper: Callable[[Centre], Paper]


BLANKS: Mapping[str, Blank] = {
    **{
        kind.value.replace("_", "-"): Blank(kind.label, "the assessor", partial(blank_record, kind=kind))
        for kind in RecordKind
    },
    "witnesses": Blank("Witness list", "the {candidate}", blank_witness_list),
    "feedback": Blank("Feedback", "the assessor", blank_feedback),
    "actions": Blank("Actions", "whoever asks", blank_actions),
    "sampling-plan": Blank("Sampling plan", "the {internal_verifier}", blank_plan),
    "sampling": Blank("Record of sampling", "the {internal_verifier}", blank_sampling),
    "visit": Blank("Visit", "the {external_verifier}", blank_visit),
}
