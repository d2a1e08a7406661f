"""Finds the file that an address names, for those who may see it, and says so where its content is lost."""

import logging
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from portfolio.files.file_types import clean_name
from portfolio.files.services import BytesLost
from portfolio.models import EvidenceFile

logger = logging.getLogger("countersign.files")


def file_or_404(request: HttpRequest, centre: UUID, file: UUID) -> EvidenceFile:
    """Return the file, if the person may see it."""
    return get_object_or_404(
        EvidenceFile.objects.visible_to(request.user).select_related("stored_file__centre"),
        uuid=file,
        version__evidence__registration__centre__uuid=centre,
    )


def lost_page(request: HttpRequest, file: EvidenceFile, error: BytesLost) -> HttpResponse:
    """Say that the content of the file is not there as it was stored."""
    logger.error("The file %s cannot be given out: %s", file.uuid, error)
    return render(request, "portfolio/files/file_lost.html", {"name": clean_name(file.name)}, status=404)
