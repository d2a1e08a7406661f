"""Sends the Candidate Recording Form: a draft or the final form, as it is kept. No request waits for a printer."""

import logging
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from assessments.lookup import unit_or_404
from assessments.models import FinalForm, Signature
from assessments.recording_form.drafts import WAITING_AT_MOST, TooManyDrafts, draft_ask, draft_document, draft_kept
from assessments.recording_form.services import is_late
from centres.http import SignedInRequest
from portfolio.files.services import open_stored, stored_file_is_intact
from portfolio.models import CandidateUnit
from printing.sending import pdf_response

logger = logging.getLogger("countersign.files")


@require_GET
@cache_control(private=True, no_store=True)
def form(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Send the form of the unit as it stands: the final one once it is verified, until then a draft, or its waiting."""
    found = unit_or_404(request, centre, unit)
    signature = _final_signatures(found).filter(superseded_at__isnull=True).first()
    if signature:
        return _final(request, found, signature)
    draft = draft_kept(draft_document(found))
    if draft is not None:
        return pdf_response(draft, name=f"{_name(found)} draft")
    context: dict[str, object] = {"unit": found}
    try:
        context["has_failed"] = draft_ask(unit=found, actor=request.user)
    except TooManyDrafts:
        context["too_many"] = WAITING_AT_MOST
    status = 429 if "too_many" in context else 200
    return render(request, "assessments/recording_form/being_printed.html", context, status=status)


@require_GET
@cache_control(private=True, no_store=True)
def final_form(request: SignedInRequest, centre: UUID, unit: UUID, signature: UUID) -> HttpResponse:
    """Send the final form of a countersignature or its confirmation, whatever has become of the unit since."""
    found = unit_or_404(request, centre, unit)
    return _final(request, found, get_object_or_404(_final_signatures(found), uuid=signature))


def _final_signatures(unit: CandidateUnit) -> QuerySet[Signature]:
    return Signature.objects.final().filter(unit_version__candidate_unit=unit)


def _final(request: SignedInRequest, unit: CandidateUnit, signature: Signature) -> HttpResponse:
    kept = FinalForm.objects.select_related("stored_file__centre").filter(signature=signature).first()
    if kept is None:
        raise Http404
    if kept.stored_file is None:
        if not is_late(kept):  # otherwise the unit's page says what to do
            messages.info(request, "The final form is not made yet. Look again in a moment.")
        return redirect("assessments:unit", centre=unit.registration.centre.uuid, unit=unit.uuid)
    if not stored_file_is_intact(kept.stored_file):
        logger.error("The final form of signature %s is not what was stored", signature.uuid)
        return render(request, "assessments/recording_form/form_lost.html", {"unit": unit}, status=404)
    with open_stored(kept.stored_file) as file:
        number = signature.unit_version.number
        name = f"{_name(unit)} version {number}" if number > 1 else _name(unit)
        return pdf_response(file.read(), name=name)


def _name(unit: CandidateUnit) -> str:
    return f"{unit.revision.unit.code} {unit.registration.candidate.name}"
