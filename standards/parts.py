"""The parts of a unit in its own words, as every page lists them: what can be claimed, under its headings. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from standards.content import CriterionContent, RevisionContent, UnitContent
from standards.in_words import SECTIONS, PartNames, kinds_in_words, part_names
from standards.naming import CriterionKey, element_word, elements_in_words


@dataclass(frozen=True, kw_only=True)
class Part:
    """Criteria under one heading: an element, a group of knowledge, a range category, a requirement.

    `over` says what kind of criteria they are, `number` is the heading's code, `note` says how much of the part is
    asked for. `guidance` are uncoded texts of the unit that are shown beside it and gate nothing, under the
    `guidance_heading` if the unit gives one. A part without criteria only explains.
    """

    over: str
    heading: str
    number: str = ""
    label: str = ""  # what the number counts: "Element"
    note: str = ""
    criteria: tuple[CriterionContent, ...] = ()
    guidance: tuple[str, ...] = ()
    guidance_heading: str = ""

    @property
    def title(self) -> str:
        """The heading in full: "Element 1 Plan the work", "Range statement: A Types of customers"."""
        lead = self.label or (f"{self.over}:" if self.over != self.heading else "")
        return " ".join(filter(None, (lead, self.number, self.heading)))

    @property
    def lead_in(self) -> str:
        """The words that lead into each criterion and complete its sentence: "You must consistently:"."""
        return self.guidance[0] if self.criteria and not self.guidance_heading and len(self.guidance) == 1 else ""

    @property
    def columns(self) -> tuple[CriterionContent, ...]:
        """Those of its criteria that can be claimed."""
        return tuple(item for item in self.criteria if item.is_claimable)


def parts_of(unit: UnitContent) -> tuple[Part, ...]:
    """Return the parts of a unit in the order of forms."""
    names = part_names(unit.framework.code)
    return tuple(
        part
        for parts in (
            _elements(unit, names),
            _knowledge(unit, names),
            _range(unit, names),
            _evidence(unit, names),
        )
        for part in parts
        if part.criteria or part.guidance
    )


@lru_cache(maxsize=256)
def parts_in(content: RevisionContent) -> tuple[Part, ...]:
    """Return the parts of a published revision, worked out once."""
    return parts_of(content.unit)


def part_of_each(unit: UnitContent) -> dict[CriterionKey, Part]:
    """Return the part of each criterion, by the criterion's kind and position."""
    return {(item.kind, item.position): part for part in parts_of(unit) for item in part.criteria}


def _elements(unit: UnitContent, names: PartNames) -> Iterator[Part]:
    for element, criteria in unit.by_element:
        yield Part(
            over=names.criteria,
            heading=element.title,
            number=element.number,
            label=names.element,
            criteria=criteria,
            guidance=element.guidance,
            guidance_heading=names.guidance,
        )
    loose = tuple(item for item in unit.performance if item.element is None)
    yield Part(over=names.criteria, heading=names.criteria, criteria=loose)


def _knowledge(unit: UnitContent, names: PartNames) -> Iterator[Part]:
    parents = _parents(unit.knowledge)
    tickable = [item for item in unit.knowledge if item.is_tickable]
    for (group, parent), items in groupby(tickable, key=lambda item: (item.group, item.parent)):
        above = parents[parent] if parent is not None else None
        yield Part(
            over=names.knowledge,
            heading=above.text if above else group or names.knowledge,
            number=above.code if above else "",
            criteria=tuple(items),
        )


def _range(unit: UnitContent, names: PartNames) -> Iterator[Part]:
    parents = _parents(unit.range)
    for parent, items in groupby((item for item in unit.range if item.is_tickable), key=lambda item: item.parent):
        category = parents[parent] if parent is not None else None
        if category is None:
            yield Part(over=names.range, heading=names.range, criteria=tuple(items))
            continue
        found = tuple(items)
        where = elements_in_words(category.range_elements, element_word(unit))
        yield Part(
            # The element first: over a single column of the grid only the beginning is visible.
            over=f"{where[:1].upper()}{where[1:]}, {names.range.lower()}" if where else names.range,
            heading=category.text,
            number=category.code,
            note=_range_note(category, found, unit),
            criteria=found,
        )


def _range_note(category: CriterionContent, items: tuple[CriterionContent, ...], unit: UnitContent) -> str:
    word = element_word(unit)
    wanted = f"At least {category.minimum} of these" if category.minimum is not None else "All of these"
    if category.minimum is not None and {*category.range_elements} & {*unit.rules.minimum_by_performance_evidence}:
        wanted += f" by performance evidence ({kinds_in_words(unit.rules.performance_evidence)})"
    if len(items) == 1:
        wanted = "This"
    each = f", in each of the {word}s" if len(category.range_elements) > 1 else ""
    return "" if wanted == "This" and not each else f"{wanted}{each}."


def _evidence(unit: UnitContent, names: PartNames) -> Iterator[Part]:
    """The requirements with lettered items, and by section the paragraphs without any, which explain."""
    with_items = {item.parent for item in unit.evidence}
    for section, entries in groupby(unit.evidence, key=lambda item: item.section):
        above = SECTIONS.get(section, "")
        words: list[str] = []
        for item in entries:
            if item.position in with_items and item.parent is None:
                yield Part(
                    over=names.evidence,
                    heading=item.text,
                    number=item.code,
                    criteria=tuple(part for part in unit.evidence if part.parent == item.position),
                    guidance=tuple(words),
                    guidance_heading=above,
                )
                words = []
            elif item.parent is None and not item.is_tickable:
                words.append(f"{item.code} {item.text}".strip())
            elif item.parent is None:
                yield Part(over=names.evidence, heading=names.evidence, criteria=(item,))
        yield Part(over=names.evidence, heading=above or names.evidence, guidance=tuple(words))


def _parents(criteria: Iterable[CriterionContent]) -> dict[int, CriterionContent]:
    return {item.position: item for item in criteria if not item.is_tickable}
