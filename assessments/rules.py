"""When a unit is ready for a signature. Pure: plain values in, a list of what is missing out."""

from collections.abc import Iterator
from dataclasses import dataclass

from assessments.models import Outcome, Stage
from standards.content import CriterionContent
from standards.rules import UnitRules


@dataclass(frozen=True, kw_only=True)
class ClaimFact:
    """A standing claim: on which criterion, from which piece, and how it stands."""

    kind: str
    position: int
    evidence: int
    outcome: Outcome | None  # None: nobody has judged the version that counts
    counts: bool  # False where the unit's rules bar it


@dataclass(frozen=True, kw_only=True)
class UnitFacts:
    """All that readiness depends on."""

    criteria: tuple[CriterionContent, ...]
    rules: UnitRules
    claims: tuple[ClaimFact, ...]
    confirmed: frozenset[str]
    signed: frozenset[Stage]


@dataclass(frozen=True, kw_only=True)
class Missing:
    """One thing that is wanting, in a sentence. Where it is about a criterion, with `why` in short."""

    sentence: str
    criterion: CriterionContent | None = None
    why: str = ""


def readiness(unit: UnitFacts, stage: Stage) -> list[Missing]:
    """Say what is missing before `stage` is signed, in the order of the form; an empty list means ready.

    From docs/contributors/domain.md, "When a unit is ready". A submission is only warned by it, the
    sign-off and the countersignature are held up. No stage asks for its own signature.
    """
    missing = list(_criteria_missing(unit, stage))
    if stage != Stage.SUBMISSION:
        missing += _confirmations_missing(unit)
    return missing + list(_signatures_missing(unit, stage))


def in_short(missing: list[Missing]) -> list[str]:
    """Say the same in few lines: criteria that want the same thing stand together."""
    codes: dict[str, list[str]] = {}
    for one in missing:
        if one.criterion:
            codes.setdefault(one.why, []).append(one.criterion.full_code)
    lines = [f"{why.capitalize()}: {', '.join(found)}." for why, found in codes.items()]
    return lines + [one.sentence for one in missing if one.criterion is None]


def _criteria_missing(unit: UnitFacts, stage: Stage) -> Iterator[Missing]:
    claims: dict[tuple[str, int], list[ClaimFact]] = {}
    for claim in unit.claims:
        claims.setdefault((claim.kind, claim.position), []).append(claim)
    # What a claim must have come to: the candidate's part is done when it waits for the assessor.
    enough = {Outcome.MET, None} if stage == Stage.SUBMISSION else {Outcome.MET}
    for criterion in unit.criteria:
        if not criterion.is_tickable:
            continue
        made = claims.get((criterion.kind, criterion.position), [])
        if not any(claim.counts and claim.outcome in enough for claim in made):
            why = _why_missing(made)
            yield Missing(sentence=f"{criterion.full_code} is {why}.", criterion=criterion, why=why)


def _why_missing(made: list[ClaimFact]) -> str:
    if not made:
        return "not claimed"
    outcomes = {claim.outcome for claim in made if claim.counts}
    if not outcomes:
        return "claimed only from evidence that this unit does not take for it"
    if None in outcomes:
        return "waiting for a judgement"
    if Outcome.PARTLY in outcomes:
        return "met in part only"
    return "not met yet"


def _confirmations_missing(unit: UnitFacts) -> list[Missing]:
    return [
        Missing(sentence=f"The assessor has not confirmed: “{statement}”.")
        for statement in unit.rules.confirm
        if statement not in unit.confirmed
    ]


def _signatures_missing(unit: UnitFacts, stage: Stage) -> Iterator[Missing]:
    if stage != Stage.SUBMISSION and Stage.SUBMISSION not in unit.signed:
        yield Missing(sentence="The candidate has not signed the declaration.")
    if stage == Stage.COUNTERSIGNATURE and Stage.SIGN_OFF not in unit.signed:
        yield Missing(sentence="The assessor has not signed the unit off.")
