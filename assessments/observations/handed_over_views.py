"""The page for a candidate on the spot, on the assessor's device: with their own password, or by a name they draw."""

from functools import partial
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from assessments.models import RecordPart
from assessments.observations.acknowledging_views import part_or_404
from assessments.observations.forms import DrawnNameForm, OnTheSpotForm, SignatureForm
from assessments.observations.handed_over import hand_over, is_handed_over, page_of
from assessments.observations.on_the_spot import OF_NOBODY, device_back, say_on_the_spot
from assessments.observations.selectors import words_of
from assessments.observations.services import acknowledge, name_draw
from centres.http import SignedInRequest


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
        back_url = reverse("portfolio:evidence", args=[centre, evidence])
        context: dict[str, object] = {"candidate": part.registration.candidate, "back_url": back_url}
        return render(request, "assessments/observations/hand_over.html", context)
    say = OnTheSpotForm(pressed if "say" in pressed else None)
    name = DrawnNameForm(pressed if "draw" in pressed else None, prefix="name")
    back = SignatureForm(pressed if "back" in pressed else None, prefix="assessor")
    save = partial(acknowledge, part=part)
    if "say" in pressed and say.is_valid() and say_on_the_spot(request, say, part.registration.candidate, save):
        return redirect(here)
    if "draw" in pressed and name.is_valid() and _draw(request, part, name):
        return redirect(here)
    if "back" in pressed and back.is_valid() and device_back(request, back):
        return redirect("assessments:observation", centre=centre, form_key=part.record.form_key)
    context = {"part": part, "written": words_of(part), "say": say, "name": name, "back": back, **OF_NOBODY}
    return render(request, "assessments/observations/handed_over.html", context)


def _draw(request: SignedInRequest, part: RecordPart, form: DrawnNameForm) -> bool:
    """Save the name, or note on the form why not."""
    try:
        name_draw(part=part, actor=request.user, drawn=form.drawn)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True
