"""Hands out the files of evidence, to those who may see them."""

import logging
import uuid
from typing import BinaryIO

from csp.constants import HEADER as CSP_HEADER
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portfolio.filetypes import CONTENT_TYPES, clean_name
from portfolio.models import EvidenceFile
from portfolio.services.files import BytesLost, open_stored, stored_file_is_intact

logger = logging.getLogger("countersign.files")

# An e-mail is a page of its own making: some programs show it as one.
_GIVEN_AS_THEY_ARE = CONTENT_TYPES - {"message/rfc822"}


@require_safe
@cache_control(private=True, no_store=True)
def file_download(request: HttpRequest, centre: uuid.UUID, file: uuid.UUID) -> HttpResponseBase:
    """Send a file as an attachment: never shown in the page's own name, whatever is in it."""
    evidence_file = get_object_or_404(
        EvidenceFile.objects.visible_to(request.user).select_related("stored_file__centre"),
        uuid=file,
        version__evidence__registration__centre__uuid=centre,
    )
    stored_file = evidence_file.stored_file
    name = clean_name(evidence_file.name)
    try:
        content = open_stored(stored_file)
        if not stored_file_is_intact(stored_file):  # nobody judges what the candidate did not send
            content.close()
            raise BytesLost(f"{stored_file.sha256}: other bytes than those that were stored")
    except BytesLost as error:
        logger.error("The file %s cannot be given out: %s", evidence_file.uuid, error)
        return render(request, "portfolio/file_lost.html", {"name": name}, status=404)
    known = stored_file.content_type in _GIVEN_AS_THEY_ARE
    return _attachment(content, name, stored_file.content_type if known else "application/octet-stream")


def _attachment(content: BinaryIO, name: str, content_type: str) -> FileResponse:
    response = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    # Should a browser show it after all, it does so without scripts and in an origin of its own.
    response[CSP_HEADER] = "sandbox; default-src 'none'"
    return response
