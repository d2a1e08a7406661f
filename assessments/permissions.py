"""Who may judge, sign, return and reopen. Each question is one function, asked by screen and service alike."""

from assessments.models import Stage
from centres.models import User
from portfolio.models import CandidateUnit, Capacity, State, UnitVersion
from portfolio.permissions import capacity_in

SIGNS = {
    Stage.SUBMISSION: Capacity.CANDIDATE,
    Stage.SIGN_OFF: Capacity.ASSESSOR,
    Stage.COUNTERSIGNATURE: Capacity.INTERNAL_VERIFIER,
}
SIGNED_IN = {
    Stage.SUBMISSION: State.COLLECTING,
    Stage.SIGN_OFF: State.SUBMITTED,
    Stage.COUNTERSIGNATURE: State.ASSESSED,
}
NEXT_STAGE = {state: stage for stage, state in SIGNED_IN.items()}  # the signature that a unit waits for
RETURNED_BY = {State.SUBMITTED: Capacity.ASSESSOR, State.ASSESSED: Capacity.INTERNAL_VERIFIER}


def may_judge(user: User, unit: CandidateUnit) -> bool:
    """Each assessor who is allocated to the unit judges its claims, whether they lead in it or not."""
    return capacity_in(user, unit) == Capacity.ASSESSOR


def stage_to_sign(capacity: Capacity | None, version: UnitVersion) -> Stage | None:
    """The signature that a person who signs as this (`signs_as`) can give in the unit now, if any."""
    for stage, signer in SIGNS.items():
        if signer == capacity and version.state == SIGNED_IN[stage]:
            return stage
    return None


def can_return(capacity: Capacity | None, version: UnitVersion) -> bool:
    """The assessor returns a submitted unit to the candidate, the IV an assessed one to the assessor."""
    return capacity is not None and RETURNED_BY.get(State(version.state)) == capacity


def can_withdraw(capacity: Capacity | None, version: UnitVersion) -> bool:
    """The assessor takes a sign-off back until it is countersigned."""
    return capacity == Capacity.ASSESSOR and version.state == State.ASSESSED


def can_reopen(capacity: Capacity | None, version: UnitVersion) -> bool:
    """Only an internal verifier reopens a verified unit."""
    return capacity == Capacity.INTERNAL_VERIFIER and version.state == State.VERIFIED
