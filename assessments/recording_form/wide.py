"""The grids of a unit with many criteria: all columns beside one another, and pieces by their numbers alone. Pure.

With eight columns a table, such a unit would print the description of a piece once for each of up to fifteen tables.
Here the list of the evidence has it once, and the key has the words of the columns.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from assessments.recording_form.tables import CONTINUED, PrintedMark, PrintedSheet
from standards.content import CriterionContent

COLUMNS_OF_NARROW = 32  # a unit with more criteria than fit into four tables of eight has wide ones

# Millimetres on a sheet on its side. A letter of a code takes LETTER; `few` in recording-form.css is FEW.
ROOM, LETTER, FEW = 262, 1.57, 9.5
TITLE_FITS = 4  # columns or more; fewer are made wider, so that their title does not break


@dataclass(frozen=True)
class WideGroup:
    """Columns under a heading of their own, such as a category of the range; `label` is empty where they have none."""

    label: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class WidePart:
    """The columns of one kind."""

    title: str
    groups: tuple[WideGroup, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Those of all its columns."""
        return tuple(code for group in self.groups for code in group.codes)

    @property
    def is_few(self) -> bool:
        """Whether its columns are made wider than others."""
        return len(self.codes) < TITLE_FITS

    @property
    def room(self) -> float:
        """How wide it is at least, in millimetres."""
        longest = max(map(len, self.codes))
        return len(self.codes) * (FEW if self.is_few else max(3, longest) * LETTER)


@dataclass(frozen=True)
class WideRow:
    """One piece of evidence by its number, a mark or None for each column."""

    number: int
    cells: tuple[PrintedMark | None, ...]


@dataclass(frozen=True)
class WideTable:
    """Parts beside one another, and the pieces that have a mark in any of them."""

    parts: tuple[WidePart, ...]
    rows: tuple[WideRow, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The codes of all its columns."""
        return tuple(code for part in self.parts for code in part.codes)

    @property
    def head_rows(self) -> int:
        """How many rows of headings it has."""
        return 3 if self.has_groups else 2

    @property
    def has_groups(self) -> bool:
        """Whether some columns stand under a heading of their own."""
        return any(group.label for part in self.parts for group in part.groups)


def is_wide(criteria: Iterable[CriterionContent]) -> bool:
    """Whether a unit with these criteria has wide tables."""
    return sum(item.is_claimable for item in criteria) > COLUMNS_OF_NARROW


def wide_tables(sheet: PrintedSheet, titles: dict[str, str]) -> Iterator[WideTable]:
    """Yield the tables of all kinds, by `titles`: as many kinds beside one another as a sheet has room for."""
    found: list[tuple[WidePart, Sequence[CriterionContent]]] = []
    for kind, heading in titles.items():
        items = [item for item in sheet.criteria if item.kind == kind and item.is_claimable]
        letters_repeat = any(sheet.names[item.kind, item.position].where for item in items)
        title = f"{heading} by {sheet.element_word}" if letters_repeat else heading
        for part, some in _parts(sheet, title, items):
            if found and sum(one.room for one, _ in found) + part.room > ROOM:
                yield _table(sheet, found)
                found = []
            found.append((part, some))
    if found:
        yield _table(sheet, found)


def _parts(
    sheet: PrintedSheet, title: str, items: Sequence[CriterionContent]
) -> Iterator[tuple[WidePart, Sequence[CriterionContent]]]:
    """Yield the columns of one kind as one part, or as several where they have no room on one sheet."""
    while items:
        some = list(items)
        while (part := _part(sheet, title, some)).room > ROOM:
            some.pop()
        yield part, some
        items, title = items[len(some) :], f"{title.removesuffix(CONTINUED)}{CONTINUED}"


def _part(sheet: PrintedSheet, title: str, items: Sequence[CriterionContent]) -> WidePart:
    groups = tuple(
        WideGroup(label, tuple(sheet.code_under(label, item) for item in found))
        for label, found in groupby(items, key=sheet.group_of)
    )
    return WidePart(title, groups)


def _table(sheet: PrintedSheet, found: Sequence[tuple[WidePart, Sequence[CriterionContent]]]) -> WideTable:
    keys = [(item.kind, item.position) for _, items in found for item in items]
    rows = []
    for piece in sheet.evidence:
        cells = tuple(sheet.marks.get((piece["number"], key)) for key in keys)
        if any(cells):
            rows.append(WideRow(piece["number"], cells))
    return WideTable(tuple(part for part, _ in found), tuple(rows))
