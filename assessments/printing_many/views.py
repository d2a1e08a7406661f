"""The pages on which many forms are printed at once: choosing, how far a job is, and its file."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import JobState, Packing, PartState, PrintJob
from assessments.printing_many.forms import BLANK, PrintForm
from assessments.printing_many.packing import packed_path, title_of
from assessments.printing_many.selectors import (
    FormsFilter,
    called,
    candidate_of,
    in_order,
    may_print_many,
    may_read,
    of_each_wording,
    parts_named,
    printable_units,
    progress_of,
    whose_forms,
)
from assessments.printing_many.services import print_job_ask, print_job_cancel, why_not
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.models import Centre
from centres.views.lookup import own_centre_or_404
from portfolio.models import CandidateUnit, Registration
from printing.sending import as_attachment

ROWS_AT_MOST = 200  # candidates that can be ticked; more are printed all together, or searched for
JOBS_SHOWN = 20


class PrintRow(NamedTuple):
    """A portfolio that can be ticked, and how many forms it has among those found."""

    registration: Registration
    forms: int


@require_http_methods(["GET", "HEAD", "POST"])
def print_many(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Choose whose forms are printed, see how many those are, and have them printed."""
    at = _centre_or_404(request, centre)
    filters = FormsFilter(request.GET, centre=at, units=printable_units(request.user, at))
    found = filters.chosen
    sent = form_data(request)
    form = PrintForm(sent)
    ticked = set(sent.getlist("portfolio")) if sent is not None else set()
    if request.method == "POST" and form.is_valid():
        try:
            job = _ask(request, at, form, _ticked(found, ticked))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("assessments:print_job", centre=centre, job=job.uuid)
    count = found.aggregate(
        forms=Count("pk"), people=Count("registration", distinct=True), blanks=Count("revision", distinct=True)
    )
    context = {
        "centre": at,
        "filters": filters,
        "is_filtered": any(request.GET.get(name) for name in filters.filters),
        "rows": [PrintRow(*row) for row in whose_forms(found, at_most=ROWS_AT_MOST)],
        **count,
        "why_not": why_not(count["forms"]),
        "ticked": ticked,
        "form": form,
        "jobs": PrintJob.objects.filter(centre=at, by=request.user).order_by("-asked_at")[:JOBS_SHOWN],
    }
    return render(request, "assessments/printing_many/print_many.html", context)


def _ticked(found: QuerySet[CandidateUnit], ticked: Collection[str]) -> QuerySet[CandidateUnit]:
    """The units of the portfolios that were ticked, or all if none was."""
    if not ticked:
        return found
    portfolios = Registration.objects.filter(pk__in=found.values("registration")).values_list("pk", "uuid")
    return found.filter(registration__in=[pk for pk, uuid in portfolios if str(uuid) in ticked])


def _ask(request: SignedInRequest, at: Centre, form: PrintForm, chosen: QuerySet[CandidateUnit]) -> PrintJob:
    """Have them printed. They are read only once it is known that they are not too many."""
    said = form.cleaned_data
    is_blank = said["what"] == BLANK
    units = of_each_wording(chosen) if is_blank else chosen
    if refusal := why_not(units.count()):
        raise ValidationError(refusal)
    return print_job_ask(
        centre=at,
        actor=request.user,
        key=said["key"],
        units=in_order(units),
        is_blank=is_blank,
        packing=Packing(said["packing"]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def print_job(request: SignedInRequest, centre: UUID, job: UUID) -> HttpResponse:
    """Show how far a job is and what could not be printed, and cancel it."""
    at = _centre_or_404(request, centre)
    found = _job_or_404(request, at, job)
    if request.method == "POST":
        if print_job_cancel(job=found, actor=request.user):
            messages.success(request, "Nothing more is printed of it.")
        else:
            messages.info(request, "It had ended already.")
        return redirect("assessments:print_job", centre=centre, job=job)
    failed = parts_named(found).filter(state=PartState.FAILED)
    context = {
        "centre": at,
        "job": found,
        "title": title_of(found),
        "progress": progress_of(found),
        "failed": [(candidate_of(part), called(part), part.fault) for part in failed],
        "is_there": found.state == JobState.DONE and packed_path(found).exists(),
    }
    return render(request, "assessments/printing_many/print_job.html", context)


@require_safe
@cache_control(private=True, no_store=True)
def print_file(request: SignedInRequest, centre: UUID, job: UUID) -> HttpResponseBase:
    """Send the file of a job that is done. No event tells of it."""
    found = _job_or_404(request, _centre_or_404(request, centre), job)
    if found.state != JobState.DONE:
        raise Http404
    if not may_read(request.user, found):
        messages.error(request, "Some of these portfolios are not open to you any more. Print the others again.")
        return redirect("assessments:print_job", centre=centre, job=job)
    try:
        content = packed_path(found).open("rb")
    except OSError:
        messages.error(request, "The file is not on the server any more. Print the forms again.")
        return redirect("assessments:print_job", centre=centre, job=job)
    return as_attachment(FileResponse(content), name=title_of(found), ending=found.packing)


def _centre_or_404(request: SignedInRequest, centre: UUID) -> Centre:
    """Return the centre. Raises Http404 for an outsider, PermissionDenied for who prints no forms of others there."""
    at = own_centre_or_404(request, centre)
    if not may_print_many(request.user, at):
        raise PermissionDenied
    return at


def _job_or_404(request: SignedInRequest, at: Centre, job: UUID) -> PrintJob:
    """Return a job of the person's own."""
    return get_object_or_404(PrintJob.objects.select_related("centre"), uuid=job, centre=at, by=request.user)
