"""Reads Office documents: those of Word, Excel and PowerPoint in XML, OpenDocument, and rich text."""

import datetime
import posixpath
import re
import zipfile
from typing import IO

from striprtf.striprtf import rtf_to_text

from portfolio.files.reading.blocks import COLUMNS_AT_MOST, Shown, Unreadable
from portfolio.files.reading.flow import events_of, read_flow
from portfolio.files.reading.texts import decoded

OPEN_XML = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
STRINGS_AT_MOST = 20_000_000  # characters: a workbook keeps those of all cells in one list


def read_document(content_type: str, file: IO[bytes], shown: Shown) -> None:
    """Read the text of an Office document."""
    head = file.read(4096).lstrip()
    file.seek(0)
    if head.startswith(b"{\\rtf"):
        for line in rtf_to_text(file.read().decode("latin-1"), errors="replace").splitlines():
            shown.line(line)
    elif head.startswith(b"PK"):
        with zipfile.ZipFile(file) as archive:
            if content_type.startswith(OPEN_DOCUMENT):
                with archive.open("content.xml") as content:
                    read_flow(content, shown, in_runs=False, is_sheet=content_type.endswith("spreadsheet"))
            elif content_type.startswith(OPEN_XML):
                _OPEN_XML_READERS[content_type.removeprefix(OPEN_XML)](archive, shown)
    elif not decoded(head).lstrip().startswith("<"):
        raise Unreadable("no_reader")
    elif "urn:schemas-microsoft-com:office:spreadsheet" in decoded(head):  # as Excel 2003 saved XML
        _read_old_workbook(file, shown)
    else:  # as Word 2003 did
        read_flow(file, shown)


# --- Word and PowerPoint ------------------------------------------------------------------------------


