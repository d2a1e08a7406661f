"""Finds whose record an address names, for those who may read it."""

from typing import NoReturn
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from centres.http import SignedInRequest
from centres.models import Centre, Role, User
from centres.permissions import roles_in
from centres.staff.permissions import is_staff, may_see_staff, may_see_staff_of


def centre_of_staff_or_404(request: SignedInRequest, centre: UUID) -> Centre:
    """Return the centre, for somebody who reads what is on record of all its staff. Raises PermissionDenied too."""
    at = get_object_or_404(Centre.objects.visible_to(request.user), uuid=centre)
    if not may_see_staff(request.user, at):
        _refuse(request.user, at)
    return at


def person_or_404(request: SignedInRequest, centre: UUID, person: UUID) -> tuple[Centre, User]:
    """Return the centre and who of its staff is meant. Raises PermissionDenied too."""
    at = get_object_or_404(Centre.objects.visible_to(request.user), uuid=centre)
    whom = get_object_or_404(User, uuid=person)
    if not may_see_staff_of(request.user, at, whom):
        _refuse(request.user, at)
    if not is_staff(whom, at):
        raise Http404
    return at, whom


def _refuse(user: User, centre: Centre) -> NoReturn:
    """To an external verifier it is as if it were not there: no visit of theirs is open."""
    if Role.EXTERNAL_VERIFIER in roles_in(user, centre):
        raise Http404
    raise PermissionDenied
