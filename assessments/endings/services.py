"""Records the unit certificates that were claimed for a registration that ended early."""

import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.endings.selectors import certifiable_units, has_ended_early
from centres.models import User
from centres.on_paper import at_centre
from centres.permissions import may_coordinate
from portfolio.models import Registration, UnitCertificate, UnitVersion
from portfolio.rules import FIRST_YEAR
from record.services.events import event_add


@transaction.atomic
def certificate_claim(
    *, registration: Registration, version: UnitVersion, actor: User, number: str, day: datetime.date
) -> UnitCertificate:
    """Record that a unit certificate was claimed for a verified unit; the same again changes nothing.

    Raises PermissionDenied unless `actor` coordinates the centre; ValidationError, by field where there is one, where
    the registration did not end early, for a unit that is not verified or has another certificate, and for a day
    before the countersignature or to come.
    """
    registration = _locked(registration, actor)
    if not has_ended_early(registration):
        raise ValidationError("Unit certificates are for those who leave early: withdraw or transfer them first.")
    unit = next((one for one in certifiable_units(registration) if one.version.pk == version.pk), None)
    if unit is None:
        raise ValidationError("This unit is not verified, so no certificate can be claimed for it.")
    if before := unit.certificate:
        if (before.number, before.day) == (number, day):
            return before
        raise ValidationError(f"Certificate {before.number} of this unit is on record. Take that back first.")
    today = registration.centre.today
    if day.year < FIRST_YEAR:
        raise ValidationError({"day": f"Give the year with all four digits, such as {today.year}."})
    if day > today:
        raise ValidationError({"day": "This day is in the future. Record it on the day."})
    if day < timezone.localdate(unit.verified_at, ZoneInfo(registration.centre.time_zone)):
        on = at_centre(unit.verified_at, registration.centre)
        raise ValidationError({"day": f"The unit was countersigned on {on}, after this day."})
    certificate = UnitCertificate(
        unit_version=unit.version, number=number, day=day, claimed_by=actor, claimed_at=timezone.now()
    )
    certificate.full_clean()
    certificate.save()
    event_add(
        chain=registration.chain,
        kind="unit_certificate.claimed",
        actor=actor.uuid,
        at=certificate.claimed_at,
        row=certificate,
    )
    return certificate


@transaction.atomic
def certificate_take_back(*, certificate: UnitCertificate, actor: User, reason: str) -> None:
    """Take the record of a unit certificate back, with a reason. Twice does nothing.

    Raises PermissionDenied unless `actor` coordinates the centre, ValidationError without a reason.
    """
    registration = _locked(certificate.unit_version.candidate_unit.registration, actor)
    held = UnitCertificate.objects.select_related(*UnitCertificate.told_with).get(pk=certificate.pk)
    if held.taken_back_at:
        return
    held.taken_back_at, held.taken_back_by, held.taken_back_why = timezone.now(), actor, reason
    held.full_clean()
    held.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_why"])
    event_add(
        chain=registration.chain,
        kind="unit_certificate.taken_back",
        actor=actor.uuid,
        at=held.taken_back_at,
        row=held,
    )


def _locked(registration: Registration, actor: User) -> Registration:
    held = Registration.objects.select_for_update(no_key=True, of=("self",))
    found = held.select_related("centre", "chain", "candidate").get(pk=registration.pk)
    if not may_coordinate(actor, found.centre):
        raise PermissionDenied
    return found
