"""Asks a witness, withdraws what was asked, and keeps what an assessor adds to what they gave."""

import datetime
import uuid
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from centres.models import User
from portfolio.models import (
    Registration,
    Testimony,
    TestimonyNote,
    TestimonyRequest,
    Witness,
    WitnessStanding,
)
from portfolio.open_registrations import open_registration_lock, require_open
from portfolio.permissions import may_ask_witness, may_handle_request, may_note_testimony
from portfolio.testimony.criteria import criteria_to_ask, keys_of
from portfolio.testimony.request_letters import request_letter_ask
from portfolio.testimony.rules import Stands, stands, why_no_witness
from portfolio.testimony.tokens import digest_of, token_of
from record.services.events import event_add

OPEN_FOR = datetime.timedelta(days=28)
NO_EXPERT = "Only an expert whom an assessor has accepted writes an observation. Accept them first, then ask."
WAITING_AT_MOST = 30  # requests of one portfolio: nobody waits for more, and mail goes to addresses that anybody types


@transaction.atomic
def testimony_ask(
    *,
    registration: Registration,
    actor: User,
    form_key: uuid.UUID,
    words: str,
    criteria: Sequence[str],
    setting: str,
    witness: Witness | None = None,
    name: str = "",
    email: str = "",
    as_observation: bool = False,
) -> TestimonyRequest:
    """Ask a person to say what they saw: a `witness` of the portfolio, or somebody new by name and perhaps address.

    `as_observation`: an assessor asks an expert, whose standing was accepted, for what counts as an observation.
    `form_key` identifies the form: sent twice, it asks once. Raises PermissionDenied, and ValidationError for somebody
    who cannot be a witness, for criteria that no witness can be asked of, and for too many requests that wait.
    """
    registration = Registration.objects.select_for_update(no_key=True, of=("self",)).get(pk=registration.pk)
    require_open(registration)
    if not may_ask_witness(actor, registration):
        raise PermissionDenied
    asked = TestimonyRequest.objects.filter(witness__registration=registration)
    if sent_before := asked.filter(uuid=form_key, asked_by=actor).first():
        return sent_before
    if witness and witness.registration_id != registration.pk:
        raise PermissionDenied
    if asked.waiting().count() >= WAITING_AT_MOST:
        raise ValidationError(f"{WAITING_AT_MOST} requests wait for an answer already. Withdraw one first.")
    if as_observation:
        if not may_note_testimony(actor, registration):
            raise PermissionDenied
        if witness is None or not standing_accepted(witness):
            raise ValidationError(NO_EXPERT)
    wanted = can_all_be_asked(registration, criteria)
    now = timezone.now()
    new = witness is None
    witness = witness or Witness(registration=registration, name=name, email=email, added_by=actor, added_at=now)
    if new:
        witness.full_clean()
    if why := why_no_witness(registration, name=witness.name, addresses=[witness.email, witness.contact]):
        raise ValidationError(why)
    if new:
        witness.save()
    request = TestimonyRequest(
        uuid=form_key,
        witness=witness,
        asked_by=actor,
        words=words,
        criteria=wanted,
        setting=setting,
        as_observation=as_observation,
        asked_at=now,
        until=now + OPEN_FOR,
    )
    request.token_digest = digest_of(token_of(request))
    request.full_clean()
    request.save()
    event_add(
        chain=registration.chain,
        kind="testimony.asked",
        actor=actor.uuid,
        at=now,
        row=request,
        also=[witness] if new else [],
    )
    request_letter_ask(request=request, actor=actor)
    return request


def can_all_be_asked(registration: Registration, criteria: Sequence[str]) -> list[str]:
    """Return the keys of these criteria, in the order of their units. Raises ValidationError if one is of none."""
    wanted, found = set(criteria), keys_of(criteria_to_ask(registration))
    if not wanted <= set(found):
        raise ValidationError("This page names a criterion that a witness cannot be asked of. Nothing was sent.")
    return [key for key in found if key in wanted]


@transaction.atomic
def request_send_again(*, request: TestimonyRequest, actor: User) -> bool:
    """Have the link sent once more; return whether there is an address. Raises PermissionDenied."""
    TestimonyRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=request.pk)
    if not may_handle_request(actor, request):
        raise PermissionDenied
    return request_letter_ask(request=request, actor=actor) is not None


@transaction.atomic
def request_withdraw(*, request: TestimonyRequest, actor: User) -> None:
    """Withdraw a request, so that its link works no more. Withdrawing it twice does nothing.

    Raises PermissionDenied, and ValidationError if it was answered already.
    """
    registration = request.witness.registration
    request = TestimonyRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not may_handle_request(actor, request):
        raise PermissionDenied
    if stands(request) == Stands.GIVEN:
        raise ValidationError(f"{request.witness} has answered already, so it cannot be withdrawn.")
    if request.withdrawn_at:
        return
    request.withdrawn_at = timezone.now()
    request.save(update_fields=["withdrawn_at"])
    event_add(
        chain=registration.chain,
        kind="testimony.withdrawn",
        actor=actor.uuid,
        at=request.withdrawn_at,
        row=request,
    )


@transaction.atomic
def testimony_note(
    *, testimony: Testimony, actor: User, words: str = "", reached: str = "", reached_on: datetime.date | None = None
) -> TestimonyNote:
    """Add what an assessor says of a testimony, and how and when they reached the witness.

    Raises PermissionDenied, and ValidationError for a note that says nothing, or a day that is to come.
    """
    registration = testimony.evidence.registration
    open_registration_lock(registration)
    if not may_note_testimony(actor, registration):
        raise PermissionDenied
    if reached_on and reached_on > timezone.localdate(timezone=ZoneInfo(registration.centre.time_zone)):
        raise ValidationError({"reached_on": "This day is in the future. When did you reach the witness?"})
    note = TestimonyNote(
        testimony=testimony, author=actor, words=words, reached=reached, reached_on=reached_on, made_at=timezone.now()
    )
    note.full_clean()
    note.save()
    event_add(chain=registration.chain, kind="testimony.noted", actor=actor.uuid, at=note.made_at, row=note)
    return note


@transaction.atomic
def standing_accept(*, witness: Witness, actor: User, reason: str) -> WitnessStanding:
    """Accept a witness as an expert in the work they saw. Accepting them twice does nothing.

    Raises PermissionDenied, and ValidationError without a reason.
    """
    registration = Registration.objects.select_for_update(no_key=True, of=("self",)).get(pk=witness.registration_id)
    require_open(registration)
    if not may_note_testimony(actor, registration):
        raise PermissionDenied
    if before := WitnessStanding.objects.filter(witness=witness).first():
        return before
    standing = WitnessStanding(witness=witness, accepted_by=actor, reason=reason, accepted_at=timezone.now())
    standing.full_clean()
    standing.save()
    event_add(
        chain=registration.chain,
        kind="witness.accepted",
        actor=actor.uuid,
        at=standing.accepted_at,
        row=standing,
    )
    return standing


def standing_accepted(witness: Witness) -> bool:
    """Whether an assessor accepted the witness as an expert: such a witness may write an observation."""
    return WitnessStanding.objects.filter(witness=witness).exists()
