"""The pages of what verifiers record: the list, the forms that are signed, one record, and what is said of it."""

import logging
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from assessments.observations.forms import AcknowledgeForm
from assessments.signing.forms import add_refusal
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.models import Centre, User
from centres.sign_in.password_again import password_again
from portfolio.files.file_types import clean_name
from portfolio.files.services import BytesLost
from portfolio.files.views import attachment
from printing.taking_turns import print_in_turn
from record.plain_text import plain_line
from verification.models import MeetingMinutes, MonitoringKind, MonitoringRecord, SamplingChoices
from verification.models.sampling_choices import QUESTIONS
from verification.monitoring.forms import (
    AssessorObservationForm,
    InterviewForm,
    MeetingForm,
    MinutesForm,
    MonitoringForm,
)
from verification.monitoring.on_paper import blank_on_paper, record_on_paper, record_pdf
from verification.monitoring.permissions import may_acknowledge, may_add_minutes, may_list, may_record
from verification.monitoring.selectors import (
    WITH_WHOM,
    MonitoringWanted,
    actions_to_open,
    assessors_to_observe,
    monitoring_list,
    whole,
)
from verification.monitoring.services import minutes_add, monitoring_acknowledge, monitoring_sign
from verification.monitoring.wordings import WORDS
from verification.sampling.board import is_uuid
from verification.sampling.permissions import centre_or_404
from verification.sampling.policy import policy_of

LONGEST_SEARCH = 200  # characters
FORM_METHODS = ["GET", "HEAD", "POST"]

logger = logging.getLogger("countersign.monitoring")


