"""The device handed to the candidate: until its assessor takes it back, their session shows one page and no other."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

SESSION_KEY = "handed_over"  # what the session holds meanwhile: the address of the page
PAGE = "assessments:handed_over"
ASK_WHO_IS_THERE = {"whose", "health", "capture_worker"}  # answered as if nobody were signed in


class HandedOverMiddleware:
    """Leads every request of a session that is handed over back to the one page; who forgets their password signs out.

    Pages that the browser remembers ask who is signed in, and go away when it is nobody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple, kwargs: dict
    ) -> HttpResponseBase | None:
        page = request.session.get(SESSION_KEY)
        if not page:
            return None
        asked_for = request.resolver_match.view_name if request.resolver_match else ""
        if asked_for in ASK_WHO_IS_THERE:
            request.user = AnonymousUser()
            return None
        if asked_for == "account_logout" or request.path == page:
            request.is_led = True  # type: ignore[attr-defined]  # nothing else leads them anywhere
            return None
        return HttpResponseRedirect(page)


def hand_over(request: HttpRequest, page: str) -> None:
    """Show only this page in the session from now on."""
    request.session[SESSION_KEY] = page


def is_handed_over(request: HttpRequest) -> bool:
    """Whether the session shows but one page."""
    return SESSION_KEY in request.session


def take_back(request: HttpRequest) -> None:
    """Show everything again."""
    request.session.pop(SESSION_KEY, None)


def page_of(centre: Any, evidence: Any) -> str:
    """The address of the page for a record of this piece."""
    return reverse(PAGE, kwargs={"centre": centre, "evidence": evidence})
