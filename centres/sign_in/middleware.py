"""Leads whoever must use a second step, and has none, to the page that sets one up, before any other page opens."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from centres.context import shell_of
from centres.interrupted import is_of_a_script, keep_form, page_it_was_typed_on
from centres.sign_in.second_step import asking_for_second_step

SESSION_KEY = "page_before_second_step"
REASON = "Your centre asks you for a second step when you sign in, and it was not set up yet."


class SecondStepMiddleware:
    """Opens to them the pages of their account, and what is open to everybody; what they typed is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple, kwargs: dict
    ) -> HttpResponseBase | None:
        if not request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        if request.path.startswith(reverse("account")) or getattr(request, "is_led", False):
            return None  # is_led: by another middleware, to a page that must stay
        if not asking_for_second_step(shell_of(request).memberships):
            request.session.pop(SESSION_KEY, None)
            return None
        if is_of_a_script(request):
            return JsonResponse({"error": f"{REASON} Open any page to set it up."}, status=401)
        if request.method == "POST":
            keep_form(request, reason=REASON)
        if request.headers.get("Sec-Fetch-Dest", "document") == "document":
            request.session[SESSION_KEY] = (
                page_it_was_typed_on(request) if request.method == "POST" else request.get_full_path()
            )
        return redirect("mfa_index")


def page_before(request: HttpRequest) -> str:
    """Where the person was led away from; home if nowhere."""
    return request.session.get(SESSION_KEY) or reverse("home")
