"""The form read back from the PDF, by pypdf and by poppler's pdftotext."""

import re
import subprocess
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pypdf
import pytest

from assessments.recording_form.pdf import STYLE_SHEET, final_form_pdf, recording_form_pdf
from printing import press
from printing.errors import MissingCharacters, PrintError
from printing.pdf import render_pdf
from tests.assessments.recording_form.sample import (
    DIGEST,
    KNOWLEDGE,
    PERFORMANCE,
    b10_document,
    claim,
    criterion,
    person,
    ugly_document,
)

NO_FONT_HAS_IT = "\U00050000"  # in a plane where Unicode has nothing


@pytest.fixture
def pages(tmp_path):
    """Prints a document and gives the text of each page as it stands on paper."""

    def printed(document, digest=DIGEST, *options):
        return text_of(recording_form_pdf(document, digest=digest), tmp_path, *options)

    return printed


@pytest.fixture
def template(settings, tmp_path):
    """Writes a template with the given body and gives its name."""
    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [tmp_path]}
    settings.TEMPLATES = [engine]

    def written(body):
        page = '<!doctype html><html lang="en"><title>{{ title }}</title>' + body
        (tmp_path / "form.html").write_text(page, encoding="utf-8")
        return "form.html"

    return written


def text_of(content, folder, *options):
    (folder / "form.pdf").write_bytes(content)
    command = ["pdftotext", *(options or ["-layout"]), folder / "form.pdf", "-"]
    text = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return text.removesuffix("\f").split("\f")


class Page(NamedTuple):
    """A page in points, with each word and its left, top, right and bottom edge."""

    width: float
    height: float
    words: list[tuple[str, float, float, float, float]]


def boxes_of(content, folder):
    layout = text_of(content, folder, "-bbox")[0]
    root = ElementTree.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", layout))  # noqa: S314 - our own print
    space = "{http://www.w3.org/1999/xhtml}"
    return [
        Page(
            float(page.attrib["width"]),
            float(page.attrib["height"]),
            [word_box(word) for word in page.iter(f"{space}word")],
        )
        for page in root.iter(f"{space}page")
    ]


def word_box(word):
    left, top, right, bottom = (float(word.attrib[edge]) for edge in ("xMin", "yMin", "xMax", "yMax"))
    return word.text or "", left, top, right, bottom


def codes(text):
    return re.findall(r"B10\.\d\.\d|B10[a-h]\b", text)


def test_every_code_is_printed_in_order_in_three_tables(pages):
    text = "\n".join(pages(b10_document(2, claims=[])))

    assert codes(text) == [*PERFORMANCE, *KNOWLEDGE]
    titles = re.findall(r"Performance Criteria \(continued\)|Performance Criteria|Knowledge and Understanding", text)
    assert titles == ["Performance Criteria", "Performance Criteria (continued)", "Knowledge and Understanding"]
    assert text.count("Description of evidence") == 4  # and once on the continuation sheet


@pytest.mark.long
@pytest.mark.parametrize("stage", ["countersignature", None])
@pytest.mark.parametrize("pieces", [0, 30])
def test_every_page_says_what_it_is_a_page_of(pages, pieces, stage):
    sheets = pages(b10_document(pieces, stage=stage), DIGEST if stage else None)

    for number, sheet in enumerate(sheets, 1):
        assert "B10 Organise the delivery of reliable customer service" in sheet
        assert "Amara Okafor" in sheet
        assert "Harbour Street Training Centre" in sheet
        assert f"Page {number} of {len(sheets)}" in sheet
        assert ("DRAFT" in sheet.replace(" ", "")) == (stage is None)


@pytest.mark.long
def test_head_rows_come_again_when_the_rows_run_over(pages):
    every_piece_ticks_the_first = [claim(number, "performance", 1) for number in range(1, 41)]
    sheets = pages(b10_document(40, claims=every_piece_ticks_the_first))

    with_rows = [sheet for sheet in sheets if re.search(r"^ *\d+ +(Answering|Rota|Testimony)", sheet, re.M)]
    assert len(with_rows) >= 3
    assert all(codes(sheet)[:7] == PERFORMANCE[:7] for sheet in with_rows)
    titles = "Answering|Rota|Testimony|How|E-mails|Telephone"
    numbers = [int(n) for sheet in with_rows for n in re.findall(rf"^ *(\d+) +(?:{titles})", sheet, re.M)]
    assert numbers == list(range(1, 41))


def test_twelve_pieces_fit_on_the_first_page(pages):
    claims = [claim(number, "performance", 1) for number in range(1, 13)]
    first = pages(b10_document(12, claims=claims))[0]

    assert re.findall(r"^ *(\d+)  +[A-Z]", first, re.M)[-1] == "12"


