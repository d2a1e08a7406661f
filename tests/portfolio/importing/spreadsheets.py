"""Spreadsheets for tests, and an import of them from the check to the end."""

import csv
import io
from collections.abc import Sequence

from openpyxl import Workbook

from centres.models import Centre, User
from portfolio.files.uploads import IncomingFile
from portfolio.importing.columns import COLUMNS
from portfolio.importing.services import import_check, import_start, import_work
from portfolio.models import Import, WorkLane
from portfolio.services.waiting_work import work_take

LAST = ("Sign-in number", "18 on (if under 18)")
HEADINGS = [*(column.heading for column in COLUMNS if column.heading not in LAST), *LAST]
PAT = ("Pat Pike", "pat@new.example", "", "Q2", "O1", "C-1", "ann@harbour.example", "ivy@harbour.example")
KIM = ("Kim Keel", "kim@new.example", "", "Service", "", "C-2", "ann@harbour.example", "")
STAFF = ("Abe Anker", "abe@new.example", "assessor; internal verifier", "", "", "", "", "")


def csv_file(*rows: Sequence[object], headings: Sequence[str] = HEADINGS, delimiter: str = ",") -> bytes:
    """A table as CSV in UTF-8."""
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows([headings, *rows])
    return written.getvalue().encode()


def xlsx_file(*rows: Sequence[object], headings: Sequence[str] = HEADINGS) -> bytes:
    """A table as a workbook, each cell of its own type."""
    book = Workbook()
    for row in (headings, *rows):
        book.active.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def checked(centre: Centre, actor: User, content: bytes, name: str = "people.csv") -> Import:
    """Have a file checked."""
    with IncomingFile.from_content(name, content) as incoming:
        return import_check(centre=centre, actor=actor, incoming=incoming)


def work_off() -> int:
    """Do all slices that wait, as the worker does; return how many there were."""
    slices = 0
    while work := work_take(WorkLane.SLOW):
        import_work(work)
        slices += 1
    return slices


def imported(centre: Centre, actor: User, content: bytes) -> Import:
    """Import a file from the check to the end."""
    row = checked(centre, actor, content)
    import_start(of=row, actor=actor)
    work_off()
    row.refresh_from_db()
    return row
