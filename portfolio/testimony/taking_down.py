"""Takes down what a witness told an assessor: no evidence until the witness confirms it."""

import datetime
import uuid
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from centres.models import User
from portfolio.models import Registration, TakenDown, TestimonyRequest, Witness
from portfolio.open_registrations import require_open
from portfolio.permissions import may_note_testimony
from portfolio.testimony.giving import Given, introduced, require_witness
from portfolio.testimony.services import testimony_ask
from record.services.events import event_add

ASKED = "I wrote down what you told me. Is it so? Confirm it, change what is wrong, or say that it is not yours."


@transaction.atomic
def testimony_take_down(
    *,
    registration: Registration,
    actor: User,
    form_key: uuid.UUID,
    said: Given,
    setting: str,
    reached: str,
    reached_on: datetime.date,
    witness: Witness | None = None,
    email: str = "",
) -> TestimonyRequest:
    """Write down what a `witness` of the portfolio, or somebody new, said to the assessor, and ask them to confirm it.

    Raises what `testimony_ask` raises, PermissionDenied for who is no assessor of a unit, and ValidationError, by the
    field of the form, for what cannot be.
    """
    require_open(registration)
    if not may_note_testimony(actor, registration):
        raise PermissionDenied
    if reached_on > timezone.localdate(timezone=ZoneInfo(registration.centre.time_zone)):
        raise ValidationError({"reached_on": "This day is in the future. When did they tell you?"})
    request = testimony_ask(
        registration=registration,
        actor=actor,
        form_key=form_key,
        words=ASKED,
        criteria=said.criteria,
        setting=setting,
        witness=witness,
        name=said.name,
        email=email,
    )
    if hasattr(request, "taken_down"):
        return request  # the form was sent twice
    require_witness(registration, request.witness, said)
    known = introduced(request.witness, said)
    taken_down = TakenDown(
        request=request,
        words=said.words,
        place=said.place,
        happened_from=said.happened_from,
        happened_to=said.happened_to,
        reached=reached,
        reached_on=reached_on,
    )
    taken_down.full_clean()
    taken_down.save()
    event_add(
        chain=registration.chain,
        kind="testimony.taken_down",
        actor=actor.uuid,
        at=request.asked_at,
        row=taken_down,
        also=[known],
    )
    return request
