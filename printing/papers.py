"""A paper: facts on top, then tables, words and room for a hand, and signatures below, all in one look.

What a room of the site prints it puts together from these; `paper_pdf` makes the PDF. A paper for a hand has facts
without values, tables with empty rows, and signatures of which nothing is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from printing.pdf import printed_pdf

TEMPLATE = "printing/paper.html"
STYLE_SHEET = "paper.css"
LONG = 800  # characters of a cell
ROWS_AT_MOST = 500  # of a list that grows with a centre: about ten seconds


class Column(NamedTuple):
    """A column of a table: what stands over it, and how wide it is. Those without a width share what is left."""

    heading: str
    width: str = ""  # "tiny", "narrow", "middle" or "wide": classes of static/print/paper.css


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows under heads that every page repeats; `nothing` is said where there are none, `empty` are for a hand."""

    template: ClassVar[str] = "printing/_table.html"

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]] = ()
    heading: str = ""
    note: str = ""  # between the heading and the rows
    nothing: str = ""
    empty: int = 0

    @property
    def lines(self) -> Iterator[tuple[Sequence[str], bool]]:
        """The rows, each with whether it may go on on the next page: a row longer than a page would lose the heads."""
        for row in self.rows:
            yield row, any(len(cell) > LONG for cell in row)

    @property
    def empty_rows(self) -> range:
        """One for each row that a hand fills in."""
        return range(self.empty)


@dataclass(frozen=True, kw_only=True)
class Passage:
    """What somebody wrote, line by line as they did."""

    template: ClassVar[str] = "printing/_words.html"

    words: str
    heading: str = ""


@dataclass(frozen=True, kw_only=True)
class WritingRoom:
    """A frame to write in by hand."""

    template: ClassVar[str] = "printing/_room.html"

    heading: str
    is_tall: bool = False


class SignatureLine(NamedTuple):
    """Whose, and what is said of it: nothing where a hand signs."""

    whose: str
    said: str = ""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """All that stands on the paper. `title` is at the head of each page after the first, and of the file."""

    title: str
    heading: str
    facts: Sequence[tuple[str, str]]
    parts: Sequence[Table | Passage | WritingRoom] = ()
    signatures: Sequence[SignatureLine] = ()
    is_wide: bool = False  # A4 on its side


def paper_pdf(paper: Paper) -> bytes:
    """Return it as a PDF. A character that no font has is printed as its number. Raises PrintError."""
    return printed_pdf(TEMPLATE, {"paper": paper}, title=paper.title, style_sheet=STYLE_SHEET)
