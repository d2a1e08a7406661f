"""Raises cases, and takes the steps of their procedures. Each is on record, in the portfolio's chain or the centre's.

A case changes nothing else: where an appeal is upheld, people judge anew, return or reopen as they always do.
A registration that has ended holds none of it up: results are appealed against when all is signed.
"""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.models import REASON_AT_MOST, Judgement
from centres.models import Centre, User
from portfolio.models import CandidateUnit, Registration
from record.errors import ChangedMeanwhile, InvalidTransition
from record.plain_text import plain_text
from record.services.events import event_add
from verification.cases.permissions import (
    STAFF,
    first_handler,
    handled_as,
    may_name,
    raises_as,
    takes_as,
    why_not_handle,
)
from verification.models import Case, CaseKind, CaseOutcome, CaseStep, CaseStepKind
from verification.models.cases import ENDING, PROCEDURES, WITH_OUTCOME, WITHOUT_WORDS, stands_at

NEXT_STEP_WITHIN = datetime.timedelta(days=14)  # unless somebody says otherwise
LONG_AGO = datetime.timedelta(days=3653)
FUTURE = "This day has not come yet. Give the day on which it was received."
LONGEST = datetime.timedelta(days=366)
PAST = "Give a day from today on, within a year."
RAISED_BEFORE = (
    "This form was sent already, and it says something else now. What was raised stays as it is: write what is new "
    "with the next step."
)


@dataclass(frozen=True, kw_only=True)
class CaseSaid:
    """What somebody raises: in words, when it was received, about which unit, judgement or person, for whom."""

    kind: CaseKind
    words: str
    received_on: datetime.date
    registration: Registration | None = None
    unit: CandidateUnit | None = None
    judgement: Judgement | None = None
    about: User | None = None
    on_behalf: str = ""


@dataclass(frozen=True, kw_only=True)
class StepSaid:
    """What somebody says of a case: `to` takes the next step, by the day `due`; `outcome` is what was found."""

    kind: CaseStepKind
    words: str = ""
    outcome: CaseOutcome | None = None
    to: User | None = None
    due: datetime.date | None = None


@transaction.atomic
def case_raise(*, centre: Centre, actor: User, form_key: UUID, said: CaseSaid) -> Case:
    """Raise a case. An appeal is given to the assessor who judged; all else waits for a coordinator.

    If the form of this key was sent before and says the same, that case is returned. Raises PermissionDenied unless the
    actor may raise it, and ValidationError, by field where there is one, for what cannot be.
    """
    centre = Centre.objects.select_for_update(no_key=True, of=("self",)).select_related("chain").get(pk=centre.pk)
    registration = said.unit.registration if said.unit else said.registration
    role = raises_as(actor, centre, said.kind, registration)
    if role is None:
        raise PermissionDenied
    is_told_in_portfolio = registration is not None and said.kind != CaseKind.MALPRACTICE
    now = timezone.now()
    case = Case(
        centre=centre,
        chain=registration.chain if registration and is_told_in_portfolio else centre.chain,
        registration=registration,
        candidate_unit=said.unit,
        judgement=said.judgement,
        kind=said.kind,
        about=said.about,
        raised_by=actor,
        raised_as=role,
        on_behalf=said.on_behalf,
        words=plain_text(said.words),
        received_on=said.received_on,
        raised_at=now,
        form_key=form_key,
    )
    if before := Case.objects.filter(raised_by=actor, form_key=form_key).first():
        if (before.kind, before.words, before.about_id) == (case.kind, case.words, case.about_id):
            return before
        raise ValidationError(RAISED_BEFORE)
    _require_possible(case, actor)
    case.handler = first_handler(case)
    case.due = centre.today + NEXT_STEP_WITHIN
    case.full_clean()
    case.save()
    step = StepSaid(kind=CaseStepKind.RAISED, to=case.handler, due=case.due)
    _step(case, step, actor=actor, acted_as=role, number=1, at=now)
    return case


