"""Puts adjustments for a candidate on record, and ends them."""

import datetime
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from centres.models import User
from portfolio.models import Adjustment, Registration
from portfolio.permissions import may_agree_adjustments
from record.services.events import event_add


@dataclass(frozen=True, kw_only=True)
class AdjustmentDetails:
    """What an adjustment says; `until` is its last day, and `helper` names who reads, writes, signs or interprets."""

    kind: str
    what: str
    why: str
    agreed_by: str
    since: datetime.date
    until: datetime.date | None = None
    helper: str = ""


@transaction.atomic
def adjustment_agree(*, registration: Registration, actor: User, details: AdjustmentDetails) -> Adjustment:
    """Put an adjustment on record, and return it. The same again adds nothing.

    Raises PermissionDenied for who neither assesses in the portfolio nor coordinates its centre, ValidationError for
    what an adjustment cannot say.
    """
    Registration.objects.select_for_update(of=("self",)).get(pk=registration.pk)  # a second press of the button waits
    if not may_agree_adjustments(actor, registration):
        raise PermissionDenied
    row = Adjustment(registration=registration, author=actor, made_at=timezone.now(), **vars(details))
    row.full_clean()
    said = {field: getattr(row, field) for field in vars(details)}
    if same := registration.adjustments.open().filter(**said).first():
        return same
    row.save()
    event_add(chain=registration.chain, kind="adjustment.agreed", actor=actor.uuid, at=row.made_at, row=row)
    return row


@transaction.atomic
def adjustment_end(*, adjustment: Adjustment, actor: User, why: str) -> None:
    """End an adjustment from now on; it stays to be read, with the reason. Twice does nothing.

    Raises PermissionDenied as `adjustment_agree`, ValidationError without a reason.
    """
    registration = Registration.objects.select_for_update(of=("self",)).get(pk=adjustment.registration_id)
    if not may_agree_adjustments(actor, registration):
        raise PermissionDenied
    row = Adjustment.objects.select_related(*Adjustment.told_with).get(pk=adjustment.pk)
    if row.ended_at:
        return
    row.ended_at, row.ended_by, row.ended_why = timezone.now(), actor, why
    row.full_clean()
    row.save(update_fields=["ended_at", "ended_by", "ended_why"])
    event_add(chain=registration.chain, kind="adjustment.ended", actor=actor.uuid, at=row.ended_at, row=row)
