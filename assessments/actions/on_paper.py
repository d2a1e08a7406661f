"""Actions on paper: those of a portfolio, those of a centre, and the paper that a hand fills in."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.dateformat import format as formatted

from assessments.actions.selectors import criteria_in_words
from assessments.models import Action, ActionState, ActionStep, Binding
from assessments.standing.action_record import ActionRecord, due_first, records_of_all
from centres.models import Centre
from centres.on_paper import DAY, at_centre, centre_fact
from portfolio.models import Registration
from portfolio.models.evidence_number import evidence_number
from portfolio.on_paper import Facts, facts_to_fill, portfolio_facts
from printing.papers import Column, Paper, SignatureLine, Table
from standards.published import revision_row

COLUMNS = (
    Column("To be done"),
    Column("About", "middle"),
    Column("Who", "middle"),
    Column("By", "narrow"),
    Column("Answer, and what was said of it"),
    Column("Stands", "narrow"),
)


def portfolio_actions(registration: Registration, actions: QuerySet[Action]) -> Paper:
    """Return what is printed of these actions of a portfolio."""
    return _paper(actions, f"Actions: {registration.candidate.name}", portfolio_facts(registration))


def centre_actions(centre: Centre, actions: QuerySet[Action], *, which: str) -> Paper:
    """Return what is printed of these actions of a centre; `which` says in words what was asked for."""
    return _paper(actions, f"Actions: {centre.name}", [centre_fact(centre), ("Shown", which)])


def blank_actions(centre: Centre) -> Paper:
    """Return the paper for a hand."""
    return Paper(
        title="Actions",
        heading="Actions",
        facts=facts_to_fill(centre, "Candidate", "Unit"),
        parts=[Table(columns=COLUMNS, empty=6)],
        signatures=[SignatureLine("Asked by, date"), SignatureLine("Agreed by, date")],
        is_wide=True,
    )


def actions_table(records: Iterable[ActionRecord], *, heading: str = "") -> Table:
    """Return the table of some actions, those that are due first on top."""
    rows = [_row(record) for record in due_first(records)]
    return Table(heading=heading, columns=COLUMNS, rows=rows, nothing="Nothing is asked of anybody.")


def _paper(actions: QuerySet[Action], title: str, facts: Facts) -> Paper:
    parts = [actions_table(records_of_all(actions))]
    return Paper(title=title, heading="Actions", facts=facts, parts=parts, is_wide=True)


def _row(record: ActionRecord) -> list[str]:
    action, centre = record.action, record.action.at_centre
    by = [formatted(action.due, DAY)] if action.due else []
    if action.binding != Binding.DATE:
        by.append(action.get_binding_display())
    who = [str(action.owner), f"Asked by {action.asker}, {at_centre(action.asked_at, centre)}"]
    if action.registration:
        who.append("The candidate reads it" if action.for_candidate else "Not for the candidate")
    return [
        action.text,
        "\n".join(about_in_words(action)),
        "\n".join(who),
        "\n".join(by),
        "\n".join(_said(step, centre) for step in record.said),
        "Overdue" if record.state == ActionState.OPEN and action.is_overdue() else str(record.state.label),
    ]


def about_in_words(action: Action) -> list[str]:
    """What an action is about: the candidate, the unit with its criteria, the evidence."""
    about = []
    if action.registration:
        about.append(action.registration.candidate.name)
    if action.candidate_unit:
        action.candidate_unit.revision = revision_row(action.candidate_unit.revision_id)
        about.append(", ".join([action.candidate_unit.revision.unit.code, *criteria_in_words(action)]))
    if action.evidence:
        about.append(f"Evidence {evidence_number(action.evidence.number)}")
    return about


def _said(step: ActionStep, centre: Centre) -> str:
    to = f" to {step.to}" if step.to else ""
    line = f"{step.get_kind_display()}{to}: {step.person}, {at_centre(step.made_at, centre)}"
    return f"{line}\n{step.words}" if step.words else line
