"""The form of every published unit, blank and filled: the PDF is read back and every code is found in its order."""

import re
from collections.abc import Iterator

import pypdfium2
import pytest
from django.conf import settings

from assessments.recording_form.document import blank_document
from assessments.recording_form.pdf import recording_form_pdf
from assessments.recording_form.tables import split_columns
from assessments.recording_form.wide import COLUMNS_OF_NARROW
from standards.content import CriterionContent, UnitContent
from standards.fixtures import read_fixtures
from tests.assessments.recording_form.sample import DIGEST, NAMES, claim, person, piece, signature

UNITS = {fixture.content.address: fixture.content for fixture in read_fixtures(settings.BASE_DIR / "fixtures").units}
# One of each framework and the one with the most criteria at once, the others in their time.
SHOWN_FIRST = {
    *{address.partition(":")[0]: address for address in UNITS}.values(),
    max(UNITS, key=lambda address: len(UNITS[address].criteria)),
}
MARGIN = 20.0  # points: what an office printer leaves white
TOUCH = 0.6  # points by which the boxes of two lines of text may touch

Box = tuple[float, float, float, float]


def filled_document(unit: UnitContent) -> dict:
    """The unit countersigned, with six pieces that claim a good part of it each, one of them kept elsewhere."""
    pieces = [piece(number) for number in range(1, 7)]
    pieces[4] |= {"location": "Locked cabinet in the back office", "relevance": "Customer file, may not be copied"}
    claims = [
        claim(1 + place % 6, item.kind, item.position, "met", where=f"page {place % 9 + 1}" if place % 4 == 0 else "")
        for place, item in enumerate(unit.claimable)
    ]
    by = {"id": person("assessor")["id"], "name": NAMES["assessor"]}
    return blank_document(unit) | {
        "stage": "countersignature",
        "centre": {"id": "1", "name": "Harbour College", "number": "12345", "time_zone": "Europe/London"},
        "candidate": {"id": "2", "name": "Amara Okafor", "number": "C-1001"},
        "evidence": pieces,
        "claims": claims,
        "statements": [
            {"text": statement, "by": by, "at": "2026-11-14T10:00:00Z"} for statement in unit.rules.statements
        ],
        "notes": [{"by": person("assessor"), "text": "Sound work.", "at": "2026-11-17T10:00:00Z"}],
        "signatures": [signature("submission"), signature("sign_off")],
        "signing": {
            "stage": "countersignature",
            "signer": person("internal_verifier"),
            "declaration": "I have verified it.",
            "comment": "",
            "at": "2026-11-18T10:00:00Z",
        },
    }


@pytest.mark.parametrize(
    ("address", "at_most"), [("cvq:U00306", 4), ("cvq:U09602", 3), ("cvq:U13102", 3), ("nvq:B10", 4)]
)
def test_a_form_wastes_no_paper_and_signatures_are_never_alone_on_a_page(address, at_most):
    """With eight columns a table everywhere, these took 15, 7, 8 and 5 pages."""
    pdf = recording_form_pdf(filled_document(UNITS[address]), digest=DIGEST)
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]

    assert len(pages) <= at_most
    [signed] = [page for page in pages if "Internal verifier’s signature" in page]
    assert re.search(r"\bNo\b|What the codes stand for", signed)


@pytest.mark.parametrize(
    "address", [pytest.param(each, marks=[] if each in SHOWN_FIRST else pytest.mark.long) for each in UNITS]
)
def test_every_form_has_every_code_in_order_and_nothing_cut_off_or_overlapping(address):
    unit = UNITS[address]
    for pdf in (
        recording_form_pdf(blank_document(unit), digest=None),
        recording_form_pdf(filled_document(unit), digest=DIGEST),
    ):
        tokens: list[str] = []
        with pypdfium2.PdfDocument(pdf) as document:
            for page in document:
                text = page.get_textpage()
                tokens += text.get_text_range().split()
                boxes = [text.get_rect(place) for place in range(text.count_rects())]
                assert cut_off(boxes, *page.get_size()) == []
                assert overlapping(boxes) == []
        at = 0
        for words in expected(unit):
            at = find(words.split(), tokens, at)


def expected(unit: UnitContent) -> Iterator[str]:
    """What stands on the form, in its order: the codes over each table, what is stated, the words of the criteria."""
    yield f"Unit {unit.code}"
    wide = len(unit.claimable) > COLUMNS_OF_NARROW
    if not wide:
        for criteria in (unit.performance, unit.knowledge):
            yield from heads([code_of(item, criteria) for item in criteria if item.is_tickable])
    yield "Notes/Comments"
    yield "Internal verifier’s signature"
    if not wide:
        yield from heads([code_of(item, unit.evidence) for item in unit.evidence if item.is_claimable])
    yield from unit.rules.statements
    explained = [item for item in unit.criteria if item.is_tickable and not item.code.startswith(unit.code)]
    for item in explained:
        yield f"{code_of(item, unit.of_kind(item.kind))} {item.text}"


def code_of(item: CriterionContent, among: tuple[CriterionContent, ...]) -> str:
    """The code as the source prints it: 2a for a of 2, A (i) for i of the category A."""
    parent = next((one.code for one in among if one.position == item.parent), "")
    if item.kind == "range":
        return f"{parent} ({item.code})"
    return f"{parent}{item.code}"


def heads(codes: list[str]) -> Iterator[str]:
    """The codes over each table of eight at most."""
    start = 0
    for size in split_columns(len(codes)):
        yield " ".join(codes[start : start + size])
        start += size


def find(words: list[str], tokens: list[str], start: int) -> int:
    """Where these words end that stand one after the other behind `start`."""
    for place in range(start, len(tokens) - len(words) + 1):
        if tokens[place] == words[0] and tokens[place : place + len(words)] == words:
            return place + len(words)
    raise AssertionError(f"{' '.join(words)!r} does not stand behind {' '.join(tokens[max(0, start - 8) : start])!r}")


def cut_off(boxes: list[Box], width: float, height: float) -> list[Box]:
    """The lines of text that leave the printed part of the page."""
    return [
        box
        for box in boxes
        if box[0] < MARGIN or box[1] < MARGIN or box[2] > width - MARGIN or box[3] > height - MARGIN
    ]


def overlapping(boxes: list[Box]) -> list[tuple[Box, Box]]:
    """The pairs of lines of text that lie on one another."""
    found = []
    by_left = sorted(boxes)
    for place, one in enumerate(by_left):
        for other in by_left[place + 1 :]:
            if other[0] > one[2] - TOUCH:
                break
            if min(one[3], other[3]) - max(one[1], other[1]) > TOUCH:
                found.append((one, other))
    return found
