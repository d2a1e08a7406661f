"""Reads one unit of a standards document: its parts become elements and criteria, numbered by their places."""

from collections.abc import Iterable
from typing import Any

from standards.content import CriterionContent, ElementContent, FrameworkContent, Related, Ruling, UnitContent, in_order
from standards.in_words import SECTIONS
from standards.json_reading import Given, Reading, inside
from standards.models import Criterion, Element
from standards.unit_rules import RULE_KEYS, UnitRules, faults_of_references, read_rules

KEYS = (
    "code", "reference", "title", "level", "credit", "glh", "theme", "purpose", "rules", "rule_words",
    "elements", "knowledge", "range", "evidence", "rulings", "related",
    "prose",  # it is no part of the wording: standards/prose.py reads it
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
        rulings=read_rulings(reading, given, path),
        related=_related(reading, given, path),
        elements=tuple(parts.elements),
        criteria=in_order(parts.criteria),
    )


def read_rulings(reading: Reading, given: Given, path: str) -> tuple[Ruling, ...]:
    """Return what was decided where the source is in doubt, of a unit or of a qualification."""
    found = []
    for item, at in reading.listed(given, "rulings", path):
        ruling = reading.fields(item, at, known=("about", "text"), needed=("about", "text"))
        found.append(
            Ruling(about=reading.text(ruling, "about", at, longest=200), text=reading.text(ruling, "text", at))
        )
    return tuple(found)


def _related(reading: Reading, given: Given, path: str) -> tuple[Related, ...]:
    found = []
    for item, at in reading.listed(given, "related", path):
        named = reading.fields(item, at, known=("words", "unit"), needed=("words",))
        unit = reading.text(named, "unit", at, longest=80, empty=True)
        if unit and not all(unit.partition(":")):
            reading.fault(inside(at, "unit"), "give the framework's code, a colon, and the unit's code")
        found.append(Related(words=reading.text(named, "words", at, longest=300), unit=unit))
    return tuple(found)


def _rules(reading: Reading, given: Given, path: str, parts: "_Parts") -> UnitRules:
    rules = read_rules(reading, given.get("rules", {}), path)
    numbers = {element.number for element in parts.elements}
    codes = {item.full_code for item in parts.criteria if item.full_code}
    reading.faults += faults_of_references(rules, elements=numbers, codes=codes, path=path)
    minimums = {number for item in parts.criteria if item.minimum is not None for number in item.range_elements}
    for index, number in enumerate(rules.minimum_by_performance_evidence):
        if number in numbers and number not in minimums:
            at = inside(path, f"minimum_by_performance_evidence[{index}]")
            reading.fault(at, f'no range category of element "{number}" has a minimum')
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

    def _add(self, row: Criterion, **refers_to: Any) -> Criterion:
        """Add a criterion at the next position of its kind, with what it refers to (`CriterionContent.of_row`)."""
        self._counts[row.kind] += 1
        row.position = self._counts[row.kind]
        self.criteria.append(CriterionContent.of_row(row, **refers_to))
        return row

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
        row = Criterion(kind=Criterion.Kind.PERFORMANCE.value, code=code, text=text, emphasis=emphasis)
        self._add(row, element=element)

    def _read_knowledge(self, given: Given, path: str) -> None:
        codes: set[str] = set()
        known = ("code", "text", "group", "element", "items")
        for item, at in self.reading.listed(given, "knowledge", path):
            entry = self.reading.fields(item, at, known=known, needed=("text",))
            element = self.reading.text(entry, "element", at, longest=20, empty=True) or None
            self._element_is_there(element, inside(at, "element"))
            code = self.reading.text(entry, "code", at, longest=20, empty=True)
            self.reading.once(code, inside(at, "code"), codes)
            parts = self.reading.listed(entry, "items", at)
            heading = Criterion(
                kind=Criterion.Kind.KNOWLEDGE.value,
                code=code,
                text=self.reading.text(entry, "text", at),
                group=self.reading.text(entry, "group", at, longest=200, empty=True),
                is_tickable=not parts,
            )
            self._add(heading, element=element)
            self._read_parts(parts, heading, element=element)

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
            heading = Criterion(
                kind=Criterion.Kind.RANGE.value,
                code=code,
                text=self.reading.text(entry, "category", at),
                minimum=minimum,
                is_tickable=False,
            )
            self._add(heading, range_elements=elements)
            self._range_items.append(self._read_parts(parts, heading, range_elements=elements))

    def _read_evidence(self, given: Given, path: str) -> None:
        for item, at in self.reading.listed(given, "evidence", path):
            entry = self.reading.fields(
                item, at, known=("code", "section", "text", "items"), needed=("section", "text")
            )
            section = self.reading.choice(entry, "section", at, known=tuple(SECTIONS))
            code = self.reading.text(entry, "code", at, longest=20, empty=True)
            # What is ticked are the lettered items; a text by itself explains.
            heading = Criterion(
                kind=Criterion.Kind.EVIDENCE.value,
                code=code,
                text=self.reading.text(entry, "text", at),
                section=section,
                is_tickable=False,
            )
            self._add(heading)
            self._read_parts(self.reading.listed(entry, "items", at), heading)

    def _read_parts(self, parts: Iterable[tuple[Any, str]], heading: Criterion, **refers_to: Any) -> list[int]:
        """Add the lettered items of a heading; return their positions."""
        codes: set[str] = set()
        may_repeat = heading.kind == Criterion.Kind.EVIDENCE
        known = ("code", "text", "same_as") if may_repeat else ("code", "text")
        made = []
        for item, at in parts:
            part = self.reading.fields(item, at, known=known, needed=("text",))
            code = self.reading.text(part, "code", at, longest=20, empty=True)
            self.reading.once(code, inside(at, "code"), codes)
            same_as = self._range_item(part["same_as"], inside(at, "same_as")) if "same_as" in part else None
            row = Criterion(
                kind=heading.kind,
                code=code,
                text=self.reading.text(part, "text", at),
                group=heading.group,
                section=heading.section,
            )
            made.append(self._add(row, parent=heading, same_as=same_as, **refers_to).position)
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
