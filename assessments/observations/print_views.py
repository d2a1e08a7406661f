"""Sends a record to print: a signed one, or a blank for a hand."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from assessments.lookup import unit_or_404
from assessments.models import RecordKind
from assessments.observations.acknowledging_views import part_or_404
from assessments.observations.on_paper import blank_on_paper, record_pdf, signed_on_paper
from centres.http import SignedInRequest
from portfolio.models.evidence_number import evidence_number
from printing.sending import send_pdf


@require_safe
def signed_record(request: SignedInRequest, centre: UUID, evidence: UUID) -> HttpResponse:
    """Send a signed record as a PDF, to everybody who sees the portfolio."""
    part = part_or_404(request, centre, evidence)
    printed = signed_on_paper(part)
    if printed is None:
        raise Http404
    title = f"Evidence {evidence_number(part.evidence.number)} of {part.registration.candidate}"
    return send_pdf(request, lambda: record_pdf(printed, title=title), name=title)


@require_safe
def blank_record(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Send a blank with the criteria of a unit; `kind` in the address says of which kind."""
    found = unit_or_404(request, centre, unit)
    asked_for = request.GET.get("kind", "")
    kind = RecordKind(asked_for) if asked_for in RecordKind.values else RecordKind.OBSERVATION
    title = f"{kind.label}, {found.revision.unit.code} of {found.registration.candidate}"
    return send_pdf(request, lambda: record_pdf(blank_on_paper(found, kind), title=title), name=title)
