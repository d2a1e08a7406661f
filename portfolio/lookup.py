"""Finds the portfolio that an address names, for those to whom it is open."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from centres.http import SignedInRequest
from portfolio.models import Registration


def registration_or_404(request: SignedInRequest, centre: UUID, portfolio: UUID) -> Registration:
    """Return the portfolio with its centre, candidate and chain. Raises Http404 for who may not see it."""
    visible = Registration.objects.visible_to(request.user).select_related("centre", "candidate", "chain")
    return get_object_or_404(visible, centre__uuid=centre, uuid=portfolio)
