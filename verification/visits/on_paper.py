"""A visit on paper: its sample, the marks, the dates, and what the report asks for; or blank."""

from assessments.standing.action_record import ActionRecord
from centres.models import Centre
from centres.on_paper import at_centre, centre_fact
from portfolio.on_paper import facts_to_fill
from printing.papers import Column, Paper, SignatureLine, Table
from verification.days import in_words
from verification.models import VisitAction, VisitMark
from verification.visits.selectors import SampledUnit, WholeVisit

SAMPLE = (
    Column("Candidate", "middle"),
    Column("Unit"),
    Column("Stage", "narrow"),
    Column("Assessor", "middle"),
    Column("Internal verifier", "middle"),
    Column("Looked at", "wide"),
)
ACTIONS = (Column("To be done"), Column("By, and who", "middle"), Column("Done", "wide"))
SIGNATURES = (SignatureLine("External verifier, date"), SignatureLine("Centre coordinator, date"))


def visit_paper(whole: WholeVisit) -> Paper:
    """Return what is printed of a visit."""
    visit = whole.visit
    begins, centre = at_centre(visit.begins_at, visit.centre), visit.centre
    parts = [
        Table(
            heading="Sample",
            columns=SAMPLE,
            rows=[_sampled(unit, centre) for unit in whole.sample],
            nothing="Nothing is in the sample.",
        )
    ]
    if whole.asked or whole.actions:
        rows = [_asked(record, centre) for record in whole.asked]
        rows += [_action(action, centre) for action in whole.actions]
        parts.append(Table(heading="What the report asks for", columns=ACTIONS, rows=rows))
    return Paper(
        title=f"Visit to {centre} · {begins}",
        heading=f"Visit to {centre}",
        facts=[
            centre_fact(centre),
            ("External verifier", visit.verifier.name),
            ("From and to", f"{begins} to {in_words(visit.last_day)}"),
            ("Opened", f"by {visit.opened_by}, {at_centre(visit.opened_at, centre)}"),
        ],
        parts=parts,
        signatures=SIGNATURES,
        is_wide=True,
    )


def blank_visit(centre: Centre) -> Paper:
    """Return a visit for a hand."""
    return Paper(
        title="Visit of an external verifier",
        heading="Visit of an external verifier",
        facts=facts_to_fill(centre, "External verifier", "From and to"),
        parts=[
            Table(heading="Sample", columns=SAMPLE, empty=7),
            Table(heading="What the report asks for", columns=ACTIONS, empty=5),
        ],
        signatures=SIGNATURES,
        is_wide=True,
    )


def _sampled(unit: SampledUnit, centre: Centre) -> list[str]:
    return [
        f"{unit.candidate}\n{unit.number}".strip(),
        unit.name,
        unit.stage,
        unit.assessor or "nobody",
        unit.verifier or "nobody",
        "\n".join(_mark(mark, centre) for mark in unit.marks) or "not yet",
    ]


def _mark(mark: VisitMark, centre: Centre) -> str:
    return f"{mark.initials} {at_centre(mark.made_at, centre)}\n{mark.note}".strip()


def _asked(record: ActionRecord, centre: Centre) -> list[str]:
    action, said = record.action, [str(record.state.label)]
    if answer := record.answer:
        said += [answer.words, f"{answer.person}, {at_centre(answer.made_at, centre)}"]
    return [action.text, f"{in_words(action.due) if action.due else ''}\n{action.owner}", "\n".join(said)]


def _action(action: VisitAction, centre: Centre) -> list[str]:
    done = (
        f"{action.done_words}\n{action.done_by}, {at_centre(action.done_at, centre)}" if action.done_at else "not yet"
    )
    return [action.words, in_words(action.due), done.strip()]
