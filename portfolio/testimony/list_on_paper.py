"""The list of witnesses on paper: who they are, how they are reached, and which evidence is theirs; or blank."""

from centres.models import Centre
from centres.words import Words
from portfolio.models import Registration
from portfolio.models.evidence_number import evidence_number
from portfolio.on_paper import facts_to_fill, portfolio_facts
from portfolio.testimony.selectors import WitnessLine, witnesses_in
from printing.papers import Column, Paper, SignatureLine, Table

COLUMNS = (
    Column("Name", "middle"),
    Column("Job", "middle"),
    Column("Relation to the candidate", "middle"),
    Column("Expert", "middle"),
    Column("Contact", "middle"),
    Column("Evidence, and how it was given"),
)
SPECIMEN = Column("Signature", "middle")


def witness_list(registration: Registration) -> Paper:
    """Return what is printed for a portfolio."""
    qualification = [("Qualification", str(registration.qualification))] if registration.qualification else []
    rows = [_row(line) for line in witnesses_in(registration, Words())]
    return Paper(
        title=f"Witnesses: {registration.candidate.name}",
        heading="Witness list",
        facts=[*portfolio_facts(registration), *qualification],
        parts=[Table(columns=COLUMNS, rows=rows, nothing="No witness has given a testimony yet.")],
        is_wide=True,
    )


def blank_witness_list(centre: Centre) -> Paper:
    """Return the list for a hand."""
    return Paper(
        title="Witness list",
        heading="Witness list",
        facts=facts_to_fill(centre, "Candidate", "Qualification"),
        parts=[Table(columns=[*COLUMNS, SPECIMEN], empty=6)],
        signatures=[SignatureLine("Candidate, date"), SignatureLine("Assessor, date")],
        is_wide=True,
    )


def _row(line: WitnessLine) -> list[str]:
    witness = line.witness
    by_word = "By their own word" if witness.is_expert else "No"
    return [
        witness.name,
        witness.role,
        witness.get_relation_display(),
        "Yes, accepted by the assessor" if line.is_accepted else by_word,
        witness.contact,
        " ".join(f"{evidence_number(piece.number)}. {how.sentence}".strip() for piece, how in line.pieces),
    ]
