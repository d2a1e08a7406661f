"""The page of what waits for the worker in a centre."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from centres.http import SignedInRequest
from centres.version import VERSION
from centres.views.lookup import coordinated_centre_or_404
from portfolio.models import WaitingWork
from portfolio.what_waits.selectors import what_waits


@require_safe
def waiting(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Show what waits for whom, to the coordinator: what is asked for in this centre alone."""
    at = coordinated_centre_or_404(request, centre)
    rows = what_waits(WaitingWork.objects.filter(centre=at))
    shown = {"centre": at, "rows": rows, "now": timezone.now(), "release": VERSION}
    return render(request, "portfolio/what_waits/waiting.html", shown)
