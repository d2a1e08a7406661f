"""Says a unit's rules in plain words, beside the words of the unit that they come from."""

from collections.abc import Sequence
from dataclasses import dataclass

from standards.content import Ruling, UnitContent
from standards.rules import UnitRules

# A ruling about "rules.settings" quotes the words that the rule `settings` rests on.
RULE_PREFIX = "rules."


@dataclass(frozen=True, kw_only=True)
class RuleInWords:
    """One rule for people: what holds, item by item where there are several, and what it rests on."""

    heading: str
    items: tuple[str, ...]
    basis: tuple[str, ...]


def rules_in_words(unit: UnitContent) -> list[RuleInWords]:
    """Return the unit's rules that say something, in the order of the standards document."""
    return [
        RuleInWords(
            heading=heading,
            items=items,
            basis=tuple(ruling.text for ruling in unit.rulings if ruling.about == RULE_PREFIX + key),
        )
        for key, heading, items in _said(unit.rules)
        if items
    ]


def other_rulings(unit: UnitContent) -> list[Ruling]:
    """Return the rulings that stand beside no rule: what was put right in the source, and how."""
    return [ruling for ruling in unit.rulings if not ruling.about.startswith(RULE_PREFIX)]


def _said(rules: UnitRules) -> list[tuple[str, str, tuple[str, ...]]]:
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
        ("kinds_at_least", "Different kinds of evidence, at least", _number(rules.kinds_at_least)),
        (
            "performance_evidence_only",
            "Met by performance evidence only (observation, work product, recording)",
            rules.performance_evidence_only,
        ),
        ("knowledge_by", "Knowledge is to be shown by", _labels(rules.knowledge_by)),
        ("held_elsewhere", "May stay at the workplace", rules.held_elsewhere),
        ("confirm", "The assessor confirms", rules.confirm),
    ]


def _labels(choices: Sequence) -> tuple[str, ...]:
    return tuple(str(choice.label) for choice in choices)


def _number(number: int) -> tuple[str, ...]:
    return (str(number),) if number else ()
