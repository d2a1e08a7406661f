"""A coordinator's page about the centre itself."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from centres.http import SignedInRequest
from centres.views.lookup import coordinated_centre_or_404


@require_safe
def centre(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Show what is on record of the centre, and lead to its policy."""
    return render(request, "centres/centre.html", {"centre": coordinated_centre_or_404(request, centre)})
