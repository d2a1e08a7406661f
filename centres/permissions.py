"""Who may do what in a centre. Each question is one function, which pages, services and forms all ask."""

from collections.abc import Collection, Sequence

from django.db.models import QuerySet

from centres.models import Centre, Membership, Role, User
from centres.staff.models import StaffRecord


def roles_in(user: User, centre: Centre) -> frozenset[Role]:
    """The roles the person holds in the centre now; empty for an outsider."""
    held = Membership.objects.current().filter(user=user, centre=centre).values_list("role", flat=True)
    return frozenset(Role(role) for role in held)


def holds_award(user: User, centre: Centre, role: Role) -> bool:
    """Whether the person holds this role now, and today an award for it, so that what they sign stands by itself.

    From docs/contributors/domain.md, "People": otherwise somebody with the award must confirm it.
    """
    return with_award(centre, role).filter(pk=user.pk).exists()


def with_award(centre: Centre, role: Role) -> QuerySet[User]:
    """Everyone who holds this role in the centre now, and today an award for it, by name."""
    held = Membership.objects.current().filter(centre=centre, role=role)
    awards = StaffRecord.objects.open().filter(centre=centre, role=role).awards_on(centre.today)
    people = User.objects.filter(pk__in=held.values("user_id")).filter(pk__in=awards.values("user_id"))
    return people.order_by("name", "pk")


def centres_with_award(user: User, held: Sequence[Membership]) -> tuple[int, ...]:
    """Those of the centres in which the person has these roles, all the same one, where they hold an award for it.

    Primary keys; one query.
    """
    among = {"role": held[0].role, "centre__in": [one.centre_id for one in held]} if held else {"pk": 0}
    awards = list(StaffRecord.objects.open().filter(user=user, **among))
    return tuple(
        one.centre_id
        for one in held
        if any(award.centre_id == one.centre_id and award.is_award_on(one.centre.today) for award in awards)
    )


def may_coordinate(user: User, centre: Centre) -> bool:
    """Whether the person looks after the centre's people, registrations and allocations."""
    return coordinates(roles_in(user, centre))


def coordinates(roles: Collection[str]) -> bool:
    """Whether somebody with these roles in a centre looks after its people, registrations and allocations."""
    return Role.COORDINATOR in roles
