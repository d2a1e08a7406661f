"""Steps back in the life of a unit: returned, taken back, withdrawn, reopened, each on a page of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.actions.begun import begun_from
from assessments.lookup import unit_or_404
from assessments.models import Return, today_at
from assessments.permissions import can_reopen, can_return, can_take_back, can_withdraw
from assessments.standing.action_record import actions_in, waiting
from assessments.steps_back.forms import ReasonForm, VerifierReturnForm
from assessments.steps_back.services import TOO_LATE, unit_reopen, unit_return, unit_take_back, unit_withdraw
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.models import User
from portfolio.models import CandidateUnit, Capacity, State, UnitVersion
from portfolio.open_versions import open_version
from portfolio.permissions import signs_as
from record.errors import ChangedMeanwhile, InvalidTransition
from record.plain_text import plain_text


@dataclass(frozen=True, kw_only=True)
class StepBackPage:
    """What such a page says and does. `who` may take the step at all; `can` says whether they can now.

    `label` asks for the reason; empty, it is not asked.
    """

    who: frozenset[Capacity]
    can: Callable[[Capacity | None, UnitVersion], bool]
    service: Callable[..., Return]
    kind: Return.Kind
    title: str
    label: str
    happens: dict[Capacity, tuple[str, ...]]
    done: str


RETURN = StepBackPage(
    who=frozenset({Capacity.ASSESSOR, Capacity.INTERNAL_VERIFIER}),
    can=can_return,
    service=unit_return,
    kind=Return.Kind.RETURNED,
    title="Return this unit",
    label="What is to be done, and why",
    happens={
        Capacity.ASSESSOR: (
            "The {candidate} can change evidence and claims again, and reads what you write here.",
            "Their signature stays in the record and counts no more; they sign again when they submit again.",
            "Your judgements stay.",
        ),
        Capacity.INTERNAL_VERIFIER: (
            "The assessor can judge again, and answers what you write here; the {candidate} does not read it.",
            "The sign-off stays in the record and counts no more; the assessor signs again. The {candidate}'s "
            "declaration stands.",
        ),
    },
    done="Returned. They read your reason on their first page.",
)
TAKE_BACK = StepBackPage(
    who=frozenset({Capacity.CANDIDATE}),
    can=can_take_back,
    service=unit_take_back,
    kind=Return.Kind.TAKEN_BACK,
    title="Take this unit back",
    label="",
    happens={
        Capacity.CANDIDATE: (
            "You can change evidence and claims again.",
            "Your signature stays in the record and counts no more; you sign again when you submit again.",
        )
    },
    done="Taken back. You can change evidence and claims again.",
)
WITHDRAW = StepBackPage(
    who=frozenset({Capacity.ASSESSOR}),
    can=can_withdraw,
    service=unit_withdraw,
    kind=Return.Kind.WITHDRAWN,
    title="Withdraw the sign-off",
    label="Why do you take it back?",
    happens={
        Capacity.ASSESSOR: (
            "You can judge again. Your sign-off stays in the record and counts no more.",
            "The {candidate}'s declaration stands. The {internal_verifier} waits until you sign again.",
        )
    },
    done="The sign-off is withdrawn. You can judge again.",
)
REOPEN = StepBackPage(
    who=frozenset({Capacity.INTERNAL_VERIFIER}),
    can=can_reopen,
    service=unit_reopen,
    kind=Return.Kind.REOPENED,
    title="Reopen this unit",
    label="Why is it reopened?",
    happens={
        Capacity.INTERNAL_VERIFIER: (
            "A new version of the unit begins, in which evidence is collected again.",
            "Claims and judgements go on in it; all signatures are to be given again.",
            "The signatures given so far stay in the record and count no more. The final form of this version "
            "stays as it is.",
            "If a certificate was claimed for this unit already, tell the awarding body.",
        )
    },
    done="Reopened: a new version has begun.",
)


@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Return a submitted unit to the candidate, or an assessed one to the assessor."""
    return _step_back(request, unit_or_404(request, centre, unit), RETURN)


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Let the candidate take back a submission that nobody has worked on yet."""
    return _step_back(request, unit_or_404(request, centre, unit), TAKE_BACK)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Let the assessor take their sign-off back."""
    return _step_back(request, unit_or_404(request, centre, unit), WITHDRAW)


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Let the internal verifier reopen a verified unit."""
    return _step_back(request, unit_or_404(request, centre, unit), REOPEN)


def _step_back(request: SignedInRequest, unit: CandidateUnit, step: StepBackPage) -> HttpResponse:
    capacity = signs_as(request.user, unit)
    if capacity is None or capacity not in step.who:
        raise PermissionDenied
    version = open_version(unit)
    form = _form(_with_current_stamp(form_data(request), request, version), step, capacity, unit, _begun(request, unit))
    here = redirect("assessments:unit", centre=unit.registration.centre.uuid, unit=unit.uuid)
    if request.method == "POST" and form.is_valid():
        try:
            step.service(unit=unit, actor=request.user, **form.said)
        except (ChangedMeanwhile, InvalidTransition) as refusal:
            if _done_already(step, unit, request.user, form.said["stamp"], form.said.get("reason", "")):
                messages.info(request, f"{step.done} You pressed the button twice; it was done once.")
                return here
            form.add_error(None, refusal.messages)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, step.done)
            return here
    elif not step.can(capacity, version):
        too_late = step is TAKE_BACK and version.state == State.SUBMITTED
        state = version.get_state_display().lower()
        messages.warning(request, TOO_LATE if too_late else f"This unit is {state} now, so that cannot be done.")
        return here
    can = step.can(capacity, version)
    context = {"unit": unit, "version": version, "step": step, "form": form, "can": can}
    called = unit.registration.centre.words
    context["happens"] = [called.say(sentence) for sentence in step.happens[capacity]]
    return render(request, "assessments/steps_back/step_back.html", context)


def _with_current_stamp(data: QueryDict | None, request: SignedInRequest, version: UnitVersion) -> QueryDict | None:
    """A form brought back from a session that ended gets the present stamp."""
    if data is None or request.method == "POST":
        return data
    data = data.copy()
    data["stamp"] = str(version.stamp)
    return data


def _begun(request: SignedInRequest, unit: CandidateUnit) -> str:
    """What a verifier's reason begins with, where the address says what it comes from."""
    begun = begun_from(request.GET.get("from", ""), unit, request.user)
    return begun.words if begun else ""


def _form(
    data: QueryDict | None, step: StepBackPage, capacity: Capacity, unit: CandidateUnit, begun: str
) -> ReasonForm | VerifierReturnForm:
    if step is not RETURN or capacity != Capacity.INTERNAL_VERIFIER:
        return ReasonForm(data, label=step.label)
    answered = waiting(actions_in(unit), capacity)
    today = today_at(unit.registration.centre)
    return VerifierReturnForm(data, label=step.label, reason=begun, answered=answered, today=today)


def _done_already(step: StepBackPage, unit: CandidateUnit, actor: User, stamp: int, reason: str) -> bool:
    """Whether this step is all that happened to the unit since the page was shown: the button was pressed twice."""
    if not UnitVersion.objects.filter(candidate_unit=unit, closed_at__isnull=True, stamp=stamp + 1).exists():
        return False
    last = Return.objects.filter(unit_version__candidate_unit=unit).select_related("author").last()
    return (
        last is not None
        and last.kind == step.kind
        and last.author.user_id == actor.pk
        and last.reason == plain_text(reason)
    )
