"""Sends the list of witnesses of a portfolio, and a blank testimony, to print."""

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from centres.http import SignedInRequest
from portfolio.files.file_types import clean_name
from portfolio.models import CandidateUnit, Registration
from portfolio.testimony.blank_on_paper import BlankTestimony, blank_testimony_of, blank_testimony_pdf
from portfolio.testimony.list_on_paper import WitnessListOnPaper, witness_list_on_paper, witness_list_pdf
from printing.taking_turns import print_in_turn


@require_safe
@cache_control(private=True, no_store=True)
def witness_list(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Send the list of witnesses as a PDF."""
    visible = Registration.objects.visible_to(request.user).select_related("centre", "candidate", "qualification")
    registration = get_object_or_404(visible, centre__uuid=centre, uuid=portfolio)
    return print_in_turn(request, partial(_list_sent, witness_list_on_paper(registration)))


def _list_sent(printed: WitnessListOnPaper) -> HttpResponse:
    return _sent(witness_list_pdf(printed), f"Witnesses {printed.candidate}.pdf")


@require_safe
@cache_control(private=True, no_store=True)
def blank_testimony(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Send a blank testimony for a unit as a PDF."""
    visible = (
        CandidateUnit.objects.visible_to(request.user)
        .taken()
        .select_related("revision__unit", "registration__centre", "registration__candidate")
    )
    found = get_object_or_404(visible, registration__centre__uuid=centre, uuid=unit)
    return print_in_turn(request, partial(_blank_sent, blank_testimony_of(found)))


def _blank_sent(printed: BlankTestimony) -> HttpResponse:
    return _sent(blank_testimony_pdf(printed), f"Testimony {printed.unit} {printed.candidate}.pdf")


def _sent(pdf: bytes, name: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    name = clean_name(name.replace("/", "-").replace("\\", "-"))
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
