"""Changes how a registration stands: suspended, withdrawn, transferred, completed, and active again."""

import datetime
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from centres.models import User
from centres.permissions import may_coordinate
from portfolio.models import CandidateUnit, Registration, RegistrationStanding, RegistrationState, State, UnitVersion
from portfolio.models.registration_standings import MAY_FOLLOW
from portfolio.open_registrations import standing_of, state_of
from portfolio.registrations.choosing import unit_choice
from portfolio.rules import FIRST_YEAR
from portfolio.services.units import units_hold
from record.errors import ChangedMeanwhile, InvalidTransition
from record.services.chains import chains_lock
from record.services.events import event_add

OVER = "The time of the suspension was over."


@dataclass(frozen=True, kw_only=True)
class StandingSaid:
    """What a coordinator says when a registration stands otherwise from a day on."""

    state: RegistrationState
    day: datetime.date
    reason: str
    until: datetime.date | None = None  # the last day of a suspension
    to_centre: str = ""  # of a transfer


@transaction.atomic
def standing_change(*, registration: Registration, actor: User, seen: str, said: StandingSaid) -> RegistrationStanding:
    """Say how a registration stands from a day on; `seen` is the state that the page showed.

    Raises PermissionDenied unless `actor` coordinates the centre; ChangedMeanwhile if the state is another by now;
    InvalidTransition for a state that cannot follow; ValidationError, by field where there is one, without a reason,
    for a day that is to come, and for what is not complete.
    """
    registration = _locked(registration)
    if not may_coordinate(actor, registration.centre):
        raise PermissionDenied
    before = standing_of(registration)
    if state_of(before) != seen:
        raise ChangedMeanwhile("How this registration stands", f"it is {state_of(before).label} now")
    if said.state not in MAY_FOLLOW[state_of(before)]:
        raise InvalidTransition(
            f"This registration is {state_of(before).label} now, so it cannot be {said.state.label}. "
            "Nothing was changed."
        )
    _require_days(registration, before, said)
    if said.state == RegistrationState.COMPLETED and (why := why_not_complete(registration)):
        raise ValidationError(f"{why} Nothing was changed.")
    return _follow(registration, before, said, actor)


def why_not_complete(registration: Registration) -> str | None:
    """Say why a registration cannot be completed; None if its rule is met and every unit taken is verified."""
    choice = unit_choice(registration)
    if choice.combination and not choice.combination.is_complete:
        return " ".join(choice.combination.missing)
    taken = [offered for offered in choice.offered if offered.is_taken]
    if waiting := [one.revision.unit.code for one in taken if one.version and one.version.state != State.VERIFIED]:
        return f"Not verified yet: {', '.join(waiting)}."
    if unconfirmed := [one.revision.unit.code for one in taken if one.version and _is_unconfirmed(one.version)]:
        return f"Waits for a confirmation: {', '.join(unconfirmed)}."
    if not taken and not any(offered.achieved for offered in choice.offered):
        return "There is no unit in it."
    return None


def _is_unconfirmed(version: UnitVersion) -> bool:
    return CandidateUnit.objects.filter(pk=version.candidate_unit_id, progress__unconfirmed_of__isnull=False).exists()


def suspensions_end(today: datetime.date | None = None) -> int:
    """End the suspensions whose last day is over; return how many. For the worker, daily; twice does nothing."""
    ended = 0
    over = RegistrationStanding.objects.current().filter(until__lte=today or timezone.localdate())
    for pk in list(over.values_list("registration", flat=True)):
        with transaction.atomic():
            registration = _locked(Registration(pk=pk))
            before = standing_of(registration)
            if before and before.until and before.until < (today or registration.centre.today):
                day = before.until + datetime.timedelta(days=1)
                said = StandingSaid(state=RegistrationState.ACTIVE, day=day, reason=OVER)
                _follow(registration, before, said, None)
                ended += 1
    return ended


def _locked(registration: Registration) -> Registration:
    """Lock the portfolio and its units, so that whoever claims, judges or signs in it waits, or is waited for."""
    held = Registration.objects.select_for_update(no_key=True, of=("self",))
    found = held.select_related("centre__chain", "chain", "candidate", "qualification__framework").get(
        pk=registration.pk
    )
    units_hold(found)
    return found


def _require_days(registration: Registration, before: RegistrationStanding | None, said: StandingSaid) -> None:
    today = registration.centre.today
    if said.day.year < FIRST_YEAR:
        raise ValidationError({"day": f"Give the year with all four digits, such as {today.year}."})
    if said.day > today:
        raise ValidationError({"day": "This day is in the future. Say it on the day, or give the day it happened."})
    if before and said.day < before.day:
        raise ValidationError(
            {"day": f"It has been {before.get_state_display()} since {before.day:%-d %B %Y}. Give that day or a later."}
        )
    if said.until and said.until < today:
        raise ValidationError({"until": "This day is over. Give a later one, or none."})


def _follow(
    registration: Registration, before: RegistrationStanding | None, said: StandingSaid, actor: User | None
) -> RegistrationStanding:
    now = timezone.now()
    is_suspended, is_transferred = (
        said.state == one for one in (RegistrationState.SUSPENDED, RegistrationState.TRANSFERRED)
    )
    if before:
        before.registration = registration
        before.ended_at = now
        before.save(update_fields=["ended_at"])
    standing = RegistrationStanding(
        registration=registration,
        before=state_of(before),
        state=said.state,
        day=said.day,
        until=said.until if is_suspended else None,
        to_centre=said.to_centre if is_transferred else "",
        reason=said.reason,
        set_by=actor,
        set_at=now,
    )
    standing.full_clean()
    standing.save()
    for chain, noun in zip(
        chains_lock(registration.centre.chain, registration.chain), ("portfolio", "registration"), strict=True
    ):
        event_add(
            chain=chain,
            kind=f"{noun}.{said.state}",
            actor=actor.uuid if actor else None,
            at=now,
            row=standing,
            also=[before] if before else [],
        )
    return standing
