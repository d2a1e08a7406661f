"""What may follow what in the life of a unit, and which evidence a unit takes. Pure: plain values only."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from portfolio.models.registrations import State
from record.errors import InvalidTransition
from standards.content import CriterionContent, UnitContent
from standards.models import Criterion, Element
from standards.vocabulary import EvidenceKind, Setting

# From docs/contributors/domain.md, "The life of a unit in a portfolio".
TRANSITIONS: dict[State, frozenset[State]] = {
    State.COLLECTING: frozenset({State.SUBMITTED}),
    State.SUBMITTED: frozenset({State.COLLECTING, State.ASSESSED}),
    State.ASSESSED: frozenset({State.SUBMITTED, State.VERIFIED}),
    State.VERIFIED: frozenset(),  # a reopening closes the version and begins another
}


def require_transition(state: State, new: State) -> None:
    """Raise InvalidTransition, with a sentence, unless `new` may follow `state`."""
    if new not in TRANSITIONS[state]:
        raise InvalidTransition(f"This unit is {state.label.lower()} now, so that cannot be done. Nothing was changed.")


def why_unit_stays(*, code: str, state: State, version: int, is_mandatory: bool) -> str | None:
    """Say why a unit cannot be set aside, or None where it can.

    Only what is collected can: a signature is not laid away, and a unit that was verified once is finished.
    """
    if is_mandatory:
        return f"{code} is mandatory, so it cannot be set aside."
    if version > 1:
        return f"{code} was verified before, so it cannot be set aside. Finish it again."
    if state == State.VERIFIED:
        return f"{code} is verified. It stays in the portfolio: more units than needed are no fault."
    if state != State.COLLECTING:
        return f"{code} is {state.label.lower()} now. It can be set aside once it was returned to the candidate."
    return None


FIRST_YEAR = 1900  # of anything that somebody who works today has done


def dates_refused(first: date | None, last: date | None, *, today: date) -> dict[str, str]:
    """Say what is wrong with the first and the last day of an activity, by the piece's field; nothing: all is well.

    A browser's calendar takes "26", typed for the year 2026, for the year 26.
    """
    refused = {}
    for field, day in (("happened_from", first), ("happened_to", last)):
        if day and day.year < FIRST_YEAR:
            refused[field] = (
                f"This is in the year {day.year}. Give the year with all four digits, such as {today.year}."
            )
    if refused:
        return refused
    if first and first > today:
        refused["happened_from"] = "This date is in the future. When did it happen?"
    if last and last > today:
        refused["happened_to"] = "This date is in the future. Say how far you have come."
    elif first and last and last < first:
        refused["happened_to"] = "The last day is before the first. Put one of them right."
    return refused


@dataclass(frozen=True, kw_only=True)
class Bar:
    """Why a unit does not take a claim: a sentence, and the unit's own words that the rule rests on."""

    sentence: str
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.sentence


def bars_claim(*, unit: UnitContent, criterion: CriterionContent, kind: str, setting: str) -> Bar | None:
    """Say why a unit does not take a claim on the criterion from evidence of this kind and setting, or None.

    From docs/contributors/domain.md: settings gate what shows the doing, which is performance criteria and
    the range items and evidence requirements that describe it (B10's evidence requirement 1 permits a real
    job only). Knowledge may be shown anywhere, but some units want it shown by certain kinds of evidence.
    Some criteria are met by performance evidence only. What a unit does not speak of is permitted.
    """
    rules, marked = unit.rules, EvidenceKind(kind)
    is_only = f"only; this piece is marked “{marked.label.lower()}”."
    if criterion.full_code in rules.performance_evidence_only and not marked.is_performance_evidence:
        return _bar(
            unit,
            "performance_evidence_only",
            f"{unit.code} takes {criterion.full_code} from performance evidence (an observation, a work product, a "
            f"photo or a recording) {is_only}",
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
    return _bar(unit, rule, f"{unit.code} takes evidence of this from a {takes} only; this piece is marked “{named}”.")


def words_of(bars: Iterable[Bar | None]) -> tuple[str, ...]:
    """Return the unit's own words that these rest on, each once."""
    return tuple(dict.fromkeys(words for bar in bars if bar for words in bar.words))


def _bar(unit: UnitContent, rule: str, sentence: str) -> Bar:
    return Bar(sentence=sentence, words=tuple(unit.rule_words.get(rule, ())))


def _shows_knowledge(unit: UnitContent, criterion: CriterionContent) -> bool:
    """Whether it is a knowledge item, or a criterion of an outcome such as "understand how to …"."""
    if criterion.kind == Criterion.Kind.KNOWLEDGE:
        return True
    return criterion.element is not None and criterion.element in _knowledge_elements(unit)


def _settings_for(unit: UnitContent, criterion: CriterionContent) -> Collection[Setting]:
    """The settings that may show the criterion; nothing: any.

    A range category that applies to several elements takes what one of them takes: for the others the piece
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
