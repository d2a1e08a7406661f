"""What a unit's own rules ask of the evidence: read from the revision's JSON, followed by readiness.

The keys are those of the standards document (docs/contributors/standards-format.md). An empty rule means that
the unit says nothing about it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from record.fields import validate_plain_text
from standards.vocabulary import EvidenceKind, Setting

LONGEST = 5000  # characters of one text
MOST = 9999  # of anything that is counted


RULE_KEYS = (
    "settings",
    "settings_by_element",
    "observations_at_least",
    "kinds_at_least",
    "performance_evidence_only",
    "knowledge_by",
    "held_elsewhere",
    "statements",
)


@dataclass(frozen=True, kw_only=True)
class UnitRules:
    """The rules of one unit. `parse_rules` makes it from JSON and `as_json` turns it back."""

    settings: tuple[Setting, ...] = ()
    settings_by_element: Mapping[str, tuple[Setting, ...]] = field(default_factory=dict, hash=False)
    observations_at_least: int = 0
    kinds_at_least: int = 0
    performance_evidence_only: tuple[str, ...] = ()
    knowledge_by: tuple[EvidenceKind, ...] = ()
    held_elsewhere: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()

    def settings_for(self, element: str | None) -> tuple[Setting, ...]:
        """Return the settings from which performance evidence for the element may come; empty means any."""
        if element is not None and element in self.settings_by_element:
            return self.settings_by_element[element]
        return self.settings

    def as_json(self) -> dict[str, Any]:
        """Return the rules with every key of the standards document, in its order."""
        return {
            "settings": [setting.value for setting in self.settings],
            "settings_by_element": {
                number: [setting.value for setting in settings] for number, settings in self.settings_by_element.items()
            },
            "observations_at_least": self.observations_at_least,
            "kinds_at_least": self.kinds_at_least,
            "performance_evidence_only": list(self.performance_evidence_only),
            "knowledge_by": [kind.value for kind in self.knowledge_by],
            "held_elsewhere": list(self.held_elsewhere),
            "statements": list(self.statements),
        }


def parse_rules(raw: object, *, path: str = "rules") -> UnitRules:
    """Return the rules that the JSON value `raw` stands for. An absent key says nothing.

    Raises ValidationError with every fault, each naming its place (`rules.settings[1]: ...`).
    """
    if not isinstance(raw, dict):
        raise ValidationError([f"{path}: give an object"])
    reading = _Reading()
    readers: dict[str, Callable[[object, str], object]] = {
        "settings": reading.settings,
        "settings_by_element": reading.settings_by_element,
        "observations_at_least": reading.count,
        "kinds_at_least": reading.kinds_count,
        "performance_evidence_only": reading.texts,
        "knowledge_by": reading.kinds,
        "held_elsewhere": reading.texts,
        "statements": reading.texts,
    }
    values: dict[str, Any] = {}
    for key, value in raw.items():
        if key in readers:
            values[key] = readers[key](value, f"{path}.{key}")
        else:
            reading.faults.append(f"{path}.{key}: there is no such rule")
    if reading.faults:
        raise ValidationError(reading.faults)
    return UnitRules(**values)


def faults_of_references(
    rules: UnitRules, *, elements: Collection[str], codes: Collection[str], path: str = "rules"
) -> list[str]:
    """Return a fault for each element and each code that the rules name but the unit does not have."""
    faults = [
        f'{path}.settings_by_element.{number}: the unit has no element "{number}"'
        for number in rules.settings_by_element
        if number not in elements
    ]
    return faults + [
        f'{path}.performance_evidence_only[{index}]: the unit has no criterion "{code}"'
        for index, code in enumerate(rules.performance_evidence_only)
        if code not in codes
    ]


def is_plain(text: str) -> bool:
    """Return whether the text holds no control character."""
    try:
        validate_plain_text(text)
    except ValidationError:
        return False
    return True


class _Reading:
    """Reads one rule after the other and collects the faults."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def settings(self, value: object, path: str) -> tuple[Setting, ...]:
        return tuple(Setting(text) for text in self._listed(value, path, known=Setting.values, what="setting"))

    def kinds(self, value: object, path: str) -> tuple[EvidenceKind, ...]:
        return tuple(
            EvidenceKind(text) for text in self._listed(value, path, known=EvidenceKind.values, what="kind of evidence")
        )

    def texts(self, value: object, path: str) -> tuple[str, ...]:
        return tuple(self._listed(value, path))

    def settings_by_element(self, value: object, path: str) -> dict[str, tuple[Setting, ...]]:
        if not isinstance(value, dict):
            self.faults.append(f"{path}: give an object")
            return {}
        # An element named without settings takes evidence from any: its knowledge may be shown anywhere.
        return {number: self.settings(listed, f"{path}.{number}") for number, listed in value.items()}

    def count(self, value: object, path: str) -> int:
        # True is an int to Python and not to anybody else.
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.faults.append(f"{path}: give a whole number, 0 or more")
            return 0
        if value > MOST:
            self.faults.append(f"{path}: at most {MOST}")
            return 0
        return value

    def kinds_count(self, value: object, path: str) -> int:
        number = self.count(value, path)
        if number > len(EvidenceKind):
            self.faults.append(f"{path}: there are only {len(EvidenceKind)} kinds of evidence")
            return 0
        return number

    def _listed(self, value: object, path: str, *, known: Collection[str] | None = None, what: str = "") -> list[str]:
        if not isinstance(value, list):
            self.faults.append(f"{path}: give a list")
            return []
        good: list[str] = []
        for index, text in enumerate(value):
            if not isinstance(text, str) or not text.strip():
                self.faults.append(f"{path}[{index}]: give a text")
            elif len(text) > LONGEST:
                self.faults.append(f"{path}[{index}]: longer than {LONGEST} characters")
            elif not is_plain(text):
                self.faults.append(f"{path}[{index}]: holds a control character")
            elif known is not None and text not in known:
                self.faults.append(f'{path}[{index}]: there is no {what} "{text}"')
            elif text in good:
                self.faults.append(f'{path}[{index}]: "{text}" twice')
            else:
                good.append(text)
        return good
