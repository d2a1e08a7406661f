"""Sends a plan or a review to print: a signed one, or a blank for a hand."""

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from assessments.models import SheetKind
from assessments.plans.on_paper import SheetOnPaper, blank_on_paper, sheet_pdf, signed_on_paper
from assessments.plans.views import registration_or_404, sheet_or_404
from centres.http import SignedInRequest
from portfolio.files.file_types import clean_name
from printing.taking_turns import print_in_turn


@require_safe
@cache_control(private=True, no_store=True)
def signed_sheet(request: SignedInRequest, centre: UUID, sheet: UUID) -> HttpResponse:
    """Send a signed plan or review as a PDF, to everybody who sees the portfolio."""
    found = sheet_or_404(request, centre, sheet)
    title = f"{found} of {found.registration.candidate}"
    return print_in_turn(request, partial(_sent, signed_on_paper(found), title))


@require_safe
@cache_control(private=True, no_store=True)
def blank_sheet(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Send a blank with the centre's headings; `kind` in the address says of which kind."""
    registration = registration_or_404(request, centre, portfolio)
    asked_for = request.GET.get("kind", "")
    kind = SheetKind(asked_for) if asked_for in SheetKind.values else SheetKind.PLAN
    printed = blank_on_paper(registration, kind)
    return print_in_turn(request, partial(_sent, printed, f"{printed.title} of {registration.candidate}"))


def _sent(printed: SheetOnPaper, title: str) -> HttpResponse:
    response = HttpResponse(sheet_pdf(printed, title=title), content_type="application/pdf")
    name = clean_name(f"{title}.pdf".replace("/", "-").replace("\\", "-"))
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
