"""What the pages for a candidate on their assessor's device do: save what they say, and give the device back."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from assessments.observations.forms import OnTheSpotForm, SignatureForm
from assessments.observations.handed_over import take_back
from centres.http import SignedInRequest
from centres.models import User
from centres.sign_in.password_again import password_again, require_password

# The page is for the candidate: nothing of the assessor's frame stands around it.
OF_NOBODY: dict[str, object] = {"user": AnonymousUser(), "whose": ""}


def say_on_the_spot(
    request: SignedInRequest, form: OnTheSpotForm, candidate: User, save: Callable[..., object]
) -> bool:
    """Save what the candidate says, or note on the valid form why not. `save` takes their password too."""
    said = form.cleaned_data
    try:
        with password_again(request, candidate):
            save(actor=candidate, agrees=form.agrees, words=said["words"], password=said["password"])
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True


def device_back(request: SignedInRequest, form: SignatureForm) -> bool:
    """Give the assessor the device back, or note on the valid form that this is not their password."""
    try:
        with password_again(request):
            require_password(request.user, form.cleaned_data["password"])
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    take_back(request)
    messages.success(request, "You have the device back.")
    return True
