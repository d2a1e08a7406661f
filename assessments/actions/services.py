"""Asks people to do something, and takes what they and those who asked say of it. Each step is on record.

Where actions come from, they are asked by `action_ask`: an assessment plan, a review, a return, a sampling, a visit.
"""

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.models import (
    ENDS,
    MAY_FOLLOW,
    REASON_AT_MOST,
    Action,
    ActionState,
    ActionStep,
    Binding,
    Origin,
    Signature,
    Stage,
    StepKind,
    state_after,
    today_at,
)
from assessments.permissions import acts_as, may_answer, may_hand_over, may_settle
from assessments.standing.action_record import ActionRecord, actions_in, record_of, waiting
from centres.models import Centre, Role, User
from portfolio.models import CandidateUnit, Capacity, Evidence, Registration
from portfolio.open_registrations import open_registration_lock
from portfolio.people_on_unit import people_on
from portfolio.services.participations import participate
from portfolio.services.units import version_lock
from record.errors import ChangedMeanwhile, InvalidTransition
from record.event_content import ToldModel
from record.plain_text import plain_text
from record.services.events import Happening, events_add
from standards.naming import CriterionKey
from standards.published import published_content

NOW = {
    ActionState.OPEN: "is open again",
    ActionState.ANSWERED: "is answered already",
    ActionState.ACCEPTED: "is done: its answer was accepted",
    ActionState.WITHDRAWN: "was withdrawn",
}
PAST = "This day is over. Give today or a later one."


@dataclass(frozen=True, kw_only=True)
class ActionWanted:
    """What is wanted of somebody, in words, and how it binds: `due` is a day where the centre is."""

    text: str
    binding: Binding = Binding.SIGN_OFF
    due: datetime.date | None = None
    evidence: Evidence | None = None
    criteria: Sequence[CriterionKey] = ()


@transaction.atomic
def action_ask(
    *,
    actor: User,
    asked_as: Role,
    owner: User,
    owned_as: Role,
    wanted: ActionWanted,
    unit: CandidateUnit | None = None,
    registration: Registration | None = None,
    centre: Centre | None = None,
    for_candidate: bool | None = None,
    origin: Origin = Origin.ASKED,
) -> Action:
    """Ask `owner` to do something in a unit, in a portfolio as a whole, or (a matter of staff) in a centre: in one.

    `for_candidate`: whether the candidate reads it; if it is not said, they read what is asked of them. What verifiers
    ask of others, and what is asked in a centre, they never read. Raises PermissionDenied unless the actor holds
    `asked_as` there, and ValidationError, by field where there is one, for what cannot be asked.
    """
    if [unit, registration, centre].count(None) != 2:
        raise TypeError("An action belongs to a unit, a portfolio or a centre: name one of them.")
    if unit:
        version_lock(unit)
    elif registration:
        open_registration_lock(registration)
    action = Action(
        centre=centre,
        registration=unit.registration if unit else registration,
        candidate_unit=unit,
        owner=owner,
        owned_as=owned_as,
        asker=actor,
        asked_as=asked_as,
        origin=origin,
    )
    if asked_as == Role.CANDIDATE or not acts_as(actor, asked_as, action):
        raise PermissionDenied
    if not acts_as(owner, owned_as, action):
        called = action.at_centre.words.of_role(owned_as)
        raise ValidationError({"owner": f"{owner} does not work here as {called} now. Choose somebody who does."})
    return _ask(action, wanted, for_candidate=for_candidate)


@transaction.atomic
def action_answer(*, action: Action, actor: User, words: str, seen: int) -> ActionStep:
    """The owner says what they did. `seen` is how many steps the page showed.

    Raises PermissionDenied, InvalidTransition, ChangedMeanwhile, and ValidationError without words.
    """
    action = _locked(action, actor, may_answer, StepKind.ANSWERED, seen)
    return _say(action, StepKind.ANSWERED, actor=actor, acted_as=action.owned_as, words=words)


@transaction.atomic
def action_accept(*, action: Action, actor: User, seen: int) -> ActionStep:
    """Who asked takes the answer as enough: the action is done. Raises what `action_answer` raises."""
    action = _locked(action, actor, may_settle, StepKind.ACCEPTED, seen)
    return _say(action, StepKind.ACCEPTED, actor=actor, acted_as=action.asked_as)


