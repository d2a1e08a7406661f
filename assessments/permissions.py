"""Who may judge, sign, return and reopen. Each question is one function, asked by screen and service alike."""

from django.db.models import F

from assessments.models import CONFIRMED_BY, CONFIRMS, AssessorStatement, Judgement, NotShown, Signature, Stage
from assessments.standing.unit_record import UnitStanding
from centres.models import User
from centres.permissions import holds_award
from portfolio.models import CandidateUnit, Capacity, Claim, EvidenceVersion, State, UnitVersion
from portfolio.permissions import ROLE_OF, capacity_in, signs_as

SIGNS = {
    Stage.SUBMISSION: Capacity.CANDIDATE,
    Stage.SIGN_OFF: Capacity.ASSESSOR,
    Stage.SIGN_OFF_CONFIRMED: Capacity.ASSESSOR,
    Stage.COUNTERSIGNATURE: Capacity.INTERNAL_VERIFIER,
    Stage.COUNTERSIGNATURE_CONFIRMED: Capacity.INTERNAL_VERIFIER,
}
SIGNED_IN = {
    Stage.SUBMISSION: State.COLLECTING,
    Stage.SIGN_OFF: State.SUBMITTED,
    Stage.SIGN_OFF_CONFIRMED: State.ASSESSED,
    Stage.COUNTERSIGNATURE: State.ASSESSED,
    Stage.COUNTERSIGNATURE_CONFIRMED: State.VERIFIED,
}
# The signature that a unit waits for, unless the one before it must be confirmed first.
NEXT_STAGE = {state: stage for stage, state in SIGNED_IN.items() if stage not in CONFIRMS}
RETURNED_BY = {State.SUBMITTED: Capacity.ASSESSOR, State.ASSESSED: Capacity.INTERNAL_VERIFIER}


def may_judge(user: User, unit: CandidateUnit) -> bool:
    """Each assessor who is allocated to the unit judges its claims, whether they lead in it or not."""
    return capacity_in(user, unit) == Capacity.ASSESSOR


def may_answer_not_shown(user: User, unit: CandidateUnit) -> bool:
    """The verifier who signs answers what the assessor says cannot be shown."""
    return signs_as(user, unit) == Capacity.INTERNAL_VERIFIER


def may_end_not_shown(user: User, unit: CandidateUnit) -> bool:
    """Those who judge take it back, the verifier who signs their agreement."""
    return may_judge(user, unit) or may_answer_not_shown(user, unit)


def stage_awaited(record: UnitStanding) -> Stage | None:
    """The signature that the unit waits for, if any. A confirmation comes before any next signature."""
    if unconfirmed := record.unconfirmed:
        return CONFIRMED_BY[Stage(unconfirmed.stage)]
    return NEXT_STAGE.get(State(record.version.state))


def stage_to_sign(user: User, record: UnitStanding, *, capacity: Capacity | None, leads: bool) -> Stage | None:
    """The signature that the person can give in the unit now, if any.

    `capacity` is theirs (`capacity_in`). The one who leads signs; another of that capacity, with the award, confirms.
    """
    stage = stage_awaited(record)
    if stage is None or SIGNS[stage] != capacity:
        return None
    if record.unconfirmed:
        return stage if may_confirm(user, record.unconfirmed, record.unit) else None
    return stage if leads else None


def may_confirm(user: User, given: Signature, unit: CandidateUnit) -> bool:
    """Whether the person can confirm this signature: they did not give it, and hold the award of its capacity."""
    role = ROLE_OF[Capacity(given.signer.capacity)]
    return given.signer.user_id != user.pk and holds_award(user, unit.registration.centre, role)


def can_return(capacity: Capacity | None, version: UnitVersion) -> bool:
    """The assessor returns a submitted unit to the candidate, the IV an assessed one to the assessor."""
    return capacity is not None and RETURNED_BY.get(State(version.state)) == capacity


def can_take_back(capacity: Capacity | None, version: UnitVersion) -> bool:
    """The candidate takes a submission back as long as nobody has judged or recorded anything since. One query."""
    if capacity != Capacity.CANDIDATE or version.state != State.SUBMITTED:
        return False
    unit, since = version.candidate_unit_id, version.submitted_at
    since_then = [
        Judgement.objects.filter(claim__candidate_unit=unit, made_at__gt=since),
        AssessorStatement.objects.filter(candidate_unit=unit, made_at__gt=since),
        NotShown.objects.filter(candidate_unit=unit, made_at__gt=since),
        Claim.objects.filter(candidate_unit=unit, made_at__gt=since),
        EvidenceVersion.objects.filter(evidence__claims__candidate_unit=unit, made_at__gt=since).exclude(
            author=F("evidence__registration__candidate")
        ),
    ]
    found, *others = (rows.order_by().values("pk") for rows in since_then)
    return not found.union(*others).exists()


def can_withdraw(capacity: Capacity | None, version: UnitVersion) -> bool:
    """The assessor takes a sign-off back until it is countersigned."""
    return capacity == Capacity.ASSESSOR and version.state == State.ASSESSED


def can_reopen(capacity: Capacity | None, version: UnitVersion) -> bool:
    """Only an internal verifier reopens a verified unit."""
    return capacity == Capacity.INTERNAL_VERIFIER and version.state == State.VERIFIED
