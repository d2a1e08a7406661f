"""The grids of the form: evidence down, criteria across, a mark in each cell. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from assessments.printing.wording import isolated, kind_of_evidence, lettered, period

COLUMNS_AT_MOST = 8


class Mark(Enum):
    """What stands in a cell. Four shapes, so that a grey printer tells them apart; the best one first."""

    MET = ("✓", "judged met")
    PARTLY = ("◐", "judged met in part")
    CLAIMED = ("○", "claimed, not judged yet")
    NOT_YET = ("✕", "judged not yet met")

    def __init__(self, symbol: str, words: str) -> None:
        self.symbol = symbol
        self.words = words


CriterionKey = tuple[str, int]  # a criterion within its unit: kind and position

BEST_FIRST = list(Mark)
OUTCOMES = {None: Mark.CLAIMED, "met": Mark.MET, "partly": Mark.PARTLY, "not_yet": Mark.NOT_YET}


@dataclass(frozen=True)
class Column:
    """One criterion, or in a key the heading over lettered ones."""

    code: str
    words: str


@dataclass(frozen=True)
class Row:
    """One piece of evidence in one table, a mark or None for each column."""

    number: int
    title: str
    details: tuple[str, ...]
    cells: tuple[Mark | None, ...]


@dataclass(frozen=True)
class Table:
    """A grid: evidence down, at most eight criteria across. `key` gives the words of the columns, each
    heading before its lettered items, where the code alone would not tell (continuation sheet)."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    key: tuple[Column, ...] = ()


def split_columns(count: int) -> list[int]:
    """How many criteria go into each table: the least number of tables with at most eight criteria each,
    as even as can be, the shorter first. 15 gives [7, 8] (the source's form), 8 gives [8], 0 gives []."""
    tables = -(-count // COLUMNS_AT_MOST)
    if tables == 0:
        return []
    size, longer = divmod(count, tables)
    return [size] * (tables - longer) + [size + 1] * longer


def marks_of(claims: Iterable[dict[str, Any]]) -> dict[tuple[int, CriterionKey], Mark]:
    """The mark of each (evidence number, criterion); of several claims on one the best counts."""
    marks: dict[tuple[int, CriterionKey], Mark] = {}
    for claim in claims:
        cell = (claim["evidence"], key_of(claim))
        marks[cell] = min(marks.get(cell, Mark.NOT_YET), mark_of(claim), key=BEST_FIRST.index)
    return marks


def mark_of(claim: dict[str, Any]) -> Mark:
    """What one claim of the document puts into its cell."""
    return OUTCOMES[claim["judgement"]["outcome"] if claim["judgement"] else None]


def key_of(claim: dict[str, Any]) -> CriterionKey:
    """The criterion that a claim of the document is on."""
    return claim["criterion"]["kind"], claim["criterion"]["position"]


def columns_of(criteria: Sequence[dict[str, Any]]) -> dict[CriterionKey, Column]:
    """Every criterion by its key, in the document's order, with the code that is printed."""
    by_key = {(item["kind"], item["position"]): item for item in criteria}
    columns = {}
    for key, item in by_key.items():
        parent = by_key[(item["kind"], item["parent"])] if item["parent"] is not None else {}
        code = item["code"] or (str(item["position"]) if item["tickable"] else "")
        columns[key] = Column(lettered(parent.get("code") or "", code), item["text"])
    return columns


def tables_of(
    wanted: Iterable[tuple[str, str]],
    criteria: Sequence[dict[str, Any]],
    evidence: Sequence[dict[str, Any]],
    marks: dict[tuple[int, CriterionKey], Mark],
    *,
    with_key: bool,
) -> tuple[Table, ...]:
    """The tables of some kinds of criteria. Only what is ticked is a column; each table lists the pieces
    that have a mark in it."""
    columns = columns_of(criteria)
    tables = []
    for kind, title in wanted:
        ticked = [item for item in criteria if item["kind"] == kind and item["tickable"]]
        start = 0
        for size in split_columns(len(ticked)):
            part = ticked[start : start + size]
            keys = [(kind, item["position"]) for item in part]
            tables.append(
                Table(
                    title=f"{title} (continued)" if start else title,
                    columns=tuple(columns[key] for key in keys),
                    rows=tuple(_rows(keys, evidence, marks)),
                    key=tuple(_key_entries(part, columns)) if with_key else (),
                )
            )
            start += size
    return tuple(tables)


def _key_entries(items: Iterable[dict[str, Any]], columns: dict[CriterionKey, Column]) -> Iterable[Column]:
    """The words of some columns, a heading before the first of its lettered items."""
    heading = None
    for item in items:
        if item["parent"] is not None and item["parent"] != heading:
            heading = item["parent"]
            yield columns[(item["kind"], heading)]
        yield columns[(item["kind"], item["position"])]


def _rows(
    keys: Sequence[CriterionKey],
    evidence: Iterable[dict[str, Any]],
    marks: dict[tuple[int, CriterionKey], Mark],
) -> Iterable[Row]:
    for piece in evidence:
        cells = tuple(marks.get((piece["number"], key)) for key in keys)
        if any(cells):
            yield Row(piece["number"], piece["title"], _details(piece), cells)


def _details(piece: dict[str, Any]) -> tuple[str, ...]:
    """What is said of a piece under its title. The setting is named where it is not a real job, because
    that is what an auditor looks for."""
    details = [kind_of_evidence(piece["kind"]), period(piece["from"], piece["to"])]
    if piece["setting"] != "real_job":
        details.append(piece["setting"].replace("_", " "))
    if piece["location"]:
        details.append(f"held elsewhere: {isolated(piece['location'])}")
    return tuple(detail for detail in details if detail)