@transaction.atomic
def action_refuse(*, action: Action, actor: User, words: str, seen: int) -> ActionStep:
    """Who asked says why the answer is not enough: the action is open again. Raises what `action_answer` raises."""
    action = _locked(action, actor, may_settle, StepKind.REFUSED, seen)
    return _say(action, StepKind.REFUSED, actor=actor, acted_as=action.asked_as, words=words)


@transaction.atomic
def action_withdraw(*, action: Action, actor: User, seen: int, words: str = "") -> ActionStep:
    """Who asked wants it no more; they need not say why. Raises what `action_answer` raises."""
    action = _locked(action, actor, may_settle, StepKind.WITHDRAWN, seen)
    return _say(action, StepKind.WITHDRAWN, actor=actor, acted_as=action.asked_as, words=words)


@transaction.atomic
def action_hand_over(*, action: Action, actor: User, to: User, seen: int) -> ActionStep:
    """The coordinator gives an action whose owner has left the role to somebody else who holds it.

    Raises what `action_answer` raises, and ValidationError if the other person does not hold the role.
    """
    action = _locked(action, actor, may_hand_over, StepKind.HANDED_OVER, seen)
    if not acts_as(to, action.owned_as, action):
        called = action.at_centre.words.of_role(action.owned_as)
        raise ValidationError({"to": f"{to} does not work here as {called} now. Choose somebody who does."})
    action.owner = to
    return _say(action, StepKind.HANDED_OVER, actor=actor, acted_as=Role.COORDINATOR, to=to)


def actions_of_return(
    *,
    unit: CandidateUnit,
    actor: User,
    reason: str,
    enough: Mapping[UUID, bool] | None,
    wanted: Sequence[ActionWanted],
) -> None:
    """Let a verifier's return ask something of the unit's assessor. For `unit_return`, in its transaction.

    Answers to what verifiers asked are refused with the reason of the return, or accepted, as `enough` says of each
    that the page showed (None: all are refused). Where none is refused the reason itself is asked for: it is the first
    of `wanted`.
    """
    first, *more = wanted or [ActionWanted(text=reason)]
    is_refused = False
    for record in waiting(actions_in(unit), Role.INTERNAL_VERIFIER):
        action = record.action
        if enough is None or enough.get(action.uuid) is False:
            is_refused = True
            _say(action, StepKind.REFUSED, actor=actor, acted_as=action.asked_as, words=reason)
        elif action.uuid in enough:
            _say(action, StepKind.ACCEPTED, actor=actor, acted_as=action.asked_as)
    signed_off = Signature.objects.filter(unit_version__candidate_unit=unit, stage=Stage.SIGN_OFF)
    # Where nobody leads now: who signed it off. The coordinator is shown that they left.
    owner = people_on(unit).assessor or signed_off.select_related("signer__user").latest("pk").signer.user
    for one in more if is_refused else [first, *more]:
        action = Action(
            registration=unit.registration,
            candidate_unit=unit,
            owner=owner,
            owned_as=Role.ASSESSOR,
            asker=actor,
            asked_as=Role.INTERNAL_VERIFIER,
            origin=Origin.RETURN,
        )
        _ask(action, one)


def answers_accept(
    records: Collection[ActionRecord], *, actor: User, capacity: Capacity, at: datetime.datetime
) -> list[Happening]:
    """Accept what was answered to those of the signer's capacity: a signature says that it is enough.

    For the signing, which holds the locks and adds the happenings after its own event.
    """
    return [
        _step(record.action, record.steps, StepKind.ACCEPTED, actor=actor, acted_as=record.action.asked_as, at=at)[1]
        for record in waiting(records, capacity)
    ]


def due_refused(binding: str, due: datetime.date | None, today: datetime.date) -> str:
    """Say what is wrong with the day of an action; nothing if it is right. `today` is that of the centre."""
    if due is None:
        return "Say by which day." if binding == Binding.DATE else ""
    return PAST if due < today else ""


