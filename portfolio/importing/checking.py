"""Checks a whole file: names every cell that must be mended, and says of each row what it will do."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from centres.models import Role
from centres.staff.models import day_in_words
from portfolio.importing.columns import COLUMNS, EXAMPLE_EMAIL, NAMES_WHO, OBLIGATORY, ImportColumn, registers
from portfolio.importing.known import KnownHere
from portfolio.importing.readers import SHOWN_AT_MOST, as_shown
from portfolio.importing.reading import SheetRead, SheetRow, cell_address, heading_key
from portfolio.open_registrations import left_alone_sentence
from standards.in_words import counted


@dataclass(kw_only=True)
class CheckedRow:
    """A row: its cells as they were typed, how they were read, and what is wrong with which."""

    number: int
    cells: dict[str, str]
    said: dict[str, Any] = field(default_factory=dict)
    faults: list[dict[str, str]] = field(default_factory=list)
    sentence: str = ""


@dataclass(frozen=True, kw_only=True)
class CheckedSheet:
    """All rows in the order of the file, and a sentence on what they will do."""

    rows: list[CheckedRow]
    sentence: str

    @property
    def faults(self) -> int:
        """How many cells must be mended."""
        return sum(len(row.faults) for row in self.rows)


def known_headings() -> frozenset[str]:
    """All headings that mean a column, as `heading_key` has them."""
    return frozenset(_by_heading())


def sheet_check(sheet: SheetRead, known: KnownHere) -> CheckedSheet:
    """Check every cell. Raises ValidationError, with a sentence each, where columns are missing or unknown."""
    columns = _columns(sheet.headings)
    rows = [row for row in sheet.rows if _address_in(row, columns) != EXAMPLE_EMAIL]
    if not rows:
        raise ValidationError("There is no row below the headings.")
    _note_given_roles(rows, columns, known)
    checked = [_row(row, columns, known) for row in rows]
    _refuse_repeats(checked, columns, known)
    for row in checked:
        row.faults.sort(key=lambda fault: (len(fault["cell"]), fault["cell"]))  # from left to right
    return CheckedSheet(rows=checked, sentence=_in_all(checked, known))


def in_order(rows: Iterable[CheckedRow]) -> list[CheckedRow]:
    """The rows as they are done: first those that give roles to staff, who then may lead in the others."""
    return sorted(rows, key=lambda row: (set(row.said.get("roles", ())) <= {Role.CANDIDATE}, row.number))


def _by_heading() -> dict[str, ImportColumn]:
    return {heading_key(name): column for column in COLUMNS for name in (column.heading, *column.also)}


def _columns(headings: tuple[str, ...]) -> dict[int, ImportColumn]:
    """Which column stands where, from 0."""
    by_heading, found, wrong = _by_heading(), dict[int, ImportColumn](), list[str]()
    for at, heading in enumerate(headings):
        if not heading:
            continue
        column = by_heading.get(heading_key(heading))
        if column is None:
            wrong.append(f"“{heading[:60]}” is no column of an import.")
        elif column in found.values():
            wrong.append(f"There are two columns “{column.heading}”.")
        else:
            found[at] = column
    wrong += [
        f"There is no column “{column.heading}”."
        for column in COLUMNS
        if column.key in OBLIGATORY and column not in found.values()
    ]
    if not any(column.key in NAMES_WHO for column in found.values()):
        wrong.append("There is no column “E-mail address”. A column “Sign-in number” may stand in its place.")
    if wrong:
        named = ", ".join(column.heading for column in COLUMNS)
        raise ValidationError([*wrong[:10], f"The first row names the columns, in any order: {named}."])
    return found


def _address_in(row: SheetRow, columns: dict[int, ImportColumn]) -> str:
    return next((as_shown(row.cells[at]).lower() for at, one in _cells(row, columns) if one.key == "email"), "")


def _cells(row: SheetRow, columns: dict[int, ImportColumn]) -> list[tuple[int, ImportColumn]]:
    return [(at, column) for at, column in columns.items() if at < len(row.cells)]


def _note_given_roles(rows: Iterable[SheetRow], columns: dict[int, ImportColumn], known: KnownHere) -> None:
    """Note who will be staff by this file, since a lead may stand further below."""
    for row in rows:
        for at, column in _cells(row, columns):
            if column.key == "roles":
                try:
                    given = column.check(column.read(row.cells[at]), {}, known)
                except ValidationError:
                    continue  # said where the row itself is checked
                known.given[_address_in(row, columns)].update(given)


def _row(row: SheetRow, columns: dict[int, ImportColumn], known: KnownHere) -> CheckedRow:
    typed = {column.key: as_shown(row.cells[at])[:SHOWN_AT_MOST] for at, column in _cells(row, columns)}
    checked = CheckedRow(number=row.number, cells=typed)
    places = {column.key: at for at, column in columns.items()}
    for column in COLUMNS:  # in this order, since checks ask what was said before
        at = places.get(column.key)
        cell = row.cells[at] if at is not None and at < len(row.cells) else None
        try:
            checked.said[column.key] = column.check(column.read(cell), checked.said, known)
        except ValidationError as error:
            _note(checked, column, places[column.key], " ".join(error.messages))
    if (fault := _who_is_wrong(checked, known)) is not None:
        there = [key for key in NAMES_WHO if key in places]
        at = places[next((key for key in reversed(there) if checked.said[key]), there[0])]
        _note(checked, columns[at], at, fault)
    for at, cell in enumerate(row.cells):
        if at not in columns and as_shown(cell):
            address = cell_address(at, row.number)
            checked.faults.append({"cell": address, "column": "", "why": "Nothing stands above it in the first row."})
    if "roles" in checked.said and (registers(checked.said) or not checked.said["roles"]):
        checked.said["roles"] = list(dict.fromkeys([*checked.said["roles"], str(Role.CANDIDATE)]))
    if not checked.faults:
        checked.sentence = _in_words(checked.said, known)
    return checked


def _who_is_wrong(row: CheckedRow, known: KnownHere) -> str | None:
    """Why the row does not say who it is about; None if it does, or where a cell was refused already."""
    said = row.said
    if not set(NAMES_WHO) <= said.keys():
        return None
    if not any(said[key] for key in NAMES_WHO):
        return "Type an e-mail address, or the sign-in number of a candidate who has none."
    if said["sign_in_number"] and set(said.get("roles", ())) - {Role.CANDIDATE}:
        return "Only candidates sign in with a number. Give an e-mail address instead."
    try:
        known.note(said)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return None


def _note(row: CheckedRow, column: ImportColumn, at: int, why: str) -> None:
    row.faults.append({"cell": cell_address(at, row.number), "column": column.heading, "why": why})


def _refuse_repeats(rows: Iterable[CheckedRow], columns: dict[int, ImportColumn], known: KnownHere) -> None:
    """Name rows that give one person two names, or register a person twice on the same."""
    places = {column.key: (column, at) for at, column in columns.items()}
    names: dict[str, CheckedRow] = {}
    registered: dict[tuple[str, str], CheckedRow] = {}
    for row in rows:
        key, name = known.key_of(row.said), row.said.get("name")
        if not key or not name:
            continue
        first = names.setdefault(key, row)
        if first.said["name"].casefold() != name.casefold():
            why = f"{_as_named(row.said)} is {first.said['name']} in row {first.number}. Give one person one name."
            _note(row, *places["name"], why)
        if not row.faults and registers(row.said):
            other = registered.setdefault((key, row.said["qualification"]), row)
            if other is not row:
                at = next(places[one] for one in NAMES_WHO if one in places)
                _note(row, *at, f"Row {other.number} registers them on the same. Put both into one row.")


def _as_named(said: dict[str, Any]) -> str:
    """What the row calls its person by: their address, or their number."""
    return str(said.get("email") or said.get("sign_in_number"))


def _in_words(said: dict[str, Any], known: KnownHere) -> str:
    """What a row will do. It tells nothing of people of other centres."""
    key, called = known.key_of(said), known.centre.words
    name, held = known.names.get(key), known.roles.get(key, set())
    new = [called.of_role(role) for role in said["roles"] if role not in held]
    parts = []
    if new:
        number = f" with the number {said['sign_in_number']}" if said["sign_in_number"] and not name else ""
        parts.append(f"{'Becomes' if name else 'Joins as'} {' and '.join(new)}{number}.")
    if name and name != said["name"]:
        parts.append(f"{_as_named(said)} is {name} here, who stays so named.")
    if day := said["eighteen_on"]:
        there = known.days.get(key)
        stays = "What is on record of when they turn 18 stays."
        parts += (
            [f"Turns 18 on {day_in_words(date.fromisoformat(day))}."]
            if there is None
            else [stays]
            if there != day
            else []
        )
    if not registers(said):
        return " ".join(parts) or "Is there already."
    ended = known.registered.get((key, said["qualification"]))
    if ended:
        return " ".join([*parts, left_alone_sentence(ended)])
    if ended is not None:
        return " ".join([*parts, "Is registered already; only what is missing is added."])
    units = ", ".join(address.partition(":")[2] for address in said["units"])
    on = known.qualifications.titles.get(said["qualification"], "")
    parts.append(f"Is registered on {' with '.join(filter(None, (on, units)))}.")
    return " ".join(parts)


def _in_all(rows: Iterable[CheckedRow], known: KnownHere) -> str:
    counts: Counter[str] = Counter()
    new: set[str] = set()
    for row in rows:
        said = row.said
        if row.faults:
            continue
        key = known.key_of(said)
        new |= {key} - known.names.keys()
        if registers(said):
            counts["there" if (key, said["qualification"]) in known.registered else "registered"] += 1
    people = "1 person" if len(new) == 1 else f"{len(new):,} people"
    there = f" In {counted(counts['there'], 'row')} somebody is registered already." if counts["there"] else ""
    return f"It adds {people} and makes {counted(counts['registered'], 'registration')}.{there}"
