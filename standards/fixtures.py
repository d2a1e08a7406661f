"""Reads the standards that come with Countersign, without touching the database.

They are Django fixtures with natural keys (fixtures/<framework>/<unit>.json), so `loaddata` can also load them
into an empty database.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime

from standards.content import (
    CriterionContent,
    ElementContent,
    FrameworkContent,
    GroupContent,
    Prose,
    QualificationContent,
    Related,
    Ruling,
    UnitContent,
    in_order,
)
from standards.json_reading import Reading
from standards.models import Criterion
from standards.prose import read_prose
from standards.unit_rules import UnitRules, faults_of_references, parse_rules

Fields = dict[str, Any]


class UnitKey(NamedTuple):
    """The natural key of a unit; the others are those of `standards.models` too."""

    framework: str
    code: str


class RevisionKey(NamedTuple):
    """Of a unit's revision, or of a rule of combination."""

    framework: str
    code: str
    number: int


class PartKey(NamedTuple):
    """Of an element of a revision, or of a group of a rule."""

    framework: str
    code: str
    number: int
    position: int

    @property
    def whole(self) -> RevisionKey:
        """What it is a part of."""
        return RevisionKey(self.framework, self.code, self.number)


class CriterionNaturalKey(NamedTuple):
    """Of a criterion."""

    framework: str
    code: str
    number: int
    kind: str
    position: int


ByKey = dict[RevisionKey, list[Fields]]


@dataclass(frozen=True, kw_only=True)
class UnitFixture:
    """A unit's wording with the number and the time that its fixture gives the revision."""

    content: UnitContent
    number: int
    published_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class QualificationFixture:
    """A rule of combination with the number and the time that its fixture gives it."""

    content: QualificationContent
    number: int
    published_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ProseFixture:
    """What a unit is about, with the number and the time that its fixture gives it."""

    unit: UnitKey
    prose: Prose
    number: int
    published_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Fixtures:
    """All that a folder of fixtures holds."""

    units: tuple[UnitFixture, ...] = ()
    qualifications: tuple[QualificationFixture, ...] = ()
    prose: tuple[ProseFixture, ...] = ()


def read_fixtures(directory: Path, *, frameworks: Iterable[str] = ()) -> Fixtures:
    """Return what the fixtures under `directory` hold, by framework and code; if frameworks are given, only theirs.

    Raises ValidationError, naming each fault, for a fixture that Countersign cannot read.
    """
    rows: list[tuple[str, Fields]] = []
    folders = tuple(frameworks) or ("*",)
    for path in sorted(path for folder in folders for path in directory.glob(f"{folder}/*.json")):
        try:
            rows += [(row["model"], row["fields"]) for row in json.loads(path.read_text(encoding="utf-8"))]
        except (ValueError, KeyError, TypeError) as error:
            raise ValidationError(f"{path.name}: this is not a Django fixture ({error}).") from error
    return _fixtures(rows)


def _fixtures(rows: Iterable[tuple[str, Fields]]) -> Fixtures:
    frameworks: dict[str, FrameworkContent] = {}
    revisions: dict[RevisionKey, Fields] = {}
    elements: ByKey = defaultdict(list)
    criteria: ByKey = defaultdict(list)
    qualifications: dict[RevisionKey, Fields] = {}
    groups: ByKey = defaultdict(list)
    members: ByKey = defaultdict(list)
    prose: list[ProseFixture] = []
    for model, fields in rows:
        match model:
            case "standards.framework":
                frameworks[fields["code"]] = FrameworkContent(
                    code=fields["code"],
                    title=fields["title"],
                    publisher=fields.get("publisher", ""),
                    edition=fields.get("edition", ""),
                )
            case "standards.unit":
                pass  # its code is in the key of its revision
            case "standards.unitrevision":
                unit = UnitKey(*fields["unit"])
                revisions[RevisionKey(unit.framework, unit.code, fields["number"])] = fields
            case "standards.element":
                elements[RevisionKey(*fields["revision"])].append(fields)
            case "standards.criterion":
                criteria[RevisionKey(*fields["revision"])].append(fields)
            case "standards.unitprose":
                prose.append(_prose(fields))
            case "standards.qualification":
                (framework,) = fields["framework"]
                qualifications[RevisionKey(framework, fields["code"], fields["number"])] = fields
            case "standards.qualificationgroup":
                groups[RevisionKey(*fields["qualification"])].append(fields)
            case "standards.qualificationunit":
                members[PartKey(*fields["group"]).whole].append(fields)
            case _:
                raise ValidationError(f"{model}: the standards have no such table.")
    return Fixtures(
        units=tuple(
            _unit(key, frameworks[key.framework], revisions[key], elements[key], criteria[key])
            for key in sorted(revisions)
        ),
        qualifications=tuple(
            _qualification(key, frameworks[key.framework], qualifications[key], groups[key], members[key])
            for key in sorted(qualifications)
        ),
        prose=tuple(prose),
    )


