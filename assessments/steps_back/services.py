"""Steps back in the life of a unit. Each has a reason, but for what is taken back; and nothing signed is lost."""

import datetime
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assessments.actions.services import ActionWanted, actions_of_return
from assessments.models import Return, Signature, Stage
from assessments.permissions import can_reopen, can_return, can_take_back, can_withdraw
from centres.models import User
from portfolio.interests.rules import require_may_verify
from portfolio.models import CandidateUnit, Capacity, Participation, State, UnitVersion
from portfolio.permissions import signs_as
from portfolio.services.participations import participate
from portfolio.services.units import version_lock, version_move, version_reopen
from record.errors import ChangedMeanwhile, InvalidTransition
from record.services.events import event_add

TOO_LATE = "Your assessor has begun to work on this unit, so it cannot be taken back. Ask them to return it to you."
# The signatures beyond a state: going back to it supersedes them.
BEYOND: dict[State, list[Stage]] = {
    State.COLLECTING: list(Stage),
    State.SUBMITTED: [stage for stage in Stage if stage != Stage.SUBMISSION],
}


@transaction.atomic
def unit_return(
    *,
    unit: CandidateUnit,
    actor: User,
    reason: str,
    stamp: int,
    enough: Mapping[UUID, bool] | None = None,
    wanted: Sequence[ActionWanted] = (),
) -> Return:
    """The assessor returns a submitted unit to the candidate, or the IV an assessed one to the assessor.

    The IV's return asks the assessor to do something: again what was answered and is not `enough` (None: all of it), or
    else what is `wanted`, of which the first is the reason itself; unless it says otherwise, before the next sign-off
    (`actions_of_return`). `stamp` is that of the version that the page showed. Returns the step. Raises
    PermissionDenied, InvalidTransition, ChangedMeanwhile, and ValidationError without a reason.
    """
    version, capacity = _open(unit, actor, stamp, {Capacity.ASSESSOR, Capacity.INTERNAL_VERIFIER})
    if not can_return(capacity, version):
        raise _not_now(version)
    to = State.COLLECTING if version.state == State.SUBMITTED else State.SUBMITTED
    author = participate(unit=unit, actor=actor, capacity=capacity)
    step = _step_back(Return.Kind.RETURNED, version=version, author=author, to=to, reason=reason)
    if capacity == Capacity.INTERNAL_VERIFIER:
        actions_of_return(unit=unit, actor=actor, reason=step.reason, enough=enough, wanted=wanted)
    return step


@transaction.atomic
def unit_take_back(*, unit: CandidateUnit, actor: User, stamp: int, reason: str = "") -> Return:
    """The candidate takes their submission back, which nobody has worked on yet; they need not say why.

    Raises what `unit_return` raises, and InvalidTransition once somebody has judged or recorded anything since.
    """
    version, capacity = _open(unit, actor, stamp, {Capacity.CANDIDATE})
    if not can_take_back(capacity, version):
        raise InvalidTransition(TOO_LATE) if version.state == State.SUBMITTED else _not_now(version)
    author = participate(unit=unit, actor=actor, capacity=capacity)
    return _step_back(Return.Kind.TAKEN_BACK, version=version, author=author, to=State.COLLECTING, reason=reason)


@transaction.atomic
def unit_withdraw(*, unit: CandidateUnit, actor: User, reason: str, stamp: int) -> Return:
    """The assessor withdraws their sign-off, until it is countersigned. Raises what `unit_return` raises."""
    version, capacity = _open(unit, actor, stamp, {Capacity.ASSESSOR})
    if not can_withdraw(capacity, version):
        raise _not_now(version)
    author = participate(unit=unit, actor=actor, capacity=capacity)
    return _step_back(Return.Kind.WITHDRAWN, version=version, author=author, to=State.SUBMITTED, reason=reason)


@transaction.atomic
def unit_reopen(*, unit: CandidateUnit, actor: User, reason: str, stamp: int) -> Return:
    """The IV reopens a verified unit: a new version begins, in which claims and judgements go on.

    The old signatures stay in the record as superseded, and the old form stays too. Raises what `unit_return` raises.
    """
    version, capacity = _open(unit, actor, stamp, {Capacity.INTERNAL_VERIFIER})
    if not can_reopen(capacity, version):
        raise _not_now(version)
    now = timezone.now()
    author = participate(unit=unit, actor=actor, capacity=capacity)
    step = _record(Return.Kind.REOPENED, version=version, author=author, reason=reason, at=now)
    superseded = _supersede(version, BEYOND[State.COLLECTING], now)
    next_one = version_reopen(version=version, at=now)
    _tell(step, superseded=superseded, versions=[version, next_one])
    return step


def _open(unit: CandidateUnit, actor: User, stamp: int, capacities: set[Capacity]) -> tuple[UnitVersion, Capacity]:
    version = version_lock(unit)
    capacity = signs_as(actor, unit)
    if capacity not in capacities:
        raise PermissionDenied
    if capacity == Capacity.INTERNAL_VERIFIER:
        require_may_verify(unit.registration, actor)
    if version.stamp != stamp:
        raise ChangedMeanwhile("This unit was", f"it is {version.get_state_display().lower()} now")
    return version, capacity


def _not_now(version: UnitVersion) -> InvalidTransition:
    return InvalidTransition(
        f"This unit is {version.get_state_display().lower()} now, so that cannot be done. Nothing was changed."
    )


def _step_back(kind: Return.Kind, *, version: UnitVersion, author: Participation, to: State, reason: str) -> Return:
    now = timezone.now()
    step = _record(kind, version=version, author=author, reason=reason, at=now)
    superseded = _supersede(version, BEYOND[to], now)
    version_move(version=version, to=to, at=now)
    _tell(step, superseded=superseded, versions=[version])
    return step


def _record(
    kind: Return.Kind,
    *,
    version: UnitVersion,
    author: Participation,
    reason: str,
    at: datetime.datetime,
) -> Return:
    step = Return(
        unit_version=version,
        kind=kind,
        from_state=version.state,
        author=author,
        reason=reason,
        made_at=at,
    )
    step.full_clean()
    step.save()
    return step


def _supersede(version: UnitVersion, stages: list[Stage], at: datetime.datetime) -> list[Signature]:
    """Mark the version's signatures of these stages as superseded, and return them."""
    standing = version.signatures.filter(stage__in=stages, superseded_at__isnull=True)
    signatures = list(standing.select_related(*Signature.told_with))
    for signature in signatures:
        signature.superseded_at = at
    Signature.objects.bulk_update(signatures, ["superseded_at"])
    return signatures


def _tell(step: Return, *, superseded: list[Signature], versions: list[UnitVersion]) -> None:
    unit = step.unit_version.candidate_unit
    event_add(
        chain=unit.registration.chain,
        kind=f"unit.{step.kind}",
        actor=step.author.user.uuid,
        at=step.made_at,
        row=step,
        also=[*superseded, *versions, *step.author.to_tell()],
        payload={"unit": str(unit.uuid)},
    )