@transaction.atomic
def case_step(*, case: Case, actor: User, said: StepSaid, seen: int) -> CaseStep:
    """Take a step in a case. `seen` is how many steps the page showed.

    Raises PermissionDenied unless the actor may take it now, InvalidTransition where the procedure does not have it
    now, ChangedMeanwhile, and ValidationError, by field, for what it does not say.
    """
    Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    held = Case.objects.visible_to(actor).select_related("chain", *Case.told_with).filter(pk=case.pk).first()
    if held is None:
        raise PermissionDenied
    kinds = list(held.steps.order_by("number").values_list("kind", flat=True))
    stands = stands_at(kinds)
    if len(kinds) != seen:
        raise ChangedMeanwhile("This case was", f"its last step: {stands.label.lower()}")
    if held.ended_at or (said.kind != CaseStepKind.GIVEN and said.kind not in PROCEDURES[CaseKind(held.kind)][stands]):
        raise InvalidTransition(f"Its last step is: {stands.label.lower()}. This cannot follow. Nothing was changed.")
    role = takes_as(actor, held, said.kind, stands)
    if role is None:
        raise PermissionDenied
    now = timezone.now()
    _require_said(held, said, stands)
    is_given = said.kind == CaseStepKind.GIVEN
    after = stands if is_given else said.kind
    if said.kind in ENDING:
        held.ended_at, held.due = now, None
    else:
        held.handler = said.to
        held.due = said.due or (held.due if is_given else held.centre.today + NEXT_STEP_WITHIN)
        if said.to and said.to != actor and not may_name(actor, held):
            raise ValidationError({"to": "Only coordinators say who else reads this."})
        if said.to and (refused := why_not_handle(said.to, held, after)):
            raise ValidationError({"to": refused})
    held.full_clean(validate_constraints=False)
    held.save(update_fields=["handler", "due", "ended_at"])
    return _step(held, said, actor=actor, acted_as=role, number=len(kinds) + 1, at=now)


def _require_possible(case: Case, actor: User) -> None:
    if case.received_on > case.centre.today:
        raise ValidationError({"received_on": FUTURE})
    if case.received_on < case.centre.today - LONG_AGO:
        raise ValidationError(
            {"received_on": "This is more than ten years ago. Give the day on which it was received."}
        )
    if case.registration and case.registration.centre_id != case.centre_id:
        raise PermissionDenied
    if case.kind == CaseKind.APPEAL and case.candidate_unit is None:
        raise ValidationError("An appeal is against what was decided in a unit. Raise it from the page of that unit.")
    if case.judgement and case.judgement.claim.candidate_unit_id != case.candidate_unit_id:
        raise ValidationError({"judgement": "This judgement is not of the unit."})
    if case.about is None:
        return
    if case.about_id == actor.pk:
        raise ValidationError({"about": "You cannot raise it against yourself."})
    is_theirs = case.registration is not None and case.registration.candidate_id == case.about_id
    if not is_theirs and not case.about.memberships.filter(centre=case.centre, role__in=STAFF).exists():
        raise ValidationError({"about": f"{case.about} never worked here. Name them in what you write."})


def _require_said(case: Case, said: StepSaid, stands: CaseStepKind) -> None:
    """Refuse a step that lacks what it must say, or says what it cannot."""
    if said.kind not in WITHOUT_WORDS and not plain_text(said.words):
        raise ValidationError({"words": "Say what was done, found or decided: it is part of the record."})
    if len(plain_text(said.words)) > REASON_AT_MOST:
        raise ValidationError({"words": f"Write at most {REASON_AT_MOST:,} characters."})
    if (said.kind in WITH_OUTCOME) != (said.outcome is not None):
        raise ValidationError({"outcome": "Say what came of it."})
    if said.kind == CaseStepKind.GIVEN and said.to is None:
        raise ValidationError({"to": "Say who is to handle it."})
    after = stands if said.kind == CaseStepKind.GIVEN else said.kind
    if said.to and not handled_as(case, after):
        raise ValidationError({"to": "After this step nobody handles it: it waits for who raised it."})
    if said.due and not case.centre.today <= said.due <= case.centre.today + LONGEST:
        raise ValidationError({"due": PAST})


def _step(case: Case, said: StepSaid, *, actor: User, acted_as: str, number: int, at: datetime.datetime) -> CaseStep:
    step = CaseStep(
        case=case,
        number=number,
        kind=said.kind,
        person=actor,
        acted_as=acted_as,
        outcome=said.outcome or "",
        words=plain_text(said.words),
        to=None if said.kind in ENDING else said.to,
        due=case.due,
        made_at=at,
    )
    step.full_clean()
    step.save()
    event_add(chain=case.chain, kind=f"case.{said.kind}", actor=actor.uuid, at=at, row=case, also=[step])
    return step
