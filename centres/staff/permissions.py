"""Who may see and record what of staff."""

from collections.abc import Callable

from centres.models import ROLES_WITH_AWARD, Centre, Membership, Role, User
from centres.permissions import may_coordinate, roles_in
from centres.staff.kinds import StaffKind

OWN_KINDS = (StaffKind.DEVELOPMENT,)  # what a person records of themselves
OVERSEE = frozenset({Role.COORDINATOR, Role.INTERNAL_VERIFIER})

IsVisiting = Callable[[User, Centre], bool]
_visiting: list[IsVisiting] = []


def let_in_visitors(is_visiting: IsVisiting) -> None:
    """Let people read what is on record of staff for whom `is_visiting` says so. Apps above call it at the start."""
    if is_visiting not in _visiting:
        _visiting.append(is_visiting)


def is_staff(person: User, centre: Centre) -> bool:
    """Whether the person assesses or verifies at the centre now, or did before."""
    return Membership.objects.filter(user=person, centre=centre, role__in=ROLES_WITH_AWARD).exists()


def may_see_staff(user: User, centre: Centre) -> bool:
    """Whether the person reads what is on record of all staff: coordinators, verifiers, and who visits the centre."""
    return bool(roles_in(user, centre) & OVERSEE) or any(is_visiting(user, centre) for is_visiting in _visiting)


def may_see_staff_of(user: User, centre: Centre, person: User) -> bool:
    """Whether the person sees what is on record of `person`: their own, as long as they assess or verify there."""
    if user.pk == person.pk:
        held = Membership.objects.current().filter(user=user, centre=centre, role__in=ROLES_WITH_AWARD)
        if held.exists():
            return True
    return may_see_staff(user, centre)


def may_record(user: User, centre: Centre, person: User, kind: StaffKind) -> bool:
    """Whether the person puts this on record of `person`, and takes it off."""
    return kind in kinds_to_record(user, centre, person)


def kinds_to_record(user: User, centre: Centre, person: User) -> tuple[StaffKind, ...]:
    """What the person puts on record of `person`, in the page's order: coordinators all, others own development."""
    if may_coordinate(user, centre):
        return tuple(StaffKind)
    return OWN_KINDS if user.pk == person.pk and may_see_staff_of(user, centre, person) else ()
