"""What the pages for a candidate on their assessor's device do: save what they say, and give the device back."""

from collections.abc import Callable

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from assessments.observations.forms import OnTheSpotForm, SignatureForm
from assessments.observations.handed_over import take_back
from centres.http import SignedInRequest
from centres.models import User

TOO_OFTEN = "That was a wrong password too often. Wait a minute, then try again."
# The page is for the candidate: nothing of the assessor's frame stands around it.
OF_NOBODY: dict[str, object] = {"user": AnonymousUser(), "whose": ""}


def say_on_the_spot(
    request: SignedInRequest, form: OnTheSpotForm, candidate: User, save: Callable[..., object]
) -> bool:
    """Save what the candidate says, or note on the valid form why not. `save` takes their password too."""
    said = form.cleaned_data
    if not ratelimit.consume(request, action="reauthenticate", user=candidate):
        form.add_error("password", TOO_OFTEN)
        return False
    try:
        save(actor=candidate, agrees=form.agrees, words=said["words"], password=said["password"])
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    ratelimit.clear(request, action="reauthenticate", user=candidate)
    return True


def device_back(request: SignedInRequest, form: SignatureForm) -> bool:
    """Give the assessor the device back, or note on the valid form that this is not their password."""
    person, password = request.user, form.cleaned_data["password"]
    if not ratelimit.consume(request, action="reauthenticate", user=person) or not person.check_password(password):
        form.add_error("password", "That is not your password.")
        return False
    ratelimit.clear(request, action="reauthenticate", user=person)
    take_back(request)
    messages.success(request, "You have the device back.")
    return True
