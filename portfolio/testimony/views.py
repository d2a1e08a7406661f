"""The pages on which witnesses are asked, and on which an assessor adds to what they gave."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from centres.http import SignedInRequest
from centres.interrupted import form_data
from portfolio.evidence.selectors import units_of
from portfolio.models import Registration, Testimony, TestimonyRequest, Witness
from portfolio.models.registrations import PortfolioOpen
from portfolio.open_registrations import why_refused
from portfolio.permissions import may_ask_witness, may_handle_request, may_note_testimony
from portfolio.testimony.criteria import criteria_named
from portfolio.testimony.forms import AskWitnessForm, NoteForm, StandingForm
from portfolio.testimony.qr import qr_code
from portfolio.testimony.rules import Stands, stands
from portfolio.testimony.selectors import requests_in, witnesses_in
from portfolio.testimony.sending import say_sent
from portfolio.testimony.services import (
    request_send_again,
    request_withdraw,
    standing_accept,
    standing_accepted,
    testimony_ask,
    testimony_note,
)
from portfolio.testimony.tokens import link_of


@require_safe
def witnesses(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """List who was asked, and the witnesses whose words stand in the portfolio."""
    registration = _registration(request, centre, portfolio)
    context = {
        "registration": registration,
        "requests": requests_in(registration),
        "witnesses": witnesses_in(registration, registration.centre.words),
        "may_ask": may_ask_witness(request.user, registration),
        "may_note": may_note_testimony(request.user, registration),
        "units": units_of(registration),
    }
    return render(request, "portfolio/testimony/witnesses.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Ask somebody to say what they saw, and go on to the link."""
    registration = _registration(request, centre, portfolio)
    if not may_ask_witness(request.user, registration):
        raise PermissionDenied(why_refused(registration))
    form = AskWitnessForm(form_data(request), registration=registration, user=request.user)
    before = form.sent_before()
    if before and form.repeats(before):
        return redirect("portfolio:testimony_request", centre=centre, asked=before.uuid)
    if before:
        form = form.for_another(before)
    elif request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            asked = testimony_ask(
                registration=registration,
                actor=request.user,
                form_key=said["form_key"],
                words=said["words"],
                criteria=said["criteria"],
                setting=said["setting"],
                witness=form.witness(),
                name=said["name"],
                email=said["email"],
                as_observation=said.get("as_observation", False),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            say_sent(request, asked)
            return redirect("portfolio:testimony_request", centre=centre, asked=asked.uuid)
    context = {"registration": registration, "form": form, "unit": request.GET.get("unit", "")}
    return render(request, "portfolio/testimony/ask.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def testimony_request(request: SignedInRequest, centre: UUID, asked: UUID) -> HttpResponse:
    """Show a request and its link to those who may ask; withdraw it, or send the link again."""
    found = _request(request, centre, asked)
    registration = found.witness.registration
    may_ask = may_handle_request(request.user, found)
    if request.method == "POST":
        if not may_ask:
            raise PermissionDenied
        if "again" in request.POST and stands(found) == Stands.OPEN:
            request_send_again(request=found, actor=request.user)
            say_sent(request, found)
        elif "withdraw" in request.POST:
            _withdraw(request, found)
        return redirect("portfolio:testimony_request", centre=centre, asked=asked)
    form_data(request)  # says that nothing was done, when their session had ended
    is_open = stands(found) == Stands.OPEN
    link = link_of(found) if may_ask and is_open else ""
    context = {
        "registration": registration,
        "asked": found,
        "word": stands(found).value,
        "is_open": is_open,
        "may_ask": may_ask,
        "link": link,
        "taken_down": getattr(found, "taken_down", None),
        "letter": found.letters.order_by("-pk").first(),
        "qr": qr_code(link) if link else "",
        "units": criteria_named(registration, found.criteria),
    }
    return render(request, "portfolio/testimony/request.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: SignedInRequest, centre: UUID, evidence: UUID) -> HttpResponse:
    """Add to a testimony how the witness was reached, and what the assessor has to say or to ask."""
    visible = Testimony.objects.filter(PortfolioOpen(request.user, "evidence__registration__")).select_related(
        "evidence__registration__centre", "evidence__registration__candidate", "evidence__witness"
    )
    found = get_object_or_404(visible, evidence__registration__centre__uuid=centre, evidence__uuid=evidence)
    if not may_note_testimony(request.user, found.evidence.registration):
        raise PermissionDenied
    form = NoteForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            testimony_note(testimony=found, actor=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Saved. It stands beside the testimony.")
            return redirect("portfolio:evidence", centre=centre, evidence=evidence)
    return render(request, "portfolio/testimony/note.html", {"testimony": found, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: SignedInRequest, centre: UUID, witness: UUID) -> HttpResponse:
    """Accept a witness as an expert in the work they saw."""
    visible = Witness.objects.filter(PortfolioOpen(request.user, "registration__")).select_related(
        "registration__centre", "registration__candidate"
    )
    found = get_object_or_404(visible, registration__centre__uuid=centre, uuid=witness)
    if not may_note_testimony(request.user, found.registration):
        raise PermissionDenied
    onward = redirect("portfolio:witnesses", centre=centre, portfolio=found.registration.uuid)
    form = StandingForm(form_data(request))
    if standing_accepted(found):
        messages.info(request, f"{found} is accepted as an expert already.")
        return onward
    if request.method == "POST" and form.is_valid():
        standing_accept(witness=found, actor=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, f"{found} is accepted as an expert.")
        return onward
    return render(request, "portfolio/testimony/accept.html", {"witness": found, "form": form})


def _registration(request: SignedInRequest, centre: UUID, portfolio: UUID) -> Registration:
    visible = Registration.objects.visible_to(request.user).select_related("centre", "candidate")
    return get_object_or_404(visible, centre__uuid=centre, uuid=portfolio)


def _request(request: SignedInRequest, centre: UUID, asked: UUID) -> TestimonyRequest:
    visible = TestimonyRequest.objects.visible_to(request.user).select_related(
        "witness__registration__centre",
        "witness__registration__candidate",
        "asked_by",
        "testimony__evidence",
        "taken_down",
    )
    return get_object_or_404(visible, witness__registration__centre__uuid=centre, uuid=asked)


def _withdraw(request: SignedInRequest, asked: TestimonyRequest) -> None:
    try:
        request_withdraw(request=asked, actor=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"The request to {asked.witness} is withdrawn. Its link works no more.")
