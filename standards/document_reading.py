"""Reads standards documents: whole and valid, or not at all. Every fault is named with its path in the document."""

import json
from typing import Any, NoReturn

from django.core.exceptions import ValidationError

from standards.content import FrameworkContent, GroupContent, QualificationContent, StandardsContent
from standards.in_words import counted
from standards.json_reading import Reading, inside
from standards.prose import read_prose
from standards.unit_reading import read_rulings, read_unit

LARGEST = 20 * 1024 * 1024  # bytes; all frameworks that come with Countersign are a tenth of it
RESERVED = {"qualifications"}  # takes the place of a framework's code in the addresses of pages


def read_documents(raw: bytes) -> list[StandardsContent]:
    """Return the frameworks that a file holds: one document, or a list of them.

    Raises ValidationError with a sentence for a file that is not JSON in UTF-8, and otherwise with every
    fault (`units[3].elements[0].criteria[2].code: "1.2" twice`). In a list of several documents the path
    begins with the document's place, counted from 0: `[1].units[3]...`.
    """
    given = _json(raw)
    documents = given if isinstance(given, list) else [given]
    if not documents:
        raise ValidationError(["The file holds no standards."])
    reading = Reading()
    found = [
        _document(reading, document, f"[{place}]" if len(documents) > 1 else "")
        for place, document in enumerate(documents)
    ]
    frameworks: set[str] = set()
    for place, content in enumerate(found):
        path = inside(f"[{place}]" if len(documents) > 1 else "", "framework.code")
        reading.once(content.framework.code, path, frameworks)
    if reading.faults:
        raise ValidationError(reading.faults)
    return found


def too_large(size: int) -> str | None:
    """Say why a file of `size` bytes is not read; None if it is."""
    if size <= LARGEST:
        return None
    return f"The file has {size // 2**20} MB; standards documents have {LARGEST // 2**20} MB at most. Nothing was read."


def _json(raw: bytes) -> object:
    if sentence := too_large(len(raw)):
        raise ValidationError([sentence])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ValidationError(
            [f"The file is not in UTF-8: line {line} holds the byte 0x{raw[error.start]:02X}. Save it as UTF-8."]
        ) from error
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except RecursionError as error:
        raise ValidationError(["The file is nested too deeply to be a standards document."]) from error
    except ValueError as error:
        raise ValidationError([f"The file is not JSON: {error}."]) from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for index, (key, _) in enumerate(pairs) if key in dict(pairs[:index]))
        raise ValueError(f'the key "{twice[:40]}" stands twice in one object')
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _document(reading: Reading, value: object, path: str) -> StandardsContent:
    given = reading.fields(
        value, path or "document", known=("framework", "qualifications", "units"), needed=("framework", "units")
    )
    framework = _framework(reading, given.get("framework", {}), inside(path, "framework")) if given else NO_FRAMEWORK
    listed = reading.listed(given, "units", path)
    units = [read_unit(reading, item, at, framework) for item, at in listed]
    codes: set[str] = set()
    for index, unit in enumerate(units):
        reading.once(unit.code, f"{inside(path, 'units')}[{index}].code", codes)
    qualifications = [
        _qualification(reading, item, at, framework, {unit.code: unit.credit for unit in units})
        for item, at in reading.listed(given, "qualifications", path)
    ]
    seen: set[str] = set()
    for index, qualification in enumerate(qualifications):
        reading.once(qualification.code, f"{inside(path, 'qualifications')}[{index}].code", seen)
    prose = {
        unit.code: read_prose(reading, item["prose"], inside(at, "prose"))
        for unit, (item, at) in zip(units, listed, strict=True)
        if isinstance(item, dict) and "prose" in item
    }
    return StandardsContent(framework=framework, units=tuple(units), qualifications=tuple(qualifications), prose=prose)


NO_FRAMEWORK = FrameworkContent(code="", title="")


def _framework(reading: Reading, value: object, path: str) -> FrameworkContent:
    given = reading.fields(value, path, known=("code", "title", "publisher", "edition"), needed=("code", "title"))
    code = reading.code(given, "code", path)
    if code in RESERVED:
        reading.fault(inside(path, "code"), f'"{code}" is a word of ours; choose another')
    return FrameworkContent(
        code=code,
        title=reading.text(given, "title", path, longest=200),
        publisher=reading.text(given, "publisher", path, longest=200, empty=True),
        edition=reading.text(given, "edition", path, longest=100, empty=True),
    )


def _qualification(
    reading: Reading, value: object, path: str, framework: FrameworkContent, units: dict[str, int | None]
) -> QualificationContent:
    given = reading.fields(
        value,
        path,
        known=("code", "title", "level", "minimum_units", "minimum_credit", "groups", "rulings"),
        needed=("code", "title", "groups"),
    )
    taken: set[str] = set()
    groups = tuple(_group(reading, item, at, units, taken) for item, at in reading.listed(given, "groups", path))
    minimum_units = reading.number(given, "minimum_units", path) or 0
    if minimum_units > len(taken):
        units_there = counted(len(taken), "unit")
        reading.fault(inside(path, "minimum_units"), f"{minimum_units} of {units_there} cannot be taken")
    minimum_credit = reading.number(given, "minimum_credit", path)
    _credit_can_be_reached(reading, minimum_credit, inside(path, "minimum_credit"), taken, units)
    return QualificationContent(
        framework=framework,
        code=reading.code(given, "code", path),
        title=reading.text(given, "title", path, longest=300),
        level=reading.number(given, "level", path),
        minimum_units=minimum_units,
        minimum_credit=minimum_credit,
        groups=groups,
        rulings=read_rulings(reading, given, path),
    )


def _group(reading: Reading, value: object, path: str, units: dict[str, int | None], taken: set[str]) -> GroupContent:
    given = reading.fields(
        value, path, known=("name", "choose", "credits", "units"), needed=("name", "choose", "units")
    )
    codes = []
    for item, at in reading.listed(given, "units", path):
        code = reading.words(item, at, longest=20)
        if code and code not in units:
            reading.fault(at, f'the document has no unit "{code}"')
        reading.once(code, at, taken)
        codes.append(code)
    choose = reading.number(given, "choose", path)
    if "choose" in given and given["choose"] is None:
        reading.fault(inside(path, "choose"), "give a whole number, 0 or more")
    if choose is not None and choose > len(codes):
        reading.fault(inside(path, "choose"), f"{choose} of {counted(len(codes), 'unit')} cannot be chosen")
    credits = reading.number(given, "credits", path)
    _credit_can_be_reached(reading, credits, inside(path, "credits"), set(codes), units)
    return GroupContent(
        name=reading.text(given, "name", path, longest=200), choose=choose or 0, credits=credits, units=tuple(codes)
    )


def _credit_can_be_reached(
    reading: Reading, wanted: int | None, path: str, codes: set[str], units: dict[str, int | None]
) -> None:
    worth = [units.get(code) or 0 for code in codes]
    if wanted is not None and wanted > sum(worth):
        reading.fault(path, f"the units are worth {counted(sum(worth), 'credit')} only")
