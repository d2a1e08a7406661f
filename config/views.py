"""Pages that belong to no app."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from config.interrupted import keep_form


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show the form again with what was typed, where the page was merely old (signed in again elsewhere).

    A request that another site sent is refused without keeping a word of it.
    """
    origin = urlsplit(request.headers.get("Origin", ""))
    if origin.netloc == request.get_host() and request.user.is_authenticated:
        keep_form(request)
        messages.warning(request, "That page was too old to be saved. Please check it and send it again.")
        return redirect(request.path)
    return render(request, "403.html", status=403)
