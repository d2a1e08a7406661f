"""Sends the feedback on a unit to print, to everybody who sees the portfolio."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from assessments.feedback.on_paper import feedback_paper
from assessments.lookup import unit_or_404
from centres.http import SignedInRequest
from printing.papers import paper_pdf
from printing.sending import send_pdf


@require_safe
def unit_feedback(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Send all that was said of a unit and of the evidence in it, as a PDF."""
    found = unit_or_404(request, centre, unit)
    paper = feedback_paper(found)
    return send_pdf(request, lambda: paper_pdf(paper), name=paper.title)
