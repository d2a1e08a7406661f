"""The site with one page more: the bare one, beside which all others are measured."""

from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.views.decorators.http import require_safe

from centres.http import SignedInRequest
from centres.models import Centre, User
from config.urls import handler400, handler500
from config.urls import urlpatterns as urls_of_the_site
from portfolio.models import Registration
from standards.models import Unit

__all__ = ["handler400", "handler500", "urlpatterns"]

TEMPLATE = engines["django"].from_string(
    '{% extends "base.html" %}{% block title %}Bare{% endblock %}'
    "{% block content %}<h1>Bare</h1><p>{{ found }} things were found.</p>{% endblock %}"
)


@require_safe
def bare(request: SignedInRequest) -> HttpResponse:
    """Show next to nothing in the page shell.

    It makes 7 queries: the session, the person, the memberships of the shell, and these four by primary key.
    """
    found = [model.objects.get(pk=1) for model in (User, Centre, Registration, Unit)]
    return HttpResponse(TEMPLATE.render({"found": len(found)}, request))


urlpatterns = [path("bare/", bare, name="bare"), *urls_of_the_site]
