"""The signatures under a unit. Each freezes what is signed, and moves the unit on or confirms another signature."""

import logging
from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.actions.services import answers_accept
from assessments.models import CONFIRMED_BY, CONFIRMS, FinalForm, PinnedEvidence, Signature, Stage
from assessments.permissions import SIGNED_IN, SIGNS, may_confirm
from assessments.recording_form.document import Signing, declaration_of, unit_document
from assessments.recording_form.tasks import render_final_form
from assessments.signing.known_above import why_held
from assessments.signing.shown_digest import content_digest
from assessments.standing.readiness import in_short, may_be_signed, readiness
from assessments.standing.unit_record import UnitRecord, unit_record
from assessments.standing.worked_out import differences
from centres.models import User
from centres.permissions import holds_award
from portfolio.files.selectors import files_in
from portfolio.files.services import gone_among
from portfolio.interests.rules import require_may_verify
from portfolio.models import CandidateUnit, Capacity, State
from portfolio.models.evidence_number import evidence_number
from portfolio.permissions import ROLE_OF, capacity_in, signs_as
from portfolio.services.participations import participate
from portfolio.services.units import version_lock, version_move
from record.errors import ChangedMeanwhile, InvalidTransition
from record.plain_text import plain_text
from record.services.chains import heads_for_document
from record.services.documents import document_freeze
from record.services.events import Happening, events_add

logger = logging.getLogger(__name__)

# A confirmation does not move the unit: it stays in the state that the signature brought it to.
MOVES_TO = {
    Stage.SUBMISSION: State.SUBMITTED,
    Stage.SIGN_OFF: State.ASSESSED,
    Stage.COUNTERSIGNATURE: State.VERIFIED,
}
SIGNED_BY_EVENT = {stage: f"unit.{MOVES_TO.get(stage, stage)}" for stage in Stage}  # the kind of each one's event

GONE_NAMED = 10  # at most so many of the files that are gone are named


@transaction.atomic
def unit_submit(*, unit: CandidateUnit, actor: User, password: str, seen: str) -> Signature:
    """The candidate declares the evidence authentic, signs, and gives the unit to the assessor.

    Something may be missing, for the page has warned of it; but a unit without any claim is refused. See `_sign`.
    """
    return _sign(Stage.SUBMISSION, unit=unit, actor=actor, password=password, seen=seen, comment="")


@transaction.atomic
def unit_sign_off(*, unit: CandidateUnit, actor: User, password: str, seen: str, comment: str = "") -> Signature:
    """The assessor signs that the unit is met. See `_sign`."""
    return _sign(Stage.SIGN_OFF, unit=unit, actor=actor, password=password, seen=seen, comment=comment)


@transaction.atomic
def unit_countersign(*, unit: CandidateUnit, actor: User, password: str, seen: str, comment: str = "") -> Signature:
    """The internal verifier countersigns; a task prints the final form afterwards. See `_sign`."""
    return _sign(Stage.COUNTERSIGNATURE, unit=unit, actor=actor, password=password, seen=seen, comment=comment)


@transaction.atomic
def unit_release(*, unit: CandidateUnit, actor: User, password: str, seen: str, plan_of: date) -> Signature:
    """The internal verifier countersigns what the sampling plan of a day left out: the form says so. See `_sign`.

    Whether that plan did leave it out, the caller has asked: plans are made above this app.
    """
    return _sign(
        Stage.COUNTERSIGNATURE, unit=unit, actor=actor, password=password, seen=seen, comment="", plan_of=plan_of
    )


@transaction.atomic
def sign_off_confirm(*, unit: CandidateUnit, actor: User, password: str, seen: str, comment: str = "") -> Signature:
    """Another assessor, who holds the award, confirms the sign-off of one who does not. See `_sign`."""
    return _sign(Stage.SIGN_OFF_CONFIRMED, unit=unit, actor=actor, password=password, seen=seen, comment=comment)


@transaction.atomic
def countersignature_confirm(
    *, unit: CandidateUnit, actor: User, password: str, seen: str, comment: str = ""
) -> Signature:
    """Another internal verifier, who holds the award, confirms the countersignature of one who does not.

    The final form is printed then. See `_sign`.
    """
    return _sign(
        Stage.COUNTERSIGNATURE_CONFIRMED, unit=unit, actor=actor, password=password, seen=seen, comment=comment
    )


