"""The button on a first-time hint."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from centres.http import SignedInRequest
from centres.services.hints import hint_dismiss


@require_POST
def dismiss(request: SignedInRequest, hint: str) -> HttpResponse:
    """Dismiss the hint for good, and go on to the home page."""
    try:
        hint_dismiss(hint=hint, actor=request.user)
    except ValidationError as unknown:
        raise Http404 from unknown
    return redirect("home")
