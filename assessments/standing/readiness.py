"""When a unit is ready for a signature. Pure: plain values in, a list of missing things out."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from assessments.models import CONFIRMS, Stage
from assessments.models.status import Status, best
from centres.words import DOMAIN, Words
from portfolio.models import Capacity
from standards.content import CriterionContent, UnitContent
from standards.evidence_kinds import EvidenceKind
from standards.models import Criterion
from standards.naming import CriterionKey, Name, element_word, elements_in_words, listed_in_short, names_of
from standards.unit_rules import UnitRules

LONGEST_WORDS = 60  # of a range item in a sentence; its page has all of them


class ClaimFact(NamedTuple):
    """A claim that is not taken back: on which criterion, from which piece of which kind, and how it stands.

    `author` is the capacity in which the piece was written.
    """

    kind: str
    position: int
    evidence: int
    evidence_kind: str
    status: str
    author: str = Capacity.CANDIDATE


class Unanswered(NamedTuple):
    """An action that must be answered before the sign-off and is not: who is to answer whom."""

    owner: str
    asker: str


@dataclass(frozen=True, kw_only=True)
class UnitFacts:
    """All that readiness depends on. `element_word` is what the unit calls its elements, `called` the centre people."""

    criteria: tuple[CriterionContent, ...]
    rules: UnitRules
    claims: tuple[ClaimFact, ...]
    stated: frozenset[str]
    signed: frozenset[Stage]
    unanswered: tuple[Unanswered, ...] = ()
    element_word: str = "element"
    called: Words = DOMAIN

    @cached_property
    def names(self) -> dict[CriterionKey, Name]:
        """What each criterion is called, by its kind and position."""
        return names_of(self.criteria, element_word=self.element_word)


def facts_of(
    unit: UnitContent,
    *,
    claims: Iterable[ClaimFact],
    stated: Collection[str],
    signed: Collection[Stage],
    unanswered: Iterable[Unanswered] = (),
) -> UnitFacts:
    """Return what readiness depends on, for a unit with this wording."""
    return UnitFacts(
        criteria=unit.criteria,
        rules=unit.rules,
        claims=tuple(claims),
        stated=frozenset(stated),
        signed=frozenset(signed),
        unanswered=tuple(unanswered),
        element_word=element_word(unit),
    )


@dataclass(frozen=True, kw_only=True)
class Missing:
    """One thing that is missing, in a sentence, with the criteria of which any would help.

    If it is a single criterion, `why` says it in short.
    """

    sentence: str
    criteria: tuple[CriterionContent, ...] = ()
    why: str = ""


def readiness(unit: UnitFacts, stage: Stage) -> list[Missing]:
    """Say what is missing before `stage` is signed, in the order of the form; an empty list means ready.

    From docs/contributors/domain.md, "When a unit is ready". A submission only warns of it; a
    sign-off and a countersignature are refused. No stage asks for its own signature.
    """
    shown = _Shown(unit, stage)
    missing = list(_criteria_missing(unit, shown))
    missing += _kinds_missing(unit, shown)
    if stage != Stage.SUBMISSION:
        missing += _statements_missing(unit)
        missing += _answers_missing(unit)
    return missing + list(_signatures_missing(unit, stage))


def may_be_signed(unit: UnitFacts, missing: Collection[object], stage: Stage) -> bool:
    """Whether a stage may be signed although this is missing: a submission may, but not with nothing claimed."""
    return bool(unit.claims) and (stage == Stage.SUBMISSION or not missing)


def in_short(missing: Collection[Missing], unit: UnitFacts) -> list[str]:
    """Say the same in a few lines: criteria of one kind that lack the same thing share a line."""
    alike: dict[tuple[str, str], list[CriterionContent]] = {}
    for one in missing:
        if one.why:
            [criterion] = one.criteria
            named = unit.names[criterion.kind, criterion.position]
            alike.setdefault((one.why, named.kind), []).append(criterion)
    lines = [f"{_capital(why)}: {listed_in_short(found, unit.names)}." for (why, _), found in alike.items()]
    return lines + [one.sentence for one in missing if not one.why]


def enough_for(stage: Stage) -> frozenset[str]:
    """How a claim must stand to be enough for a stage. For a submission a waiting claim is enough."""
    return frozenset({Status.MET, Status.CLAIMED} if stage == Stage.SUBMISSION else {Status.MET})


class _Shown:
    """Which claims are enough for a stage (`enough_for`), and the pieces that they show."""

    def __init__(self, unit: UnitFacts, stage: Stage) -> None:
        self.verb = "claimed" if stage == Stage.SUBMISSION else "judged met"
        self.claims: dict[CriterionKey, list[ClaimFact]] = {}
        enough = enough_for(stage)
        # One tick serves a range item and the requirement that repeats it.
        serves = {(item.kind, item.position): item.same_as for item in unit.criteria if item.same_as is not None}
        for claim in unit.claims:
            key = (claim.kind, claim.position)
            if key in serves:
                key = (Criterion.Kind.RANGE.value, serves[key])
            self.claims.setdefault(key, []).append(claim)
        self.good = [claim for claim in unit.claims if claim.status in enough]
        self.pieces: dict[CriterionKey, set[int]] = {
            key: {claim.evidence for claim in made if claim.status in enough} for key, made in self.claims.items()
        }
        kinds = unit.rules.performance_evidence
        self.performance_evidence = {claim.evidence for claim in unit.claims if claim.evidence_kind in kinds}
        # By element: the pieces that show a criterion of it.
        self.pieces_of_element: dict[str, set[int]] = {}
        for item in unit.criteria:
            if item.kind == Criterion.Kind.PERFORMANCE and item.element is not None:
                self.pieces_of_element.setdefault(item.element, set()).update(self.of(item))

    def of(self, item: CriterionContent) -> set[int]:
        """The pieces that show a criterion."""
        return self.pieces.get((item.kind, item.position), set())

    def made_on(self, item: CriterionContent) -> list[ClaimFact]:
        """All claims on a criterion, however they stand."""
        return self.claims.get((item.kind, item.position), [])

    def where_wanting(self, item: CriterionContent, only_performance: Collection[str] = ()) -> list[str]:
        """The elements for which a range item does not count yet; "" for an item that applies to no particular element.

        An item counts for an element when one piece has both it and a criterion of the element. Where the
        category applies to one element only, there is nothing to tell apart: the item itself is enough.
        For the elements `only_performance`, performance evidence alone counts.
        """
        return [one for one in item.range_elements or ("",) if not self._showing(item, one, one in only_performance)]

    def _showing(self, item: CriterionContent, element: str, only_performance: bool) -> set[int]:
        pieces = self.of(item)
        if len(item.range_elements) > 1:
            pieces = pieces & self.pieces_of_element.get(element, set())
        return pieces & self.performance_evidence if only_performance else pieces


def _criteria_missing(unit: UnitFacts, shown: _Shown) -> Iterator[Missing]:
    """The missing criteria one by one, in order; but a range category that asks for fewer items, as a whole."""
    categories = {
        item.position: item
        for item in unit.criteria
        if item.kind == Criterion.Kind.RANGE and not item.is_tickable and item.minimum is not None
    }
    for parent, found in groupby(unit.criteria, key=lambda item: (item.kind, item.parent)):
        items = [item for item in found if item.is_claimable]
        kind, position = parent
        if kind == Criterion.Kind.RANGE and position in categories:
            yield from _minimum_missing(categories[position], items, unit, shown)
        elif kind == Criterion.Kind.RANGE:
            yield from _range_missing(items, unit, shown)
        else:
            for item in items:
                if not shown.of(item):
                    yield _one_missing(item, _why_missing(shown.made_on(item)), unit)


def _range_missing(items: Iterable[CriterionContent], unit: UnitFacts, shown: _Shown) -> Iterator[Missing]:
    for item in items:
        wanting = shown.where_wanting(item)
        if wanting and not shown.of(item):
            yield _one_missing(item, _why_missing(shown.made_on(item)), unit)
        elif wanting:
            where = elements_in_words(wanting, unit.element_word)
            why = f"not shown for {where} by evidence that is {shown.verb} for a criterion there"
            name = _capital(str(unit.names[item.kind, item.position]))
            yield Missing(sentence=f"{name} {_cut(item.text)}: not shown for {where}.", criteria=(item,), why=why)


def _minimum_missing(
    category: CriterionContent, items: list[CriterionContent], unit: UnitFacts, shown: _Shown
) -> Iterator[Missing]:
    wanted = category.minimum or 0
    name = _capital(str(unit.names[category.kind, category.position]))
    only_performance = unit.rules.minimum_by_performance_evidence
    wanting = {item.position: shown.where_wanting(item, only_performance) for item in items}
    for element in category.range_elements or ("",):
        missing = [item for item in items if element in wanting[item.position]]
        count = len(items) - len(missing)
        if count < wanted:
            where = f" for {unit.element_word} {element}" if len(category.range_elements) > 1 else ""
            where += " by performance evidence" if element in only_performance else ""
            yield Missing(
                sentence=f"{name}, {_cut(category.text)}: {count} of at least {wanted} shown{where}.",
                criteria=tuple(missing),
            )


def _kinds_missing(unit: UnitFacts, shown: _Shown) -> Iterator[Missing]:
    """How many observations, and how many kinds of evidence, count in the unit."""
    kinds = {claim.evidence_kind for claim in shown.good}
    for count, wanted, what, which in (
        (len(_observations(unit, shown)), unit.rules.observations_at_least, "observation", _observed(unit)),
        (len(kinds), unit.rules.kinds_at_least, "kind of evidence", ""),
    ):
        if count < wanted:
            things = what if wanted == 1 else what.replace(what.split()[0], f"{what.split()[0]}s", 1)
            yield Missing(
                sentence=f"This unit asks for at least {wanted} {things}{which}: {count} {shown.verb} so far."
            )


def _observations(unit: UnitFacts, shown: _Shown) -> set[int]:
    """The observations that count. Where a unit says what must be observed, a candidate's own word is a statement."""
    found = {claim.evidence for claim in shown.good if claim.evidence_kind == EvidenceKind.OBSERVATION}
    if unit.rules.observed_elements:
        found &= {claim.evidence for claim in shown.good if claim.author == Capacity.ASSESSOR}
    for element in unit.rules.observed_elements:
        found &= shown.pieces_of_element.get(element, set())
    return found


