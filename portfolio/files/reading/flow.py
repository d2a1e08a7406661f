"""Reads paragraphs and tables out of XML, as they lie in documents of all makers."""

import re
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from portfolio.files.reading.blocks import COLUMNS_AT_MOST, Shown, Unreadable

Event = tuple[str, str, dict[str, str]]  # "start", "end" or "text"; the local name, or the text; the attributes


def events_of(stream: IO[bytes]) -> Iterator[Event]:
    """Yield what is in an XML document, in its order. One that declares a type could have entities, and is refused."""
    events: list[Event] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def local(name: str) -> str:
        return name.rpartition(" ")[2]

    def refuse(*_: object) -> None:
        raise Unreadable("damaged")

    def start(name: str, attributes: dict[str, str]) -> None:
        # Those in a namespace come last: a slide has an id of its own, and another that leads to it.
        pairs = sorted(attributes.items(), key=lambda pair: " " in pair[0])
        events.append(("start", local(name), {local(key): value for key, value in pairs}))

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: events.append(("end", local(name), {}))
    parser.CharacterDataHandler = lambda text: events.append(("text", text, {}))
    parser.StartDoctypeDeclHandler = refuse
    while chunk := stream.read(64 * 1024):
        parser.Parse(chunk, False)
        yield from events
        events.clear()
    parser.Parse(b"", True)
    yield from events


READ_AT_MOST = 20_000_000  # characters

_PARAGRAPHS = {"p", "h"}
_ROWS, _CELLS = {"tr", "table-row"}, {"tc", "table-cell", "covered-table-cell"}
_SPACES = {"br": "\n", "cr": "\n", "line-break": "\n", "tab": "\t", "noBreakHyphen": "-"}
# What is no text of the document: its second version for old programs, tab stops, what was deleted, remarks.
_PASSED_OVER = {
    "Fallback",
    "tabs",
    "tabLst",
    "rPr",
    "del",
    "moveFrom",
    "tracked-changes",
    "annotation",
    "notes",
    "forms",
}


def read_flow(stream: IO[bytes], shown: Shown, *, in_runs: bool = True, is_sheet: bool = False) -> None:
    """Read paragraphs and tables: of Word, of a slide, or of an OpenDocument, whose names for them hardly differ.

    Word and PowerPoint have their text in runs, with blanks of no meaning around them.
    """
    flow = _Flow(shown, in_runs=in_runs, is_sheet=is_sheet)
    passed_over = 0  # how deep we are in what is passed over
    for kind, name, attributes in events_of(stream):
        if kind != "text" and (passed_over or name in _PASSED_OVER):
            passed_over += 1 if kind == "start" else -1
        elif passed_over:
            continue
        elif kind == "start":
            flow.start(name, attributes)
        elif kind == "end":
            flow.end(name)
        else:
            flow.text(name)


class _Flow:
    """Where in a document the reading is. Paragraphs and tables may lie in others: text boxes, tables in cells."""

    def __init__(self, shown: Shown, *, in_runs: bool, is_sheet: bool) -> None:
        self.shown, self.in_runs, self.is_sheet = shown, in_runs, is_sheet
        self.paragraphs: list[list[str]] = []
        self.rows: list[list[str]] = []
        self.cells: list[list[str]] = []
        self.repeated: list[int] = []  # how often each open cell stands in its row
        self.number = self.rows_repeated = 0
        self.slides = self.size = 0
        self.is_item = self.is_run = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _PARAGRAPHS:
            self.paragraphs.append(["• "] if self.is_item else [])
            self.is_item = False
        elif name == "t":
            self.is_run = True
        elif name in {"numPr", "listPr"} and self.paragraphs:
            self.paragraphs[-1].append("• ")
        elif name == "list-item":
            self.is_item = True
        elif name in _SPACES and self.paragraphs:
            self.paragraphs[-1].append(_SPACES[name])
        elif name == "s" and self.paragraphs:
            self.paragraphs[-1].append(" " * _count(attributes.get("c")))
        elif name in _ROWS:
            self.rows.append([])
            if self.is_sheet:
                self.number += 1
                self.rows_repeated = max(1, int(attributes.get("number-rows-repeated", "1")))
        elif name in _CELLS:
            self.cells.append([])
            self.repeated.append(_count(attributes.get("number-columns-repeated")))
        elif name == "table" and self.is_sheet and not self.rows:
            self.shown.title(attributes.get("name", ""))
            self.number = 0
        elif name == "page":
            self.slides += 1
            self.shown.title(f"Slide {self.slides}")

    def text(self, words: str) -> None:
        self.size += len(words)
        if self.size > READ_AT_MOST:  # a paragraph without an end would fill the memory
            raise Unreadable("too_large")
        if self.paragraphs and not self.in_runs:
            self.paragraphs[-1].append(re.sub(r"\s+", " ", words))
        elif self.paragraphs and self.is_run:
            self.paragraphs[-1].append(words)

    def end(self, name: str) -> None:
        if name == "t":
            self.is_run = False
        elif name in _PARAGRAPHS and self.paragraphs:
            words = "".join(self.paragraphs.pop())
            for line in words.split("\n"):
                self._put(line)
        elif name in _CELLS and self.cells and self.rows:
            self.rows[-1].extend(["\n".join(self.cells.pop())] * self.repeated.pop())
        elif name in _ROWS and self.rows:
            row = self.rows.pop()
            if self.cells:
                self._put("  ".join(row))
            else:
                self.shown.row(row, self.number)
                self.number += max(0, self.rows_repeated - 1)

    def _put(self, line: str) -> None:
        if self.cells:
            self.cells[-1].append(line)
        else:
            self.shown.line(line)


def _count(number: str | None) -> int:
    return max(1, min(int(number or "1"), COLUMNS_AT_MOST))
