"""Reads one unit of a standards document: its parts become elements and criteria, numbered by their places."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from standards.content import CriterionContent, ElementContent, FrameworkContent, UnitContent, in_order
from standards.in_words import SECTIONS
from standards.models import Criterion, Element, full_code
from standards.plain import Given, Reading, inside
from standards.unit_rules import RULE_KEYS, UnitRules, faults_of_references, parse_rules

KEYS = (
    "code", "reference", "title", "level", "credit", "glh", "theme", "purpose", "rules", "rule_words",
    "elements", "knowledge", "range", "evidence", "rulings",
)  # fmt: skip


def read_unit(reading: Reading, value: object, path: str, framework: FrameworkContent) -> UnitContent:
    """Return the unit at `path` of the document; its faults are kept in `reading`."""
    given = reading.fields(value, path, known=KEYS, needed=("code", "title", "elements"))
    parts = _Parts(reading, given, path)
    if given and not any(item.is_tickable for item in parts.criteria):
        reading.fault(path, "the unit has nothing to show: give at least one criterion or knowledge item")
    return UnitContent(
        framework=framework,
        code=reading.code(given, "code", path),
        title=reading.text(given, "title", path, longest=300),
        reference=reading.text(given, "reference", path, longest=40, empty=True),
        level=reading.number(given, "level", path),
        credit=reading.number(given, "credit", path),
        glh=reading.number(given, "glh", path),
        theme=reading.text(given, "theme", path, longest=100, empty=True),
        purpose=reading.text(given, "purpose", path, longest=1000, empty=True),
        rules=_rules(reading, given, inside(path, "rules"), parts),
        rule_words=_rule_words(reading, given, inside(path, "rule_words")),
        rulings=reading.rulings(given, path),
        elements=tuple(parts.elements),
        criteria=in_order(parts.criteria),
    )


def _rules(reading: Reading, given: Given, path: str, parts: "_Parts") -> UnitRules:
    try:
        rules = parse_rules(given.get("rules", {}), path=path)
    except ValidationError as error:
        reading.faults += error.messages
        return UnitRules()
    numbers = {element.number for element in parts.elements}
    codes = {item.full_code for item in parts.criteria if item.full_code}
    reading.faults += faults_of_references(rules, elements=numbers, codes=codes, path=path)
    return rules


def _rule_words(reading: Reading, given: Given, path: str) -> dict[str, tuple[str, ...]]:
    said = reading.fields(given.get("rule_words", {}), path, known=RULE_KEYS)
    return {rule: reading.texts(said, rule, path) for rule in said}


class _Parts:
    """The elements and criteria of a unit, read in the order in which they get their positions."""

    def __init__(self, reading: Reading, given: Given, path: str) -> None:
        self.reading = reading
        self.elements: list[ElementContent] = []
        self.criteria: list[CriterionContent] = []
        self._counts = dict.fromkeys(Criterion.Kind.values, 0)
        self._range_items: list[list[int]] = []  # positions, by category
        self._read_elements(given, path)
        self._read_knowledge(given, path)
        self._read_range(given, path)
        self._read_evidence(given, path)

    def _add(self, kind: str, code: str, text: str, **fields: Any) -> int:
        """Add a criterion at the next position of its kind; return the position."""
        self._counts[kind] += 1
        position = self._counts[kind]
        fields.setdefault("full_code", code)
        self.criteria.append(CriterionContent(kind=kind, position=position, code=code, text=text, **fields))
        return position

    def _read_elements(self, given: Given, path: str) -> None:
        numbers: set[str] = set()
        codes: set[str] = set()
        known = ("number", "title", "kind", "guidance", "criteria")
        for position, (item, at) in enumerate(self.reading.listed(given, "elements", path), start=1):
            element = self.reading.fields(item, at, known=known, needed=("number", "title"))
            number = self.reading.text(element, "number", at, longest=20)
            self.reading.once(number, inside(at, "number"), numbers)
            self.elements.append(
                ElementContent(
                    position=position,
                    number=number,
                    title=self.reading.text(element, "title", at, longest=300),
                    kind=self.reading.choice(element, "kind", at, known=Element.Kind.values)
                    or Element.Kind.PERFORMANCE.value,
                    guidance=self.reading.texts(element, "guidance", at),
                )
            )
            for one, place in self.reading.listed(element, "criteria", at):
                self._read_criterion(one, place, number, codes)

    def _read_criterion(self, value: object, path: str, element: str, codes: set[str]) -> None:
        given = self.reading.fields(value, path, known=("code", "text", "emphasis"), needed=("code", "text"))
        # A criterion is a column of the grid, and rules name it: for both it needs a code.
        code = self.reading.text(given, "code", path, longest=20)
        self.reading.once(code, inside(path, "code"), codes)
        text = self.reading.text(given, "text", path)
        emphasis = self.reading.texts(given, "emphasis", path)
        for index, words in enumerate(emphasis):
            if words not in text:
                self.reading.fault(f"{path}.emphasis[{index}]", "these words do not stand in the text")
        self._add(Criterion.Kind.PERFORMANCE.value, code, text, element=element, emphasis=emphasis)

    def _read_knowledge(self, given: Given, path: str) -> None:
        codes: set[str] = set()
        known = ("code", "text", "group", "element", "items")
        for item, at in self.reading.listed(given, "knowledge", path):
            entry = self.reading.fields(item, at, known=known, needed=("text",))
            element = self.reading.text(entry, "element", at, longest=20, empty=True) or None
            self._element_is_there(element, inside(at, "element"))
            code = self.reading.text(entry, "code", at, longest=20, empty=True)
            self.reading.once(code, inside(at, "code"), codes)
            said = {"element": element, "group": self.reading.text(entry, "group", at, longest=200, empty=True)}
            parts = self.reading.listed(entry, "items", at)
            heading = self._add(
                Criterion.Kind.KNOWLEDGE.value,
                code,
                self.reading.text(entry, "text", at),
                is_tickable=not parts,
                **said,
            )
            self._read_parts(Criterion.Kind.KNOWLEDGE.value, parts, heading, code, **said)

    def _read_range(self, given: Given, path: str) -> None:
        known = ("elements", "letter", "category", "minimum", "items")
        for item, at in self.reading.listed(given, "range", path):
            entry = self.reading.fields(item, at, known=known, needed=("elements", "category", "items"))
            elements = self.reading.texts(entry, "elements", at, longest=20)
            for index, number in enumerate(elements):
                self._element_is_there(number, f"{at}.elements[{index}]")
                if number in elements[:index]:
                    self.reading.fault(f"{at}.elements[{index}]", f'"{number}" twice')
            parts = self.reading.listed(entry, "items", at)
            if "items" in entry and not parts:
                self.reading.fault(inside(at, "items"), "give at least one item")
            minimum = self.reading.number(entry, "minimum", at, least=1)
            if minimum is not None and minimum > len(parts):
                self.reading.fault(inside(at, "minimum"), f"{minimum} of {len(parts)} items cannot be covered")
            code = self.reading.text(entry, "letter", at, longest=20, empty=True)
            heading = self._add(
                Criterion.Kind.RANGE.value,
                code,
                self.reading.text(entry, "category", at),
                range_elements=elements,
                minimum=minimum,
                is_tickable=False,
            )
            made = self._read_parts(Criterion.Kind.RANGE.value, parts, heading, code, range_elements=elements)
            self._range_items.append(made)

    def _read_evidence(self, given: Given, path: str) -> None:
        for item, at in self.reading.listed(given, "evidence", path):
            entry = self.reading.fields(
                item, at, known=("code", "section", "text", "items"), needed=("section", "text")
            )
            section = self.reading.choice(entry, "section", at, known=tuple(SECTIONS))
            code = self.reading.text(entry, "code", at, longest=20, empty=True)
            # The lettered items are ticked; a text without them explains.
            heading = self._add(
                Criterion.Kind.EVIDENCE.value,
                code,
                self.reading.text(entry, "text", at),
                section=section,
                is_tickable=False,
            )
            self._read_parts(
                Criterion.Kind.EVIDENCE.value, self.reading.listed(entry, "items", at), heading, code, section=section
            )

    def _read_parts(
        self, kind: str, parts: Iterable[tuple[Any, str]], parent: int, parent_code: str, **fields: Any
    ) -> list[int]:
        codes: set[str] = set()
        may_repeat = kind == Criterion.Kind.EVIDENCE
        known = ("code", "text", "same_as") if may_repeat else ("code", "text")
        made = []
        for item, at in parts:
            part = self.reading.fields(item, at, known=known, needed=("text",))
            code = self.reading.text(part, "code", at, longest=20, empty=True)
            self.reading.once(code, inside(at, "code"), codes)
            repeats = {"same_as": self._range_item(part["same_as"], inside(at, "same_as"))} if "same_as" in part else {}
            made.append(
                self._add(
                    kind,
                    code,
                    self.reading.text(part, "text", at),
                    full_code=full_code(code, parent_code),
                    parent=parent,
                    **fields,
                    **repeats,
                )
            )
        return made

    def _range_item(self, value: object, path: str) -> int | None:
        """Return the position of the range item that `[category, item]`, counted from 0, names."""
        # True is an int to Python and not to anybody else.
        if not isinstance(value, list) or [type(number) for number in value] != [int, int] or min(value) < 0:
            self.reading.fault(path, "give the place of a range item: [category, item], counted from 0")
            return None
        category, item = value
        if category >= len(self._range_items) or item >= len(self._range_items[category]):
            self.reading.fault(path, f"the range has no item [{category}, {item}]"[:80])
            return None
        return self._range_items[category][item]

    def _element_is_there(self, number: str | None, path: str) -> None:
        if number and number not in {element.number for element in self.elements}:
            self.reading.fault(path, f'the unit has no element "{number}"')
