"""The text of a document is shown where its pages cannot be drawn: read by a process with limits, within bounds."""

import codecs
import zipfile
from email.message import EmailMessage
from io import BytesIO

import docx
import pytest

from portfolio.files import drawing
from portfolio.files.drawing import preview_make
from portfolio.files.previews import Preview, preview_of
from portfolio.files.reading import blocks
from portfolio.files.reading.__main__ import FORMAT
from portfolio.files.rendering import FORMAT as FORMAT_OF_PICTURES
from tests.portfolio.files.arrivals import file_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

OPEN_XML = "application/vnd.openxmlformats-officedocument"
WORD = f"{OPEN_XML}.wordprocessingml.document"
EXCEL = f"{OPEN_XML}.spreadsheetml.sheet"
POWERPOINT = f"{OPEN_XML}.presentationml.presentation"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"


@pytest.fixture
def read(unit, candidate, monkeypatch):
    """Store bytes as a file of this type, and return what is read of it where LibreOffice is not installed."""
    monkeypatch.setattr(drawing, "office_program", lambda: None)

    def look(content: bytes, content_type: str) -> Preview:
        file = file_of(unit.registration, candidate, "file", content, content_type)
        preview_make(file=file)
        preview = preview_of(file)
        assert preview is not None
        return preview

    return look


def lines(preview: Preview) -> list[str]:
    return [line for block in preview.blocks for line in block.lines]


def rows(preview: Preview) -> list[tuple[int, list[str]]]:
    return [(number, list(cells)) for block in preview.blocks for number, cells in block.rows]


def office(main: str, parts: dict[str, str], related: dict[str, dict[str, str]] | None = None) -> bytes:
    """A document of Office Open XML: its parts by name, and for some the kind and target of each id they refer to."""
    data = BytesIO()
    related = {"": {"rId1": f"officeDocument {main}"}} | (related or {})
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        for name, targets in related.items():
            folder, _, file = name.rpartition("/")
            links = "".join(
                f'<Relationship Id="{key}" Type="http://x/{kind}" Target="{target}"/>'
                for key, (kind, target) in ((key, value.split()) for key, value in targets.items())
            )
            archive.writestr(f"{folder}/_rels/{file}.rels".lstrip("/"), f"<Relationships>{links}</Relationships>")
    return data.getvalue()


# --- Plain text -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""), ("utf-8", codecs.BOM_UTF8), ("cp1252", b""), ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE), ("utf-16-le", b""), ("utf-16-be", b""),
    ],
)  # fmt: skip
def test_a_text_is_read_in_its_encoding(read, encoding, mark):
    preview = read(mark + "Café for Frau Müller\r\n\r\n“Thank you”\n".encode(encoding), "text/plain")
    assert lines(preview) == ["Café for Frau Müller", "", "“Thank you”"]
    assert (preview.fault, preview.first, preview.lacks) == ("", 0, False)


def test_a_text_without_a_mark_in_another_script_is_read(read):
    assert lines(read("Καλημέρα κυρία\n".encode("utf-16-le"), "text/plain")) == ["Καλημέρα κυρία"]


def test_what_controls_machines_is_not_shown_and_indents_are(read):
    content = b"a\x1b[31mb\tc\x08\n\xef\x82\xb7 first\n\t  indented \n"
    assert lines(read(content, "text/plain")) == ["a[31mb\tc", "• first", "\t  indented"]


def test_a_text_of_nothing_says_so(read):
    preview = read(b" ", "text/csv")
    assert (preview.blocks, preview.sentence) == ((), "There is no text in it. Download it to see it.")


def test_of_a_long_text_the_first_lines_are_shown(read):
    preview = read(b"line\n" * 5000, "text/plain")
    assert (len(lines(preview)), preview.where_it_ends) == (2000, "The first 2,000 lines are shown.")
    preview = read(b"line\n" * 2000, "text/plain")
    assert (len(lines(preview)), preview.first) == (2000, 0)


def test_of_a_line_without_end_the_beginning_is_shown(read):
    preview = read(b"x" * 3_000_000 + b"\nmore", "text/plain")
    assert [len(line) for line in lines(preview)] == [blocks.CHARACTERS_AT_MOST]
    assert preview.where_it_ends == "The first line is shown."


