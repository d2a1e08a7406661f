"""Sends what was written in the page as a document of its own, to print."""

from functools import partial

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from centres.http import SignedInRequest
from portfolio.evidence.written_on_paper import WrittenOnPaper, written_on_paper, written_pdf
from portfolio.files.file_types import clean_name
from portfolio.files.lookup import lost_page, of_a_file
from portfolio.files.services import BytesLost
from portfolio.files.written import written_shown
from portfolio.models import EvidenceFile
from printing.taking_turns import print_in_turn


@require_safe
@cache_control(private=True, no_store=True)
@of_a_file
def written_print(request: SignedInRequest, found: EvidenceFile) -> HttpResponse:
    """Send what was written in the page as a PDF."""
    try:
        written = written_shown(found)
    except BytesLost as error:
        return lost_page(request, found, error)
    if written is None:
        raise Http404
    return print_in_turn(request, partial(_sent, written_on_paper(found, written.parts)))


def _sent(printed: WrittenOnPaper) -> HttpResponse:
    response = HttpResponse(written_pdf(printed), content_type="application/pdf")
    name = clean_name(f"{printed.heading} {printed.whose}.pdf".replace("/", "-").replace("\\", "-"))
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
