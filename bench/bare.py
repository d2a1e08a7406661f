"""The site with three addresses more: the bare page, and a file that comes and goes as plainly as can be."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.template import engines
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from centres.http import SignedInRequest
from centres.models import Centre, User
from config.urls import handler400, handler500
from config.urls import urlpatterns as urls_of_the_site
from portfolio.files.arriving import READ_AT_ONCE
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


@require_POST
def bare_upload(request: SignedInRequest) -> HttpResponse:
    """Take a file as plainly as can be: written, hashed and synced while it is read."""
    found = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=settings.INCOMING_DIR) as file:
        while chunk := request.read(READ_AT_ONCE):
            file.write(chunk)
            found.update(chunk)
        file.flush()
        os.fsync(file.fileno())
    return HttpResponse(found.hexdigest())


@require_safe
def bare_download(request: SignedInRequest, name: str) -> FileResponse:
    """Send a file of the store as plainly as can be."""
    return FileResponse(next(Path(settings.FILES_DIR).glob(f"*/*/{name}")).open("rb"))


urlpatterns = [
    path("bare/", bare, name="bare"),
    path("bare/upload/", bare_upload, name="bare_upload"),
    path("bare/download/<str:name>/", bare_download, name="bare_download"),
    *urls_of_the_site,
]