def _related(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return what a part of a document refers to within it: the last word of the kind, and the name, by id."""
    folder, name = posixpath.split(part)
    found = {}
    try:
        stream = archive.open(posixpath.join(folder, "_rels", f"{name}.rels"))
    except KeyError:
        return {}
    with stream:
        for kind, element, attributes in events_of(stream):
            if kind == "start" and element == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"])).lstrip("/")
                found[attributes["Id"]] = (attributes["Type"].rpartition("/")[2], target)
    return found


def _main_part(archive: zipfile.ZipFile) -> str:
    return next(name for kind, name in _related(archive, "").values() if kind == "officeDocument")


def _in_order(archive: zipfile.ZipFile, main: str, element: str) -> list[tuple[str, str]]:
    """Return the sheets or slides in their order: what each is called, and the name of its part."""
    related = _related(archive, main)
    with archive.open(main) as stream:
        listed = [attributes for kind, name, attributes in events_of(stream) if kind == "start" and name == element]
    # A slide has two ids; the one that counts here begins with letters.
    return [(one.get("name", ""), related[one["id"]][1]) for one in listed if one.get("id") in related]


def read_word(archive: zipfile.ZipFile, shown: Shown) -> None:
    """Read the text of a Word document."""
    with archive.open(_main_part(archive)) as stream:
        read_flow(stream, shown)


def read_slides(archive: zipfile.ZipFile, shown: Shown) -> None:
    """Read the text of each slide of a presentation."""
    for number, (_, part) in enumerate(_in_order(archive, _main_part(archive), "sldId"), start=1):
        shown.title(f"Slide {number}")
        with archive.open(part) as stream:
            read_flow(stream, shown)


# --- Excel --------------------------------------------------------------------------------------------


def read_workbook(archive: zipfile.ZipFile, shown: Shown) -> None:
    """Read the cells of each sheet of a workbook, as values: what a formula came to when it was saved."""
    main = _main_part(archive)
    parts = dict(_related(archive, main).values())
    strings = _strings(archive, parts.get("sharedStrings"))
    dated = _dated_styles(archive, parts.get("styles"))
    for title, part in _in_order(archive, main, "sheet"):
        shown.title(title)
        with archive.open(part) as stream:
            _read_sheet(stream, strings, dated, shown)


def _read_old_workbook(file: IO[bytes], shown: Shown) -> None:
    """Read the cells of a workbook that is one XML file."""
    cells: dict[int, str] = {}
    number = column = 0
    is_value = False
    for kind, name, attributes in events_of(file):
        if kind == "text":
            if is_value:
                cells[column] = cells.get(column, "") + name
        elif name == "Data":
            is_value = kind == "start"
        elif kind == "start" and name == "Worksheet":
            shown.title(attributes.get("Name", ""))
            number = 0
        elif kind == "start" and name == "Row":
            number, column, cells = int(attributes.get("Index", number + 1)), 0, {}
        elif kind == "start" and name == "Cell":
            column = int(attributes.get("Index", column + 1))
        elif name == "Row":
            shown.row(_in_columns(cells), number)


def _in_columns(cells: dict[int, str]) -> list[str]:
    """Return the cells of a row in their places, by number of the column, as far as they are shown."""
    return [cells.get(column, "") for column in range(1, min(max(cells, default=0), COLUMNS_AT_MOST) + 1)]


def _strings(archive: zipfile.ZipFile, part: str | None) -> list[str]:
    if part is None:
        return []
    found: list[str] = []
    size, is_text, is_reading = 0, False, False
    with archive.open(part) as stream:
        for kind, name, _ in events_of(stream):
            if kind == "text":
                if is_text and not is_reading:
                    found[-1] += name
                    size += len(name)
                    if size > STRINGS_AT_MOST:
                        raise Unreadable("too_large")
            elif name == "si" and kind == "start":
                found.append("")
            elif name == "rPh":  # how Japanese is spoken
                is_reading = kind == "start"
            elif name == "t":
                is_text = kind == "start"
    return found


_DATES_BUILT_IN = {*range(14, 23), *range(45, 48)}  # ECMA-376 part 1, 18.8.30


def _dated_styles(archive: zipfile.ZipFile, part: str | None) -> set[int]:
    """Return the numbers of the styles that show a number as a date or a time."""
    if part is None:
        return set()
    own: set[int] = set()
    dated: set[int] = set()
    in_cells, number = False, 0
    with archive.open(part) as stream:
        for kind, name, attributes in events_of(stream):
            if name == "cellXfs":
                in_cells, number = kind == "start", 0
            elif kind == "start" and name == "numFmt":
                code = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", attributes.get("formatCode", ""))
                if re.search("[dmyhs]", code, re.IGNORECASE):
                    own.add(int(attributes["numFmtId"]))
            elif kind == "start" and name == "xf" and in_cells:
                if int(attributes.get("numFmtId", "0")) in _DATES_BUILT_IN | own:
                    dated.add(number)
                number += 1
    return dated


def _read_sheet(stream: IO[bytes], strings: list[str], dated: set[int], shown: Shown) -> None:
    cells: dict[int, str] = {}
    number, cell, value, is_value = 0, {}, "", False
    for kind, name, attributes in events_of(stream):
        if kind == "text":
            value += name if is_value else ""
        elif name == "row" and kind == "start":
            number, cells = int(attributes.get("r", number + 1)), {}
        elif name == "row":
            shown.row(_in_columns(cells), number)
        elif name == "c" and kind == "start":
            cell, value = attributes, ""
        elif name == "c":
            column = _column(cell.get("r", "")) or max(cells, default=0) + 1
            cells[column] = _said(value, cell.get("t", "n"), int(cell.get("s", "0")) in dated, strings)
        elif name in {"v", "t"}:
            is_value = kind == "start"


def _column(place: str) -> int:
    """Return the number of the column of a cell: 28 of AB7."""
    number = 0
    for letter in place.rstrip("0123456789"):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _said(value: str, kind: str, is_dated: bool, strings: list[str]) -> str:
    match kind:
        case "s":
            return strings[int(value)]
        case "b":
            return "TRUE" if value == "1" else "FALSE"
        case "n" if is_dated and value:
            return _date(float(value))
    return value


def _date(days: float) -> str:
    """Return what Excel counts in days since the end of 1899, as a day, a time, or both."""
    moment = datetime.datetime(1899, 12, 30) + datetime.timedelta(seconds=round(days * 86400))
    if days < 1:
        return moment.strftime("%H:%M")
    return moment.strftime("%d %B %Y" if days == int(days) else "%d %B %Y %H:%M")


_OPEN_XML_READERS = {
    "wordprocessingml.document": read_word,
    "spreadsheetml.sheet": read_workbook,
    "presentationml.presentation": read_slides,
}
