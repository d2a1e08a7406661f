"""The page on which the candidate says that they have seen what was recorded of them."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from assessments.models import RecordPart
from assessments.observations.forms import AcknowledgeForm
from assessments.observations.selectors import part_of, words_of
from assessments.observations.services import acknowledge
from centres.http import SignedInRequest
from centres.interrupted import form_data
from portfolio.models import Evidence


@require_http_methods(["GET", "HEAD", "POST"])
def seen(request: SignedInRequest, centre: UUID, evidence: UUID) -> HttpResponse:
    """Show the record to its candidate, and take what they say of it."""
    part = part_or_404(request, centre, evidence)
    if part.registration.candidate_id != request.user.pk:
        raise PermissionDenied
    form = AcknowledgeForm(form_data(request))
    if hasattr(part, "acknowledgement"):
        messages.info(request, "You have said already that you saw this.")
        return redirect("portfolio:evidence", centre=centre, evidence=evidence)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            acknowledge(part=part, actor=request.user, agrees=form.agrees, words=said["words"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Thank you. What you said is part of the record.")
            return redirect("portfolio:evidence", centre=centre, evidence=evidence)
    context = {"part": part, "written": words_of(part), "form": form}
    return render(request, "assessments/observations/acknowledge.html", context)


def part_or_404(request: SignedInRequest, centre: UUID, evidence: UUID) -> RecordPart:
    """The record behind a piece, for those who see the portfolio. Raises Http404, also for a piece that is none."""
    visible = Evidence.objects.visible_to(request.user).filter(registration__centre__uuid=centre)
    part = part_of(get_object_or_404(visible, uuid=evidence).pk)
    if part is None:
        raise Http404
    return part
