"""Judgements on claims: made, and logged."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils import timezone

from assessments.models import NEEDS_A_REASON, Judgement, Outcome
from portfolio.barred_claims import Bar
from portfolio.models import CandidateUnit, Claim, EvidenceVersion, Participation
from record.services.events import Happening, events_add


def judgement_of(
    *, claim: Claim, version: EvidenceVersion, outcome: Outcome | None, reason: str, barred: Bar | None
) -> Judgement:
    """Return the judgement, unsaved; without an outcome it takes the last one back.

    Raises ValidationError if the unit bars the claim, and for "not yet" without a reason.
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
    now = timezone.now()
    for judgement in given:
        judgement.author, judgement.made_at = author, now
    Judgement.objects.bulk_create(given)
    events_add(
        chain=unit.registration.chain,
        actor=author.user.uuid,
        at=now,
        happenings=[
            Happening(
                kind="claim.judged" if judgement.outcome else "claim.judgement_taken_back",
                row=judgement,
                also=() if place else author.to_tell(),
            )
            for place, judgement in enumerate(given)
        ],
    )
