"""The Candidate Recording Form as plain values: what is where, from one canonical document. Pure.

The source is the last page of unit B10: a grid for the performance criteria, one "(continued)", one for
knowledge and understanding, then notes, the sentence of satisfaction and three signatures. What a standard
has beyond that (range, lettered evidence requirements, statements) follows on a continuation sheet.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from assessments.models.status import Status
from assessments.recording_form.adjusted import PrintedAdjustment, printed_adjustments
from assessments.recording_form.head import BLANK_FACTS, PrintedFact, candidate_fact, named, unit_fact
from assessments.recording_form.not_shown import PrintedNotShown, printed_not_shown
from assessments.recording_form.pieces import PrintedPieces, printed_pieces
from assessments.recording_form.tables import (
    PRINTED,
    PrintedKey,
    PrintedMark,
    PrintedSheet,
    PrintedTable,
    criteria_of,
    key_of,
    marks_of,
)
from assessments.recording_form.wide import WideTable, is_wide, wide_tables
from assessments.recording_form.words import (
    CAPACITIES,
    NOT_SAMPLED,
    SATISFACTION,
    characters_of,
    day,
    day_of,
    described,
    headline,
    is_long,
    isolated,
    printable,
)
from portfolio.models.evidence_number import evidence_number
from standards.in_words import PartNames
from standards.naming import names_of

FORMATS = (3, 4, 5)  # the form prints nothing of what came with 4; with 5 came adjustments and what was sampled
DIGEST_SHOWN = 12

# Rows to fill in by hand: under the grids of the form, on the continuation sheet, and of what is kept elsewhere.
BLANK_ROWS, BLANK_ROWS_FURTHER, BLANK_HOLDINGS = 5, 3, 3

SIGNATURES = (
    ("submission", "Candidate’s signature"),
    ("sign_off", "Assessor’s signature"),
    ("sign_off_confirmed", "Confirmed by an assessor with the award"),
    ("countersignature", "Internal verifier’s signature"),
    ("countersignature_confirmed", "Confirmed by a verifier with the award"),
)
CONFIRMS = {"sign_off_confirmed": "sign_off", "countersignature_confirmed": "countersignature"}


class FormError(ValueError):
    """The document cannot be printed; the message says why."""


@dataclass(frozen=True)
class Holding:
    """A piece that stays elsewhere: where it is and why it is relevant."""

    number: int
    location: str
    relevance: str

    @property
    def is_long(self) -> bool:
        """Whether its row may go on on the next page."""
        return is_long(self.location, self.relevance)


@dataclass(frozen=True)
class PrintedStatement:
    """What the assessor states in words; `by` and `on` are empty until then."""

    text: str
    by: str
    on: str


@dataclass(frozen=True)
class PrintedNote:
    """A comment given with a signature."""

    by: str
    on: str
    text: str


@dataclass(frozen=True)
class PrintedSignature:
    """One line to sign. `name`, `on` and `signed` (the start of the digest) are empty until it is signed."""

    label: str
    name: str = ""
    on: str = ""
    signed: str = ""


@dataclass(frozen=True)
class RecordingForm:
    """Everything on the form, in the order in which it is printed."""

    title: str
    unit: PrintedFact
    candidate: PrintedFact
    centre: PrintedFact
    is_draft: bool
    is_blank: bool
    legend: tuple[PrintedMark, ...]
    tables: tuple[PrintedTable, ...]
    wide_tables: tuple[WideTable, ...]  # instead of all others, where criteria are many
    notes: tuple[PrintedNote, ...]
    satisfaction: str
    assessors: tuple[str, ...]  # who judged; empty if that was only the one who signed it off
    signatures: tuple[PrintedSignature, ...]
    continuation_tables: tuple[PrintedTable, ...]
    statements: tuple[PrintedStatement, ...]
    adjustments: tuple[PrintedAdjustment, ...]
    not_shown: tuple[PrintedNotShown, ...]
    holdings: tuple[Holding, ...]
    pieces: PrintedPieces
    keys: tuple[PrintedKey, ...]  # the words of criteria whose codes say nothing
    unclaimed: tuple[int, ...]  # pieces without any claim; a draft says so, the final form leaves them out
    unprintable: tuple[str, ...]  # characters that no font has, by number and name
    blank_holdings: range  # empty rows for evidence held elsewhere
    last_signed_at: str  # UTC, or "" while it is a draft; dates the file

    @property
    def head(self) -> tuple[PrintedFact, ...]:
        """Whose form it is, of what, where."""
        return (self.unit, self.candidate, self.centre)

    @property
    def is_wide(self) -> bool:
        """Whether the list of the evidence comes first, and the grids have the numbers of the pieces alone."""
        return bool(self.wide_tables)

    @property
    def has_continuation(self) -> bool:
        """Whether something follows the signatures."""
        lists_pieces = not self.is_wide and bool(self.pieces.pieces or self.is_blank)
        return lists_pieces or any(
            (self.continuation_tables, self.statements, self.adjustments, self.not_shown, self.holdings,
             self.blank_holdings, self.keys, self.unprintable)
        )  # fmt: skip

    @property
    def blank_facts(self) -> tuple[str, ...]:
        """What else of the head a hand fills in."""
        return BLANK_FACTS if self.is_blank else ()

    @property
    def blank_rows(self) -> range:
        """The empty rows of a grid in which nothing is ticked."""
        return range(BLANK_ROWS if self.is_blank else 1)

    @property
    def blank_rows_further(self) -> range:
        """The same, on the continuation sheet."""
        return range(BLANK_ROWS_FURTHER if self.is_blank else 1)


def recording_form(document: dict[str, Any], *, digest: str | None, unprintable: Collection[str] = ()) -> RecordingForm:
    """Return the form that a canonical document, or one without a candidate (`blank_document`), prints as.

    `digest` is the document's own, or None while nobody has signed it. The document of the last signature
    shows only what was judged met, and leaves out pieces without a tick. Every other document shows claims and
    judgements by different marks. Until the countersignature has its digest the form is a draft.
    `unprintable` are the characters to write as their numbers.

    Raises FormError if the document has another format, or claims on pieces or criteria that it does not hold.
    """
    if document.get("format") not in FORMATS:
        formats = ", ".join(map(str, FORMATS))
        raise FormError(f"This form prints documents of the formats {formats}, not {document.get('format')!r}.")
    spelt_out = sorted(set(unprintable) & characters_of(document))
    document = printable(document, spelt_out)
    is_final = _is_final(document)
    is_blank = document["candidate"] is None
    is_signed = is_final and digest is not None and document["signing"] is not None

    claims = _claims_shown(document, final=is_final)
    marks = marks_of(claims)
    evidence = sorted(document["evidence"], key=lambda piece: piece["number"])
    on_form = {number for number, _ in marks}
    parts = PartNames(**document["parts"])
    criteria = criteria_of(document)
    names = names_of(criteria, element_word=parts.element.lower())
    sheet = PrintedSheet(
        criteria=criteria, names=names, element_word=parts.element.lower(), evidence=evidence, marks=marks
    )
    zone = _zone(document)
    return RecordingForm(
        title=_title(document, is_draft=not is_signed),
        unit=unit_fact(document),
        candidate=candidate_fact(document),
        centre=named("Centre", document["centre"]),
        is_draft=not is_signed and not is_blank,
        is_blank=is_blank,
        legend=_legend(is_blank=is_blank, is_final=is_final),
        **_grids(sheet, parts, document["unit"]["code"]),
        notes=_notes(document),
        satisfaction=_satisfaction(document),
        assessors=_assessors(document, claims),
        signatures=_signatures(document, digest),
        statements=_statements(document),
        adjustments=printed_adjustments(document),
        not_shown=tuple(printed_not_shown(document, criteria, names, zone)),
        holdings=_holdings(piece for piece in evidence if piece["number"] in on_form),
        pieces=printed_pieces(document, claims, criteria, names, zone),
        unclaimed=() if is_final else tuple(piece["number"] for piece in evidence if piece["number"] not in on_form),
        unprintable=tuple(described(character) for character in spelt_out),
        blank_holdings=range(BLANK_HOLDINGS if is_blank and document["held_elsewhere"] else 0),
        last_signed_at=document["signing"]["at"] if is_signed else "",
    )


def _grids(sheet: PrintedSheet, parts: PartNames, unit: str) -> dict[str, Any]:
    """The grids, and the words of the criteria where their codes ("1.1") do not name this unit."""
    titles = {
        "performance": headline(parts.criteria),
        "knowledge": headline(parts.knowledge),
        "range": headline(parts.range),
        "evidence": headline(parts.evidence),
    }
    wide = is_wide(sheet.criteria)

    def narrow(*kinds: str) -> tuple[PrintedTable, ...]:
        return () if wide else tuple(table for kind in kinds for table in sheet.tables(kind, titles[kind]))

    def says_nothing(kind: str) -> bool:
        return any(item.kind == kind and not item.code.startswith(unit) for item in sheet.criteria)

    return {
        "tables": narrow("performance", "knowledge"),
        "continuation_tables": narrow("range", "evidence"),
        "wide_tables": tuple(wide_tables(sheet, titles)) if wide else (),
        "keys": tuple(key for kind in titles if says_nothing(kind) for key in sheet.keys(kind, titles[kind])),
    }


def _claims_shown(document: dict[str, Any], *, final: bool) -> list[dict[str, Any]]:
    """The claims that put a mark on the form; all must point at pieces and criteria of the document."""
    pieces = {piece["number"] for piece in document["evidence"]}
    tickable = {(item["kind"], item["position"]) for item in document["criteria"] if item["tickable"]}
    for claim in document["claims"]:
        if claim["evidence"] not in pieces or key_of(claim) not in tickable:
            raise FormError(
                f"A claim of evidence {evidence_number(claim['evidence'])} on {key_of(claim)} has no place on the form."
            )
    return [claim for claim in document["claims"] if not final or claim["status"] == Status.MET]


def _holdings(pieces: Iterable[dict[str, Any]]) -> tuple[Holding, ...]:
    """The pieces held elsewhere. Why one is relevant can take a page, so it is given once and not in each grid."""
    return tuple(
        Holding(piece["number"], piece["location"], piece["relevance"]) for piece in pieces if piece["location"]
    )


def _legend(*, is_blank: bool, is_final: bool) -> tuple[PrintedMark, ...]:
    if is_blank:
        return ()
    shown = (Status.MET,) if is_final else (Status.CLAIMED, Status.MET, Status.PARTLY, Status.NOT_YET)
    return tuple(PRINTED[status] for status in shown)


def _title(document: dict[str, Any], *, is_draft: bool) -> str:
    title = f"Candidate Recording Form, {document['unit']['code']}"
    if document["candidate"] is None:
        return title
    title = f"{title}, {document['candidate']['name']}"
    return f"{title} (draft)" if is_draft else title


def _notes(document: dict[str, Any]) -> tuple[PrintedNote, ...]:
    given = list(document["notes"])
    if (signing := document["signing"]) and signing["comment"]:
        given.append({"by": signing["signer"], "text": signing["comment"], "at": signing["at"]})
    zone = _zone(document)
    return tuple(PrintedNote(_person(note["by"]), day_of(note["at"], zone), note["text"]) for note in given)


def _statements(document: dict[str, Any]) -> tuple[PrintedStatement, ...]:
    zone = _zone(document)
    return tuple(
        PrintedStatement(
            item["text"],
            isolated(item["by"]["name"]) if item["by"] else "",
            day_of(item["at"], zone) if item["at"] else "",
        )
        for item in document["statements"]
    )


def _satisfaction(document: dict[str, Any]) -> str:
    """Whom the candidate satisfied: not the verifier, where they released what the sampling plan left out."""
    for given in (*document["signatures"], document["signing"] or {}):
        if released := given.get("released_by_plan_of"):
            return NOT_SAMPLED.format(day=day(released))
    return SATISFACTION


def _assessors(document: dict[str, Any], claims: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    """The names of all whose judgements are on the form; none if they are all by the one who signed it off."""
    judges = [claim["judgement"]["by"] for claim in claims if claim["judgement"]]
    judged = {by["id"]: by["name"] for by in judges}
    signings = [*document["signatures"], document["signing"] or {}]
    signed = {signing["signer"]["id"] for signing in signings if signing.get("stage") == "sign_off"}
    return tuple(isolated(name) for name in sorted(judged.values())) if judged.keys() - signed else ()


def _signatures(document: dict[str, Any], digest: str | None) -> tuple[PrintedSignature, ...]:
    """The three lines, and one more below each signature that must be confirmed, or that a hand will give.

    The signature that this document was frozen for counts only together with its digest.
    """
    given = {signature["stage"]: signature for signature in document["signatures"]}
    if (signing := document["signing"]) and digest:
        given[signing["stage"]] = {**signing, "digest": digest}
    zone = _zone(document)
    return tuple(
        PrintedSignature(
            label,
            isolated(given[stage]["signer"]["name"]),
            day_of(given[stage]["at"], zone),
            given[stage]["digest"][:DIGEST_SHOWN],
        )
        if stage in given
        else PrintedSignature(label)
        for stage, label in SIGNATURES
        if stage not in CONFIRMS
        or document["candidate"] is None
        or given.get(CONFIRMS[stage], {}).get("needs_confirmation")
    )


def _is_final(document: dict[str, Any]) -> bool:
    """Whether it was frozen for the last signature that the unit needs."""
    if document["stage"] == "countersignature":
        return not (document["signing"] or {}).get("needs_confirmation")
    return bool(document["stage"] == "countersignature_confirmed")


def _zone(document: dict[str, Any]) -> str:
    return document["centre"]["time_zone"] if document["centre"] else "UTC"


def _person(person: dict[str, Any]) -> str:
    return f"{isolated(person['name'])}, {CAPACITIES[person['capacity']]}"