# --- Tables in text ---------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_is_read_whatever_stands_between_its_cells(read, delimiter):
    text = delimiter.join(["Day", "Note"]) + "\n\n" + delimiter.join(["2 March", '"said ""no"",\ntwice; 1,5"']) + "\n"
    assert rows(read(text.encode(), "text/csv")) == [(1, ["Day", "Note"]), (3, ["2 March", 'said "no",\ntwice; 1,5'])]


def test_a_table_says_itself_what_stands_between_its_cells(read):
    assert rows(read(b"sep=;\r\na;b,c\r\n", "text/csv")) == [(1, ["a", "b,c"])]


def test_a_wide_table_is_cut_and_a_long_one_says_so(read):
    preview = read((",".join("x" * 500) + "\n").encode() * 3000, "text/csv")
    assert max(len(cells) for _, cells in rows(preview)) == blocks.COLUMNS_AT_MOST
    assert preview.first == len(rows(preview)) <= blocks.LINES_AT_MOST


# --- E-mails ----------------------------------------------------------------------------------------


def message() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = "Mrs Baptiste <baptiste@example.org>", "pat@example.org"
    made["Date"], made["Subject"] = "Mon, 02 Mar 2026 10:00:00 +0000", "Thank you – für alles"
    made.set_content("Dear Pat,\n\nit came.\n")
    return made


def test_an_email_is_shown_with_who_when_and_what_is_attached(read):
    made = message()
    made.add_alternative("<p>Not this one</p>", subtype="html")
    made.add_attachment(b"x", maintype="image", subtype="png", filename="order.png")
    assert lines(read(bytes(made), "message/rfc822")) == [
        "From: Mrs Baptiste <baptiste@example.org>", "To: pat@example.org", "Date: Mon, 02 Mar 2026 10:00:00 +0000",
        "Subject: Thank you – für alles", "Attached: order.png", "", "Dear Pat,", "", "it came.",
    ]  # fmt: skip


def test_of_an_email_in_html_the_words_are_shown(read):
    made = EmailMessage()
    made["From"], made["To"] = "a@example.org", "b@example.org"
    html = "<html><head><title>No</title></head><body><p>Dear\n <b>Pat</b>,</p><script>no()</script>it&nbsp;came</body>"
    made.set_content(html, subtype="html")
    assert lines(read(bytes(made), "message/rfc822"))[3:] == ["Dear Pat,it came"]


def test_an_email_in_an_encoding_that_nobody_knows_is_read_all_the_same(read):
    raw = b"From: a@example.org\nTo: b@example.org\nContent-Type: text/plain; charset=x-nobody\n\nIt came.\n"
    assert lines(read(raw, "message/rfc822"))[-1] == "It came."


# --- Documents --------------------------------------------------------------------------------------


def test_a_word_document_is_read_with_its_tables(read):
    document, data = docx.Document(), BytesIO()
    document.add_heading("Witness testimony", 1)
    document.add_paragraph("I watched Pat\tat the counter.")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Name", "Pat\nCandidate"
    table.cell(0, 1).add_table(1, 2).cell(0, 0).text = "within"
    document.add_paragraph("After it.")
    document.save(data)
    preview = read(data.getvalue(), WORD)
    assert lines(preview) == ["Witness testimony", "I watched Pat\tat the counter.", "After it."]
    [(number, cells)] = rows(preview)
    assert (number, cells[0], "Pat\nCandidate" in cells[1], "within" in cells[1]) == (0, "Name", True, True)
    assert [bool(block.rows) for block in preview.blocks] == [False, True, False]
    assert (preview.fault, preview.lacks) == ("plain", False)


def test_neither_deleted_text_nor_a_second_version_of_it_is_read(read):
    body = """<w:document xmlns:w="w" xmlns:mc="mc">
      <w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr> <w:r><w:t>kept</w:t></w:r>
      <w:del><w:r><w:t>deleted</w:t></w:r></w:del>
      <mc:AlternateContent><mc:Choice><w:r><w:t>, new</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>old</w:t></w:r>
      </mc:Fallback></mc:AlternateContent></w:p></w:document>"""
    assert lines(read(office("word/document.xml", {"word/document.xml": body}), WORD)) == ["kept, new"]


