"""Brings back what a person typed when their session ended before they sent the form.

The middleware keeps the fields when nobody is signed in any more; after signing in, the person is led
back to the page, whose view asks `form_data` and finds them. Files cannot be kept: a browser lets
nobody but the person choose a file, so the page says which to choose again.
"""

import time
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict

PERSON_COOKIE = "person"  # whose browser this last was, so that nobody is shown another's words
SESSION_KEY = "interrupted_form"
KEPT_FOR = 3600  # seconds
KEPT_AT_MOST = 200_000  # characters
NEVER_KEPT = {"csrfmiddlewaretoken", "password"}
COOKIE_AGE = 30 * 24 * 3600  # seconds


class InterruptedFormMiddleware:
    """Keeps the fields of a form that arrives after the session has ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            person = str(request.user.uuid)
            if request.get_signed_cookie(PERSON_COOKIE, default="") != person:
                response.set_signed_cookie(
                    PERSON_COOKIE,
                    person,
                    max_age=COOKIE_AGE,
                    httponly=True,
                    samesite="Lax",
                    secure=request.is_secure(),
                )
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple, kwargs: dict
    ) -> HttpResponseBase | None:
        needs_sign_in = getattr(view, "login_required", True)
        if request.method == "POST" and needs_sign_in and not request.user.is_authenticated:
            keep_form(request)
        return None


def keep_form(request: HttpRequest) -> None:
    """Keep the fields of the POST at hand for the person whose browser this last was."""
    person = request.get_signed_cookie(PERSON_COOKIE, default="")
    fields = {name: values for name, values in request.POST.lists() if name not in NEVER_KEPT}
    size = sum(len(value) for values in fields.values() for value in values)
    if not person or size > KEPT_AT_MOST:
        return
    request.session[SESSION_KEY] = {
        "path": request.path,
        "person": person,
        "fields": fields,
        "files": [file.name for name in request.FILES for file in request.FILES.getlist(name)],
        "kept_at": int(time.time()),
    }


def form_data(request: HttpRequest) -> QueryDict | None:
    """Return what a form is to be bound to: the POST, or what was kept for this page, or None."""
    if request.method == "POST":
        return request.POST
    kept = request.session.get(SESSION_KEY)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[SESSION_KEY]
    if kept["person"] != str(request.user.uuid) or time.time() - kept["kept_at"] > KEPT_FOR:
        return None
    data = QueryDict(mutable=True)
    for name, values in kept["fields"].items():
        data.setlist(name, values)
    message = "You had been signed out. What you typed is back; it is not saved yet."
    if kept["files"]:
        message += f" Please choose your files again: {', '.join(kept['files'])}."
    messages.warning(request, message)
    return data
