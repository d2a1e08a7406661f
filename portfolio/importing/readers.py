"""Reads single cells: each turns what stands in a cell into a value, or raises ValidationError with a sentence."""

import datetime
from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils.datetime import from_excel

from portfolio.importing.reading import Cell, Formula
from record.form_fields import DayField
from record.plain_text import plain_line

SHOWN_AT_MOST = 300  # letters of a cell that are kept as it was typed
FIRST_DAY, LAST_DAY = 1, 2_958_465  # of Excel's count of days
_days = DayField(required=False, input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"])


def words(cell: Cell) -> str:
    """What stands in a cell, on one line; a whole number without a point, a day as 2026-12-31.

    Raises ValidationError for a formula and for what a spreadsheet shows where one went wrong.
    """
    if isinstance(cell, Formula):
        raise ValidationError("This is a formula. Save the value: copy the cell, and paste it as a value.")
    shown = as_shown(cell)
    if shown in ERROR_CODES:
        raise ValidationError(f"{shown} is the error of a formula. Type the value.")
    return shown


def as_shown(cell: Cell) -> str:
    """The same for a page, which also shows what cannot be taken."""
    match cell:
        case None:
            return ""
        case Formula():
            return "(formula)"
        case bool():
            return str(cell).upper()
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime.datetime() if cell.time() == datetime.time():
            return cell.date().isoformat()
        case _:
            return plain_line(str(cell))


def by_field(field: forms.Field) -> Callable[[Cell], str]:
    """Read a cell as a form of ours would, with its rules and its sentences."""

    def read(cell: Cell) -> str:
        return plain_line(str(field.clean(words(cell)) or ""))

    return read


def several(cell: Cell) -> list[str]:
    """Parts between semicolons, each once; lines of a cell count as parts too."""
    if not isinstance(cell, str):
        cell = words(cell)
    parts = (words(part) for line in cell.splitlines() for part in line.split(";"))
    return list(dict.fromkeys(part for part in parts if part))


def day(cell: Cell) -> str:
    """A day as 2026-12-31, read from 31/12/2026, 2026-12-31, 31.12.2026 or a day of Excel; "" where it is empty."""
    if isinstance(cell, datetime.datetime | datetime.date):
        return cell.isoformat()[:10]
    if isinstance(cell, int | float) and not isinstance(cell, bool) and FIRST_DAY <= cell <= LAST_DAY:
        return str(from_excel(int(cell)).date().isoformat())
    try:
        found = _days.clean(words(cell))
    except ValidationError as error:
        raise ValidationError(f"“{as_shown(cell)}” is no date. Write it as 31/12/2026, the day first.") from error
    return found.isoformat() if found else ""
