"""A site with a page to type on, a button without a page, and pages that fail; beside the real addresses."""

import errno
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.views.decorators.http import require_POST

from centres.interrupted import form_data
from centres.models import Centre, Role
from centres.services.people import person_add
from config import urls

handler400, handler500 = urls.handler400, urls.handler500

PAGE = engines["django"].from_string(
    "{% extends 'base.html' %}{% block title %}A page{% endblock %}{% block content %}"
    "<form method=post enctype=multipart/form-data>{% csrf_token %}{{ form.as_p }}</form>{% endblock %}"
)


class Note(forms.Form):
    title = forms.CharField()
    words = forms.CharField(widget=forms.Textarea, required=False)
    password = forms.CharField(widget=forms.PasswordInput(render_value=True), required=False)


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.render({}, request))


def note(request: HttpRequest) -> HttpResponse:
    form = Note(form_data(request))
    if request.method == "POST" and form.is_valid():
        return HttpResponse("saved: " + form.cleaned_data["title"])
    return HttpResponse(PAGE.render({"form": form}, request))


def note_with_its_own_address(request: HttpRequest) -> HttpResponse:
    """A page whose form is sent to `send`."""
    return HttpResponse(PAGE.render({"form": Note(form_data(request, sent_to="/send/"))}, request))


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    return HttpResponse("sent")


def broken(request: HttpRequest, key: str) -> HttpResponse:
    raise RuntimeError("Key (email)=(pat@harbour.example) already exists")


def failing(request: HttpRequest, what: str) -> HttpResponse:
    raise {
        "disk": OSError(errno.ENOSPC, "No space left on device"),
        "full-database": OperationalError("database or disk is full"),
        "locked-database": OperationalError("database is locked"),
        "our-mistake": OperationalError("no such column: nothing"),
    }[what]


def done_and_failing(request: HttpRequest, what: str, centre: UUID) -> HttpResponse:
    """Give somebody a role, as a page of the site does, and fail before the answer is made."""
    said: Any = {"centre": Centre.objects.get(uuid=centre), "actor": request.user, "role": Role.ASSESSOR}
    with transaction.atomic():
        person_add(**said, name="Ned Newcomer", email="ned@harbour.example")
        if what == "rolled-back":
            raise RuntimeError
    if what == "suspicious":
        raise SuspiciousOperation
    return failing(request, what) if what == "disk" else broken(request, "")


def signed_out_meanwhile(request: HttpRequest) -> HttpResponse:
    """Show a page that keeps something in the session, while the person signs out in another tab."""
    request.session["kept"] = "this"
    Session.objects.all().delete()
    return home(request)


def closed(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


urlpatterns = [
    path("", home, name="home"),
    path("note/", note, name="note"),
    path("desk/", note_with_its_own_address, name="desk"),
    path("send/", send, name="send"),
    path("broken/<str:key>/", broken, name="broken"),
    path("closed/", closed, name="closed"),
    path("done-and-failing/<str:what>/<uuid:centre>/", done_and_failing, name="done_and_failing"),
    path("signed-out-meanwhile/", signed_out_meanwhile, name="signed_out_meanwhile"),
    path("failing/<str:what>/", failing, name="failing"),
    *urls.urlpatterns,
]
