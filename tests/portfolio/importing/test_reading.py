"""Spreadsheets of all sorts are read, and what is none is refused in a sentence."""

import datetime
import io
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from portfolio.importing import workbooks
from portfolio.importing.checking import known_headings
from portfolio.importing.readers import day, several, words
from portfolio.importing.reading import ROWS_AT_MOST, Formula, SheetRead, sheet_read
from tests.portfolio.importing.spreadsheets import csv_file, xlsx_file

ROW = ("Zoë O’Hara", "zoe@new.example", "", "", "", "C-1", "", "")


def read(tmp_path: Path, content: bytes) -> SheetRead:
    path = tmp_path / "sheet"
    path.write_bytes(content)
    return sheet_read(path, known=known_headings())


def refused(tmp_path: Path, content: bytes) -> str:
    with pytest.raises(ValidationError) as error:
        read(tmp_path, content)
    return " ".join(error.value.messages)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_every_encoding_with_every_delimiter(tmp_path, encoding, delimiter):
    content = csv_file(ROW, delimiter=delimiter).decode().encode(encoding)
    [row] = read(tmp_path, content).rows
    assert row.cells == ROW[:6]


def test_rows_keep_the_numbers_of_the_file_past_empty_rows_and_excels_own_first_line(tmp_path):
    text = csv_file(("",) * 8, ROW, delimiter=";").decode()
    assert [row.number for row in read(tmp_path, text.encode()).rows] == [3]
    assert [row.number for row in read(tmp_path, f"sep=;\r\n{text}".encode()).rows] == [4]
    assert [row.number for row in read(tmp_path, xlsx_file(("",) * 8, ROW)).rows] == [3]


def test_cells_of_a_workbook_become_words_and_a_formula_stays_one(tmp_path):
    at = datetime.datetime(2026, 12, 31)
    sheet = read(tmp_path, xlsx_file(("Pat", 1001, 7.0, 7.5, at, True, "=A1&B1", None)))
    assert [words(cell) for cell in sheet.rows[0].cells if not isinstance(cell, Formula)] == [
        "Pat", "1001", "7", "7.5", "2026-12-31", "TRUE"
    ]  # fmt: skip
    assert isinstance(sheet.rows[0].cells[6], Formula)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf\r\n,,\r\n", "The file is empty."),
        (b"%PDF-1.7\n", "no table that can be read here"),
        (b"\x81\x8d\x8f,a,b", "no table that can be read here"),
        (b"Name,E-mail address\nPat,\x00\x00\x00", "no table that can be read here"),
        (b'Name,E-mail address\n"Pat,pat@new.example\n', "below row 1: a quotation mark"),
        (b"PK\x03\x04 no workbook", "damaged, or did not arrive whole"),
        (b"a" * (5 * 1024 * 1024 + 1), "are taken at most"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path, content, sentence):
    assert sentence in refused(tmp_path, content)


def test_a_hundred_thousand_rows_are_refused_in_one_sentence(tmp_path):
    content = b"Name,E-mail address\n" + b"Pat,pat@new.example\n" * 100_000
    assert refused(tmp_path, content) == f"The file has more than {ROWS_AT_MOST:,} rows. " + (
        "Split it, and import one part after the other."
    )


def zipped(name: str, content: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return written.getvalue()


def test_a_workbook_that_unpacks_to_far_more_is_refused_before_it_is_unpacked(tmp_path):
    assert "unpacks to" in refused(tmp_path, zipped("xl/worksheets/sheet1.xml", b" " * (21 * 1024 * 1024)))
    assert "The workbook cannot be read." in refused(tmp_path, zipped("mimetype", b"a document of another program"))


@pytest.mark.parametrize(
    "cell",
    ["31/12/2026", "2026-12-31", "31.12.2026", datetime.datetime(2026, 12, 31), datetime.date(2026, 12, 31), 46387],
)
def test_a_day_is_read_in_three_styles_and_as_excel_keeps_it(cell):
    assert day(cell) == "2026-12-31"


@pytest.mark.parametrize("cell", ["12/31/2026", "soon", True, 0, 10.0**9, "31/02/2026"])
def test_what_is_no_day_is_refused(cell):
    with pytest.raises(ValidationError, match="is no date"):
        day(cell)


def test_several_stand_between_semicolons_or_on_lines_of_their_own():
    assert several("O1; O2;;\nO1") == ["O1", "O2"]
    assert several(None) == []


def packed_again(content: bytes, name: str, change) -> bytes:
    """A workbook with one of its parts changed."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as again:
        for part in packed.namelist():
            again.writestr(part, change(packed.read(part)) if part == name else packed.read(part))
    return written.getvalue()


def test_what_would_keep_the_server_busy_for_hours_is_refused_at_once(tmp_path):
    book = xlsx_file(ROW)
    far = packed_again(
        book, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'<row r="2"', b'<row r="999999999999"')
    )
    assert "Something stands below row 100,000" in refused(tmp_path, far)
    styles = packed_again(book, "xl/styles.xml", lambda xml: xml + b" " * 3_000_000)
    assert "unpacks to" in refused(tmp_path, styles)
    assert "more than 2,000 letters" in refused(tmp_path, xlsx_file(("x" * 2001, *ROW[1:])))


def test_a_workbook_that_takes_too_much_memory_is_refused_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "MEMORY_AT_MOST", 20 * 1024**2)
    assert "The workbook cannot be read." in refused(tmp_path, xlsx_file(ROW))
    assert [path.name for path in tmp_path.iterdir()] == ["sheet"]