def test_a_piece_without_a_tick_is_left_out(pages):
    document = b10_document(2, claims=[claim(1, "performance", 1), claim(2, "performance", 2, "not_yet")])
    document["evidence"][1]["title"] = "Left out"

    assert not any("Left out" in sheet for sheet in pages(document))
    assert any("Left out" in sheet for sheet in pages({**document, "stage": None, "signing": None}, None))


def test_ticks_stand_under_their_codes(tmp_path):
    document = b10_document(1, claims=[claim(1, "performance", 3), claim(1, "performance", 7)])
    first = boxes_of(recording_form_pdf(document, digest=DIGEST), tmp_path)[0]
    middle = {
        word: [(left + right) / 2 for text, left, _, right, _ in first.words if text == word]
        for word in ("B10.1.3", "B10.2.4", "✓")
    }

    in_the_grid = middle["✓"][:2]
    assert in_the_grid == pytest.approx(middle["B10.1.3"] + middle["B10.2.4"], abs=1)


def test_signatures_notes_and_digests_are_on_paper(pages):
    document = b10_document(3)
    text = "\n".join(pages(document))

    assert "The candidate has satisfied the assessor and internal verifier" in text
    assert "No action." in text
    for name, day in (("Amara Okafor", 16), ("David Brennan", 17), ("Priya Raman", 21)):
        assert re.search(rf"{name} +Date {day} Nov 2026", text)
    for signed in (*(signature["digest"] for signature in document["signatures"]), DIGEST):
        assert f"Signed record {signed[:12]}" in text
        assert signed[:13] not in text


@pytest.mark.long
@pytest.mark.parametrize("stage", ["countersignature", None])
def test_nothing_is_cut_off_at_the_edge_of_the_page(tmp_path, stage):
    for page in boxes_of(recording_form_pdf(ugly_document(stage), digest=DIGEST), tmp_path):
        assert page.width > page.height  # landscape
        for text, left, top, right, bottom in page.words:
            assert 30 < left <= right < page.width - 30, text
            assert 15 < top < bottom < page.height - 15, text


@pytest.mark.long
def test_what_people_type_is_printed_as_text_in_every_script(pages):
    text = re.sub(r"\s+", " ", " ".join(pages(ugly_document(), DIGEST, "-raw")))

    assert '<script>alert(1)</script> & <b>bold</b> "quoted" {{ form }}' in text
    assert "Łódź ẞ Журнал Ελλάδα" in text  # in four files of one typeface: one must not print as another
    assert "客户服务记录与改进报告" in text
    assert "invoicefdp.exe" in text


@pytest.mark.parametrize("title", ["Łódź Журнал Ελλάδα", "Nguyễn Thị Hồng Trần", "Ọkọ́rọ̀ ẹ̀kọ́ ọ m̀", "1->2, 3x4 <= (c)"])
def test_letters_are_printed_in_our_typeface_and_read_back_as_they_were_typed(tmp_path, title):
    """Accents that stand apart in the font among them, and what a font would like to join."""
    document = b10_document(1, claims=[claim(1, "performance", 1)])
    document["evidence"][0]["title"] = title
    (tmp_path / "form.pdf").write_bytes(recording_form_pdf(document, digest=DIGEST))
    page: Any = pypdf.PdfReader(tmp_path / "form.pdf").pages[0]
    names = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}

    assert {name.partition("+")[2] for name in names} == {"Inter-on-paper", "Inter-on-paper-Semi-Bold", "Outcomes"}
    assert "".join(title.split()) in "".join(page.extract_text().split())


@pytest.mark.long
def test_a_long_comment_and_a_long_relevance_are_printed_to_their_last_word(pages):
    document = b10_document(1, claims=[claim(1, "performance", 1)])
    document["evidence"][0].update(location="Safe", relevance="because " * 3000 + "endofrelevance")
    document["signing"]["comment"] = "word " * 4000 + "endofcomment"
    text = "\n".join(pages(document))

    assert "endofrelevance" in text
    assert "endofcomment" in text
    assert text.count("because") == 3000
    assert text.count("word ") + text.count("word\n") >= 4000


def test_a_row_longer_than_a_page_keeps_the_heads_of_its_columns(pages):
    """4,900 letters of why a piece is held elsewhere, of where to look in it, and of what a workplace cannot show."""
    where = "page 3, second paragraph " * 196
    document = b10_document(1, claims=[claim(1, "performance", 1, where=where)])
    document["evidence"][0].update(location="Safe", relevance="because " * 612)
    document["criteria"] += [criterion("range", 1, "A", "Customers abroad")]
    document["not_shown"] = [
        {
            "criterion": {"kind": "range", "position": 1},
            "reason": "nobody " * 700,
            "by": person("assessor"),
            "agreed": None,
        }
    ]
    sheets = pages(document)

    heads = {"paragraph": "Where to look", "because": "Why it is relevant", "nobody": "Range not shown"}
    for words, head in heads.items():
        with_words = [sheet for sheet in sheets if words in sheet]
        assert len(with_words) >= 2
        assert all(head in sheet for sheet in with_words)
    assert sum(sheet.count("paragraph") for sheet in sheets) == 196


