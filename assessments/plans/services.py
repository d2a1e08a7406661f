"""Keeps what an assessor has typed of a plan or a review, signs it, and takes what its candidate says of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.actions.services import ActionWanted, action_ask, action_withdraw
from assessments.models import (
    Action,
    ActionState,
    Binding,
    Origin,
    Sheet,
    SheetAnswer,
    SheetDraft,
    SheetKind,
    SheetLine,
    state_after,
    today_at,
)
from assessments.permissions import acts_as, may_judge, may_plan, may_settle
from assessments.plans.said import Line, SheetSaid
from assessments.plans.selectors import carried_of, progress_lines
from centres.models import Role, User
from portfolio.models import Registration
from portfolio.open_registrations import registration_lock, require_open
from portfolio.services.units import units_lock
from record.services.events import event_add
from standards.published import published_content

WRONG_PASSWORD = "That is not your password. Nothing was signed; what you typed is kept."  # noqa: S105 - a sentence
ORIGINS = {SheetKind.PLAN: Origin.PLAN, SheetKind.REVIEW: Origin.REVIEW}


def draft_save(
    *, author: User, registration: Registration, form_key: UUID, kind: str, fields: Mapping[str, list[str]]
) -> SheetDraft:
    """Keep what the form of this key says, for its author alone. No passwords among `fields`, please."""
    kept = {"registration": registration, "kind": kind, "fields": dict(fields), "saved_at": timezone.now()}
    draft, _ = SheetDraft.objects.update_or_create(author=author, form_key=form_key, defaults=kept)
    return draft


def draft_discard(*, author: User, form_key: UUID) -> bool:
    """Throw away what was kept for this form; return whether there was anything."""
    return bool(SheetDraft.objects.filter(author=author, form_key=form_key).delete()[0])


@transaction.atomic
def sheet_sign(*, registration: Registration, actor: User, password: str, form_key: UUID, said: SheetSaid) -> Sheet:
    """Sign a plan or a review with the actor's own password, and ask for what its lines say.

    A plan replaces those of the same assessor in the portfolio, and of assessors who work there no more: what they
    asked and nobody answered is withdrawn. A review freezes how far each unit has come and what is still to be done.
    If the form of this key was signed before, that sheet is returned. Raises PermissionDenied for who assesses nothing
    in the portfolio, ValidationError for a wrong password and for what no sheet can say.
    """
    registration_lock(registration)
    units_lock(registration)  # before the first event: whoever works in a unit locks it, and then waits for the chain
    before = Sheet.objects.filter(author=actor, form_key=form_key).first()
    if before:
        return before
    if not actor.check_password(password):
        raise ValidationError({"password": WRONG_PASSWORD})
    if not may_plan(actor, registration):
        raise PermissionDenied
    _require(registration, actor, said)
    sheet = Sheet(author=actor, registration=registration, form_key=form_key, signed_at=timezone.now(), **columns(said))
    sheet.number = registration.sheets.filter(kind=said.kind).count() + 1
    if said.kind == SheetKind.REVIEW:
        sheet.progress, sheet.carried = progress_lines(registration), carried_of(registration)
    sheet.full_clean()
    sheet.save()
    replaced = _replace(sheet) if said.kind == SheetKind.PLAN else []
    lines = [_line_add(sheet, position, line) for position, line in enumerate(said.lines, start=1)]
    event_add(
        chain=registration.chain,
        kind=f"{sheet.kind}.signed",
        actor=actor.uuid,
        at=sheet.signed_at,
        row=sheet,
        also=[*lines, *replaced],
    )
    draft_discard(author=actor, form_key=form_key)
    return sheet


@transaction.atomic
def sheet_answer(
    *, sheet: Sheet, actor: User, agrees: bool, words: str = "", password: str | None = None
) -> SheetAnswer:
    """The candidate says that they have seen a sheet of theirs; done twice, the first counts.

    With their `password` it is done on the spot, on the assessor's device. Raises PermissionDenied for anybody else,
    and ValidationError for a wrong password and for a disagreement without words.
    """
    registration = Registration.objects.select_for_update(of=("self",)).get(pk=sheet.registration_id)
    if registration.candidate_id != actor.pk or not Sheet.objects.visible_to(actor).filter(pk=sheet.pk):
        raise PermissionDenied
    if password is not None and not actor.check_password(password):
        raise ValidationError({"password": "That is not your password. Nothing was saved."})
    before = SheetAnswer.objects.filter(sheet=sheet).first()
    if before:
        return before
    require_open(registration)
    answer = SheetAnswer(
        sheet=sheet, agrees=agrees, words=words, on_the_spot=password is not None, made_at=timezone.now()
    )
    answer.full_clean()
    answer.save()
    kind = f"{sheet.kind}.acknowledged"
    event_add(chain=registration.chain, kind=kind, actor=actor.uuid, at=answer.made_at, row=answer)
    return answer


def columns(said: SheetSaid) -> dict[str, Any]:
    """What is said on a sheet beside its lines, as its row has it."""
    return {
        "kind": said.kind,
        "title": said.title,
        "held_on": said.held_on,
        "how": said.how,
        "present": said.present,
        "sections": [list(one) for one in said.sections],
        "next_review": said.next_review,
    }


def _require(registration: Registration, actor: User, said: SheetSaid) -> None:
    """Refuse what no sheet can say; the form says most of it beside its field."""
    candidate, called = registration.candidate, registration.centre.words.candidate
    if not acts_as(candidate, Role.CANDIDATE, Action(registration=registration)):
        raise ValidationError(f"{candidate} is no {called} of the centre any more, so nothing is planned with them.")
    if said.held_on > today_at(registration.centre):
        raise ValidationError("The day on which you agreed this is still to come. Sign it then.")
    if said.held_on < today_at(registration.centre, registration.registered_at):
        raise ValidationError(f"This day is before {candidate} was registered. Put the day right.")
    if said.next_review and said.next_review < today_at(registration.centre):
        raise ValidationError("The day of the next review is over. Give a later one.")
    if said.kind == SheetKind.PLAN and not said.lines:
        raise ValidationError("A plan plans something: fill in at least one line.")
    if said.kind == SheetKind.REVIEW and not any(words for _, words in said.sections):
        raise ValidationError("Write something under at least one heading.")
    for line in said.lines:
        _require_line(registration, actor, said.kind, line)


def _require_line(registration: Registration, actor: User, kind: SheetKind, line: Line) -> None:
    if (kind == SheetKind.PLAN) != bool(line.method and line.covers):
        raise ValidationError("Each line of a plan has a method and at least one unit.")
    if line.by not in {Role.CANDIDATE, Role.ASSESSOR}:
        raise ValidationError("A plan asks the candidate and the assessor, and nobody else.")
    for covered in line.covers:
        if covered.unit.registration_id != registration.pk or not may_judge(actor, covered.unit):
            raise PermissionDenied
        known = {(item.kind, item.position) for item in published_content(covered.unit.revision).unit.claimable}
        if not {tuple(key) for key in covered.criteria} <= known:
            raise ValidationError("The unit has no such criterion.")


def _replace(sheet: Sheet) -> list[Sheet]:
    """Let a new plan replace those that it takes over from, and withdraw what they asked and nobody answered."""
    registration, actor = sheet.registration, sheet.author
    standing = registration.sheets.filter(kind=SheetKind.PLAN, replaced_by=None).exclude(pk=sheet.pk)
    replaced = [
        before
        for before in standing.select_related("author").order_by("pk")
        if before.author == actor or not may_plan(before.author, registration)
    ]
    asked = Action.objects.filter(sheet_line__sheet__in=replaced).select_related("asker", "owner", "candidate_unit")
    # All of them before the first event: whoever answers one of them locks it, and then waits for the chain.
    for action in asked.select_for_update(no_key=True, of=("self",)).order_by("pk"):
        action.registration = registration
        if not may_settle(actor, action):
            continue  # of a unit that the assessor has left: whoever assesses it now settles it
        kinds = list(action.steps.order_by("number").values_list("kind", flat=True))
        if state_after(kinds) == ActionState.OPEN:
            action_withdraw(action=action, actor=actor, seen=len(kinds), words=f"Replaced by plan {sheet.number}.")
    for before in replaced:
        before.replaced_by = sheet
        before.save(update_fields=["replaced_by"])
    return replaced


def _line_add(sheet: Sheet, position: int, line: Line) -> SheetLine:
    owner = sheet.registration.candidate if line.by == Role.CANDIDATE else sheet.author
    # What is of one unit is asked in it, and signed with it; all else in the portfolio as a whole.
    unit = line.covers[0].unit if len(line.covers) == 1 else None
    action = action_ask(
        actor=sheet.author,
        asked_as=Role.ASSESSOR,
        owner=owner,
        owned_as=line.by,
        unit=unit,
        registration=None if unit else sheet.registration,
        wanted=ActionWanted(text=line.in_words, binding=Binding.DATE, due=line.due),
        for_candidate=True,
        origin=ORIGINS[SheetKind(sheet.kind)],
    )
    added = SheetLine(
        sheet=sheet,
        position=position,
        action=action,
        method=line.method,
        place=line.place,
        covers=[covered.kept for covered in line.covers],
        bring=line.bring,
    )
    added.full_clean()
    added.save()
    return added
