"""Says data of the standards in plain words: a unit's rules, its parts, a rule of combination."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from standards.content import CriterionContent, GroupContent, QualificationContent, Ruling, UnitContent
from standards.evidence_kinds import EvidenceKind

# A ruling about "rules.settings" says how the words were read on which the rule `settings` rests.
RULE_PREFIX = "rules."


@dataclass(frozen=True, kw_only=True)
class RuleInWords:
    """One rule for people: what it says, item by item, the unit's own words for it, and how they were read."""

    key: str  # its name in the standards document
    heading: str
    items: tuple[str, ...]
    words: tuple[str, ...]
    basis: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PartNames:
    """What a framework calls the parts of its units. The defaults are the words that most of them use."""

    element: str = "Element"
    criteria: str = "Performance criteria"
    guidance: str = ""
    knowledge: str = "Knowledge and understanding"
    range: str = "Range"
    evidence: str = "Evidence requirements"


# As the sources print them.
PART_NAMES = {
    "cvq": PartNames(knowledge="Underpinning knowledge", range="Range statement", evidence="Evidence guide"),
    "ocr": PartNames(
        element="Learning outcome", criteria="Assessment criteria", guidance="Knowledge, understanding and skills"
    ),
    "cg": PartNames(
        element="Learning outcome", criteria="Assessment criteria", guidance="Assessment guidance", evidence="Evidence"
    ),
}

SECTIONS = {
    "requirement": "",
    "critical_aspects": "Critical aspects of evidence",
    "methods": "Methods of assessment",
    "context": "Context of assessment",
    "guidance": "Guidance",
}


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the evidence requirements under a heading; "" if the unit gives none."""

    heading: str
    items: tuple[CriterionContent, ...]


def sections(unit: UnitContent) -> list[Section]:
    """Return the evidence requirements in their order, divided where the unit begins another section."""
    return [
        Section(heading=SECTIONS.get(section, ""), items=tuple(items))
        for section, items in groupby(unit.evidence, key=lambda item: item.section)
    ]


def part_names(framework: str) -> PartNames:
    """Return what the framework with this code calls the parts of its units."""
    return PART_NAMES.get(framework, PartNames())


def combination_in_words(qualification: QualificationContent) -> list[str]:
    """Say a rule of combination, one sentence for each part: first the whole, then each group."""
    said = []
    if qualification.minimum_units:
        said.append(f"At least {counted(qualification.minimum_units, 'unit')}.")
    if qualification.minimum_credit:
        said.append(f"At least {counted(qualification.minimum_credit, 'credit')}.")
    return said + [f"{group.name}: {group_in_words(group)}." for group in qualification.groups]


def group_in_words(group: GroupContent) -> str:
    """Say how many units of a group must be taken: "all 5 units", "1 of 4 units", "1 unit" if there is no other."""
    number = len(group.units)
    chosen = counted(number, "unit")
    if group.choose != number:
        chosen = f"{group.choose} of {chosen}"
    elif number > 1:
        chosen = f"all {chosen}"
    return f"{chosen}, worth at least {counted(group.credits, 'credit')}" if group.credits else chosen


def counted(number: int, noun: str) -> str:
    """Say a number of things: "1 unit", "5 units"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def rules_in_words(unit: UnitContent) -> list[RuleInWords]:
    """Return those of the unit's rules that are not empty, in the order of the standards document."""
    return [
        RuleInWords(
            key=key,
            heading=heading,
            items=items,
            words=tuple(words for words in unit.rule_words.get(key, ()) if words.rstrip("*") not in items),
            basis=tuple(ruling.text for ruling in unit.rulings if ruling.about == RULE_PREFIX + key),
        )
        for key, heading, items in _said(unit)
        if items
    ]


def other_rulings(unit: UnitContent) -> list[Ruling]:
    """Return the rulings that belong to no rule: what was put right in the source, and how."""
    return [ruling for ruling in unit.rulings if not ruling.about.startswith(RULE_PREFIX)]


def kinds_in_words(kinds: Sequence[EvidenceKind]) -> str:
    """Say kinds of evidence in a sentence: "observation, work product or photo"."""
    *before, last = [str(kind.label).lower() for kind in kinds]
    return f"{', '.join(before)} or {last}" if before else last


def _said(unit: UnitContent) -> list[tuple[str, str, tuple[str, ...]]]:
    rules = unit.rules
    return [
        ("settings", "Performance evidence counts from", _labels(rules.settings)),
        (
            "settings_by_element",
            "For some elements it counts from elsewhere",
            tuple(
                f"{number}: {', '.join(_labels(settings)) or 'any setting'}"
                for number, settings in rules.settings_by_element.items()
            ),
        ),
        ("observations_at_least", "Observations, at least", _number(rules.observations_at_least)),
        (
            "observed_elements",
            "The observation is written by an assessor, and alone shows a criterion of each of",
            tuple(_titled(unit, number) for number in rules.observed_elements),
        ),
        ("kinds_at_least", "Different kinds of evidence, at least", _number(rules.kinds_at_least)),
        ("performance_kinds", "Performance evidence is", _labels(rules.performance_kinds)),
        (
            "performance_evidence_only",
            f"Met by performance evidence only ({kinds_in_words(rules.performance_evidence)})",
            rules.performance_evidence_only,
        ),
        (
            "minimum_by_performance_evidence",
            "What is asked for at least, of the range, is shown by performance evidence in",
            tuple(
                f"{_titled(unit, number)}: {', '.join(_minimums(unit, number))}"
                for number in rules.minimum_by_performance_evidence
            ),
        ),
        ("knowledge_by", "Knowledge is to be shown by", _labels(rules.knowledge_by)),
        ("held_elsewhere", "May stay at the workplace", rules.held_elsewhere),
        ("statements", "The assessor states", rules.statements),
    ]


def _titled(unit: UnitContent, number: str) -> str:
    return " ".join([number, *(element.title for element in unit.elements if element.number == number)])


def _minimums(unit: UnitContent, element: str) -> list[str]:
    return [
        f"{item.text} (at least {item.minimum})"
        for item in unit.range
        if item.minimum is not None and element in item.range_elements
    ]


def _labels(choices: Sequence) -> tuple[str, ...]:
    return tuple(str(choice.label) for choice in choices)


def _number(number: int) -> tuple[str, ...]:
    return (str(number),) if number else ()
