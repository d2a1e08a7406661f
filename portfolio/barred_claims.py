"""Which evidence a unit takes for which criterion, and if it does not, why. Pure: plain values only."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from standards.content import CriterionContent, UnitContent
from standards.evidence_kinds import EvidenceKind, Setting
from standards.in_words import kinds_in_words
from standards.models import Criterion, Element


@dataclass(frozen=True, kw_only=True)
class Bar:
    """Why a unit does not take a claim: a sentence, and the unit's own words on which the rule rests."""

    sentence: str
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.sentence


FILE_REMOVED = Bar(
    sentence="A file of this evidence was removed. Once its author has corrected the evidence, it can be judged again."
)


def bars_claim(
    *, unit: UnitContent, criterion: CriterionContent, kind: str, setting: str, is_incomplete: bool
) -> Bar | None:
    """Say why a unit does not take a claim on the criterion from evidence of this kind and setting; None if it does.

    From docs/contributors/domain.md: settings gate evidence of performance, which is what performance criteria, range
    items and evidence requirements ask for (B10's evidence requirement 1 permits a real job only). Knowledge may be
    shown anywhere, but some units want it shown by certain kinds of evidence. Some criteria take performance evidence
    only. What a unit does not mention is permitted. A version that `is_incomplete`, because a file of it was removed,
    counts for nothing.
    """
    if is_incomplete:
        return FILE_REMOVED
    rules, marked = unit.rules, EvidenceKind(kind)
    is_only = f"only; this evidence is marked “{marked.label.lower()}”."
    if criterion.full_code in rules.performance_evidence_only and marked not in rules.performance_evidence:
        return _bar(
            unit,
            "performance_evidence_only",
            f"{unit.code} takes {criterion.full_code} from performance evidence "
            f"({kinds_in_words(rules.performance_evidence)}) {is_only}",
        )
    if _shows_knowledge(unit, criterion):
        if rules.knowledge_by and marked not in rules.knowledge_by:
            takes = " or ".join(f"“{wanted.label.lower()}”" for wanted in rules.knowledge_by)
            said = f"{unit.code} takes knowledge from evidence of the kind {takes} {is_only}"
            return _bar(unit, "knowledge_by", said)
        return None
    permitted = _settings_for(unit, criterion)
    if not permitted or setting in permitted:
        return None
    takes = " or ".join(code.label.lower() for code in permitted)
    named = Setting(setting).label.lower()
    rule = "settings_by_element" if criterion.element in rules.settings_by_element else "settings"
    return _bar(
        unit, rule, f"{unit.code} takes evidence of this from a {takes} only; this evidence is marked “{named}”."
    )


def why_barred(*, unit: UnitContent, criterion: CriterionContent, kind: str, setting: str) -> Bar:
    """Say why a claim does not count that is known not to."""
    return bars_claim(unit=unit, criterion=criterion, kind=kind, setting=setting, is_incomplete=False) or FILE_REMOVED


def words_of(bars: Iterable[Bar | None]) -> tuple[str, ...]:
    """Return the unit's own words on which these rest, each once."""
    return tuple(dict.fromkeys(words for bar in bars if bar for words in bar.words))


def _bar(unit: UnitContent, rule: str, sentence: str) -> Bar:
    return Bar(sentence=sentence, words=tuple(unit.rule_words.get(rule, ())))


def _shows_knowledge(unit: UnitContent, criterion: CriterionContent) -> bool:
    """Whether it is a knowledge item, or a criterion of an outcome such as "understand how to …"."""
    if criterion.kind == Criterion.Kind.KNOWLEDGE:
        return True
    return criterion.element is not None and criterion.element in _knowledge_elements(unit)


def _settings_for(unit: UnitContent, criterion: CriterionContent) -> Collection[Setting]:
    """The settings that the criterion may be shown in; empty means any.

    A range category that applies to several elements takes what any one of them takes. For the others the piece
    does not count, because it meets no criterion of theirs.
    """
    if not criterion.range_elements:
        return unit.rules.settings_for(criterion.element)
    found: list[Setting] = []
    for number in criterion.range_elements:
        permitted = unit.rules.settings_for(number)
        if not permitted or number in _knowledge_elements(unit):
            return ()
        found += [setting for setting in permitted if setting not in found]
    return found


def _knowledge_elements(unit: UnitContent) -> set[str]:
    return {element.number for element in unit.elements if element.kind == Element.Kind.KNOWLEDGE}