@pytest.mark.parametrize("document", [b10_document(60), ugly_document(), b10_document(0)], ids=["60", "ugly", "none"])
def test_nothing_is_wrong_to_look_at(document):
    assert final_form_pdf(document, digest=DIGEST).found == []


def test_a_character_that_no_font_has_is_printed_as_its_number_and_said_so(pages):
    document = b10_document(1, claims=[claim(1, "performance", 1)])
    document["evidence"][0]["title"] = f"Smile {NO_FONT_HAS_IT}"
    text = "\n".join(pages(document))

    assert "Smile [U+50000]" in text
    assert "printed as their Unicode numbers: U+50000" in text


def test_a_template_with_a_character_that_no_font_has_is_refused(template):
    with pytest.raises(MissingCharacters, match="U\\+50000"):
        render_pdf(template(f"<p>{NO_FONT_HAS_IT}"), {}, title="A form", style_sheet=STYLE_SHEET)


def test_a_complaint_does_not_reach_the_log(template, caplog):
    with pytest.raises(MissingCharacters):
        render_pdf(template(f"<p>{NO_FONT_HAS_IT}"), {}, title="A form", style_sheet=STYLE_SHEET)

    assert caplog.records == []


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/picture.png",
        "https://example.com/picture.png",
        "picture.png",
        "print:../../config/settings.py",
        "ftp://example.com/picture.png",
    ],
)
@pytest.mark.parametrize(
    "mark_up",
    [
        '<img alt="" src="{}">',
        '<link rel="stylesheet" href="{}">',
        '<style>p {{ background: url("{}") }}</style><p>text',
        '<link rel="attachment" href="{}">',
        '<object data="{}">',
    ],
)
def test_nothing_but_our_own_style_and_fonts_is_loaded(template, mark_up, address):
    with pytest.raises(PrintError, match=r"may not load|incomplete"):
        render_pdf(template(mark_up.format(address)), {}, title="A form", style_sheet=STYLE_SHEET)


def test_a_complaint_about_the_style_stops_the_print(template):
    with pytest.raises(PrintError, match="incomplete"):
        render_pdf(template("<style>p { colour: red }</style><p>text"), {}, title="A form", style_sheet=STYLE_SHEET)


def test_a_lost_font_file_stops_the_print_with_its_name(monkeypatch, tmp_path):
    monkeypatch.setattr(press, "BASE_DIR", tmp_path)
    press._allowed_files.cache_clear()
    press._fonts_and_styles.cache_clear()
    try:
        with pytest.raises(PrintError, match=r"fonts\.css"):
            press.press("<p>text", style_sheet=STYLE_SHEET)
    finally:
        press._allowed_files.cache_clear()
        press._fonts_and_styles.cache_clear()


@pytest.mark.long
@pytest.mark.parametrize("document", [b10_document(3), ugly_document()], ids=["plain", "ugly"])
def test_printing_twice_gives_the_same_bytes(document):
    assert recording_form_pdf(document, digest=DIGEST) == recording_form_pdf(document, digest=DIGEST)


def test_the_file_is_tagged_for_screen_readers(tmp_path):
    (tmp_path / "form.pdf").write_bytes(recording_form_pdf(b10_document(1), digest=DIGEST))
    reader = pypdf.PdfReader(tmp_path / "form.pdf")
    root: Any = reader.trailer["/Root"]
    facts: Any = reader.metadata

    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert facts.title == "Candidate Recording Form, B10, Amara Okafor"
    assert facts.creation_date.isoformat() == "2026-11-21T23:30:00+00:00"
    cells = [cell for cell in elements(root["/StructTreeRoot"]) if cell.get("/S") in {"/TH", "/TD"}]
    heads = [cell["/A"].get("/Scope") for cell in cells if cell["/S"] == "/TH" and "/A" in cell]
    assert heads[:10] == ["/Column"] * 10  # No, description, title, seven codes
    assert "/Row" in heads
    assert None not in heads
    assert not any("/Headers" in cell["/A"] for cell in cells if "/A" in cell)


def elements(element):
    """A structure element and all below it."""
    element = element.get_object()
    if not isinstance(element, dict):
        return
    yield element
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        yield from elements(kid)