@require_safe
def monitoring(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """List what the person may read, the latest first."""
    at: Centre = get_object_or_404(Centre.objects.visible_to(request.user), uuid=centre)
    if not may_list(request.user, at):
        raise PermissionDenied
    asked = request.GET
    wanted = MonitoringWanted(
        kind=asked.get("kind", ""),
        words=plain_line(asked.get("find", "")[:LONGEST_SEARCH]),
        year=asked.get("year", ""),
        after=asked.get("after", ""),
    )
    context = {
        "centre": at,
        "list": monitoring_list(request.user, at, wanted),
        "wanted": wanted,
        "kinds": MonitoringKind,
        "records": may_record(request.user, at),
    }
    return render(request, "verification/monitoring/monitoring.html", context)


@require_http_methods(FORM_METHODS)
def monitoring_new(request: SignedInRequest, centre: UUID, what: str) -> HttpResponse:
    """Show the form of a kind, and sign it. Which assessor is observed is asked first."""
    at, _ = centre_or_404(request, centre, verifiers_only=True)
    kind = _kind_or_404(what)
    sent = form_data(request)
    form = _form(request, at, kind, sent)
    if form is None:
        people = assessors_to_observe(request.user, at)
        return render(request, "verification/monitoring/choose_assessor.html", {"centre": at, "assessors": people})
    if request.method == "POST" and "more" not in request.POST and form.is_valid():
        signed = _sign(request, at, form)
        if signed:
            messages.success(request, "Signed.")
            return redirect("verification:monitoring_record", centre=centre, monitoring=signed.uuid)
    context = {"centre": at, "form": form, "what": kind, "words": WORDS[kind]}
    response = render(request, "verification/monitoring/form.html", context)
    if request.method == "POST":
        response["Cache-Control"] = "private, no-store"  # who signs after a refusal must not read it again
    return response


@require_safe
def monitoring_record(request: SignedInRequest, centre: UUID, monitoring: UUID) -> HttpResponse:
    """Show a record, with what was asked of whom and what was said of it."""
    found = _record_or_404(request, centre, monitoring)
    context = {
        "acknowledges": may_acknowledge(request.user, found),
        "adds_minutes": may_add_minutes(request.user, found),
        **_shown(request.user, found),
    }
    return render(request, "verification/monitoring/record.html", context)


@require_http_methods(FORM_METHODS)
def monitoring_acknowledged(request: SignedInRequest, centre: UUID, monitoring: UUID) -> HttpResponse:
    """Take what the assessor says of the observation of them."""
    found = _record_or_404(request, centre, monitoring)
    there = redirect("verification:monitoring_record", centre=centre, monitoring=monitoring)
    if found.assessor_id != request.user.pk:
        raise PermissionDenied
    if not may_acknowledge(request.user, found):
        messages.info(request, "You have said already that you read this.")
        return there
    form = AcknowledgeForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            monitoring_acknowledge(
                record=found, actor=request.user, agrees=form.agrees, words=form.cleaned_data["words"]
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Thank you. What you said stands with the record.")
            return there
    context = {"form": form, **_shown(request.user, found)}
    return render(request, "verification/monitoring/acknowledge.html", context)


# --- Paper and files --------------------------------------------------------------------------------


@require_safe
@cache_control(private=True, no_store=True)
def monitoring_print(request: SignedInRequest, centre: UUID, monitoring: UUID) -> HttpResponse:
    """Send a record as a PDF."""
    found = _record_or_404(request, centre, monitoring)
    title = f"{found}, {found.day:%-d %B %Y}"
    return print_in_turn(request, partial(_printed, partial(record_pdf, record_on_paper(found), title=title), title))


@require_safe
def monitoring_blank(request: SignedInRequest, centre: UUID, what: str) -> HttpResponse:
    """Send a blank of a kind as a PDF, for a hand."""
    at, _ = centre_or_404(request, centre, verifiers_only=True)
    kind = _kind_or_404(what)
    title = str(kind.label)
    blank = blank_on_paper(at, kind, _questions(at))
    return print_in_turn(request, partial(_printed, partial(record_pdf, blank, title=title), title))


@require_http_methods(FORM_METHODS)
def monitoring_minutes(request: SignedInRequest, centre: UUID, monitoring: UUID) -> HttpResponse:
    """Keep the minutes with a meeting."""
    found = _record_or_404(request, centre, monitoring)
    if not may_add_minutes(request.user, found):
        raise PermissionDenied
    sent = form_data(request)
    form = MinutesForm(sent, request.FILES if sent is not None else None)
    if request.method == "POST" and form.is_valid():
        try:
            minutes = minutes_add(record=found, actor=request.user, incoming=form.cleaned_data["file"])
        except ValidationError as refusal:
            form.add_error("file", " ".join(refusal.messages))
        else:
            messages.success(request, f"“{minutes.name}” is with the meeting.")
            return redirect("verification:monitoring_record", centre=centre, monitoring=monitoring)
    context = {"centre": found.centre, "record": found, "form": form}
    return render(request, "verification/monitoring/minutes.html", context)


@require_safe
@cache_control(private=True, no_store=True)
def monitoring_minutes_file(
    request: SignedInRequest, centre: UUID, monitoring: UUID, minutes: UUID
) -> HttpResponseBase:
    """Send the minutes of a meeting."""
    found = _record_or_404(request, centre, monitoring)
    kept = get_object_or_404(MeetingMinutes.objects.select_related("stored_file__centre"), record=found, uuid=minutes)
    try:
        return attachment(kept.stored_file, name=kept.name, content_type=kept.content_type)
    except BytesLost as error:
        logger.error("The minutes %s cannot be given out: %s", kept.uuid, error)
        return render(request, "portfolio/files/file_lost.html", {"name": kept.name}, status=404)


# --- What they share --------------------------------------------------------------------------------


def _record_or_404(request: SignedInRequest, centre: UUID, monitoring: UUID) -> MonitoringRecord:
    visible = MonitoringRecord.objects.visible_to(request.user).select_related(
        *WITH_WHOM,
        "candidate_unit__registration__candidate",
        "candidate_unit__revision__unit__framework",
        "assessor_record",
    )
    return get_object_or_404(visible, centre__uuid=centre, uuid=monitoring)


def _shown(user: User, record: MonitoringRecord) -> dict[str, Any]:
    """What the pages of a record show of it."""
    return {
        "centre": record.centre,
        "record": record,
        "words": WORDS[MonitoringKind(record.kind)],
        "readable_actions": actions_to_open(user, record),
        **whole(record),
    }


def _kind_or_404(what: str) -> MonitoringKind:
    if what not in MonitoringKind.values:
        raise Http404
    return MonitoringKind(what)


def _questions(centre: Centre) -> tuple[str, ...]:
    policy = policy_of(centre)
    choices: SamplingChoices | None = policy.choices if policy else None
    return choices.questions if choices else QUESTIONS


def _form(
    request: SignedInRequest, centre: Centre, kind: MonitoringKind, sent: QueryDict | None
) -> MonitoringForm | None:
    """The form of a kind; None where it is not said yet which assessor was observed."""
    match kind:
        case MonitoringKind.INTERVIEW:
            return InterviewForm(sent, verifier=request.user, centre=centre, questions=_questions(centre))
        case MonitoringKind.MEETING:
            return MeetingForm(sent, verifier=request.user, centre=centre)
    assessor = _assessor(request, centre, sent)
    return AssessorObservationForm(sent, verifier=request.user, centre=centre, assessor=assessor) if assessor else None


def _assessor(request: SignedInRequest, centre: Centre, sent: QueryDict | None) -> User | None:
    """Who was chosen; of a form that was sent also one who has left since, so that nothing typed is lost."""
    people = assessors_to_observe(request.user, centre)
    if sent is not None:
        people = User.objects.filter(memberships__centre=centre).distinct()
    said = str((request.GET if sent is None else sent).get("assessor", ""))
    return people.filter(uuid=said).first() if is_uuid(said) else None


def _sign(request: SignedInRequest, centre: Centre, form: MonitoringForm) -> MonitoringRecord | None:
    """Sign what a valid form says, or note on it why not."""
    said = form.cleaned_data
    try:
        with password_again(request):
            return monitoring_sign(
                centre=centre, actor=request.user, password=said["password"], form_key=said["form_key"], said=form.said
            )
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return None


def _printed(pdf: partial[bytes], title: str) -> HttpResponse:
    response = HttpResponse(pdf(), content_type="application/pdf")
    name = clean_name(f"{title}.pdf".replace("/", "-").replace("\\", "-"))
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response
