"""Tables as files for a spreadsheet. What begins like a formula is made harmless: people type names."""

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import chain

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL = 32_000  # letters; XLSX takes 32,767


def harmless(cell: object) -> str:
    """The words of a cell, in which no spreadsheet sees a formula."""
    words = "" if cell is None else str(cell)
    return f"'{words}" if words.startswith(BEGINS_A_FORMULA) else words


def csv_of(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as CSV in UTF-8, with the mark by which Excel knows it."""
    written = io.StringIO()
    csv.writer(written).writerows([harmless(cell) for cell in row] for row in chain([head], rows))
    return written.getvalue().encode("utf-8-sig")


def xlsx_of(head: Sequence[str], rows: Iterable[Sequence[object]], *, title: str) -> bytes:
    """A table as a workbook of one sheet, all of it text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(letter for letter in title if letter not in "[]:*?/\\")[:31])
    sheet.freeze_panes = "A2"
    for row in chain([head], rows):
        cells = [WriteOnlyCell(sheet, value=_printable(harmless(cell))[:LONGEST_CELL]) for cell in row]
        for cell in cells:
            cell.data_type = "s"  # text, whatever it looks like
        sheet.append(cells)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _printable(words: str) -> str:
    """Without control characters, which a workbook cannot hold."""
    return "".join(letter for letter in words if letter in "\t\n" or ord(letter) >= 32)
