"""Takes word of what was opened: from the viewer, and from an assessor who saw a piece at the workplace."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from assessments.lookup import piece_or_404, unit_or_404
from assessments.openings.services import opening_add
from assessments.permissions import may_judge
from centres.http import SignedInRequest
from portfolio.models import EvidenceFile, EvidenceVersion


@require_POST
def file_opened(request: SignedInRequest, centre: UUID, file: UUID) -> HttpResponse:
    """Note that the person has this file in front of them; static/js/opened.js sends it."""
    found = get_object_or_404(
        EvidenceFile.objects.visible_to(request.user).not_removed().select_related("version__evidence__registration"),
        uuid=file,
        version__evidence__registration__centre__uuid=centre,
    )
    opening_add(version=found.version, actor=request.user, position=found.position)
    return HttpResponse(status=204)


@require_POST
def seen(request: SignedInRequest, centre: UUID, unit: UUID, evidence: UUID) -> HttpResponse:
    """Note that the assessor saw the piece where it is kept. `version` is the number of the one on the page."""
    found = unit_or_404(request, centre, unit)
    if not may_judge(request.user, found):
        raise PermissionDenied
    piece = piece_or_404(found, evidence).evidence
    number = request.POST.get("version", "")
    versions = EvidenceVersion.objects.filter(evidence=piece).select_related("evidence__registration")
    version = get_object_or_404(versions, number=number if number.isascii() and number.isdecimal() else 0)
    opening_add(version=version, actor=request.user, position=None)
    messages.success(request, "Noted that you saw it at the workplace.")
    return redirect("assessments:judge", centre=centre, unit=unit, evidence=evidence)
