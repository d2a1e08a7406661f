"""Sends the list of witnesses of a portfolio, to print."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from centres.http import SignedInRequest
from portfolio.models import Registration
from portfolio.testimony import list_on_paper
from printing.papers import paper_pdf
from printing.sending import send_pdf


@require_safe
def witness_list(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Send the list of witnesses as a PDF."""
    visible = Registration.objects.visible_to(request.user).select_related("centre", "candidate", "qualification")
    registration = get_object_or_404(visible, centre__uuid=centre, uuid=portfolio)
    paper = list_on_paper.witness_list(registration)
    return send_pdf(request, lambda: paper_pdf(paper), name=f"Witnesses {registration.candidate.name}")
