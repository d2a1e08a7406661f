"""Questions about the people of a centre."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet

from centres.models import ROLES_WITH_AWARD, Centre, Membership, Role, User


@dataclass(frozen=True, kw_only=True)
class PersonInCentre:
    """A person of a centre with the roles they hold in it now."""

    centre: Centre
    user: User
    memberships: tuple[Membership, ...]

    @property
    def roles_in_words(self) -> str:
        """Their roles in the words of the centre: "Coordinator, assessor"."""
        return ", ".join(held.role_word for held in self.memberships).capitalize()

    @property
    def as_candidate(self) -> Membership | None:
        """Their role of candidate, if they have it."""
        return next((held for held in self.memberships if held.role == Role.CANDIDATE), None)

    @property
    def is_staff(self) -> bool:
        """Whether they assess or verify, so that awards of theirs are on record."""
        return any(held.role in ROLES_WITH_AWARD for held in self.memberships)


def people_of(centre: Centre) -> QuerySet[User]:
    """Everyone who holds a role in the centre now, by name. Give a page of them to `with_roles`."""
    held = Membership.objects.current().filter(centre=centre)
    people = User.objects.filter(pk__in=held.values("user_id")).select_related("number_centre")
    return people.order_by("name", "pk")


def with_roles(centre: Centre, users: Sequence[User]) -> list[PersonInCentre]:
    """These people with the roles they hold in the centre now, in one query."""
    held: dict[int, list[Membership]] = {user.pk: [] for user in users}
    for membership in Membership.objects.current().filter(centre=centre, user__in=users).order_by("pk"):
        membership.centre = centre
        held[membership.user_id].append(membership)
    return [PersonInCentre(centre=centre, user=user, memberships=tuple(held[user.pk])) for user in users]


def holders(centre: Centre, role: Role) -> QuerySet[User]:
    """Everyone who holds this role in the centre now, by name."""
    held = Membership.objects.current().filter(centre=centre, role=role)
    return User.objects.filter(pk__in=held.values("user_id")).order_by("name", "pk")


def to_choose_from(people: QuerySet[User]) -> list[tuple[UUID, str]]:
    """The uuid of each person and their name in a list, with the e-mail address or number if two share the name.

    If the wrong one is chosen, they are let into somebody's portfolio, or are given it.
    """
    rows = list(people.values_list("uuid", "name", "email", "candidate_number"))
    shared = Counter(name for _, name, _, _ in rows)
    return [(uuid, f"{name} ({email or number})" if shared[name] > 1 else name) for uuid, name, email, number in rows]


def is_last_coordinator(membership: Membership) -> bool:
    """Whether the centre would have no coordinator without this membership, which is a current one.

    One who never came in, or whose account is closed, stands in for nobody but another such.
    """
    if membership.role != Role.COORDINATOR:
        return False
    others = membership.centre.memberships.current().filter(role=Role.COORDINATOR).exclude(pk=membership.pk)
    person = membership.user
    if person.is_active and person.has_usable_password():
        never_came_in = Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
        others = others.filter(user__is_active=True).exclude(never_came_in)
    return not others.exists()
