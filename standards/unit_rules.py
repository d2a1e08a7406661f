"""What a unit's own rules ask of the evidence: read from the revision's JSON, followed by readiness.

The keys are those of the standards document (docs/contributors/standards-format.md). An empty rule means that
the unit says nothing about it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from standards.evidence_kinds import EvidenceKind, Setting
from standards.json_reading import Given, Reading, inside

RULE_KEYS = (
    "settings",
    "settings_by_element",
    "observations_at_least",
    "observed_elements",
    "kinds_at_least",
    "performance_kinds",
    "performance_evidence_only",
    "minimum_by_performance_evidence",
    "knowledge_by",
    "held_elsewhere",
    "statements",
)
# These came later. Where they say nothing they are not written, so what was written before reads the same.
LATER_KEYS = ("observed_elements", "performance_kinds", "minimum_by_performance_evidence")


@dataclass(frozen=True, kw_only=True)
class UnitRules:
    """The rules of one unit. `parse_rules` makes it from JSON and `as_json` turns it back."""

    settings: tuple[Setting, ...] = ()
    settings_by_element: Mapping[str, tuple[Setting, ...]] = field(default_factory=dict, hash=False)
    observations_at_least: int = 0
    observed_elements: tuple[str, ...] = ()
    kinds_at_least: int = 0
    performance_kinds: tuple[EvidenceKind, ...] = ()
    performance_evidence_only: tuple[str, ...] = ()
    minimum_by_performance_evidence: tuple[str, ...] = ()
    knowledge_by: tuple[EvidenceKind, ...] = ()
    held_elsewhere: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()

    def settings_for(self, element: str | None) -> tuple[Setting, ...]:
        """Return the settings from which performance evidence for the element may come; empty means any."""
        if element is not None and element in self.settings_by_element:
            return self.settings_by_element[element]
        return self.settings

    @property
    def performance_evidence(self) -> tuple[EvidenceKind, ...]:
        """The kinds that are performance evidence: those the unit names, or else all that show the work itself."""
        return self.performance_kinds or tuple(kind for kind in EvidenceKind if kind.is_performance_evidence)

    def as_json(self) -> dict[str, Any]:
        """Return the rules with the keys of the standards document, in its order."""
        said = {
            "settings": [setting.value for setting in self.settings],
            "settings_by_element": {
                number: [setting.value for setting in settings] for number, settings in self.settings_by_element.items()
            },
            "observations_at_least": self.observations_at_least,
            "observed_elements": list(self.observed_elements),
            "kinds_at_least": self.kinds_at_least,
            "performance_kinds": [kind.value for kind in self.performance_kinds],
            "performance_evidence_only": list(self.performance_evidence_only),
            "minimum_by_performance_evidence": list(self.minimum_by_performance_evidence),
            "knowledge_by": [kind.value for kind in self.knowledge_by],
            "held_elsewhere": list(self.held_elsewhere),
            "statements": list(self.statements),
        }
        return {key: value for key, value in said.items() if value or key not in LATER_KEYS}


def parse_rules(raw: object, *, path: str = "rules") -> UnitRules:
    """Return the rules that the JSON value `raw` stands for. An absent key says nothing.

    Raises ValidationError with every fault, each naming its place (`rules.settings[1]: ...`).
    """
    reading = Reading()
    rules = read_rules(reading, raw, path)
    if reading.faults:
        raise ValidationError(reading.faults)
    return rules


def read_rules(reading: Reading, value: object, path: str) -> UnitRules:
    """Return the rules at `path` of a document; what is wrong with them is kept in `reading`."""
    given = reading.fields(value, path, known=RULE_KEYS)
    by_element = inside(path, "settings_by_element")
    # An element that is named with no settings takes evidence from any: its knowledge may be shown anywhere.
    elements = reading.fields(given.get("settings_by_element", {}), by_element)
    kinds_at_least = reading.number(given, "kinds_at_least", path) or 0
    if kinds_at_least > len(EvidenceKind):
        reading.fault(inside(path, "kinds_at_least"), f"there are only {len(EvidenceKind)} kinds of evidence")
    knowledge_by = _kinds(reading, given, "knowledge_by", path)
    rules = UnitRules(
        settings=_settings(reading, given, "settings", path),
        settings_by_element={number: _settings(reading, elements, number, by_element) for number in elements},
        observations_at_least=reading.number(given, "observations_at_least", path) or 0,
        observed_elements=reading.distinct(given, "observed_elements", path),
        kinds_at_least=kinds_at_least,
        performance_kinds=_kinds(reading, given, "performance_kinds", path),
        performance_evidence_only=reading.distinct(given, "performance_evidence_only", path),
        minimum_by_performance_evidence=reading.distinct(given, "minimum_by_performance_evidence", path),
        knowledge_by=knowledge_by,
        held_elsewhere=reading.distinct(given, "held_elsewhere", path),
        statements=reading.distinct(given, "statements", path),
    )
    if rules.observed_elements and not rules.observations_at_least:
        reading.fault(inside(path, "observed_elements"), "say in observations_at_least how many observations")
    return rules


def _settings(reading: Reading, given: Given, key: str, path: str) -> tuple[Setting, ...]:
    return tuple(Setting(said) for said in reading.distinct(given, key, path, known=Setting.values))


def _kinds(reading: Reading, given: Given, key: str, path: str) -> tuple[EvidenceKind, ...]:
    return tuple(EvidenceKind(said) for said in reading.distinct(given, key, path, known=EvidenceKind.values))


def faults_of_references(
    rules: UnitRules, *, elements: Collection[str], codes: Collection[str], path: str = "rules"
) -> list[str]:
    """Return a fault for each element and each code that the rules name but the unit does not have."""
    named = [(f"settings_by_element.{number}", number) for number in rules.settings_by_element]
    for key in ("observed_elements", "minimum_by_performance_evidence"):
        named += [(f"{key}[{index}]", number) for index, number in enumerate(getattr(rules, key))]
    faults = [f'{path}.{at}: the unit has no element "{number}"' for at, number in named if number not in elements]
    return faults + [
        f'{path}.performance_evidence_only[{index}]: the unit has no criterion "{code}"'
        for index, code in enumerate(rules.performance_evidence_only)
        if code not in codes
    ]
