"""The page for a candidate on the spot, on the assessor's device: with their own password, or by a name they draw."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.models import RecordPart
from assessments.observations.acknowledging_views import part_or_404
from assessments.observations.forms import DrawnNameForm, OnTheSpotForm, SignatureForm
from assessments.observations.handed_over import hand_over, is_handed_over, page_of, take_back
from assessments.observations.selectors import words_of
from assessments.observations.services import acknowledge, name_draw
from centres.http import SignedInRequest
from centres.sign_in.password_again import password_again, require_password


@require_http_methods(["GET", "HEAD", "POST"])
def handed_over(request: SignedInRequest, centre: UUID, evidence: UUID) -> HttpResponse:
    """Hand the device over, let the candidate say that they have seen the record, and take the device back."""
    part = part_or_404(request, centre, evidence)
    if part.record.author_id != request.user.pk:
        raise PermissionDenied
    here = page_of(centre, evidence)
    pressed = request.POST
    if "hand" in pressed:
        hand_over(request, here)
        return redirect(here)
    if not is_handed_over(request):
        return render(request, "assessments/observations/hand_over.html", {"part": part})
    say = OnTheSpotForm(pressed if "say" in pressed else None)
    name = DrawnNameForm(pressed if "draw" in pressed else None, prefix="name")
    back = SignatureForm(pressed if "back" in pressed else None, prefix="assessor")
    if "say" in pressed and say.is_valid() and _say(request, part, say):
        return redirect(here)
    if "draw" in pressed and name.is_valid() and _draw(request, part, name):
        return redirect(here)
    if "back" in pressed and back.is_valid():
        try:
            with password_again(request):
                require_password(request.user, back.cleaned_data["password"])
        except ValidationError as refusal:
            back.add_error(None, refusal)
        else:
            take_back(request)
            messages.success(request, "You have the device back.")
            return redirect("assessments:observation", centre=centre, form_key=part.record.form_key)
    # The page is for the candidate: nothing of the assessor's frame stands around it.
    context: dict[str, object] = {"part": part, "written": words_of(part), "say": say, "name": name, "back": back}
    context |= {"user": AnonymousUser(), "whose": ""}
    return render(request, "assessments/observations/handed_over.html", context)


def _say(request: SignedInRequest, part: RecordPart, form: OnTheSpotForm) -> bool:
    """Save what the candidate says, or note on the form why not."""
    candidate = part.registration.candidate
    said = form.cleaned_data
    try:
        with password_again(request, candidate):
            acknowledge(part=part, actor=candidate, agrees=form.agrees, words=said["words"], password=said["password"])
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True


def _draw(request: SignedInRequest, part: RecordPart, form: DrawnNameForm) -> bool:
    """Save the name, or note on the form why not."""
    try:
        name_draw(part=part, actor=request.user, drawn=form.drawn)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True
