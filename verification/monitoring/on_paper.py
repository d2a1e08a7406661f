"""What verifiers record, on paper: signed, or a blank with room for a hand. Papers keep the words of the domain."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import timezone

from centres.models import Centre
from portfolio.models.evidence_number import evidence_number
from printing.errors import MissingCharacters
from printing.pdf import render_pdf
from verification.days import in_words
from verification.models import MonitoringKind, MonitoringPoint, MonitoringRecord
from verification.monitoring.selectors import whole
from verification.monitoring.wordings import ASPECTS, WORDS

TEMPLATE = "verification/monitoring/on_paper.html"
STYLE_SHEET = "record.css"
BY_HAND = "Day, and how: in person / by video / by telephone"


@dataclass(frozen=True, kw_only=True)
class MonitoringOnPaper:
    """What stands on the paper: facts, then texts under headings. A blank has room instead, and squares to tick."""

    title: str
    facts: Sequence[tuple[str, str]]
    texts: Sequence[tuple[str, Sequence[tuple[str, str]]]] = ()  # by heading: what each is about, and the words
    squares: Sequence[str] = ()
    room: Sequence[str] = ()
    signatures: Sequence[tuple[str, str]] = ()  # whose, and what is said of it; empty for a hand


def record_on_paper(record: MonitoringRecord) -> MonitoringOnPaper:
    """What is printed of a signed record."""
    words, more = WORDS[MonitoringKind(record.kind)], whole(record)
    nothing = "No exception" if record.kind == MonitoringKind.OBSERVATION else ""
    texts: list[tuple[str, Sequence[tuple[str, str]]]] = [
        (words.points, [(_about(point), point.said or nothing) for point in more["points"]])
    ]
    if record.words:
        texts.append((words.words, [("", record.words)]))
    if more["actions"]:
        actions = [(f"{one.owner}, by {in_words(one.due)}", one.text) for one in more["actions"]]
        texts.append(("Actions", actions))
    signatures = [(f"Internal verifier: {record.verifier}", f"Signed {_moment(record, record.signed_at)}")]
    if record.assessor:
        said = getattr(record, "acknowledgement", None)
        seen = "Not yet read by the assessor"
        if said:
            seen = f"{'Read and agreed' if said.agrees else 'Read, and not agreed'}, {_moment(record, said.made_at)}"
            if said.words:
                texts.append(("What the assessor said", [("", said.words)]))
        signatures.append((f"Assessor: {record.assessor}", seen))
    return MonitoringOnPaper(
        title=record.get_kind_display(), facts=_facts(record, more["present"]), texts=texts, signatures=signatures
    )


def blank_on_paper(centre: Centre, kind: MonitoringKind, questions: Sequence[str]) -> MonitoringOnPaper:
    """What is printed for a hand to fill in."""
    asked = {
        MonitoringKind.INTERVIEW: ("Candidate",),
        MonitoringKind.OBSERVATION: ("Assessor", "What they were doing, and where", "Candidate and unit"),
        MonitoringKind.MEETING: ("Where", "Who was there"),
    }[kind]
    words = WORDS[kind]
    room = {
        MonitoringKind.INTERVIEW: questions,
        MonitoringKind.OBSERVATION: ("Exceptions",),
        MonitoringKind.MEETING: (f"{words.points}, and what each decided",) * 3,
    }[kind]
    signatures = [("Internal verifier, date", "")]
    if kind == MonitoringKind.OBSERVATION:
        signatures.append(("Assessor, date: I have read this and agree / do not agree", ""))
    return MonitoringOnPaper(
        title=str(kind.label),
        facts=[("Centre", centre.name), *((one, "") for one in (BY_HAND, *asked))],
        squares=ASPECTS if kind == MonitoringKind.OBSERVATION else (),
        room=(*room, words.words, "Actions: what, who, by when"),
        signatures=signatures,
    )


def record_pdf(printed: MonitoringOnPaper, *, title: str) -> bytes:
    """Return it as a PDF. A character that no font has is printed as its number. Raises PrintError."""
    context = {"printed": printed}
    try:
        return render_pdf(TEMPLATE, context, title=title, style_sheet=STYLE_SHEET)
    except MissingCharacters as missing:
        return render_pdf(TEMPLATE, context, title=title, style_sheet=STYLE_SHEET, unprintable=missing.characters)


def _facts(record: MonitoringRecord, present: Sequence[object]) -> list[tuple[str, str]]:
    unit = record.candidate_unit
    facts = [
        ("Centre", record.centre.name),
        ("When, and how", f"{in_words(record.day)}, {record.get_method_display().lower()}"),
        ("Where", record.place),
        ("Candidate", str(record.registration.candidate) if record.registration else ""),
        ("Assessor", str(record.assessor or "")),
        ("What they were doing", record.occasion),
        ("Candidate and unit", f"{unit.registration.candidate}, {unit.revision.unit.code}" if unit else ""),
        ("Who was there", ", ".join(str(person) for person in present)),
        ("And", record.others),
    ]
    return [(label, said) for label, said in facts if said]


def _about(point: MonitoringPoint) -> str:
    if not point.evidence:
        return point.asked
    number = evidence_number(point.evidence.number)
    return f"{point.asked} (evidence {number} of {point.evidence.registration.candidate})"


def _moment(record: MonitoringRecord, at: datetime.datetime) -> str:
    here = timezone.localtime(at, ZoneInfo(record.centre.time_zone))
    return f"{here.day} {here:%B %Y, %H:%M}"
