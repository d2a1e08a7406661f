"""Records what a candidate achieved before, has it checked, and takes it back."""

import datetime
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from centres.models import User
from portfolio.models import (
    AchievedBefore,
    AchievedBeforeCheck,
    CandidateUnit,
    Capacity,
    Claim,
    Evidence,
    Registration,
    State,
)
from portfolio.open_registrations import registration_lock
from portfolio.open_versions import open_version
from portfolio.permissions import checks_achieved_as, may_record_achieved
from portfolio.registrations.choosing import unit_choice
from portfolio.rules import FIRST_YEAR
from portfolio.services.units import units_lock
from record.services.events import Happening, event_add, events_add
from standards.models import Unit, UnitRevision


@dataclass(frozen=True, kw_only=True)
class AchievedSaid:
    """What is said of a unit that was achieved before."""

    where: str
    day: datetime.date
    shown_by: str
    certificate_number: str = ""
    evidence: Evidence | None = None


@transaction.atomic
def achieved_before_record(
    *, registration: Registration, actor: User, revision: UnitRevision, said: AchievedSaid
) -> AchievedBefore:
    """Record that the candidate achieved a unit before; it counts once an assessor has checked it.

    Raises PermissionDenied; RegistrationEnded; ValidationError, by field where there is one, for a unit that is not of
    the registration or has come further here, for a day that is to come, and for evidence of another portfolio.
    """
    registration_lock(registration)  # so that no unit is achieved before and taken at once
    units_lock(registration)
    if not may_record_achieved(actor, registration):
        raise PermissionDenied
    if revision.unit_id not in {one.revision.unit_id for one in unit_choice(registration).offered}:
        raise ValidationError({"unit": f"{revision.unit.code} is not a unit of this registration. Choose one that is."})
    if AchievedBefore.objects.kept().filter(registration=registration, revision__unit=revision.unit).exists():
        raise ValidationError({"unit": f"{revision.unit.code} is recorded as achieved before already."})
    if why := why_not_achieved_before(registration, revision.unit):
        raise ValidationError({"unit": why})
    _require_day(registration, said.day)
    if said.evidence and (said.evidence.registration_id != registration.pk or said.evidence.removed_at):
        raise ValidationError({"evidence": "This evidence is not in the portfolio."})
    achieved = AchievedBefore(
        registration=registration,
        revision=revision,
        where=said.where,
        day=said.day,
        shown_by=said.shown_by,
        certificate_number=said.certificate_number,
        evidence=said.evidence,
        recorded_by=actor,
        recorded_at=timezone.now(),
    )
    achieved.full_clean()
    achieved.save()
    event_add(
        chain=registration.chain,
        kind="achieved_before.recorded",
        actor=actor.uuid,
        at=achieved.recorded_at,
        row=achieved,
        payload={"code": revision.unit.code},
    )
    return achieved


def why_not_achieved_before(registration: Registration, unit: Unit) -> str | None:
    """Say why a unit cannot count as achieved before; None if it can.

    What has claims here, or was ever submitted, has a grid of its own and goes on with that.
    """
    there = CandidateUnit.objects.filter(registration=registration, revision__unit=unit).first()
    if there is None:
        return None
    version = open_version(there)
    if version.number > 1 or version.state != State.COLLECTING:
        return f"{unit.code} is {version.get_state_display().lower()} in this portfolio, so it was not achieved before."
    if Claim.objects.filter(candidate_unit=there, withdrawn_at__isnull=True).exists():
        return f"Criteria of {unit.code} are claimed in this portfolio. Take these claims back first, or go on with it."
    return None


@transaction.atomic
def achieved_before_check(*, achieved: AchievedBefore, actor: User, password: str) -> AchievedBeforeCheck:
    """An assessor checks what shows it, and a verifier may agree; both by their password.

    With the assessor's word it counts, and the unit is set aside, since it needs no grid. Raises PermissionDenied;
    RegistrationEnded; ValidationError for a wrong password, and for a unit that has come further here meanwhile.
    """
    achieved = _locked(achieved)
    registration, unit = achieved.registration, achieved.revision.unit
    _require_kept(achieved)
    capacity = checks_achieved_as(actor, achieved)
    if capacity is None:
        raise PermissionDenied
    if not actor.check_password(password):
        raise ValidationError({"password": "That is not your password. Nothing was saved."})
    is_checked = capacity == Capacity.ASSESSOR
    if is_checked and (why := why_not_achieved_before(registration, unit)):
        raise ValidationError(why)
    now = timezone.now()
    check = AchievedBeforeCheck(achieved=achieved, person=actor, capacity=capacity, checked_at=now)
    check.full_clean()
    check.save()
    happenings = [Happening(kind=f"achieved_before.{'checked' if is_checked else 'agreed'}", row=check)]
    taken = CandidateUnit.objects.taken().filter(registration=registration, revision__unit=unit).first()
    if is_checked and taken:
        taken.set_aside_at = now
        taken.save(update_fields=["set_aside_at"])
        happenings.append(Happening(kind="unit.set_aside", row=taken, payload={"code": unit.code}))
    events_add(chain=registration.chain, actor=actor.uuid, at=now, happenings=happenings)
    return check


@transaction.atomic
def achieved_before_take_back(*, achieved: AchievedBefore, actor: User, reason: str) -> None:
    """Take it back, with a reason: it counts no more, and the unit can be taken up again. Twice does nothing.

    Raises PermissionDenied, RegistrationEnded, and ValidationError without a reason.
    """
    achieved = _locked(achieved)
    if not may_record_achieved(actor, achieved.registration):
        raise PermissionDenied
    if achieved.taken_back_at:
        return
    achieved.taken_back_at, achieved.taken_back_by, achieved.taken_back_why = timezone.now(), actor, reason
    achieved.full_clean(validate_constraints=True)
    achieved.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_why"])
    event_add(
        chain=achieved.registration.chain,
        kind="achieved_before.taken_back",
        actor=actor.uuid,
        at=achieved.taken_back_at,
        row=achieved,
    )


def _locked(achieved: AchievedBefore) -> AchievedBefore:
    registration_lock(achieved.registration)
    units_lock(achieved.registration)
    rows = AchievedBefore.objects.select_related(
        "registration__centre", "registration__candidate", "registration__chain", "revision__unit__framework",
        "evidence", "recorded_by", "taken_back_by",
    )  # fmt: skip
    return rows.get(pk=achieved.pk)


def _require_kept(achieved: AchievedBefore) -> None:
    if achieved.taken_back_at:
        raise ValidationError("This was taken back meanwhile, so there is nothing to check.")


def _require_day(registration: Registration, day: datetime.date) -> None:
    today = registration.centre.today
    if day.year < FIRST_YEAR:
        raise ValidationError({"day": f"Give the year with all four digits, such as {today.year}."})
    if day > today:
        raise ValidationError({"day": "This day is in the future. When was it achieved?"})
