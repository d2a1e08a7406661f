"""The page on which a witness answers: whoever has the link, without an account."""

from typing import Any

from allauth.core import ratelimit
from csp.decorators import csp_update
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from centres.models import User
from portfolio.models import TestimonyRequest
from portfolio.testimony.forms import GiveForm
from portfolio.testimony.giving import RequestClosed, request_refuse, testimony_give
from portfolio.testimony.rules import Stands, stands
from portfolio.testimony.spoken import SpokenUploadHandler
from portfolio.testimony.tokens import digest_of

TOO_OFTEN = (
    "Too much was sent from here just now. Wait a minute, then press the button again. What you typed is kept, but a "
    "recording that you chose just now is not: choose it again."
)


# The secret in the address is what proves the sender, and no other site knows it. A browser that sends no referrer
# hides where a form came from as well, so the usual check would refuse every witness.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@csp_update({"media-src": "blob:"})  # type: ignore[arg-type]  # what is recorded in the page is listened to there
def give(request: HttpRequest, key: str) -> HttpResponse:
    """Show a witness what they are asked, and take what they saw."""
    requests = TestimonyRequest.objects.select_related(
        "witness__registration__centre", "witness__registration__candidate", "asked_by", "testimony", "taken_down"
    )
    found = get_object_or_404(requests, token_digest=digest_of(key))
    person = request.user if request.user.is_authenticated else None
    registration = found.witness.registration
    now_stands = stands(found)
    form = GiveForm(request=found)
    if request.method == "POST":
        # Nobody is signed in, so what a file may be and how often is said before anything of it is read.
        is_seldom = bool(ratelimit.consume(request, action="testimony"))
        takes = is_seldom and now_stands == Stands.OPEN and "spoken" in form.fields
        request.upload_handlers = [SpokenUploadHandler(request, takes=takes)]
        form = GiveForm(request.POST, request.FILES, request=found)
        try:
            if now_stands == Stands.OPEN and _take(form, person, is_seldom=is_seldom):
                return _private(redirect("testimony_give", key=key))
        except RequestClosed as closed:
            now_stands = closed.stands
    context = {
        "asked": found,
        "registration": registration,
        "candidate": registration.candidate,
        "stands": now_stands.name.lower(),
        "form": form,
        "typed": request.POST.get("words", "") if now_stands != Stands.OPEN else "",
        "is_candidates_device": person is not None and person.pk == registration.candidate_id,
    }
    return _alone(request, "portfolio/testimony/give.html", context)


def _take(form: GiveForm, person: User | None, *, is_seldom: bool) -> bool:
    """Take what was sent and return True, or note on the form why not. Raises RequestClosed."""
    if not is_seldom:
        form.add_error(None, TOO_OFTEN)
        return False
    if "refuse" in form.data and form.taken_down:
        request_refuse(request=form.request)
        return True
    form.keep_spoken()
    if not form.is_valid():
        return False
    try:
        testimony_give(request=form.request, given=form.given(), person=person)
    except ValidationError as refusal:
        form.refuse(refusal)
        return False
    return True


def _alone(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render a page that shows nothing of whoever is signed in in this browser: it may be lent to the witness."""
    nobody: dict[str, Any] = {"user": AnonymousUser(), "whose": None, "messages": []}
    return _private(render(request, template, {**context, **nobody}))


def _private(response: HttpResponse) -> HttpResponse:
    """Keep the address to the witness: it is told to no other site, and no search engine lists it."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
