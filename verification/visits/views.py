"""The pages of visits. What a person may do on each, the services decide."""

import logging
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.permissions import may_coordinate
from centres.views.lookup import coordinated_centre_or_404
from portfolio.files.services import BytesLost
from portfolio.files.views import attachment
from portfolio.models import CandidateUnit
from printing.papers import paper_pdf
from printing.sending import send_pdf
from record.plain_text import plain_line
from standards.in_words import counted
from verification.days import in_words
from verification.models import Visit, VisitAction, VisitReport, VisitSample
from verification.visits.candidates import units_to_pick, without_a_unit
from verification.visits.forms import ActionForm, DoneForm, ExtendForm, MarkForm, ReportForm, VisitForm
from verification.visits.on_paper import visit_paper
from verification.visits.permissions import may_sample
from verification.visits.selectors import visits_at, whole_visit
from verification.visits.services import (
    action_add,
    action_done,
    report_add,
    sample_add,
    unit_mark,
    visit_end,
    visit_extend,
    visit_open,
)

VISITS_ON_A_PAGE = 20
FORM_METHODS = ["GET", "HEAD", "POST"]

logger = logging.getLogger("countersign.visits")


@require_safe
def visits(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """List the visits of the centre."""
    at = coordinated_centre_or_404(request, centre)
    page = Paginator(visits_at(at), VISITS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "verification/visits/visits.html", {"centre": at, "page": page})


@require_http_methods(FORM_METHODS)
def open_visit(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Open a visit."""
    at = coordinated_centre_or_404(request, centre)
    form = VisitForm(form_data(request), centre=at)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        wanted = {name: said[name] for name in ("verifier", "begins_at", "until", "form_key")}
        try:
            visit = visit_open(centre=at, actor=request.user, **wanted)
        except ValidationError as refusal:
            form.add_error(None, " ".join(refusal.messages))
        else:
            messages.success(request, f"The visit is open to {visit.verifier} {_from_until(visit)}.")
            return redirect("verification:visit", centre=centre, visit=visit.uuid)
    return render(request, "verification/visits/visit_open.html", {"centre": at, "form": form})


@require_safe
def visit(request: SignedInRequest, centre: UUID, visit: UUID) -> HttpResponse:
    """Show a visit: its sample with the marks, the report and its actions."""
    found = _visit_or_404(request, centre, visit)
    context = {"whole": whole_visit(found), "visit": found, **_may(request, found)}
    return render(request, "verification/visits/visit.html", context)


@require_safe
def visit_print(request: SignedInRequest, centre: UUID, visit: UUID) -> HttpResponse:
    """Send the visit as a PDF: the sample, the marks and the dates."""
    paper = visit_paper(whole_visit(_visit_or_404(request, centre, visit)))
    return send_pdf(request, lambda: paper_pdf(paper), name=paper.title)


# --- The sample, and what was looked at -------------------------------------------------------------


@require_http_methods(FORM_METHODS)
def visit_candidates(request: SignedInRequest, centre: UUID, visit: UUID) -> HttpResponse:
    """List all candidates of the centre, and add units of theirs to the sample."""
    found = _visit_or_404(request, centre, visit)
    may = _may(request, found)
    refused: list[str] = []
    if request.method == "POST":
        ticked = CandidateUnit.objects.taken().filter(
            registration__centre=found.centre_id, uuid__in=_uuids(request.POST.getlist("units"))
        )
        units = list(ticked.select_related("registration__chain").order_by("pk"))
        try:
            added = sample_add(visit=found, actor=request.user, units=units)
        except ValidationError as refusal:
            refused = refusal.messages
        else:
            messages.success(request, _added(len(added), proposed=not may["samples"]))
            return redirect("verification:visit", centre=centre, visit=visit)
    form_data(request)  # says that nothing was done, when their session had ended
    words = plain_line(request.GET.get("find", "")[:200])
    page = units_to_pick(found, words=words, after=request.GET.get("after", ""))
    without, are_more = without_a_unit(found, words=words) if page.after is None else ([], False)
    context = {"visit": found, "page": page, "words": words, "refused": refused, "without": without, **may}
    return render(request, "verification/visits/candidates.html", context | {"are_more": are_more})


def _added(number: int, *, proposed: bool) -> str:
    if not number:
        return "All of these were there already."
    if proposed:
        return f"{counted(number, 'unit')} proposed. The portfolios open once they are taken into the sample."
    return f"{counted(number, 'unit')} added to the sample. The whole portfolios are open to you now."


@require_http_methods(FORM_METHODS)
def visit_mark(request: SignedInRequest, centre: UUID, visit: UUID, unit: UUID) -> HttpResponse:
    """Mark a unit of the sample as looked at."""
    found = _visit_or_404(request, centre, visit)
    samples = VisitSample.objects.select_related(
        "visit__centre", "candidate_unit__revision__unit__framework", "candidate_unit__registration__candidate"
    )
    sample = get_object_or_404(samples, visit=found, candidate_unit__uuid=unit, taken_at__isnull=False)
    if not may_sample(request.user, found):
        raise PermissionDenied
    form = MarkForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            mark = unit_mark(sample=sample, actor=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, " ".join(refusal.messages))
        else:
            code = sample.candidate_unit.revision.unit.code
            messages.success(
                request, f"{code} of {sample.candidate_unit.registration.candidate} is marked: {mark.initials}"
            )
            return redirect("verification:visit", centre=centre, visit=visit)
    context = {"visit": found, "sample": sample, "form": form}
    return render(request, "verification/visits/mark.html", context)


# --- The coordinator's: the end, the report, the actions --------------------------------------------


@require_http_methods(FORM_METHODS)
def visit_extended(request: SignedInRequest, centre: UUID, visit: UUID) -> HttpResponse:
    """Let a visit last until another day, or open it again."""
    found = _coordinated_or_refused(request, centre, visit)
    form = ExtendForm(form_data(request), visit=found)
    if request.method == "POST" and form.is_valid():
        was_over = found.is_over
        try:
            now = visit_extend(visit=found, actor=request.user, until=form.until)
        except ValidationError as refusal:
            form.add_error(None, " ".join(refusal.messages))
        else:
            again = "The visit had ended and is open again" if was_over else "The visit lasts"
            messages.success(request, f"{again}, until the end of {in_words(now.last_day)}.")
            return redirect("verification:visit", centre=centre, visit=visit)
    return render(request, "verification/visits/visit_extend.html", {"visit": found, "form": form})


@require_http_methods(FORM_METHODS)
def visit_ended(request: SignedInRequest, centre: UUID, visit: UUID) -> HttpResponse:
    """Ask whether to end a visit, and end it."""
    found = _coordinated_or_refused(request, centre, visit)
    form_data(request)  # says that nothing was done, when their session had ended
    if request.method == "POST":
        visit_end(visit=found, actor=request.user)
        messages.success(request, f"The visit has ended. Nothing is open to {found.verifier} any more.")
        return redirect("verification:visit", centre=centre, visit=visit)
    return render(request, "verification/visits/visit_end.html", {"visit": found})


@require_http_methods(FORM_METHODS)
def visit_report(request: SignedInRequest, centre: UUID, visit: UUID) -> HttpResponse:
    """Keep the report with the visit."""
    found = _coordinated_or_refused(request, centre, visit)
    sent = form_data(request)
    form = ReportForm(sent, request.FILES if sent is not None else None)
    if request.method == "POST" and form.is_valid():
        try:
            report = report_add(visit=found, actor=request.user, incoming=form.cleaned_data["file"])
        except ValidationError as refusal:
            form.add_error("file", " ".join(refusal.messages))
        else:
            messages.success(request, f"“{report.name}” is with the visit. Enter now what it asks for.")
            return redirect("verification:visit", centre=centre, visit=visit)
    return render(request, "verification/visits/report.html", {"visit": found, "form": form})


@require_safe
@cache_control(private=True, no_store=True)
def visit_report_file(request: SignedInRequest, centre: UUID, visit: UUID, report: UUID) -> HttpResponseBase:
    """Send the report."""
    found = _visit_or_404(request, centre, visit)
    kept = get_object_or_404(VisitReport.objects.select_related("stored_file__centre"), visit=found, uuid=report)
    try:
        return attachment(kept.stored_file, name=kept.name, content_type=kept.content_type)
    except BytesLost as error:
        logger.error("The report %s cannot be given out: %s", kept.uuid, error)
        return render(request, "portfolio/files/file_lost.html", {"name": kept.name}, status=404)


@require_http_methods(FORM_METHODS)
def visit_action(request: SignedInRequest, centre: UUID, visit: UUID) -> HttpResponse:
    """Ask somebody for what the report wants."""
    found = _coordinated_or_refused(request, centre, visit)
    form = ActionForm(form_data(request), centre=found.centre)
    if request.method == "POST" and form.is_valid():
        try:
            action_add(visit=found, actor=request.user, **form.said)
        except ValidationError as refusal:
            form.add_error(None, " ".join(refusal.messages))
        else:
            messages.success(request, "Asked. They find it on their first page; you accept their answer.")
            return redirect("verification:visit", centre=centre, visit=visit)
    return render(request, "verification/visits/action.html", {"visit": found, "form": form})


@require_http_methods(FORM_METHODS)
def visit_action_done(request: SignedInRequest, centre: UUID, visit: UUID, to_do: UUID) -> HttpResponse:
    """Note that an action is done, and how."""
    found = _coordinated_or_refused(request, centre, visit)
    wanted = get_object_or_404(VisitAction.objects.select_related("visit__centre"), visit=found, uuid=to_do)
    form = DoneForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            action_done(action=wanted, actor=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, " ".join(refusal.messages))
        else:
            messages.success(request, "The action is noted as done.")
            return redirect("verification:visit", centre=centre, visit=visit)
    return render(request, "verification/visits/action_done.html", {"visit": found, "action": wanted, "form": form})


# --- What all of them ask ---------------------------------------------------------------------------


def _visit_or_404(request: SignedInRequest, centre: UUID, visit: UUID) -> Visit:
    visible = Visit.objects.visible_to(request.user).select_related("centre__chain", "verifier", "opened_by")
    return get_object_or_404(visible, centre__uuid=centre, uuid=visit)


def _coordinated_or_refused(request: SignedInRequest, centre: UUID, visit: UUID) -> Visit:
    found = _visit_or_404(request, centre, visit)
    if not may_coordinate(request.user, found.centre):
        raise PermissionDenied
    return found


def _may(request: SignedInRequest, visit: Visit) -> dict[str, bool]:
    """What the person may do about the visit, for its pages."""
    return {"samples": may_sample(request.user, visit), "coordinates": may_coordinate(request.user, visit.centre)}


def _from_until(visit: Visit) -> str:
    first = in_words(timezone.localtime(visit.begins_at, visit.zone).date())
    return f"from {first} until the end of {in_words(visit.last_day)}"


def _uuids(sent: list[str]) -> list[UUID]:
    """Those of the values that are uuids; a page sends no others."""
    found = []
    for value in sent[:500]:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