def _ask(action: Action, wanted: ActionWanted, *, for_candidate: bool | None = None) -> Action:
    now = timezone.now()
    if refused := due_refused(wanted.binding, wanted.due, today_at(action.at_centre, now)):
        raise ValidationError({"due": refused})
    _require_about(action, wanted)
    action.text, action.binding, action.due = wanted.text, wanted.binding, wanted.due
    action.evidence, action.criteria = wanted.evidence, [list(key) for key in wanted.criteria]
    registration = action.registration
    is_theirs = registration is not None and registration.candidate_id == action.owner_id
    action.for_candidate = is_theirs if for_candidate is None else for_candidate
    if action.for_candidate and not is_theirs and (registration is None or action.asked_as != Role.ASSESSOR):
        raise ValidationError("What verifiers and coordinators ask of others is not for candidates to read.")
    action.asked_at = now
    action.full_clean()
    action.save()
    begun: Sequence[ToldModel] = ()
    if action.candidate_unit and action.asked_as in {Role.ASSESSOR, Role.INTERNAL_VERIFIER}:
        capacity = Capacity(action.asked_as)
        begun = participate(unit=action.candidate_unit, actor=action.asker, capacity=capacity).to_tell()
    _say(action, StepKind.ASKED, actor=action.asker, acted_as=action.asked_as, also=begun, at=now)
    return action


def _require_about(action: Action, wanted: ActionWanted) -> None:
    """Refuse evidence of another portfolio, and criteria that the unit does not have."""
    if wanted.evidence and wanted.evidence.registration_id != action.registration_id:
        raise ValidationError({"evidence": "This evidence is not in the portfolio."})
    known: set[CriterionKey] = set()
    if action.candidate_unit:
        content = published_content(action.candidate_unit.revision)
        known = {(item.kind, item.position) for item in content.unit.criteria}
    if not {tuple(key) for key in wanted.criteria} <= known:
        raise ValidationError({"criteria": "The unit has no such criterion."})


def _locked(action: Action, actor: User, may: Callable[[User, Action], bool], kind: StepKind, seen: int) -> Action:
    """Lock the action, behind its unit, and return it as it is now, if this may be said of it now."""
    if action.candidate_unit:
        version_lock(action.candidate_unit)
    elif action.registration:
        open_registration_lock(action.registration)
    held = Action.objects.select_for_update(no_key=True).get(pk=action.pk)
    held.registration, held.candidate_unit, held.centre = action.registration, action.candidate_unit, action.centre
    if not may(actor, held):
        raise PermissionDenied
    kinds = list(held.steps.order_by("number").values_list("kind", flat=True))
    state = state_after(kinds)
    if kind not in MAY_FOLLOW[state]:
        raise InvalidTransition(f"This action {NOW[state]}, so that cannot be done. Nothing was changed.")
    if len(kinds) != seen:
        raise ChangedMeanwhile("This action was", f"it {NOW[state]}")
    return held


def _say(
    action: Action,
    kind: StepKind,
    *,
    actor: User,
    acted_as: str,
    words: str = "",
    to: User | None = None,
    also: Sequence[ToldModel] = (),
    at: datetime.datetime | None = None,
) -> ActionStep:
    """Add a step to an action that is locked, and its event."""
    at = at or timezone.now()
    before = record_of(action).steps
    step, happening = _step(action, before, kind, actor=actor, acted_as=acted_as, words=words, to=to, also=also, at=at)
    events_add(chain=action.chain, actor=actor.uuid, at=at, happenings=[happening])
    return step


def _step(
    action: Action,
    before: Sequence[ActionStep],
    kind: StepKind,
    *,
    actor: User,
    acted_as: str,
    at: datetime.datetime,
    words: str = "",
    to: User | None = None,
    also: Sequence[ToldModel] = (),
) -> tuple[ActionStep, Happening]:
    step = ActionStep(
        action=action,
        number=len(before) + 1,
        kind=kind,
        person=actor,
        acted_as=acted_as,
        to=to,
        words=plain_text(words),
        made_at=at,
    )
    if kind in {StepKind.ANSWERED, StepKind.REFUSED} and not step.words:
        what = "what you did" if kind == StepKind.ANSWERED else "why it is not enough"
        raise ValidationError({"words": f"Say {what}: it is part of the record."})
    if len(step.words) > REASON_AT_MOST:
        raise ValidationError({"words": f"Write at most {REASON_AT_MOST:,} characters."})
    step.full_clean()
    step.save()
    if state_after([kind]) in ENDS:
        action.ended_at = at
    if action.ended_at or to:
        action.save(update_fields=["owner", "ended_at"])
    return step, Happening(kind=f"action.{kind}", row=action, also=[step, *also])
