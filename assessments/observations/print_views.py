"""Sends a record to print: a signed one, or a blank for a hand."""

from functools import partial
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from assessments.lookup import unit_or_404
from assessments.models import RecordKind
from assessments.observations.acknowledging_views import part_or_404
from assessments.observations.on_paper import RecordOnPaper, blank_on_paper, record_pdf, signed_on_paper
from centres.http import SignedInRequest
from portfolio.files.file_types import clean_name
from portfolio.models.evidence_number import evidence_number
from printing.taking_turns import print_in_turn


@require_safe
@cache_control(private=True, no_store=True)
def signed_record(request: SignedInRequest, centre: UUID, evidence: UUID) -> HttpResponse:
    """Send a signed record as a PDF, to everybody who sees the portfolio."""
    part = part_or_404(request, centre, evidence)
    printed = signed_on_paper(part)
    if printed is None:
        raise Http404
    title = f"Evidence {evidence_number(part.evidence.number)} of {part.registration.candidate}"
    return print_in_turn(request, partial(_sent, printed, title))


@require_safe
@cache_control(private=True, no_store=True)
def blank_record(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Send a blank with the criteria of a unit; `kind` in the address says of which kind."""
    found = unit_or_404(request, centre, unit)
    asked_for = request.GET.get("kind", "")
    kind = RecordKind(asked_for) if asked_for in RecordKind.values else RecordKind.OBSERVATION
    title = f"{kind.label}, {found.revision.unit.code} of {found.registration.candidate}"
    return print_in_turn(request, partial(_sent, blank_on_paper(found, kind), title))


def _sent(printed: RecordOnPaper, title: str) -> HttpResponse:
    response = HttpResponse(record_pdf(printed, title=title), content_type="application/pdf")
    name = clean_name(f"{title}.pdf".replace("/", "-").replace("\\", "-"))
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
