"""The board of a verifier, the plan that the policy gives, and what the verifier changes in it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assessments.home.paging import page_number
from assessments.lookup import unit_or_404
from centres.context import shell_of
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.models import Centre, Role
from portfolio.models import CandidateUnit, Registration
from printing.papers import ROWS_AT_MOST, paper_pdf
from printing.sending import send_pdf
from record.plain_text import plain_line
from verification.days import in_words
from verification.models import PlannedSample
from verification.sampling.board import Board, BoardWanted, board_of
from verification.sampling.monitored import monitored_at
from verification.sampling.permissions import centre_or_404, may_sample, readable_centre_or_404
from verification.sampling.plan_forms import PlanChangeForm
from verification.sampling.plan_on_paper import plan_paper, plan_rows
from verification.sampling.plan_page import lines_of
from verification.sampling.planning import (
    NOTHING_NEW,
    OF_NOBODY,
    plan_make,
    plan_propose,
    planned_add,
    planned_leave_out,
    planned_move,
    planned_take_up,
)
from verification.sampling.services import stage_of

LONGEST_SEARCH = 200  # characters


@require_safe
def board(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Show what is planned, due, overdue and done: of a verifier's units, or to coordinator and visitor of all."""
    at, sees_all = readable_centre_or_404(request, centre)
    wanted = _wanted(request)
    shown = board_of(at, wanted, verifier=None if sees_all else request.user)
    context = {
        "centre": at,
        "board": shown,
        "wanted": wanted,
        "sees_all": sees_all,
        "closed": _closed_to_visitor(request, at, shown),
        "monitored": monitored_at(at),
    }
    return render(request, "verification/sampling/board.html", context)


@require_safe
def plan_print(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Send what is planned of the units that the board shows, on all its pages, as a PDF."""
    at, sees_all = readable_centre_or_404(request, centre)
    rows = plan_rows(at, _wanted(request), verifier=None if sees_all else request.user)
    if rows.count() > ROWS_AT_MOST:
        messages.warning(
            request, f"More than {ROWS_AT_MOST} planned units are too many for one print. Choose an assessor."
        )
        return redirect("verification:board", centre=centre)
    paper = plan_paper(at, rows, whose="All of the centre" if sees_all else f"Verified by {request.user}")
    return send_pdf(request, lambda: paper_pdf(paper), name=paper.title)


def _wanted(request: SignedInRequest) -> BoardWanted:
    asked = request.GET
    return BoardWanted(
        words=plain_line(asked.get("find", "")[:LONGEST_SEARCH]),
        assessor=asked.get("assessor", ""),
        site=plain_line(asked.get("site", "")[:LONGEST_SEARCH]),
        show=asked.get("show", ""),
        after=asked.get("after", ""),
    )


def _closed_to_visitor(request: SignedInRequest, centre: Centre, shown: Board) -> set[UUID]:
    """The portfolios of the page that are not open to who visits; nothing for everybody else."""
    visits = any(one.centre == centre and one.role == Role.EXTERNAL_VERIFIER for one in shell_of(request).memberships)
    there = {row.portfolio for row in shown.rows} if visits else set()
    if not there:
        return there
    return there - set(
        Registration.objects.visible_to(request.user).filter(uuid__in=there).values_list("uuid", flat=True)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Show what the policy gives for the verifier's units, each with its reasons, and take it on."""
    at, _ = centre_or_404(request, centre, verifiers_only=True)
    refusal: list[str] = []
    if request.method == "POST":
        try:
            made = plan_make(centre=at, actor=request.user, seen=request.POST.get("seen", ""))
        except ValidationError as refused:
            refusal = refused.messages
        else:
            number = made.samples.count()
            planned = f"{number} unit{'s are' if number != 1 else ' is'} planned" if number else NOTHING_NEW
            messages.success(request, f"The plan is made: {planned}." if number else planned)
            return redirect("verification:board", centre=centre)
    proposal = plan_propose(centre=at, verifier=request.user)
    lines, page = lines_of(proposal, page_number(request.GET.get("page"))) if proposal else ([], None)
    context = {
        "centre": at,
        "proposal": proposal,
        "of_nobody": OF_NOBODY,
        "lines": lines,
        "page": page,
        "refusal": refusal,
    }
    return render(request, "verification/sampling/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def planned(request: SignedInRequest, centre: UUID, planned: UUID) -> HttpResponse:
    """Change what is planned for a unit: leave it out, take it up again, or another day; each with a reason."""
    open_to = CandidateUnit.objects.visible_to(request.user).filter(registration__centre__uuid=centre)
    found = get_object_or_404(
        PlannedSample.objects.with_done()
        .select_related(
            "plan",
            "unit_version__candidate_unit__registration__centre",
            "unit_version__candidate_unit__registration__candidate",
            "unit_version__candidate_unit__revision__unit__framework",
        )
        .prefetch_related("steps__author"),
        uuid=planned,
        unit_version__candidate_unit__in=open_to,
    )
    unit = found.unit_version.candidate_unit
    if not may_sample(request.user, unit):
        raise PermissionDenied
    form = PlanChangeForm(form_data(request), initial={"due": found.due})
    if request.method == "POST" and form.is_valid():
        try:
            said = _change(request, found, form)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            messages.success(request, said)
            return redirect("verification:sample", centre=centre, unit=unit.uuid)
    context = {"unit": unit, "one": found, "form": form}
    return render(request, "verification/sampling/planned.html", context)


def _change(request: SignedInRequest, found: PlannedSample, form: PlanChangeForm) -> str:
    reason, due = form.cleaned_data["reason"], form.cleaned_data["due"]
    match request.POST.get("do"):
        case "leave_out":
            planned_leave_out(planned=found, actor=request.user, reason=reason)
            return "It is left out of the plan. Whoever reads the plan sees your reason."
        case "take_up":
            planned_take_up(planned=found, actor=request.user, reason=reason)
            return "It is in the plan again."
        case _:
            if due is None:
                raise ValidationError("Give the day by which it is looked at.")
            planned_move(planned=found, actor=request.user, reason=reason, due=due)
            return f"It is looked at by {in_words(due)}."


@require_http_methods(["GET", "HEAD", "POST"])
def plan_add(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Put a unit into the plan that the policy did not choose."""
    found = unit_or_404(request, centre, unit)
    if not may_sample(request.user, found):
        raise PermissionDenied
    form = PlanChangeForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            planned_add(unit=found, actor=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            messages.success(request, "It is in the plan.")
            return redirect("verification:sample", centre=centre, unit=unit)
    version = found.versions.get(closed_at__isnull=True)
    context = {"unit": found, "one": None, "form": form, "stage": stage_of(version)}
    return render(request, "verification/sampling/planned.html", context)
