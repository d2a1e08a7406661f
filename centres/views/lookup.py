"""Finds the centre that an address names, for its people and its coordinators."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from centres.context import shell_of
from centres.http import SignedInRequest
from centres.models import Centre, Membership
from centres.permissions import coordinates


def coordinated_centre_or_404(request: SignedInRequest, centre: UUID) -> Centre:
    """Return the centre. Raises Http404 for an outsider, PermissionDenied for an insider who does not coordinate it."""
    held = _held(request, centre)
    if not coordinates([membership.role for membership in held]):
        raise PermissionDenied
    return held[0].centre


def own_centre_or_404(request: SignedInRequest, centre: UUID) -> Centre:
    """Return the centre to whoever has a role in it. Raises Http404 for an outsider."""
    return _held(request, centre)[0].centre


def _held(request: SignedInRequest, centre: UUID) -> list[Membership]:
    held = [membership for membership in shell_of(request).memberships if membership.centre.uuid == centre]
    if not held:
        raise Http404
    return held