def _observed(unit: UnitFacts) -> str:
    """What more a unit asks of an observation, in the sentence on how many it wants."""
    where = elements_in_words(unit.rules.observed_elements, unit.element_word)
    each = "each of " if len(unit.rules.observed_elements) > 1 else ""
    return f" that an assessor wrote, on a criterion of {each}{where}" if where else ""


def _one_missing(item: CriterionContent, why: str, unit: UnitFacts) -> Missing:
    name = _capital(str(unit.names[item.kind, item.position]))
    return Missing(sentence=f"{name} is {why}.", criteria=(item,), why=why)


def _why_missing(made: Collection[ClaimFact]) -> str:
    if not made:
        return "not claimed"
    match best(claim.status for claim in made):
        case Status.BARRED:
            return "claimed only from evidence that this unit does not take for it"
        case Status.CLAIMED:
            return "waiting for a judgement"
        case Status.PARTLY:
            return "met in part only"
        case _:
            return "not met yet"


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1].rstrip()}…"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _statements_missing(unit: UnitFacts) -> list[Missing]:
    return [
        Missing(sentence=f"The assessor has not stated: “{statement}”.")
        for statement in unit.rules.statements
        if statement not in unit.stated
    ]


def _answers_missing(unit: UnitFacts) -> list[Missing]:
    """Who has not answered yet what must be answered before the sign-off. Not what it is: the candidate reads this."""
    return [
        Missing(
            sentence=f"{owner} has not answered {f'{count} things' if count > 1 else 'what'} {asker} asked for "
            "before the sign-off."
        )
        for (owner, asker), count in Counter(unit.unanswered).items()
    ]


# What is said of a stage that is not done, in the order of the stages.
NOT_SIGNED = {
    Stage.SUBMISSION: "The {candidate} has not signed the declaration.",
    Stage.SIGN_OFF: "The assessor has not signed the unit off.",
    Stage.SIGN_OFF_CONFIRMED: "An assessor who holds the award has not confirmed the sign-off.",
    Stage.COUNTERSIGNATURE: "The {internal_verifier} has not countersigned.",
}


def _signatures_missing(unit: UnitFacts, stage: Stage) -> Iterator[Missing]:
    """The missing signatures before this one. The confirmation of a signature is not asked for before that is there."""
    order = list(Stage)
    for before in order[: order.index(stage)]:
        is_asked_for = before not in CONFIRMS or CONFIRMS[before] in unit.signed
        if before not in unit.signed and is_asked_for:
            yield Missing(sentence=unit.called.say(NOT_SIGNED[before]))
