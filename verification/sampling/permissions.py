"""Who may do what in sampling. Each question is one function, asked by screen and service alike."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from centres.context import shell_of
from centres.http import SignedInRequest
from centres.models import Centre, Role, User
from centres.permissions import roles_in
from portfolio.models import CandidateUnit, Capacity
from portfolio.people_on_unit import PeopleOn, people_on
from portfolio.permissions import capacity_among, capacity_in
from verification.models import Visit

READ_ALL = frozenset({Role.INTERNAL_VERIFIER, Role.EXTERNAL_VERIFIER, Role.COORDINATOR})
OVERSEES = frozenset({Role.INTERNAL_VERIFIER, Role.COORDINATOR})


def may_sample(user: User, unit: CandidateUnit) -> bool:
    """Only an internal verifier allocated to the unit samples it, and never who took part in it as assessor."""
    return samples_among(user, unit, people_on(unit))


def samples_among(user: User, unit: CandidateUnit, people: PeopleOn) -> bool:
    """The same of a unit whose people are known."""
    return capacity_among(user, unit, people) == Capacity.INTERNAL_VERIFIER and user not in people.kept_out


def may_read(user: User, unit: CandidateUnit) -> bool:
    """Who assesses or verifies the unit reads what was sampled, and who verifies or coordinates in the centre.

    From docs/contributors/domain.md, "Actions": what verifiers write about assessors is never shown to candidates.
    Nor is it to assessors who work on other units of the portfolio.
    """
    if unit.registration.candidate_id == user.pk:
        return False
    return bool(roles_in(user, unit.registration.centre) & READ_ALL) or capacity_in(user, unit) is not None


def may_set_policy(user: User, centre: Centre) -> bool:
    """The centre's coordinators and internal verifiers choose how it samples; each change says who it was."""
    return bool(roles_in(user, centre) & OVERSEES)


def may_plan(user: User, centre: Centre) -> bool:
    """An internal verifier plans for the units that they verify."""
    return Role.INTERNAL_VERIFIER in roles_in(user, centre)


def readable_centre_or_404(request: SignedInRequest, centre: UUID) -> tuple[Centre, bool]:
    """The same of whoever may read what is planned and done: an external verifier too, of all, while a visit is open.

    From docs/contributors/domain.md, "People": who visits changes nothing of it.
    """
    held = [one for one in shell_of(request).memberships if one.centre.uuid == centre]
    visits = any(one.role == Role.EXTERNAL_VERIFIER for one in held)
    if visits and Visit.objects.open_to(request.user).filter(centre=held[0].centre).exists():
        return held[0].centre, True
    return centre_or_404(request, centre)


def centre_or_404(request: SignedInRequest, centre: UUID, *, verifiers_only: bool = False) -> tuple[Centre, bool]:
    """Return the centre, and whether the person sees all of it as its coordinator rather than the units they verify.

    Raises Http404 for an outsider, PermissionDenied for an insider who neither verifies nor coordinates, and with
    `verifiers_only` for whoever does not verify.
    """
    held = {Role(one.role): one.centre for one in shell_of(request).memberships if one.centre.uuid == centre}
    if not held:
        raise Http404
    wanted = {Role.INTERNAL_VERIFIER} if verifiers_only else OVERSEES
    if not held.keys() & wanted:
        raise PermissionDenied
    return next(iter(held.values())), Role.COORDINATOR in held
