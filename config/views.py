"""Pages that belong to no app: what people read if something goes wrong."""

import errno
import sys
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static

from centres.context import shell_of
from centres.interrupted import OLD_PAGE, PERSON_COOKIE, keep_form
from centres.models import Role
from config.logs import request_id
from portfolio.files.uploads import FILES_AT_ONCE
from record.committed import committed
from verification.visits.selectors import why_nothing_is_open

ICON, FONT = "img/mark.svg", "inter/inter-latin-wght-normal.woff2"  # as templates/base.html has them
STYLE_SHEETS = ["bootstrap/css/bootstrap.min.css", "css/inter.css", "css/tokens.css", "css/countersign.css"]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show the form again with what was typed, if the page was merely old (signed in again elsewhere).

    A request from another site is refused, and nothing of it is kept.
    """
    if not _comes_from_here(request):
        return render(request, "old_page.html", status=403)
    if request.content_type == "application/json":  # a script of ours keeps what it sent, and sends it again
        return JsonResponse({"error": OLD_PAGE, "old_page": True}, status=403)
    match = request.resolver_match
    if match and match.url_name == "account_logout":
        return redirect(request.path)  # asks once more
    if match and getattr(match.func, "login_required", True):
        if request.user.is_authenticated or request.get_signed_cookie(PERSON_COOKIE, default=""):
            keep_form(request, reason=OLD_PAGE)
            return redirect(request.get_full_path())
    elif request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)  # signed in meanwhile, in another tab
    return render(request, "old_page.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that too much arrived at once, or that it was malformed."""
    too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    context = {"too_much": too_much, "most_files": FILES_AT_ONCE, "committed": committed.get()}
    return render(request, "400.html", context, status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is nothing here for the person, and to an external verifier that their visit has ended.

    They get that sentence for whatever they ask for in the centre, so it tells nothing of what is there.
    """
    return render(request, "404.html", {"visit": _visit_in_words(request)}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours, with its id in the log; or that the disk or the database has failed.

    If something was committed, the page says that it stands and that only the answer failed.
    It reads nothing of the request and uses no other template: what failed might fail again.
    """
    what_failed = _what_failed(sys.exc_info()[1])
    context = {"reference": request_id.get(), "look": _look(), "what_failed": what_failed, "committed": committed.get()}
    return HttpResponse(render_to_string("500.html", context), status=503 if what_failed else 500)


def _visit_in_words(request: HttpRequest) -> str:
    match = request.resolver_match
    centre = match.kwargs.get("centre") if match else None
    for held in shell_of(request).memberships if centre else ():
        if held.centre.uuid == centre and held.role == Role.EXTERNAL_VERIFIER:
            return why_nothing_is_open(held)
    return ""


def _what_failed(error: BaseException | None) -> str:
    """Return "disk" if it is full, "database" if it is away or busy, "" for a fault of the program."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "disk"
    if isinstance(error, OperationalError | InterfaceError):
        words = str(error)
        if "disk is full" in words or "No space left" in words:
            return "disk"
        return "" if "no such" in words else "database"  # SQLite calls a missing column operational, too
    return ""


def _look() -> dict[str, Any]:
    """The addresses of the style sheets; empty if the files were not collected, so that the page is plain."""
    try:
        return {"icon": static(ICON), "font": static(FONT), "style_sheets": [static(name) for name in STYLE_SHEETS]}
    except ValueError:
        return {}


def _comes_from_here(request: HttpRequest) -> bool:
    """Whether a page of this site sent the request. No other site can make a browser say so."""
    sender = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(sender).netloc == request.get_host()
