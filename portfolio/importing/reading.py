"""Reads a spreadsheet, CSV or XLSX, into rows of cells. It knows nothing of what stands in them.

Whoever made the file is a stranger: it is read within limits, and what cannot be read is refused in a sentence.
"""

import csv
import io
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from openpyxl.utils import get_column_letter

from portfolio.importing.workbooks import WorkbookUnreadable, workbook_rows
from record.plain_text import plain_characters

MB = 1024 * 1024
LARGEST = 5 * MB
UNPACKED_AT_MOST = 20 * MB  # of a workbook, which is a ZIP file
ROWS_AT_MOST = 5000  # below the headings, without empty ones
COLUMNS_AT_MOST = 100
LAST_ROW = 100_000  # of a workbook: empty ones are read as well
CELL_AT_MOST = 2000  # letters
PART_AT_MOST = 2 * MB  # of what is no sheet: styles and the like
DELIMITERS = ",;\t"
SAVE_AS = "Save it as an Excel workbook (.xlsx) or as CSV, and choose that file."
TOO_MANY = f"The file has more than {ROWS_AT_MOST:,} rows. Split it, and import one part after the other."

Cell = object  # text, or what a workbook holds: a number, a day, a truth value; None where it is empty


@dataclass(frozen=True)
class Formula:
    """A cell that holds a formula: what it shows is not in the file for sure."""


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """A row with something in it. `number` is the one that a spreadsheet shows beside it."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class SheetRead:
    """The first row that is not empty, as words, and those below it."""

    headings: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def sheet_read(path: Path, *, known: Collection[str]) -> SheetRead:
    """Read the first sheet of a workbook, or a CSV file. `known` are headings by which a CSV file is understood.

    Raises ValidationError, with a sentence, for what is too large or no table.
    """
    size = path.stat().st_size
    if size > LARGEST:
        raise ValidationError(
            f"The file has {filesizeformat(size)}, and {filesizeformat(LARGEST)} are taken at most. "
            "Split it, and import one part after the other."
        )
    content = path.read_bytes()
    if not content.strip(b"\x00\t\r\n ,;\xef\xbb\xbf\xff\xfe"):
        raise ValidationError("The file is empty.")
    if content.startswith(b"PK\x03\x04"):
        rows = _workbook_rows(path)
    elif content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf")):
        raise ValidationError(f"This is no table that can be read here. {SAVE_AS}")
    else:
        rows = _csv_rows(decoded(content), known)
    return _sheet(rows)


def heading_key(heading: object) -> str:
    """A heading as it is compared: its letters alone, in lower case."""
    return "".join(letter for letter in plain_characters(str(heading)).casefold() if letter.isalnum())


def cell_address(column: int, row: int) -> str:
    """What a spreadsheet calls a cell ("B7"). `column` counts from 0, `row` from 1."""
    return f"{get_column_letter(column + 1)}{row}"


def decoded(content: bytes) -> str:
    """The words of a CSV file: UTF-8 or UTF-16, with its mark or without, or else Windows-1252.

    Raises ValidationError for bytes that are no text.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content[1:2] == b"\x00":
        encodings = ["utf-16-le"]
    elif content[:1] == b"\x00":
        encodings = ["utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ValidationError(f"This is no table that can be read here. {SAVE_AS}")


def _sheet(rows: Iterable[tuple[int, Sequence[Cell]]]) -> SheetRead:
    headings: tuple[str, ...] | None = None
    below: list[SheetRow] = []
    for number, cells in rows:
        if all(_is_empty(cell) for cell in cells):
            continue
        if any(isinstance(cell, str) and len(cell) > CELL_AT_MOST for cell in cells):
            raise ValidationError(f"A cell of row {number} has more than {CELL_AT_MOST:,} letters. Shorten it.")
        if headings is None:
            headings = tuple("" if _is_empty(cell) else plain_characters(str(cell)) for cell in cells)
        elif len(below) == ROWS_AT_MOST:
            raise ValidationError(TOO_MANY)
        else:
            last = max(at for at, cell in enumerate(cells) if not _is_empty(cell))
            below.append(SheetRow(number=number, cells=tuple(cells[: last + 1])))
    if headings is None:
        raise ValidationError("The file is empty.")
    return SheetRead(headings=headings, rows=tuple(below))


def _is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _csv_rows(text: str, known: Collection[str]) -> Iterator[tuple[int, list[Cell]]]:
    lines = io.StringIO(text, newline="")
    if text.startswith("sep="):  # Excel's own way of saying it
        lines.readline()
    begins = lines.tell()
    head = next((line for line in lines if line.strip()), "")
    lines.seek(begins)
    delimiter = max(DELIMITERS, key=lambda one: len({heading_key(cell) for cell in head.split(one)} & {*known}))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1 + text.startswith("sep=")):
            yield number, [Formula() if cell.lstrip().startswith("=") else cell for cell in cells[:COLUMNS_AT_MOST]]
    except csv.Error as error:
        raise ValidationError(
            f"The file cannot be read below row {number}: a quotation mark there is not closed, or stands alone."
        ) from error


def _workbook_rows(path: Path) -> Iterator[tuple[int, list[Cell]]]:
    _refuse_bombs(path)
    with_one_too_many = ROWS_AT_MOST + 2  # and the headings
    found = workbook_rows(path, formula=Formula(), rows=with_one_too_many, last_row=LAST_ROW, columns=COLUMNS_AT_MOST)
    try:
        for number, cells in found:
            if number > LAST_ROW:
                raise ValidationError(f"Something stands below row {LAST_ROW:,}. Copy the rows into the template.")
            yield number, cells
    except WorkbookUnreadable as error:
        raise ValidationError(f"The workbook cannot be read. {SAVE_AS}") from error


def _refuse_bombs(path: Path) -> None:
    """Refuse what would unpack to more than the bound. No more is unpacked of a part than it says here."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except zipfile.BadZipFile as error:
        raise ValidationError(f"The workbook is damaged, or did not arrive whole. {SAVE_AS}") from error
    unpacked = sum(part.file_size for part in parts)
    others = (part for part in parts if not part.filename.startswith(("xl/worksheets/", "xl/sharedStrings")))
    if unpacked > UNPACKED_AT_MOST or any(part.file_size > PART_AT_MOST for part in others):
        raise ValidationError(
            f"The workbook unpacks to {filesizeformat(unpacked)}, and {filesizeformat(UNPACKED_AT_MOST)} are read at "
            f"most. Keep to {ROWS_AT_MOST:,} rows without pictures: copy the rows into the template."
        )
