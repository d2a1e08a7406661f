"""What was sampled of a unit on paper, and the paper that a hand fills in."""

from collections.abc import Sequence

from assessments.actions.on_paper import actions_table
from assessments.standing.action_record import ActionRecord, actions_in
from centres.models import Centre, Role
from centres.on_paper import MOMENT, at_centre
from portfolio.models import CandidateUnit
from portfolio.models.evidence_number import evidence_number
from portfolio.on_paper import Facts, facts_to_fill, unit_facts
from printing.papers import Column, Paper, Passage, SignatureLine, Table, WritingRoom
from standards.naming import names_in
from standards.published import published_content
from verification.models.sampling_choices import TESTS, Method
from verification.sampling.sample_page import PieceSampled, RecordShown, records_of

PIECES = (
    Column("Evidence", "narrow"),
    Column("Criteria looked at"),
    Column("Opened", "narrow"),
    Column("Exceptions", "wide"),
)
FOUND = (Column("What was asked", "wide"), Column("What was found"))
TESTED = (Column("The evidence is", "wide"), Column("Yes or no", "middle"), Column("Why"))


def sampling_of_unit(unit: CandidateUnit) -> Paper:
    """Return what is printed of the sampling of a unit: its records, and what verifiers asked for in it."""
    records = records_of(unit, names_in(published_content(unit.revision)))
    asked = [one for one in actions_in(unit) if one.action.asked_as == Role.INTERNAL_VERIFIER]
    return sampling_paper(unit, records, asked)


def sampling_paper(unit: CandidateUnit, records: Sequence[RecordShown], actions: Sequence[ActionRecord]) -> Paper:
    """Return what is printed of the records of a unit, the latest first, and what verifiers asked for in it."""
    parts: list[Table | Passage] = [part for one in records for part in _record(one, unit.registration.centre)]
    if not records:
        parts.append(Passage(words="This unit was not sampled yet."))
    if actions:
        parts.append(actions_table(actions, heading="What the internal verifier asked for"))
    return Paper(
        title=f"Sampling: {unit.registration.candidate.name}, {unit.revision.unit.code}",
        heading="Record of sampling",
        facts=unit_facts(unit),
        parts=parts,
        signatures=[_signature(one, unit.registration.centre) for one in records[:1]],
        is_wide=True,
    )


def blank_sampling(centre: Centre) -> Paper:
    """Return a record for a hand."""
    methods = " / ".join(Method.labels)
    return Paper(
        title="Record of sampling",
        heading="Record of sampling",
        facts=[
            *facts_to_fill(centre, "Candidate", "Unit", "Assessor", "Internal verifier"),
            ("Stage", "Interim / summative"),
            ("How", methods),
        ],
        parts=[
            Table(heading="What was looked at", columns=PIECES, empty=7),
            Table(heading="What was found", columns=TESTED, rows=[[test.capitalize(), "", ""] for test in TESTS]),
            WritingRoom(heading="Decision: agree / disagree, and why"),
            WritingRoom(heading="Actions: who, what, by when"),
        ],
        signatures=[SignatureLine("Internal verifier, date"), SignatureLine("Assessor, date")],
    )


def _record(one: RecordShown, centre: Centre) -> list[Table | Passage]:
    record = one.record
    stage = f"{record.get_stage_display()}, {at_centre(record.made_at, centre, MOMENT)}: {record.verifier.user}"
    facts: Facts = [("How", record.get_method_display())]
    if record.assessor:
        facts.append(("Assessor", record.assessor.name))
    if record.unit_version.number > 1:
        facts.append(("Version of the unit", str(record.unit_version.number)))
    facts += [(test.capitalize(), "No" if test in record.failed else "Yes") for test in TESTS]
    facts.append(("Decision", "Agreed" if record.agrees else "Disagreed"))
    parts: list[Table | Passage] = [
        Table(heading=stage, columns=PIECES, rows=[_piece(piece) for piece in one.pieces]),
        Table(columns=FOUND, rows=facts),
    ]
    return [*parts, Passage(heading="In words", words=record.words)] if record.words else parts


def _piece(piece: PieceSampled) -> list[str]:
    return [
        evidence_number(piece.number),
        ", ".join(piece.codes),
        "Yes" if piece.was_opened else "Not by then",
        "\n".join(f"{code}: {words}" for code, words in piece.exceptions),
    ]


def _signature(one: RecordShown, centre: Centre) -> SignatureLine:
    record = one.record
    return SignatureLine(
        f"Internal verifier: {record.verifier.user}", f"Recorded {at_centre(record.made_at, centre, MOMENT)}"
    )
