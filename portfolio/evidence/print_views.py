"""Sends what was written in the page as a document of its own, to print."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from centres.http import SignedInRequest
from portfolio.evidence.written_on_paper import written_on_paper, written_pdf
from portfolio.files.lookup import lost_page, of_a_file
from portfolio.files.services import BytesLost
from portfolio.files.written import written_shown
from portfolio.models import EvidenceFile, Testimony
from printing.sending import send_pdf


@require_safe
@of_a_file
def written_print(request: SignedInRequest, found: EvidenceFile) -> HttpResponse:
    """Send what was written in the page as a PDF; the words of a witness with all that stands beside them."""
    evidence = found.version.evidence
    if Testimony.objects.filter(evidence=evidence).exists():
        return redirect("portfolio:testimony_print", centre=evidence.registration.centre.uuid, evidence=evidence.uuid)
    try:
        written = written_shown(found)
    except BytesLost as error:
        return lost_page(request, found, error)
    if written is None:
        raise Http404
    printed = written_on_paper(found, written.parts)
    return send_pdf(request, lambda: written_pdf(printed), name=f"{printed.heading} {printed.whose}")
