"""The grids of the form: evidence down, criteria across, a mark in each cell. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from assessments.models.status import Status, best
from assessments.recording_form.words import isolated, kind_of_evidence, lettered, period
from printing.shapes import CHARACTERS
from standards.content import CriterionContent
from standards.models import Criterion
from standards.naming import CriterionKey, Name, elements_in_words

COLUMNS_AT_MOST = 8
TITLE_FITS = 3  # columns or more
CONTINUED = " (continued)"


class PrintedMark(NamedTuple):
    """What stands in a cell: a shape that a grey printer tells from the others, and what it means."""

    symbol: str
    words: str


PRINTED: dict[Status, PrintedMark] = {
    status: PrintedMark(CHARACTERS[status.shape], status.words) for status in Status if status != Status.EMPTY
}


@dataclass(frozen=True)
class PrintedColumn:
    """One criterion; in a key, also the heading over lettered ones."""

    code: str
    words: str


@dataclass(frozen=True)
class PrintedRow:
    """One piece of evidence in one table, a mark or None for each column."""

    number: int
    title: str
    details: tuple[str, ...]
    cells: tuple[PrintedMark | None, ...]


@dataclass(frozen=True)
class PrintedTable:
    """A grid: evidence down, at most eight criteria across."""

    title: str
    columns: tuple[PrintedColumn, ...]
    rows: tuple[PrintedRow, ...]

    @property
    def is_wide(self) -> bool:
        """Whether the title goes over the whole table, because it would not fit over a few columns."""
        return len(self.columns) < TITLE_FITS

    @property
    def width(self) -> int:
        """How many columns there are, counting the number and the description."""
        return len(self.columns) + 2


def split_columns(count: int) -> list[int]:
    """How many criteria go into each table: the least number of tables with at most eight criteria each,
    as even as can be, the shorter first. 15 gives [7, 8] (the source's form), 8 gives [8], 0 gives []."""
    tables = -(-count // COLUMNS_AT_MOST)
    if tables == 0:
        return []
    size, longer = divmod(count, tables)
    return [size] * (tables - longer) + [size + 1] * longer


def marks_of(claims: Iterable[dict[str, Any]]) -> dict[tuple[int, CriterionKey], PrintedMark]:
    """The mark of each (evidence number, criterion); if several claims are on one, the best counts."""
    statuses: dict[tuple[int, CriterionKey], list[str]] = defaultdict(list)
    for claim in claims:
        statuses[claim["evidence"], key_of(claim)].append(claim["status"])
    return {cell: PRINTED[best(found)] for cell, found in statuses.items()}


def key_of(claim: dict[str, Any]) -> CriterionKey:
    """The criterion that a claim of the document is on."""
    return claim["criterion"]["kind"], claim["criterion"]["position"]


def criteria_of(document: dict[str, Any]) -> tuple[CriterionContent, ...]:
    """The criteria of a document, in its order: as they were signed, whatever the tables of the standards say."""
    by_key = {(item["kind"], item["position"]): item for item in document["criteria"]}
    found = []
    for item in document["criteria"]:
        parent = by_key[(item["kind"], item["parent"])] if item["parent"] is not None else {}
        code = item["code"] or (str(item["position"]) if item["tickable"] else "")
        found.append(
            CriterionContent(
                kind=item["kind"],
                position=item["position"],
                code=code,
                full_code=lettered(parent.get("code") or "", code),
                text=item["text"],
                element=item["element"],
                range_elements=tuple(item["range_elements"]),
                parent=item["parent"],
                group=item["group"] or "",
                minimum=item["minimum"],
                same_as=item["same_as"],
                is_tickable=item["tickable"],
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class PrintedKey:
    """The words of the criteria of one kind: each heading before its lettered items."""

    title: str
    entries: tuple[PrintedColumn, ...]


@dataclass(frozen=True, kw_only=True)
class PrintedSheet:
    """What the tables are made from: the criteria with their names, the pieces and the marks."""

    criteria: tuple[CriterionContent, ...]
    names: dict[CriterionKey, Name]
    element_word: str
    evidence: Sequence[dict[str, Any]]
    marks: dict[tuple[int, CriterionKey], PrintedMark]

    def tables(self, kind: str, title: str) -> Iterable[PrintedTable]:
        """The tables of one kind of criteria. Only what can be claimed is a column; each table lists the
        pieces that have a mark in it. Categories of other elements are in tables of their own, since
        their letters begin again."""
        columns = [item for item in self.criteria if item.kind == kind and item.is_claimable]
        for where, found in groupby(columns, key=self._where):
            items = list(found)
            heading = f"{title}, {where}" if where else title
            for size in split_columns(len(items)):
                part, items = items[:size], items[size:]
                yield PrintedTable(
                    title=heading,
                    columns=tuple(PrintedColumn(self.names[item.kind, item.position].code, item.text) for item in part),
                    rows=tuple(self._rows(part)),
                )
                heading = f"{heading.removesuffix(CONTINUED)}{CONTINUED}"

    def keys(self, kind: str, title: str) -> Iterable[PrintedKey]:
        """The words of all criteria of one kind; those of other elements apart, as their tables are."""
        of_kind = [item for item in self.criteria if item.kind == kind]
        for where, found in groupby(of_kind, key=self._where):
            if entries := tuple(self._key(list(found))):
                yield PrintedKey(f"{title}, {where}" if where else title, entries)

    def group_of(self, item: CriterionContent) -> str:
        """What stands over some columns of a wide table: the category of a range item, after its element if other
        elements use the same letters. Empty for what has no category."""
        if item.kind != Criterion.Kind.RANGE or item.parent is None:
            return ""
        category = next(one for one in self.criteria if (one.kind, one.position) == (item.kind, item.parent))
        return f"{', '.join(category.range_elements) if self._where(item) else ''} {category.code}".strip()

    def code_under(self, group: str, item: CriterionContent) -> str:
        """The code of a column that stands under its group, or under none."""
        return item.code if group else self.names[item.kind, item.position].code

    def _where(self, item: CriterionContent) -> str:
        """The elements that a range item belongs to, if other elements use the same letters."""
        return self.names[item.kind, item.position].where

    def _key(self, items: Sequence[CriterionContent]) -> Iterable[PrintedColumn]:
        """The words of some columns, a heading before the first of its lettered items."""
        by_key = {(item.kind, item.position): item for item in self.criteria}
        heading = None
        for item in items:
            if not item.is_tickable:
                continue
            if item.parent is not None and item.parent != heading:
                heading = item.parent
                above = by_key[item.kind, heading]
                yield PrintedColumn(above.code, f"{above.text}{self._asked(above)}")
            yield PrintedColumn(self.names[item.kind, item.position].code, f"{item.text}{self._ticked_with(item)}")

    def _asked(self, category: CriterionContent) -> str:
        """How much of a range category is asked for."""
        said = [f"at least {category.minimum} of these"] if category.minimum is not None else []
        if len(category.range_elements) > 1:
            said.append(f"in each of the {elements_in_words(category.range_elements, self.element_word)}")
        return f" ({', '.join(said)})" if said else ""

    def _ticked_with(self, item: CriterionContent) -> str:
        if item.same_as is None:
            return ""
        return f" (ticked with {self.names[Criterion.Kind.RANGE, item.same_as]})"

    def _rows(self, columns: Sequence[CriterionContent]) -> Iterable[PrintedRow]:
        keys = [(item.kind, item.position) for item in columns]
        for piece in self.evidence:
            cells = tuple(self.marks.get((piece["number"], key)) for key in keys)
            if any(cells):
                yield PrintedRow(piece["number"], piece["title"], details_of(piece), cells)


def details_of(piece: dict[str, Any]) -> tuple[str, ...]:
    """The small print under a piece's title. The setting is named if it is not a real job, because
    that is what an auditor looks for."""
    details = [kind_of_evidence(piece["kind"]), period(piece["from"], piece["to"])]
    if piece["setting"] != "real_job":
        details.append(piece["setting"].replace("_", " "))
    if piece["location"]:
        details.append(f"held elsewhere: {isolated(piece['location'])}")
    return tuple(detail for detail in details if detail)
