"""Sends a testimony, the list of witnesses of a portfolio, and a blank testimony, to print."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from centres.http import SignedInRequest
from portfolio.files.lookup import lost_page
from portfolio.files.services import WRITTEN, BytesLost
from portfolio.models import CandidateUnit, EvidenceFile, Registration, Testimony
from portfolio.models.registrations import PortfolioOpen
from portfolio.testimony import list_on_paper
from portfolio.testimony.blank_on_paper import blank_testimony_of, blank_testimony_pdf
from portfolio.testimony.given_on_paper import RELATED, testimony_on_paper
from printing.papers import paper_pdf
from printing.sending import send_pdf


@require_safe
def testimony(request: SignedInRequest, centre: UUID, evidence: UUID) -> HttpResponse:
    """Send a given testimony as a PDF."""
    visible = Testimony.objects.filter(PortfolioOpen(request.user, "evidence__registration__"))
    of_it = {"evidence__registration__centre__uuid": centre, "evidence__uuid": evidence}
    found = get_object_or_404(visible.select_related(*RELATED), **of_it)
    try:
        paper = testimony_on_paper(found)
    except BytesLost as error:
        file = EvidenceFile.objects.filter(version__evidence=found.evidence_id, name=WRITTEN).latest("pk")
        return lost_page(request, file, error)
    return send_pdf(request, lambda: paper_pdf(paper), name=paper.title)


@require_safe
def witness_list(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Send the list of witnesses as a PDF."""
    visible = Registration.objects.visible_to(request.user).select_related("centre", "candidate", "qualification")
    registration = get_object_or_404(visible, centre__uuid=centre, uuid=portfolio)
    paper = list_on_paper.witness_list(registration)
    return send_pdf(request, lambda: paper_pdf(paper), name=f"Witnesses {registration.candidate.name}")


@require_safe
def blank_testimony(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Send a blank testimony for a unit as a PDF."""
    visible = (
        CandidateUnit.objects.visible_to(request.user)
        .taken()
        .select_related("revision__unit", "registration__centre", "registration__candidate")
    )
    found = get_object_or_404(visible, registration__centre__uuid=centre, uuid=unit)
    printed = blank_testimony_of(found)
    name = f"Testimony {printed.unit} {printed.candidate}"
    return send_pdf(request, lambda: blank_testimony_pdf(printed), name=name)