def test_a_workbook_is_read_by_sheets_with_days_and_the_numbers_of_rows(read):
    parts = {
        "xl/workbook.xml": """<workbook xmlns:r="r"><sheets><sheet name="Calls" sheetId="1" r:id="rId1"/>
            <sheet name="Empty" sheetId="2" r:id="rId2"/></sheets></workbook>""",
        "xl/sharedStrings.xml": """<sst><si><t>Day</t></si><si><r><t>in</t></r><r><t> parts</t></r></si></sst>""",
        "xl/styles.xml": """<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd\\-mmm"/>
            <numFmt numFmtId="165" formatCode="&quot;days&quot; 0"/></numFmts>
            <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/>
            <xf numFmtId="165"/><xf numFmtId="20"/></cellXfs></styleSheet>""",
        "xl/worksheets/sheet1.xml": """<worksheet><sheetData>
            <row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>
            <row r="7"><c r="A7" s="1"><v>46083</v></c><c r="B7" s="2"><v>3.5</v></c><c r="C7" s="3"><v>0.5</v></c>
            <c r="D7" t="inlineStr"><is><t>said</t></is></c><c r="E7" t="b"><v>1</v></c></row>
            </sheetData></worksheet>""",
        "xl/worksheets/sheet2.xml": "<worksheet><sheetData/></worksheet>",
    }
    related = {
        "xl/workbook.xml": {
            "rId1": "worksheet worksheets/sheet1.xml", "rId2": "worksheet /xl/worksheets/sheet2.xml",
            "rId3": "sharedStrings sharedStrings.xml", "rId4": "styles styles.xml",
        }
    }  # fmt: skip
    preview = read(office("xl/workbook.xml", parts, related), EXCEL)
    assert [block.title for block in preview.blocks] == ["Calls"]
    assert rows(preview) == [(1, ["Day", "", "in parts"]), (7, ["02 March 2026", "3.5", "12:00", "said", "TRUE"])]


def test_a_presentation_is_read_in_the_order_of_its_slides(read):
    def slide(words: str) -> str:
        return f'<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>{words}</a:t></a:r></a:p></p:sld>'

    parts = {
        "ppt/presentation.xml": """<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst><p:sldId id="256" r:id="rId9"/>
            <p:sldId r:id="rId2" id="257"/></p:sldIdLst></p:presentation>""",
        "ppt/slides/slide1.xml": slide("Second"),
        "ppt/slides/slide2.xml": slide("First"),
    }
    related = {"ppt/presentation.xml": {"rId9": "slide slides/slide2.xml", "rId2": "slide slides/slide1.xml"}}
    preview = read(office("ppt/presentation.xml", parts, related), POWERPOINT)
    assert [(block.title, list(block.lines)) for block in preview.blocks] == [
        ("Slide 1", ["First"]),
        ("Slide 2", ["Second"]),
    ]


NAMES = 'xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:draw="d" xmlns:presentation="p"'


def open_document(body: str) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("content.xml", f"<office:document-content {NAMES}>{body}</office:document-content>")
    return data.getvalue()


def test_an_opendocument_text_is_read(read):
    body = """<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes><text:h>Title</text:h>
        <text:p>Pat <text:span>served</text:span><text:s text:c="2"/>her<text:line-break/>well
        <office:annotation><text:p>a remark</text:p></office:annotation></text:p>
        <text:list><text:list-item><text:p>item</text:p></text:list-item></text:list>"""
    assert [line.rstrip() for line in lines(read(open_document(body), f"{OPEN_DOCUMENT}.text"))] == [
        "Title", "Pat served  her", "well", "• item",
    ]  # fmt: skip


def test_an_opendocument_spreadsheet_is_read_and_its_endless_rows_are_not(read):
    body = """<table:table table:name="Calls"><table:table-row><table:table-cell><text:p>Day</text:p></table:table-cell>
        <table:table-cell table:number-columns-repeated="2"><text:p>x</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="41"><table:table-cell table:number-columns-repeated="16384"/>
        </table:table-row>
        <table:table-row><table:table-cell><text:p>2 March</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="1048533"><table:table-cell/></table:table-row></table:table>"""
    preview = read(open_document(body), f"{OPEN_DOCUMENT}.spreadsheet")
    assert [block.title for block in preview.blocks] == ["Calls"]
    assert rows(preview) == [(1, ["Day", "x", "x"]), (43, ["2 March"])]


