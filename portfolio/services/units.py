"""A unit moves through its states. Only the signing services call this; they decide who may."""

import datetime

from portfolio.models import CandidateUnit, State, UnitVersion
from portfolio.rules import require_transition
from record.errors import InvalidTransition

TIME_OF = {State.SUBMITTED: "submitted_at", State.ASSESSED: "assessed_at", State.VERIFIED: "verified_at"}
ORDER = list(State)


def version_lock(unit: CandidateUnit) -> UnitVersion:
    """Return the unit's open version, locked with the unit until the transaction ends.

    `unit` then knows whether it was set aside meanwhile: nobody works on it any more if it was.
    """
    version = (
        UnitVersion.objects.select_for_update(no_key=True, of=("self", "candidate_unit"))
        .select_related("candidate_unit")
        .get(candidate_unit=unit, closed_at__isnull=True)
    )
    unit.set_aside_at = version.candidate_unit.set_aside_at
    version.candidate_unit = unit
    return version


def version_move(*, version: UnitVersion, to: State, at: datetime.datetime) -> None:
    """Bring a locked version into the state `to`, forward or back. Raises InvalidTransition."""
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

    So does its stamp: a form that shows the version before is out of date in every later one.
    """
    if version.state != State.VERIFIED:
        raise InvalidTransition("Only a verified unit is reopened. Nothing was changed.")
    version.closed_at = at
    version.stamp += 1
    version.save()
    return UnitVersion.objects.create(
        candidate_unit_id=version.candidate_unit_id, number=version.number + 1, stamp=version.stamp, opened_at=at
    )
