"""The assessor answers claims, and states what the unit asks for without a letter."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.models import NEEDS_A_REASON, AssessorStatement, Judgement, Outcome
from assessments.permissions import may_judge
from assessments.unit_record import ClaimRecord, is_open_to_judgement, unit_record
from centres.models import User
from portfolio.models import CandidateUnit, Capacity, Claim, EvidenceVersion, Participation
from portfolio.rules import Bar
from portfolio.services.participations import participate
from portfolio.services.units import version_lock
from record.errors import ChangedMeanwhile, InvalidTransition
from record.fields import plain_text
from record.services.events import Happening, event_add, events_add
from standards.rules import parse_rules


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The assessor's answer to one claim, and what their page showed of it.

    `looked_at` is the version of the evidence, `seen` the judgement on it that stood, if any. Without an
    outcome it takes back the judgement that stands.
    """

    claim: Claim
    outcome: Outcome | None
    reason: str = ""
    looked_at: uuid.UUID
    seen: uuid.UUID | None = None


@dataclass
class JudgementsOutcome:
    """What became of a page of answers: the judgements given, and why others were not, by claim."""

    given: list[Judgement] = field(default_factory=list)
    refused: dict[Claim, str] = field(default_factory=dict)


@transaction.atomic
def judge(*, unit: CandidateUnit, actor: User, answers: Sequence[Answer]) -> JudgementsOutcome:
    """Give these answers; each judgement counts from now on.

    An answer is refused, with a sentence, where the evidence was corrected, or somebody else judged or took a
    judgement back, since the page was shown, where the claim was taken back, where the unit's rules bar it, and
    where a "not yet" has no reason; the others are given all the same. An answer that stands already (the button
    pressed twice) makes no second judgement. Raises PermissionDenied, and InvalidTransition after the
    sign-off.
    """
    _require_may_judge(unit=unit, actor=actor)
    records = {record.claim.pk: record for record in unit_record(unit).claims}
    outcome = JudgementsOutcome()
    for answer in answers:
        try:
            judgement = _answer(records.get(answer.claim.pk), answer)
        except ValidationError as refusal:
            outcome.refused[answer.claim] = " ".join(refusal.messages)
        else:
            if judgement:
                outcome.given.append(judgement)
    if outcome.given:  # a page on which nothing is new makes nobody take part in the unit
        author = participate(unit=unit, actor=actor, capacity=Capacity.ASSESSOR)
        judgements_record(unit=unit, author=author, given=outcome.given)
    return outcome


def _answer(record: ClaimRecord | None, answer: Answer) -> Judgement | None:
    """Return the judgement to give, None where it stands already. Raises ValidationError."""
    if record is None:
        raise ValidationError("This claim was taken back, so it cannot be judged.")
    if record.version.uuid != answer.looked_at:
        raise ChangedMeanwhile("The evidence was corrected since you opened the page. Look at it again first.")
    standing = record.judgement
    if standing is None and answer.outcome is None:
        return None
    if standing and standing.outcome == answer.outcome and standing.reason == plain_text(answer.reason):
        return None
    if standing and standing.uuid != answer.seen:
        raise ChangedMeanwhile(
            f"{standing.author.user} judged it “{standing.get_outcome_display().lower()}” since you opened "
            "the page. Nothing was overwritten."
        )
    if standing is None and answer.seen is not None:
        raise ChangedMeanwhile(
            "The judgement on it was taken back since you opened the page. Look at it again first: your answer was "
            "not saved."
        )
    return judgement_of(
        claim=record.claim,
        version=record.version,
        outcome=answer.outcome,
        reason=answer.reason,
        barred=record.barred,
    )


def judgement_of(
    *, claim: Claim, version: EvidenceVersion, outcome: Outcome | None, reason: str, barred: Bar | None
) -> Judgement:
    """Return the judgement, not saved yet; without an outcome it takes the last one back.

    Raises ValidationError where the unit bars the claim, and for "not yet" without a reason.
    """
    if barred:
        raise ValidationError(str(barred))
    judgement = Judgement(
        claim=claim,
        evidence_version=version,
        outcome=outcome or "",
        reason=reason,
        made_at=timezone.now(),
    )
    # The rows it points to were just read: asking for each again would be three queries a judgement.
    judgement.clean_fields(exclude=["claim", "evidence_version", "author"])
    if outcome == Outcome.NOT_YET and not judgement.reason:
        raise ValidationError(NEEDS_A_REASON)
    return judgement


def judgements_record(*, unit: CandidateUnit, author: Participation, given: Sequence[Judgement]) -> None:
    """Save judgements and log each. For services that hold the unit's lock and have asked the rules."""
    for judgement in given:
        judgement.author = author
    Judgement.objects.bulk_create(given)
    events_add(
        chain=unit.registration.chain,
        actor=author.user.uuid,
        happenings=[
            Happening(
                kind="claim.judged" if judgement.outcome else "claim.judgement_taken_back",
                payload={
                    "judgement": str(judgement.uuid),
                    "claim": str(judgement.claim.uuid),
                    "unit": str(unit.uuid),
                    "evidence_version": str(judgement.evidence_version.uuid),
                    "outcome": str(judgement.outcome),
                    "reason": judgement.reason,
                },
            )
            for judgement in given
        ],
    )


@transaction.atomic
def statements_set(
    *, unit: CandidateUnit, actor: User, statements: Collection[str], seen: Collection[str] | None = None
) -> None:
    """Let exactly these of the unit's unlettered musts be stated.

    `seen` are those that the page showed as stated: only what differs from it is changed, so that a page that
    is out of date undoes nothing. Raises PermissionDenied, InvalidTransition after the sign-off, ValidationError
    for words that the unit does not have, and where something changes and the actor has acted in another capacity
    here.
    """
    _require_may_judge(unit=unit, actor=actor)
    asked_for = parse_rules(unit.revision.rules).statements
    if not set(statements) <= set(asked_for):
        raise ValidationError("This unit asks for no such statement.")
    standing = {statement.words: statement for statement in unit.statements.filter(withdrawn_at__isnull=True)}
    shown = standing if seen is None else seen
    changed = [
        words
        for words in asked_for
        if (words in statements) != (words in shown) and (words in statements) != (words in standing)
    ]
    if not changed:  # a page on which nothing is new makes nobody take part in the unit
        return
    author = participate(unit=unit, actor=actor, capacity=Capacity.ASSESSOR)
    now = timezone.now()
    for words in changed:
        if words in statements:
            AssessorStatement.objects.create(candidate_unit=unit, words=words, author=author, made_at=now)
            _log_statement("statement.made", unit, actor, words)
        else:
            standing[words].withdrawn_at = now
            standing[words].save(update_fields=["withdrawn_at"])
            _log_statement("statement.withdrawn", unit, actor, words)


def _require_may_judge(*, unit: CandidateUnit, actor: User) -> None:
    """Lock the unit, and refuse who may not judge in it now."""
    version = version_lock(unit)
    if not may_judge(actor, unit):
        raise PermissionDenied
    if not is_open_to_judgement(version):
        raise InvalidTransition(
            f"This unit is {version.get_state_display().lower()}, so its judgements cannot be changed any "
            "more. Nothing was saved."
        )


def _log_statement(kind: str, unit: CandidateUnit, actor: User, words: str) -> None:
    event_add(
        chain=unit.registration.chain,
        kind=kind,
        actor=actor.uuid,
        payload={"unit": str(unit.uuid), "statement": words},
    )
