"""Finds the centre that an address names, for those who coordinate it."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from centres.http import SignedInRequest
from centres.models import Centre
from centres.permissions import may_coordinate


def coordinated_centre_or_404(request: SignedInRequest, centre: UUID) -> Centre:
    """Return the centre. Raises Http404 for an outsider, PermissionDenied for who does not coordinate it."""
    found = get_object_or_404(Centre.objects.visible_to(request.user), uuid=centre)
    if not may_coordinate(request.user, found):
        raise PermissionDenied
    return found
