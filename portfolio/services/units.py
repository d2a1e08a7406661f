"""Moves a unit through its states, and locks units. The services that call this decide who may."""

import datetime

from portfolio.models import CandidateUnit, Registration, State, UnitVersion
from portfolio.open_registrations import require_open
from portfolio.open_versions import open_version
from portfolio.rules import require_transition
from record.errors import InvalidTransition

TIME_OF = {State.SUBMITTED: "submitted_at", State.ASSESSED: "assessed_at", State.VERIFIED: "verified_at"}
ORDER = list(State)


def units_lock(registration: Registration) -> list[CandidateUnit]:
    """Lock every unit of the portfolio until the transaction ends, and return them by primary key.

    For services that change something on which any of them may rest. Raises RegistrationEnded.
    """
    units = units_hold(registration)
    require_open(registration)
    return units


def units_hold(registration: Registration) -> list[CandidateUnit]:
    """The same for what also goes on when the registration has ended."""
    units = list(CandidateUnit.objects.select_for_update(no_key=True).filter(registration=registration).order_by("pk"))
    for unit in units:
        unit.registration = registration
    return units


def version_lock(unit: CandidateUnit) -> UnitVersion:
    """Lock the unit and return its open version, which stays as it is until the transaction ends.

    The unit is locked first, and only then is its version read: a query that waited for the version itself would
    return one that was closed meanwhile. Locks are taken in one order: units, then pieces of evidence, each by primary
    key, then chains. Afterwards `unit` knows whether it was set aside meanwhile, so that nobody works on it any more.
    Raises RegistrationEnded.
    """
    version = version_hold(unit)
    require_open(unit.registration)
    return version


def version_hold(unit: CandidateUnit) -> UnitVersion:
    """The same for what also goes on when the registration has ended."""
    held = CandidateUnit.objects.select_for_update(no_key=True).filter(pk=unit.pk)
    unit.set_aside_at = held.values_list("set_aside_at", flat=True).get()
    version = open_version(unit)
    version.candidate_unit = unit
    return version


def version_move(*, version: UnitVersion, to: State, at: datetime.datetime) -> None:
    """Move a locked version to the state `to`, forward or back. Raises InvalidTransition."""
    require_transition(State(version.state), to)
    reached = ORDER.index(to)
    for state, field in TIME_OF.items():
        if ORDER.index(state) > reached:
            setattr(version, field, None)
    if to in TIME_OF and ORDER.index(to) > ORDER.index(State(version.state)):
        setattr(version, TIME_OF[to], at)
    version.state = to
    version.stamp += 1
    version.save()


def version_reopen(*, version: UnitVersion, at: datetime.datetime) -> UnitVersion:
    """Close a locked, verified version and return the next one, in which claims and judgements go on.

    Its stamp goes on counting too, so that a form of an earlier version is out of date in every later one.
    """
    if version.state != State.VERIFIED:
        raise InvalidTransition("Only a verified unit is reopened. Nothing was changed.")
    version.closed_at = at
    version.stamp += 1
    version.save()
    return UnitVersion.objects.create(
        candidate_unit_id=version.candidate_unit_id, number=version.number + 1, stamp=version.stamp, opened_at=at
    )
