"""Brings back what a person typed when their session ended before they sent the form.

The middleware keeps the fields if nobody is signed in any more. After signing in, the person is led back to the
page, whose view asks `form_data` and finds them. Files cannot be kept: only the person can choose a file in a
browser, so the page says which to choose again. The same is done for a page that was merely too old to be
trusted (`config.views.csrf_failure`).
"""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

PERSON_COOKIE = "person"  # who last used this browser, so that nobody is shown another's words
SESSION_KEY = "interrupted_form"
KEPT_FOR = 3600  # seconds
KEPT_AT_MOST = 200_000  # characters
COOKIE_AGE = 30 * 24 * 3600  # seconds

SIGNED_OUT = "You had been signed out."
OLD_PAGE = "That page had been open for too long to be trusted."


class InterruptedFormMiddleware:
    """Keeps the fields of a form that arrives after the session has ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= 500:
            return response  # the database may be what failed
        if request.method == "GET" and response.status_code == 405:
            # For when signing in led back to an address that only takes forms.
            return _lead_back_to_the_page(request) if _kept(request) else _nothing_to_show(request)
        if request.user.is_authenticated:
            self._know_the_person(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple, kwargs: dict
    ) -> HttpResponseBase | None:
        if request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        if is_of_a_script(request):
            return JsonResponse({"error": SIGNED_OUT}, status=401)
        if request.method == "POST":
            keep_form(request, reason=SIGNED_OUT)
        return None

    def _know_the_person(self, request: HttpRequest, response: HttpResponse) -> None:
        person = str(request.user.uuid)  # type: ignore[union-attr]
        kept = request.session.get(SESSION_KEY)
        if kept and kept["person"] != person:
            del request.session[SESSION_KEY]
        if request.get_signed_cookie(PERSON_COOKIE, default="") != person:
            response.set_signed_cookie(
                PERSON_COOKIE,
                person,
                max_age=COOKIE_AGE,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )


def is_of_a_script(request: HttpRequest) -> bool:
    """Whether a script of ours asks, and keeps what it sent itself: answers of somebody, or pieces of a file."""
    is_json = request.method == "POST" and request.content_type == "application/json"
    return is_json or "Tus-Resumable" in request.headers


def keep_form(request: HttpRequest, *, reason: str) -> None:
    """Keep the fields of this POST for the person who last used this browser.

    `reason` is the sentence that says why they were not taken. Passwords are never kept. If the whole is longer
    than KEPT_AT_MOST it is dropped, and the person is told so.
    """
    person = request.get_signed_cookie(PERSON_COOKIE, default="")
    if not person:
        return
    fields = {name: values for name, values in request.POST.lists() if _may_be_kept(name)}
    too_long = sum(len(value) for values in fields.values() for value in values) > KEPT_AT_MOST
    request.session[SESSION_KEY] = {
        "path": request.path,
        "page": page_it_was_typed_on(request),
        "person": person,
        "reason": reason,
        "fields": {} if too_long else fields,
        "too_long": too_long,
        "files": [file.name for name in request.FILES for file in request.FILES.getlist(name)],
        "kept_at": int(time.time()),
    }


def form_data(request: HttpRequest, *, sent_to: str | None = None) -> QueryDict | None:
    """Return the data for a form: the POST, or what was kept for this page, or None.

    A page whose form is sent to another address than its own names that address in `sent_to`. What was kept is
    given once, only to the person who typed it, with a message that it is back and not saved.
    """
    if request.method == "POST":
        return request.POST
    kept = _kept(request)
    if not kept or kept["path"] != (sent_to or request.path):
        return None
    del request.session[SESSION_KEY]
    if kept["too_long"]:
        messages.error(
            request,
            f"{kept['reason']} What you typed was too long to be kept, and it was not saved. "
            "Go back in your browser: it may still stand there to be copied.",
        )
        return None
    if not kept["fields"] and not kept["files"]:
        messages.warning(request, f"{kept['reason']} Nothing was saved; please do it again.")
        return None
    sentence = f"{kept['reason']} What you typed is back; it is not saved yet."
    if kept["files"]:
        sentence += f" Please choose your files again: {', '.join(kept['files'])}."
    messages.warning(request, sentence)
    data = QueryDict(mutable=True)
    for name, values in kept["fields"].items():
        data.setlist(name, values)
    return data


def _kept(request: HttpRequest) -> dict[str, Any] | None:
    """What was kept for the person who is now signed in, unless it is too old."""
    if not request.user.is_authenticated:
        return None
    kept: dict[str, Any] | None = request.session.get(SESSION_KEY)
    if not kept or kept["person"] != str(request.user.uuid) or time.time() - kept["kept_at"] > KEPT_FOR:
        return None
    return kept


def _may_be_kept(name: str) -> bool:
    return name != "csrfmiddlewaretoken" and "password" not in name.lower()


def page_it_was_typed_on(request: HttpRequest) -> str:
    """The path of the page with the form, as the browser names it; else the path to which it was sent."""
    page = urlsplit(request.headers.get("Referer", ""))
    address = f"{page.path}?{page.query}" if page.query else page.path
    if page.netloc == request.get_host() and url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return address
    return request.path


def _lead_back_to_the_page(request: HttpRequest) -> HttpResponse:
    """Redirect from an address that only takes forms to the page with the form, or else home."""
    kept = request.session[SESSION_KEY]
    page = kept["page"] if urlsplit(kept["page"]).path != request.path else "/"
    if not any(kept["fields"].values()):
        del request.session[SESSION_KEY]  # a mere button: there is nothing to bring back
    messages.warning(request, f"{kept['reason']} What you wanted to do was not done; please do it again.")
    return redirect(page)


def _nothing_to_show(request: HttpRequest) -> HttpResponse:
    return render(request, "405.html", status=405)
