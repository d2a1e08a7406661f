"""Adding evidence without a connection: the page that a browser keeps for it, and the worker that shows it then.

The worker (`static/js/on_device/worker.js`) is a script of the site's root, so that one serves every portfolio. Each
page registers it for its own address alone.
"""

from pathlib import Path
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.forms import MultipleHiddenInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from centres.http import SignedInRequest
from portfolio.evidence.forms import EvidenceForm
from portfolio.models import Registration
from portfolio.permissions import authors_for

WORKER = "js/on_device/worker.js"


@require_safe
def add_offline(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Show the form for a new piece as a browser keeps it: without anyone's name, file or message."""
    visible = Registration.objects.visible_to(request.user).select_related("centre", "candidate")
    registration = get_object_or_404(visible, centre__uuid=centre, uuid=portfolio)
    authors = authors_for(request.user, registration)
    if not authors:
        raise PermissionDenied
    form = EvidenceForm(registration=registration, user=request.user, authors=authors)
    form.fields["kept"].widget = MultipleHiddenInput()
    nobody = {"user": AnonymousUser(), "messages": ()}
    context = nobody | {"registration": registration, "form": form, "is_offline": True}
    return render(request, "portfolio/evidence/evidence_add.html", context)


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Send the worker. Browsers ask for it again whenever they open a page of its, so that a new one is taken up."""
    path = finders.find(WORKER)
    if not isinstance(path, str):
        raise FileNotFoundError(f"There is no static file {WORKER}.")
    response = HttpResponse(Path(path).read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
