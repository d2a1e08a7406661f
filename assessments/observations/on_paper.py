"""A record on paper: signed, or blank with room for a hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assessments.models import DrawnName, RecordKind, RecordPart
from assessments.observations.selectors import words_of
from centres.models import Centre
from centres.on_paper import MOMENT, at_centre
from portfolio.files.written_parts import WrittenPart
from portfolio.models import CandidateUnit
from portfolio.models.evidence_number import evidence_number
from portfolio.on_paper import facts_to_fill, portfolio_facts, unit_facts
from printing.papers import Column, Paper, SignatureLine, Table, WritingRoom
from printing.pdf import printed_pdf
from standards.naming import names_in
from standards.parts import parts_in
from standards.published import published_content

TEMPLATE = "assessments/print/record.html"
STYLE_SHEET = "record.css"
# What a hand fills in on a blank, by kind: the line on its own, then the room for words.
ROOM = {
    RecordKind.OBSERVATION: ("What was seen",),
    RecordKind.DISCUSSION: ("Point, and what was said",) * 4,
    RecordKind.QUESTIONING: ("Question, and answer",) * 4,
    RecordKind.PRIOR_LEARNING: ("What was achieved, and when", "Paper that shows it", "Current? Yes / no, and why"),
}
SIGNED_BY_HAND = (
    SignatureLine("Assessor, date"),
    SignatureLine("Candidate, date: I have seen this and agree / do not agree"),
)
SESSION_LINES = ("Where", "Day, from and to", "How: in person / by live video / from a recording", "Who else was there")


@dataclass(frozen=True, kw_only=True)
class RecordOnPaper:
    """What stands on the paper. A blank has `room` instead of `parts`, and criteria with a square before each."""

    title: str
    facts: Sequence[tuple[str, str]]
    parts: Sequence[WrittenPart] = ()
    room: Sequence[str] = ()
    criteria: Sequence[tuple[str, Sequence[tuple[str, str]]]] = ()  # by heading: code and words of each
    signatures: Sequence[SignatureLine] = ()
    words: str = ""  # the candidate's
    name: DrawnName | None = None  # that the candidate drew on the device


def signed_on_paper(part: RecordPart) -> RecordOnPaper | None:
    """What is printed of a signed record; None where the server has lost its words."""
    written = words_of(part)
    if written is None:
        return None
    registration, record = part.registration, part.record
    said = getattr(part, "acknowledgement", None)
    acknowledged, words = "Not yet seen by the candidate", ""
    if said:
        agreed = "Seen and agreed" if said.agrees else "Seen, and not agreed"
        acknowledged, words = f"{agreed}, {_moment(part, said.made_at)}", said.words
    return RecordOnPaper(
        title=record.get_kind_display(),
        facts=[
            *portfolio_facts(registration),
            ("Evidence", evidence_number(part.evidence.number)),
            ("Assessor", record.author.name),
        ],
        parts=written,
        signatures=[
            SignatureLine(f"Assessor: {record.author.name}", f"Signed {_moment(part, record.signed_at)}"),
            SignatureLine(f"Candidate: {registration.candidate.name}", acknowledged),
        ],
        words=words,
        name=getattr(part, "drawn_name", None),
    )


def blank_on_paper(unit: CandidateUnit, kind: RecordKind) -> RecordOnPaper:
    """What is printed for a hand to fill in: the unit's criteria, to tick."""
    content = published_content(unit.revision)
    names = names_in(content)
    lines = SESSION_LINES if kind != RecordKind.PRIOR_LEARNING else ()
    return RecordOnPaper(
        title=kind.label,
        facts=[
            *unit_facts(unit),
            ("Assessor", ""),
            *((line, "") for line in lines),
        ],
        room=ROOM[kind],
        criteria=[
            (part.title, [(names[item.kind, item.position].code, item.text) for item in part.columns])
            for part in parts_in(content)
            if part.columns
        ],
        signatures=SIGNED_BY_HAND,
    )


def blank_record(centre: Centre, kind: RecordKind) -> Paper:
    """Return what is printed for a hand that names the unit and its criteria as well."""
    lines = SESSION_LINES if kind != RecordKind.PRIOR_LEARNING else ()
    shows = (Column("Criterion", "middle"), Column("What shows it"), Column("Minute or place", "middle"))
    return Paper(
        title=kind.label,
        heading=kind.label,
        facts=facts_to_fill(centre, "Candidate", "Unit", "Assessor", *lines),
        parts=[
            *(WritingRoom(heading=heading, is_tall=len(ROOM[kind]) == 1) for heading in ROOM[kind]),
            Table(heading="What it shows", columns=shows, empty=8),
        ],
        signatures=SIGNED_BY_HAND,
    )


def record_pdf(printed: RecordOnPaper, *, title: str) -> bytes:
    """Return it as a PDF. A character that no font has is printed as its number. Raises PrintError."""
    context = {"printed": printed}
    return printed_pdf(TEMPLATE, context, title=title, style_sheet=STYLE_SHEET)


def _moment(part: RecordPart, at: datetime) -> str:
    return at_centre(at, part.registration.centre, MOMENT)
