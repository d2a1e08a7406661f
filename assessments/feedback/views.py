"""The page on which an assessor gives feedback; the judging page sends its field here."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.feedback.forms import FeedbackForm
from assessments.feedback.selectors import feedback_on_piece, feedback_on_unit
from assessments.feedback.services import feedback_give
from assessments.lookup import piece_or_404, unit_or_404
from assessments.permissions import may_judge
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.policy.selectors import policy_of
from portfolio.models import CandidateUnit, Evidence


@require_http_methods(["GET", "HEAD", "POST"])
def unit_feedback(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Let an assessor say something of the unit."""
    return _feedback(request, unit_or_404(request, centre, unit), None)


@require_http_methods(["GET", "HEAD", "POST"])
def piece_feedback(request: SignedInRequest, centre: UUID, unit: UUID, evidence: UUID) -> HttpResponse:
    """Let an assessor say something of one piece of evidence in the unit."""
    found = unit_or_404(request, centre, unit)
    return _feedback(request, found, piece_or_404(found, evidence).evidence)


def _feedback(request: SignedInRequest, unit: CandidateUnit, evidence: Evidence | None) -> HttpResponse:
    if not may_judge(request.user, unit):
        raise PermissionDenied
    form = FeedbackForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            feedback_give(unit=unit, actor=request.user, evidence=evidence, words=form.cleaned_data["words"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Said. They read it on their first page.")
            centre = unit.registration.centre.uuid
            if evidence:
                return redirect("assessments:judge", centre=centre, unit=unit.uuid, evidence=evidence.uuid)
            return redirect("assessments:unit", centre=centre, unit=unit.uuid)
    context = {
        "unit": unit,
        "evidence": evidence,
        "form": form,
        "sentences": policy_of(unit.registration.centre).feedback_sentences.splitlines(),
        "said": feedback_on_piece(evidence) if evidence else feedback_on_unit(unit),
    }
    return render(request, "assessments/feedback/feedback.html", context)
