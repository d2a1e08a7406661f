"""The pages of actions: asking somebody in a unit, and one action with what was said of it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from assessments.actions.begun import begun_from
from assessments.actions.forms import AskForm, StepForm
from assessments.actions.selectors import (
    can_do,
    criteria_in_words,
    people_to_ask,
    pieces_to_name,
    successors_of,
)
from assessments.actions.services import (
    action_accept,
    action_answer,
    action_ask,
    action_hand_over,
    action_refuse,
    action_withdraw,
)
from assessments.lookup import unit_or_404
from assessments.models import Action, Origin, StepKind, today_at
from assessments.permissions import may_ask
from assessments.standing.action_record import ActionRecord, record_of
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.models import Role
from portfolio.permissions import capacity_in
from record.errors import ChangedMeanwhile, InvalidTransition
from record.plain_text import plain_text
from standards.published import published_content, revision_row

OF_A_PAGE = (
    "centre", "registration__centre", "registration__candidate", "registration__chain", "candidate_unit", "evidence",
    "owner", "asker",
)  # fmt: skip
# What the buttons of the page do, and what is said then.
STEPS = {
    "answer": (StepKind.ANSWERED, "Answered. Whoever asked reads it."),
    "accept": (StepKind.ACCEPTED, "Accepted: it is done."),
    "refuse": (StepKind.REFUSED, "It is open again, with what you wrote."),
    "withdraw": (StepKind.WITHDRAWN, "Withdrawn: nobody has to do it any more."),
    "hand_over": (StepKind.HANDED_OVER, "Handed over."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Let an assessor or verifier ask somebody in the unit to do something."""
    found = unit_or_404(request, centre, unit)
    if not may_ask(request.user, found):
        raise PermissionDenied
    at = found.registration.centre
    role = Role(str(capacity_in(request.user, found)))
    begun = begun_from(request.GET.get("from", ""), found, request.user)
    initial = {"evidence": request.GET.get("evidence", "")} | ({"text": begun.words} if begun else {})
    form = AskForm(
        form_data(request),
        asks_as=role,
        people=people_to_ask(found, of_staff=begun is not None),
        pieces=pieces_to_name(found),
        content=published_content(found.revision),
        called=at.words,
        today=today_at(at),
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        origin = begun.origin if begun else Origin.ASKED
        try:
            action_ask(
                actor=request.user, asked_as=role, unit=found, wanted=form.wanted, origin=origin, **form.asked_of
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Asked. They find it on their first page, and here until it is done.")
            return redirect("assessments:unit", centre=centre, unit=unit)
    return render(request, "assessments/actions/ask.html", {"unit": found, "form": form, "begun": begun})


@require_http_methods(["GET", "HEAD", "POST"])
def action(request: SignedInRequest, centre: UUID, action: UUID) -> HttpResponse:
    """Show an action with all that was said of it, and take what this person says of it now."""
    found = _action_or_404(request, centre, action)
    record = record_of(found)
    can = can_do(request.user, record)
    form = StepForm(
        form_data(request),
        can=STEPS,
        label="What you did" if can.answer else "If it is not enough: what is missing",
        successors=successors_of(found) if can.hand_over else (),
        seen=len(record.steps),
    )
    if request.method == "POST" and form.is_valid():
        _, done = STEPS[form.cleaned_data["do"]]
        try:
            _say(request, found, form)
        except (ChangedMeanwhile, InvalidTransition) as refusal:
            record = record_of(found)
            if _said_already(request, record, form):
                messages.info(request, f"{done} You pressed the button twice; it was done once.")
                return redirect("assessments:action", centre=centre, action=action)
            form.add_error(None, refusal.messages)
            can = can_do(request.user, record)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, done)
            return redirect("assessments:action", centre=centre, action=action)
    context = {
        "action": found,
        "record": record,
        "can": can,
        "form": form,
        "seen": len(record.steps),
        "typed": form["words"].value() or "",
        "criteria": criteria_in_words(found),
        "at": found.at_centre,
    }
    return render(request, "assessments/actions/action.html", context)


def _action_or_404(request: SignedInRequest, centre: UUID, action: UUID) -> Action:
    visible = Action.objects.visible_to(request.user).select_related(*OF_A_PAGE)
    here = Q(centre__uuid=centre) | Q(registration__centre__uuid=centre)
    found = get_object_or_404(visible.filter(here), uuid=action)
    if found.candidate_unit and found.registration:
        found.candidate_unit.registration = found.registration
        found.candidate_unit.revision = revision_row(found.candidate_unit.revision_id)
    return found


def _say(request: SignedInRequest, action: Action, form: StepForm) -> None:
    said = {"action": action, "actor": request.user, "seen": form.cleaned_data["seen"]}
    words = form.cleaned_data["words"]
    match form.cleaned_data["do"]:
        case "answer":
            action_answer(**said, words=words)
        case "accept":
            action_accept(**said)
        case "refuse":
            action_refuse(**said, words=words)
        case "withdraw":
            action_withdraw(**said, words=words)
        case _:
            if form.successor is None:
                raise ValidationError({"to": "Say who is to do it now."})
            action_hand_over(**said, to=form.successor)


def _said_already(request: SignedInRequest, record: ActionRecord, form: StepForm) -> bool:
    """Whether this very thing is all that was said since the page was shown: the button was pressed twice."""
    last, said = record.steps[-1], form.cleaned_data
    kind, _ = STEPS[said["do"]]
    same = (last.kind, last.person_id, len(record.steps)) == (kind, request.user.pk, said["seen"] + 1)
    return same and last.words in {"", plain_text(said["words"])}
