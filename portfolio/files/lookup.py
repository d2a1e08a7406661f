"""Finds the file that an address names, for those who may see it, and says so where its content is lost or removed."""

import functools
import logging
from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from portfolio.files.file_types import clean_name
from portfolio.files.services import BytesLost
from portfolio.models import EvidenceFile, RemovedFile, StaffCertificate

WITH_ITS_PLACE = ("stored_file__centre", "version__evidence__registration__centre")

logger = logging.getLogger("countersign.files")


def file_or_404(request: HttpRequest, centre: UUID, file: UUID) -> EvidenceFile:
    """Return the file, if the person may see it, read `with_removal`."""
    return get_object_or_404(
        EvidenceFile.objects.visible_to(request.user).with_removal().select_related(*WITH_ITS_PLACE),
        uuid=file,
        version__evidence__registration__centre__uuid=centre,
    )


def of_a_file(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the view the file that its address names, unless it was removed: then say who did, when and why."""

    @functools.wraps(view)
    def send(request: HttpRequest, centre: UUID, file: UUID, **more: int) -> HttpResponseBase:
        found = file_or_404(request, centre, file)
        if found.removal_pk is None:
            return view(request, found, **more)
        removal = RemovedFile.objects.select_related("removed_by", "stored_file", "evidence__registration__centre")
        context = {"removal": removal.get(pk=found.removal_pk)}
        return render(request, "portfolio/files/file_removed.html", context, status=410)

    return send


def lost_page(request: HttpRequest, file: EvidenceFile | StaffCertificate, error: BytesLost) -> HttpResponse:
    """Say that the content of the file is not there as it was stored."""
    logger.error("The file %s cannot be given out: %s", file.uuid, error)
    return render(request, "portfolio/files/file_lost.html", {"name": clean_name(file.name)}, status=404)
