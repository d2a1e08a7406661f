"""The page on which a witness answers: whoever has the link, without an account."""

from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portfolio.models import TestimonyRequest
from portfolio.testimony.forms import GiveForm
from portfolio.testimony.rules import Stands, stands
from portfolio.testimony.services import RequestClosed, testimony_give
from portfolio.testimony.tokens import digest_of

TOO_OFTEN = "Too much was sent from here just now. Wait a minute, then press the button again. What you typed is kept."


# The secret in the address is what proves the sender, and no other site knows it. A browser that sends no referrer
# hides where a form came from as well, so the usual check would refuse every witness.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, key: str) -> HttpResponse:
    """Show a witness what they are asked, and take what they saw."""
    requests = TestimonyRequest.objects.select_related(
        "witness__registration__centre", "witness__registration__candidate", "asked_by", "testimony"
    )
    found = get_object_or_404(requests, token_digest=digest_of(key))
    person = request.user if request.user.is_authenticated else None
    registration = found.witness.registration
    now_stands = stands(found)
    form = GiveForm(request.POST if request.method == "POST" else None, request=found)
    if request.method == "POST" and now_stands == Stands.OPEN and form.is_valid():
        if not ratelimit.consume(request, action="testimony"):
            form.add_error(None, TOO_OFTEN)
        else:
            try:
                testimony_give(request=found, given=form.given(), person=person)
            except RequestClosed as closed:
                now_stands = closed.stands
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                return _private(redirect("testimony_give", key=key))
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


def _alone(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render a page that shows nothing of whoever is signed in in this browser: it may be lent to the witness."""
    nobody: dict[str, Any] = {"user": AnonymousUser(), "whose": None, "messages": []}
    return _private(render(request, template, {**context, **nobody}))


def _private(response: HttpResponse) -> HttpResponse:
    """Keep the address to the witness: it is told to no other site, and no search engine lists it."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
