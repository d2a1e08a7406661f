"""Who may do what in a centre. Each question is one function, which pages, services and forms all ask."""

from collections.abc import Collection

from django.db.models import QuerySet

from centres.models import Centre, Membership, Role, User
from record.prepared import prepared


def roles_in(user: User, centre: Centre) -> frozenset[Role]:
    """The roles the person holds in the centre now; empty for an outsider."""
    return frozenset(Role(role) for role in _held(user.pk, centre.pk))


@prepared
def _held(user: int, centre: int) -> QuerySet[Membership, str]:
    return Membership.objects.current().filter(user=user, centre=centre).values_list("role", flat=True)


def holds_award(user: User, centre: Centre, role: Role) -> bool:
    """Whether the person holds this role now, and today an award for it, so that what they sign stands by itself.

    From docs/contributors/domain.md, "People": otherwise somebody with the award must confirm it.
    """
    return with_award(centre, role).filter(pk=user.pk).exists()


def with_award(centre: Centre, role: Role) -> QuerySet[User]:
    """Everyone who holds this role in the centre now, and today an award for it, by name."""
    qualified = Membership.objects.current().filter(centre=centre, role=role).qualified_on(centre.today)
    return User.objects.filter(pk__in=qualified.values("user_id")).order_by("name", "pk")


def may_coordinate(user: User, centre: Centre) -> bool:
    """Whether the person looks after the centre's people, registrations and allocations."""
    return coordinates(roles_in(user, centre))


def coordinates(roles: Collection[str]) -> bool:
    """Whether somebody with these roles in a centre looks after its people, registrations and allocations."""
    return Role.COORDINATOR in roles
