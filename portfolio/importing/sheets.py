"""The spreadsheets that an import gives: the template, and what became of its rows."""

from collections.abc import Iterator, Sequence

from centres.models import Centre
from portfolio.importing.columns import COLUMNS
from portfolio.importing.known import KnownHere
from portfolio.models import Import

Rows = Iterator[Sequence[object]]


def template_rows() -> Rows:
    """The headings, and an example, which an import leaves out."""
    yield [column.heading for column in COLUMNS]
    yield [column.example for column in COLUMNS]


def code_rows(centre: Centre) -> Rows:
    """What may stand in the columns, and which codes there are."""
    yield "Column", "What stands in it", ""
    for column in COLUMNS:
        yield column.heading, column.help, ""
    yield "", "", ""
    yield "Kind", "Code", "Title"
    known = KnownHere.of(centre)
    for named in (known.qualifications, known.units):
        for address, title in sorted(named.titles.items()):
            yield named.what.capitalize(), address, title


def result_rows(of: Import) -> Rows:
    """The rows of a file as they were typed, with what is wrong with each cell, or what came of the row."""
    yield "Row", *(column.heading for column in COLUMNS), "State", "What is said of it"
    for row in of.rows.order_by("number"):
        typed = [row.cells.get(column.key, "") for column in COLUMNS]
        faults = " ".join(f"{fault['cell']}: {fault['why']}" for fault in row.faults)
        state = "to be mended" if row.faults else row.get_state_display()
        yield row.number, *typed, state, faults or row.sentence
