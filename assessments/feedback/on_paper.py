"""The feedback on a unit, on paper, and the paper that a hand fills in."""

from assessments.feedback.selectors import feedback_on_unit
from assessments.models import Feedback
from centres.models import Centre
from centres.on_paper import MOMENT, at_centre
from portfolio.models import CandidateUnit
from portfolio.models.evidence_number import evidence_number
from portfolio.on_paper import facts_to_fill, unit_facts
from printing.papers import Column, Paper, SignatureLine, Table, WritingRoom

COLUMNS = (Column("When", "narrow"), Column("Who", "middle"), Column("On", "narrow"), Column("What was said"))


def feedback_paper(unit: CandidateUnit) -> Paper:
    """Return what is printed of the feedback on a unit and the evidence in it, the oldest first."""
    rows = [_row(said, unit) for said in reversed(feedback_on_unit(unit))]
    return Paper(
        title=f"Feedback: {unit.registration.candidate.name}, {unit.revision.unit.code}",
        heading="Feedback",
        facts=unit_facts(unit),
        parts=[Table(columns=COLUMNS, rows=rows, nothing="No feedback was given yet.")],
    )


def blank_feedback(centre: Centre) -> Paper:
    """Return the paper for a hand."""
    return Paper(
        title="Feedback",
        heading="Feedback",
        facts=facts_to_fill(centre, "Candidate", "Unit", "Evidence", "Assessor"),
        parts=[
            WritingRoom(heading="What is good"),
            WritingRoom(heading="What is missing"),
            WritingRoom(heading="What the candidate says"),
        ],
        signatures=[SignatureLine("Assessor, date"), SignatureLine("Candidate, date")],
    )


def _row(said: Feedback, unit: CandidateUnit) -> list[str]:
    return [
        at_centre(said.made_at, unit.registration.centre, MOMENT),
        said.author.user.name,
        f"Evidence {evidence_number(said.evidence.number)}" if said.evidence else "The unit",
        said.words,
    ]
