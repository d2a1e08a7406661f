"""Records what an internal verifier looked at in a unit, and what they found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.models import REASON_AT_MOST
from assessments.signing.shown_digest import content_digest
from assessments.standing.unit_record import ClaimRecord, claims_in
from centres.models import User
from portfolio.interests.rules import require_may_verify
from portfolio.models import CandidateUnit, Capacity, State, UnitVersion
from portfolio.people_on_unit import people_on
from portfolio.services.participations import participate
from portfolio.services.units import version_lock
from record.errors import ChangedMeanwhile
from record.plain_text import plain_text
from record.services.events import event_add
from verification.models import Method, SampledClaim, SampleStage, SamplingRecord
from verification.sampling.permissions import may_sample

NOTHING_TICKED = "Tick at least one claim that you looked at: a record says what it rests on."


@dataclass(frozen=True, kw_only=True)
class SamplingFinding:
    """What a verifier found: claims by their uuid, each with its exception or ""; tests by their name."""

    looked_at: Mapping[UUID, str]
    tests: Mapping[str, bool]
    agrees: bool
    words: str
    method: Method = Method.EVIDENCE


def stage_of(version: UnitVersion) -> SampleStage:
    """As what a look at the unit counts now: interim until the sign-off, which it does not hold up."""
    is_under_way = version.state in {State.COLLECTING, State.SUBMITTED}
    return SampleStage.INTERIM if is_under_way else SampleStage.SUMMATIVE


@transaction.atomic
def unit_sample(
    *, unit: CandidateUnit, actor: User, seen: str, form_key: UUID, finding: SamplingFinding
) -> SamplingRecord:
    """Record what the actor looked at and found. Sent twice with the same `form_key`, it is recorded once.

    `seen` is the digest of what the page showed. Raises PermissionDenied unless the actor may sample the unit,
    ValidationError for what is missing, ChangedMeanwhile if the unit is not what was looked at any more.
    """
    version = version_lock(unit)
    own = SamplingRecord.objects.filter(unit_version__candidate_unit=unit, verifier__user=actor)
    if before := own.filter(form_key=form_key).first():
        return before
    if not may_sample(actor, unit):
        require_may_verify(unit.registration, actor)  # says why, where it is a declared interest
        raise PermissionDenied
    verifier = participate(unit=unit, actor=actor, capacity=Capacity.INTERNAL_VERIFIER)
    if content_digest(unit) != seen:
        raise ChangedMeanwhile("This unit was", "what you ticked and wrote still stands below")
    record = SamplingRecord(
        unit_version=version,
        stage=stage_of(version),
        verifier=verifier,
        assessor=people_on(unit).assessor or unit.progress.assessor,  # who led stays answerable after they left
        method=finding.method,
        **finding.tests,
        agrees=finding.agrees,
        words=finding.words,
        form_key=form_key,
        made_at=timezone.now(),
    )
    claims = _sampled(claims_in(unit).claims, finding.looked_at, record)
    record.full_clean()
    record.save()
    SampledClaim.objects.bulk_create(claims)
    event_add(
        chain=unit.registration.chain,
        kind="sampling.recorded",
        actor=actor.uuid,
        at=record.made_at,
        row=record,
        also=verifier.to_tell(),
        payload={"unit": str(unit.uuid)},
    )
    return record


def _sampled(
    claims: Sequence[ClaimRecord], looked_at: Mapping[UUID, str], record: SamplingRecord
) -> list[SampledClaim]:
    found = [
        SampledClaim(
            record=record,
            claim=one.claim,
            version=one.version,
            judgement=one.judgement,
            exception=plain_text(looked_at[one.claim.uuid]),
        )
        for one in claims
        if one.claim.uuid in looked_at
    ]
    if not found:
        raise ValidationError(NOTHING_TICKED)
    if any(len(one.exception) > REASON_AT_MOST for one in found):
        raise ValidationError(f"An exception has at most {REASON_AT_MOST:,} characters. Shorten it, please.")
    return found
