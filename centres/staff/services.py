"""Records what staff hold, work towards, know and do, and takes it off the record."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from centres.models import Centre, User
from centres.staff.kinds import StaffKind
from centres.staff.models import StaffRecord
from centres.staff.permissions import is_staff, may_record
from record.services.events import event_add

TAKEN_PLACE = "What was recorded after it takes its place."


@dataclass(frozen=True, kw_only=True)
class StaffDetails:
    """What a record says. `role`: of an award; `hours`: of development; `until`: an end, or a target date."""

    what: str
    since: datetime.date
    until: datetime.date | None = None
    role: str = ""
    hours: Decimal | None = None
    shown_by: str = ""


@transaction.atomic
def staff_record_add(
    *, centre: Centre, person: User, actor: User, kind: StaffKind, details: StaffDetails
) -> StaffRecord:
    """Put something on record of a person, and return it. The same again adds nothing.

    An award that is held, or another that is worked towards, takes the place of what the person worked towards for
    that role; an award also that of one without a name, which was on record before awards had dates. It changes nothing
    that they signed before. Raises PermissionDenied unless `actor` may, ValidationError for a person who neither
    assesses nor verifies here, and for what a record cannot say.
    """
    centre = Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)  # a second press of the button waits
    if not may_record(actor, centre, person, kind):
        raise PermissionDenied
    if not is_staff(person, centre):
        raise ValidationError(f"{person} neither assesses nor verifies here, so nothing is put on record of them.")
    now = timezone.now()
    row = StaffRecord(centre=centre, user=person, kind=kind, author=actor, made_at=now, **vars(details))
    row.full_clean()
    _refuse_tomorrow(row)
    open_rows = StaffRecord.objects.open().filter(centre=centre, user=person)
    same = open_rows.filter(kind=kind, **{field: getattr(row, field) for field in vars(details)}).first()
    if same:
        return same
    row.save()
    ended = [_end(old, actor, TAKEN_PLACE, now) for old in open_rows.filter(_replaced_by(row)).exclude(pk=row.pk)]
    event_add(chain=centre.chain, kind=f"{kind.event}.recorded", actor=actor.uuid, at=now, row=row, also=ended)
    return row


@transaction.atomic
def staff_record_end(*, record: StaffRecord, actor: User, why: str) -> None:
    """Take something off the record from now on; it stays to be read, with the reason. Twice does nothing.

    Raises PermissionDenied unless `actor` may, ValidationError without a reason.
    """
    centre = Centre.objects.select_for_update(no_key=True).get(pk=record.centre_id)
    record = StaffRecord.objects.select_related(*StaffRecord.told_with).get(pk=record.pk)
    kind = StaffKind(record.kind)
    if not may_record(actor, centre, record.user, kind):
        raise PermissionDenied
    if record.ended_at:
        return
    now = timezone.now()
    _end(record, actor, why, now)
    event_add(chain=centre.chain, kind=f"{kind.event}.ended", actor=actor.uuid, at=now, row=record)


def _replaced_by(row: StaffRecord) -> Q:
    if row.kind == StaffKind.TOWARDS:
        return Q(kind=StaffKind.TOWARDS, role=row.role)
    if row.is_held_on(row.centre.today):
        return Q(role=row.role) & (Q(kind=StaffKind.TOWARDS) | Q(kind=StaffKind.AWARD, author__isnull=True))
    return Q(pk=None)


def _end(record: StaffRecord, actor: User, why: str, at: datetime.datetime) -> StaffRecord:
    record.ended_at, record.ended_by, record.ended_why = at, actor, why
    record.full_clean()
    record.save(update_fields=["ended_at", "ended_by", "ended_why"])
    return record


def _refuse_tomorrow(row: StaffRecord) -> None:
    if row.kind != StaffKind.APPROVAL and row.since and row.since > row.centre.today:
        raise ValidationError({"since": "This day has not come yet. Give one that is past, or today."})