def _prose(fields: Fields) -> ProseFixture:
    unit, number = UnitKey(*fields["unit"]), fields["number"]
    reading = Reading()
    said = {name: value for name, value in fields.items() if name not in {"unit", "number", "published_at", "uuid"}}
    prose = read_prose(reading, said, f"{unit.framework}:{unit.code}.prose")
    if reading.faults:
        raise ValidationError(reading.faults)
    return ProseFixture(unit=unit, prose=prose, number=number, published_at=_published_at(fields))


def _unit(
    key: RevisionKey,
    framework: FrameworkContent,
    fields: Fields,
    elements: list[Fields],
    criteria: list[Fields],
) -> UnitFixture:
    read_elements = tuple(_element(row) for row in sorted(elements, key=lambda row: row["position"]))
    numbers = {element.position: element.number for element in read_elements}
    read_criteria = in_order(_criteria(criteria, numbers))
    content = UnitContent(
        framework=framework,
        code=key.code,
        title=fields["title"],
        reference=fields.get("reference", ""),
        level=fields.get("level"),
        credit=fields.get("credit"),
        glh=fields.get("glh"),
        theme=fields.get("theme", ""),
        purpose=fields.get("purpose", ""),
        rules=_rules(fields, set(numbers.values()), {item.full_code for item in read_criteria}, key),
        rule_words={rule: tuple(words) for rule, words in fields.get("rule_words", {}).items()},
        rulings=_rulings(fields),
        related=tuple(Related(**named) for named in fields.get("related", [])),
        elements=read_elements,
        criteria=read_criteria,
    )
    return UnitFixture(content=content, number=key.number, published_at=_published_at(fields))


def _qualification(
    key: RevisionKey,
    framework: FrameworkContent,
    fields: Fields,
    groups: list[Fields],
    members: list[Fields],
) -> QualificationFixture:
    units: dict[int, list[str]] = defaultdict(list)
    for member in sorted(members, key=lambda row: row["position"]):
        units[PartKey(*member["group"]).position].append(UnitKey(*member["unit"]).code)
    content = QualificationContent(
        framework=framework,
        code=key.code,
        title=fields["title"],
        level=fields.get("level"),
        minimum_units=fields.get("minimum_units", 0),
        minimum_credit=fields.get("minimum_credit"),
        groups=tuple(
            GroupContent(
                name=group["name"],
                choose=group["choose"],
                credits=group.get("credits"),
                units=tuple(units[group["position"]]),
            )
            for group in sorted(groups, key=lambda row: row["position"])
        ),
        rulings=_rulings(fields),
    )
    return QualificationFixture(content=content, number=key.number, published_at=_published_at(fields))


def _rulings(fields: Fields) -> tuple[Ruling, ...]:
    return tuple(Ruling(about=ruling["about"], text=ruling["text"]) for ruling in fields["rulings"])


def _published_at(fields: Fields) -> datetime | None:
    published = fields.get("published_at")
    return parse_datetime(published) if published else None


def _rules(fields: Fields, elements: set[str], codes: set[str], key: RevisionKey) -> UnitRules:
    path = f"{key.framework}:{key.code}.rules"
    rules = parse_rules(fields.get("rules", {}), path=path)
    if faults := faults_of_references(rules, elements=elements, codes=codes, path=path):
        raise ValidationError(faults)
    return rules


def _element(fields: Fields) -> ElementContent:
    return ElementContent(
        position=fields["position"],
        number=fields["number"],
        title=fields["title"],
        kind=fields.get("kind", "performance"),
        guidance=tuple(fields.get("guidance", [])),
    )


def _criteria(rows: list[Fields], numbers: dict[int, str]) -> list[CriterionContent]:
    """The criteria of a revision; `numbers` are those of its elements by their positions."""
    read = {(row.kind, row.position): row for row in (_criterion_row(fields) for fields in rows)}
    found = []
    for fields in rows:
        element, parent, same_as = fields.get("element"), fields.get("parent"), fields.get("same_as")
        found.append(
            CriterionContent.of_row(
                read[fields["kind"], fields["position"]],
                element=numbers[PartKey(*element).position] if element else None,
                range_elements=[numbers[PartKey(*key).position] for key in fields.get("range_elements", [])],
                parent=read[fields["kind"], CriterionNaturalKey(*parent).position] if parent else None,
                same_as=CriterionNaturalKey(*same_as).position if same_as else None,
            )
        )
    return found


def _criterion_row(fields: Fields) -> Criterion:
    """The row that a fixture's fields make, without what it refers to: that is found by keys, not in a database."""
    refers = {"revision", "element", "range_elements", "parent", "same_as"}
    return Criterion(**{name: value for name, value in fields.items() if name not in refers})
