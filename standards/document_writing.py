"""Writes the standards document that docs/contributors/standards-format.md describes."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from standards.content import (
    CriterionContent,
    ElementContent,
    Prose,
    QualificationContent,
    Related,
    Ruling,
    StandardsContent,
    UnitContent,
    code_order,
)
from standards.models import Criterion
from standards.prose import prose_fields

Document = dict[str, Any]


def standards_document(content: StandardsContent) -> Document:
    """Return one framework as plain values for JSON, with units and qualifications in the order of their codes."""
    framework = content.framework
    return {
        "framework": {
            "code": framework.code,
            "title": framework.title,
            "publisher": framework.publisher,
            "edition": framework.edition,
        },
        "qualifications": [
            _qualification(one) for one in sorted(content.qualifications, key=lambda one: code_order(one.code))
        ],
        "units": [
            _unit(unit, content.prose.get(unit.code))
            for unit in sorted(content.units, key=lambda unit: code_order(unit.code))
        ],
    }


def _qualification(content: QualificationContent) -> Document:
    return {
        "code": content.code,
        "title": content.title,
        "level": content.level,
        "minimum_units": content.minimum_units,
        "minimum_credit": content.minimum_credit,
        "groups": [
            {"name": group.name, "choose": group.choose, "credits": group.credits, "units": list(group.units)}
            for group in content.groups
        ],
        "rulings": _rulings(content.rulings),
    }


def _unit(unit: UnitContent, prose: Prose | None) -> Document:
    parts: dict[tuple[str, int], list[CriterionContent]] = defaultdict(list)
    for item in unit.criteria:
        if item.parent is not None:
            parts[item.kind, item.parent].append(item)
    places = _range_places(unit, parts)
    return {
        "code": unit.code,
        "reference": unit.reference or None,
        "title": unit.title,
        "level": unit.level,
        "credit": unit.credit,
        "glh": unit.glh,
        "theme": unit.theme or None,
        "purpose": unit.purpose,
        "rules": unit.rules.as_json(),
        "rule_words": {rule: list(words) for rule, words in unit.rule_words.items()},
        "elements": [_element(element, criteria) for element, criteria in unit.by_element],
        "knowledge": [
            {
                "code": item.code or None,
                "text": item.text,
                "group": item.group or None,
                "element": item.element,
                "items": [_part(part) for part in parts[item.kind, item.position]],
            }
            for item in _headings(unit.knowledge)
        ],
        "range": [
            {
                "elements": list(item.range_elements),
                "letter": item.code or None,
                "category": item.text,
                "minimum": item.minimum,
                "items": [_part(part) for part in parts[item.kind, item.position]],
            }
            for item in _headings(unit.range)
        ],
        "evidence": [
            {
                "code": item.code or None,
                "section": item.section,
                "text": item.text,
                "items": [
                    _part(part) | ({"same_as": places[part.same_as]} if part.same_as is not None else {})
                    for part in parts[item.kind, item.position]
                ],
            }
            for item in _headings(unit.evidence)
        ],
        "rulings": _rulings(unit.rulings),
        # These came later: where there is nothing they are not written, so what was written before reads the same.
        **({"related": [_named(one) for one in unit.related]} if unit.related else {}),
        **({"prose": prose_fields(prose)} if prose else {}),
    }


def _named(related: Related) -> Document:
    return {"words": related.words, "unit": related.unit or None}


def _headings(criteria: Iterable[CriterionContent]) -> list[CriterionContent]:
    return [item for item in criteria if item.parent is None]


def _range_places(unit: UnitContent, parts: dict[tuple[str, int], list[CriterionContent]]) -> dict[int, list[int]]:
    """Return the place of each range item in the document: which category and which item, counted from 0."""
    return {
        part.position: [place, index]
        for place, category in enumerate(_headings(unit.range))
        for index, part in enumerate(parts[Criterion.Kind.RANGE, category.position])
    }


def _element(element: ElementContent, criteria: Iterable[CriterionContent]) -> Document:
    return {
        "number": element.number,
        "title": element.title,
        "kind": element.kind,
        "guidance": list(element.guidance),
        "criteria": [
            {"code": item.code or None, "text": item.text, "emphasis": list(item.emphasis)} for item in criteria
        ],
    }


def _part(item: CriterionContent) -> Document:
    return {"code": item.code or None, "text": item.text}


def _rulings(rulings: Iterable[Ruling]) -> list[Document]:
    return [{"about": ruling.about, "text": ruling.text} for ruling in rulings]