def test_the_slides_of_an_opendocument_presentation_are_told_apart(read):
    body = """<draw:page draw:name="p1"><text:p>One</text:p>
        <presentation:notes><text:p>note</text:p></presentation:notes>
        </draw:page><draw:page><text:p>Two</text:p></draw:page>"""
    preview = read(open_document(body), f"{OPEN_DOCUMENT}.presentation")
    assert [(block.title, list(block.lines)) for block in preview.blocks] == [
        ("Slide 1", ["One"]),
        ("Slide 2", ["Two"]),
    ]


@pytest.mark.parametrize("content_type", ["application/rtf", "application/msword"])
def test_rich_text_is_read(read, content_type):
    preview = read(rb"{\rtf1\ansi Caf\'e9 for {\b Mrs B}\par and {\*\hidden no}more\par}", content_type)
    assert [line.strip() for line in lines(preview)] == ["Café for Mrs B", "and more"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0"?>\n<?mso-application progid="Word.Document"?>'])
def test_the_xml_of_an_old_word_is_read(read, encoding, declaration):
    xml = f'{declaration}<w:wordDocument xmlns:w="w"><w:p><w:r><w:t>Account</w:t></w:r></w:p></w:wordDocument>'
    preview = read(xml.encode(encoding), "application/vnd.ms-wordml")
    assert (lines(preview), preview.fault) == (["Account"], "plain")


def test_the_xml_of_an_old_excel_is_read(read):
    xml = b"""<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
        xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Calls"><Table>
        <Row><Cell><Data ss:Type="String">Day</Data></Cell>
        <Cell ss:Index="3"><Data ss:Type="Number">4</Data></Cell></Row>
        <Row ss:Index="9"><Cell><Data ss:Type="String">2 March</Data></Cell></Row></Table></Worksheet></Workbook>"""
    preview = read(xml, "application/vnd.ms-spreadsheetml")
    assert [block.title for block in preview.blocks] == ["Calls"]
    assert rows(preview) == [(1, ["Day", "", "4"]), (9, ["2 March"])]


@pytest.mark.parametrize("content_type", ["application/msword", "application/vnd.ms-excel"])
def test_what_only_its_own_program_reads_says_so(read, content_type):
    preview = read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), content_type)
    assert (preview.blocks, preview.sentence) == ((), "Download it to open it in its own program.")


# --- What wants to do harm --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 nothing",
        office("word/document.xml", {}),
        office("word/document.xml", {"word/document.xml": "<w:p>"}),
        office("word/document.xml", {"word/document.xml": '<!DOCTYPE d [<!ENTITY e "boom">]><d>&e;</d>'}),
        office(
            "word/document.xml",
            {"word/document.xml": '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><d><p><t>&e;</t></p></d>'},
        ),
    ],
    ids=["no pack", "a part that is missing", "cut off", "entities", "a file of the server"],
)  # fmt: skip
def test_what_is_damaged_or_declares_entities_is_not_read(read, content):
    preview = read(content, WORD)
    assert (preview.blocks, preview.fault) == ((), "damaged")


def test_a_document_that_unpacks_to_much_more_than_is_shown_is_read_as_far_as_that(read):
    body = "<w:document xmlns:w='w'>" + "<w:p><w:r><w:t>again</w:t></w:r></w:p>" * 400_000
    bomb = office("word/document.xml", {"word/document.xml": body})
    assert len(bomb) < 200_000
    preview = read(bomb, WORD)
    assert (len(lines(preview)), preview.first, preview.fault) == (2000, 2000, "plain")


@pytest.mark.long
def test_a_paragraph_without_an_end_is_not_kept_in_the_memory(read, monkeypatch):
    monkeypatch.setattr(drawing, "MEMORY_AT_MOST", 256 * 1024**2)
    body = "<w:document xmlns:w='w'><w:p><w:r><w:t>" + "x" * 150_000_000 + "</w:t></w:r></w:p></w:document>"
    assert read(office("word/document.xml", {"word/document.xml": body}), WORD).fault == "too_large"


def test_both_programs_write_the_same_format():
    assert FORMAT == FORMAT_OF_PICTURES