def _sign(
    stage: Stage,
    *,
    unit: CandidateUnit,
    actor: User,
    password: str,
    seen: str,
    comment: str,
    plan_of: date | None = None,
) -> Signature:
    """Freeze the unit as it stands, sign it for `actor`, and move the unit on. Returns the signature.

    If the actor does not hold the award of their role on the day, the signature needs a confirmation, for good. It
    accepts the answers to what was asked in the unit in their capacity, confirmations apart.

    `password` is the actor's own, asked for again; `seen` is the digest of what the page showed
    (assessments/signing/shown_digest.py); `plan_of` makes a countersignature a release.

    Raises PermissionDenied for the wrong person; InvalidTransition in the wrong
    state; ValidationError for a wrong password, for what is missing, and for claimed files whose bytes are gone (in
    sentences); ChangedMeanwhile if the unit is no longer what the page showed. Nothing is written then.
    """
    version = version_lock(unit)
    capacity = capacity_in(actor, unit) if stage in CONFIRMS else signs_as(actor, unit)
    if capacity is None or capacity != SIGNS[stage]:
        raise PermissionDenied
    if version.state != SIGNED_IN[stage]:
        raise InvalidTransition(
            f"This unit is {version.get_state_display().lower()} now, so there is nothing for you to sign. "
            "Nothing was changed."
        )
    if not actor.check_password(password):
        raise ValidationError({"password": "That is not your password. Nothing was signed."})
    _require_no_interest(unit, actor, stage)
    _require_kept_as_worked_out(unit)
    signer = participate(unit=unit, actor=actor, capacity=capacity)
    record = unit_record(unit)
    if stage in CONFIRMS:
        _require_may_confirm(record, stage, actor)
    if content_digest(unit) != seen:
        raise ChangedMeanwhile("This unit was")
    _require_ready(record, stage)
    if gone := gone_among(files_in([piece.version.pk for piece in record.evidence])):
        raise ValidationError(gone_in_words(gone))
    comment = plain_text(comment)  # the same bytes in the document and in the row
    registration = unit.registration
    needs_confirmation = stage in CONFIRMED_BY and not holds_award(actor, registration.centre, ROLE_OF[capacity])
    # From here on every other signature of the site waits, so that what the document says of the chains is exact.
    heads = heads_for_document(centre=registration.centre.chain, portfolio=registration.chain)
    now = timezone.now()
    signing = Signing(
        stage=stage,
        signer=actor,
        capacity=capacity,
        comment=comment,
        at=now,
        needs_confirmation=needs_confirmation,
        released_by_plan_of=plan_of,
    )
    document = document_freeze(document=unit_document(record, signing, heads=heads))
    signature = Signature(
        unit_version=version,
        stage=stage,
        signer=signer,
        document=document,
        declaration=declaration_of(stage, plan_of),
        comment=comment,
        signed_at=now,
        needs_confirmation=needs_confirmation,
        released_by_plan_of=plan_of,
    )
    signature.full_clean()
    signature.save()
    _pin(record, signature)
    forms = [FinalForm.objects.create(signature=signature)] if signature.is_final else []
    accepted: list[Happening] = []
    if stage in MOVES_TO:
        version_move(version=version, to=MOVES_TO[stage], at=now)
        accepted = answers_accept(record.actions, actor=actor, capacity=capacity, at=now)
    signed = Happening(
        kind=SIGNED_BY_EVENT[stage],
        row=signature,
        also=[version, *signer.to_tell(), *forms],
        payload={"unit": str(unit.uuid)},
    )
    events_add(chain=registration.chain, actor=actor.uuid, at=now, happenings=[signed, *accepted])
    if forms:
        render_final_form.enqueue(str(signature.uuid))  # with the transaction: no form without its signature
    return signature


def _require_no_interest(unit: CandidateUnit, actor: User, stage: Stage) -> None:
    """Refuse a verifier with a family or business interest, and what such an assessor assessed and nobody sampled."""
    if SIGNS[stage] == Capacity.INTERNAL_VERIFIER:
        require_may_verify(unit.registration, actor)
    if stage == Stage.COUNTERSIGNATURE and (why := why_held(unit)):
        raise ValidationError(why)


def _require_kept_as_worked_out(unit: CandidateUnit) -> None:
    """Work the unit out again, so that nobody signs a kept row that tampering or a fault of ours made untrue."""
    found = list(differences([unit]))
    if found:
        logger.error("Unit %s cannot be signed: %s", unit.uuid, " ".join(found))
        raise ValidationError(
            "Nothing was signed: what is kept of how this unit stands is not what its claims and judgements give. "
            "Tell your centre's coordinator, so that whoever runs the server looks into its log."
        )


def _require_may_confirm(record: UnitRecord, stage: Stage, actor: User) -> None:
    given = record.unconfirmed
    if given is None or CONFIRMED_BY[Stage(given.stage)] != stage:
        raise InvalidTransition("Nothing in this unit waits for a confirmation now. Nothing was changed.")
    if not may_confirm(actor, given, record.unit):
        raise PermissionDenied


def _require_ready(record: UnitRecord, stage: Stage) -> None:
    missing = readiness(record.facts, stage)
    if may_be_signed(record.facts, missing, stage):
        return
    if not record.claims:
        raise ValidationError("Nothing is claimed in this unit yet, so there is nothing to sign.")
    raise ValidationError(in_short(missing, record.facts))


def gone_in_words(gone: Sequence[tuple[int, str]]) -> str:
    """Say which claimed files are gone (number of the evidence, name of the file), and how to bring them back."""
    named = [f"“{name}” of evidence {evidence_number(number)}" for number, name in gone[:GONE_NAMED]]
    if len(gone) > GONE_NAMED:
        named.append(f"{len(gone) - GONE_NAMED} more")
    return (
        f"This unit cannot be signed now, and nothing was signed: the server has lost the content of "
        f"{', '.join(named)}. Nothing that you did caused this. Tell your centre's coordinator: whoever runs the site "
        "can bring it back from a backup, and uploading the very same file again brings it back as well."
    )


def _pin(record: UnitRecord, signature: Signature) -> None:
    """Hold the unit to the versions that were signed, whatever is corrected later.

    The submission pins what was claimed then, the sign-off what was claimed since. A step back releases
    the pins of the signatures that it supersedes.
    """
    pinned = PinnedEvidence.objects.filter(signature__in=record.signatures)
    known = set(pinned.values_list("evidence_version_id", flat=True))
    PinnedEvidence.objects.bulk_create(
        PinnedEvidence(signature=signature, evidence_version=piece.version)
        for piece in record.evidence
        if piece.version.pk not in known
    )
