"""Who may judge, sign, return and reopen. Each question is one function, asked by screen and service alike."""

from django.db.models import F

from assessments.models import CONFIRMED_BY, CONFIRMS, Action, AssessorStatement, Judgement, NotShown, Signature, Stage
from assessments.standing.unit_record import UnitStanding
from centres.models import Centre, Role, User
from centres.permissions import holds_award, may_coordinate, roles_in
from portfolio.models import (
    Allocation,
    CandidateUnit,
    Capacity,
    Claim,
    EvidenceVersion,
    Registration,
    State,
    UnitVersion,
)
from portfolio.open_registrations import is_open
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


def may_keep_questions(user: User, centre: Centre) -> bool:
    """Whoever assesses or verifies at the centre adds to its question bank, rewords and retires."""
    return not roles_in(user, centre).isdisjoint({Role.ASSESSOR, Role.INTERNAL_VERIFIER})


def acts_as(user: User, role: str, action: Action) -> bool:
    """Whether the person holds this role where the action belongs: in its unit, its portfolio or its centre.

    `assessments.models.actions.in_office` says the same of rows.
    """
    if role == Role.CANDIDATE and action.registration and action.registration.candidate_id != user.pk:
        return False
    if role in {Role.ASSESSOR, Role.INTERNAL_VERIFIER} and action.registration:
        if action.candidate_unit:
            return capacity_in(user, action.candidate_unit) == role
        working = Allocation.objects.filter(candidate_unit__registration=action.registration)
        return working.in_force(action.at_centre.pk).filter(user=user.pk, capacity=role).exists()
    return role in roles_in(user, action.at_centre)


def may_ask(user: User, unit: CandidateUnit) -> bool:
    """Whoever assesses or verifies the unit asks others in it to do something."""
    return capacity_in(user, unit) in {Capacity.ASSESSOR, Capacity.INTERNAL_VERIFIER}


def may_plan(user: User, registration: Registration) -> bool:
    """Whoever assesses a unit of the portfolio writes its plans and reviews, until the registration ends."""
    return is_open(registration) and acts_as(user, Role.ASSESSOR, Action(registration=registration))


def may_answer(user: User, action: Action) -> bool:
    """The owner of an action answers it, as long as they hold the role in which they were asked."""
    return action.owner_id == user.pk and acts_as(user, action.owned_as, action)


def may_settle(user: User, action: Action) -> bool:
    """Who asked accepts the answer, refuses it or withdraws the action; somebody else of their role if they left it."""
    if not acts_as(user, action.asked_as, action):
        return False
    return action.asker_id == user.pk or not acts_as(action.asker, action.asked_as, action)


def may_hand_over(user: User, action: Action) -> bool:
    """The coordinator gives an action to somebody else when its owner has left the role. A candidate's stays theirs."""
    if action.owned_as == Role.CANDIDATE or not may_coordinate(user, action.at_centre):
        return False
    return not acts_as(action.owner, action.owned_as, action)
