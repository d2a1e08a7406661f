"""Tables as files for a spreadsheet. What begins like a formula is made harmless: people type names."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_000  # letters; XLSX takes 32,767


def harmless(cell: object) -> str:
    """The words of a cell, in which no spreadsheet sees a formula."""
    if isinstance(cell, str) and cell.startswith(BEGINS_A_FORMULA):
        return f"'{cell}"
    return "" if cell is None else str(cell)


def csv_of(rows: Iterable[Sequence[object]]) -> bytes:
    """A table, its head first, as CSV in UTF-8 with the mark by which Excel knows it."""
    written = io.StringIO()
    csv.writer(written).writerows([harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def xlsx_of(
    rows: Iterable[Sequence[object]], *, title: str, more: Mapping[str, Iterable[Sequence[object]]] | None = None
) -> bytes:
    """A table, its head first, as a workbook of one sheet, or of `more` by their titles; all of it text."""
    book = Workbook(write_only=True)
    for name, table in {title: rows, **(more or {})}.items():
        _sheet_add(book, name, table)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _sheet_add(book: Workbook, title: str, rows: Iterable[Sequence[object]]) -> None:
    sheet = book.create_sheet("".join(letter for letter in title if letter not in "[]:*?/\\")[:31])
    sheet.freeze_panes = "A2"
    for row in rows:
        cells = [WriteOnlyCell(sheet, value=_printable(harmless(cell))[:LONGEST_CELL]) for cell in row]
        for cell in cells:
            cell.data_type = "s"  # text, whatever it looks like
        sheet.append(cells)


def sheet_answer(
    rows: Iterable[Sequence[object]],
    *,
    name: str,
    kind: str = "csv",
    more: Mapping[str, Iterable[Sequence[object]]] | None = None,
) -> HttpResponse:
    """Send a table, its head first, as a file of this name: CSV, or XLSX where `kind` says so, which takes `more`."""
    if kind == "xlsx":
        answer = HttpResponse(xlsx_of(rows, title=name, more=more), content_type=XLSX)
    else:
        kind = "csv"
        answer = HttpResponse(csv_of(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.{kind}") or ""
    return answer


def _printable(words: str) -> str:
    """Without control characters, which a workbook cannot hold."""
    return "".join(letter for letter in words if letter in "\t\n" or ord(letter) >= 32)
