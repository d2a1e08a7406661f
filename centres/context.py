"""What every page knows about the site and the person looking at it."""

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property

from centres.demo import DEMO_PASSWORD, DemoPerson, demo_people
from centres.models import ROLES_WITH_AWARD, Centre, Membership, Role, User
from centres.sign_in.second_step import with_second_step
from centres.words import DOMAIN, Words

ROLE_ORDER = list(Role)


@dataclass(frozen=True, kw_only=True)
class Link:
    """One entry of the navigation; `here` if it is the present page."""

    words: str
    url: str
    here: bool


class Shell:
    """What surrounds the content of a page. It asks the database once, and only if it is shown."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def memberships(self) -> list[Membership]:
        """The roles that the person holds now, by centre."""
        user = getattr(self._request, "user", None)  # a request may be refused before anyone asks who it is
        if user is None or not user.is_authenticated:
            return []
        held = with_second_step(Membership.objects.current().filter(user_id=user.pk).with_award())
        return list(held.select_related("centre").order_by("centre__name", "centre_id"))

    @cached_property
    def centre(self) -> Centre | None:
        """The centre that the address names, or else the only one the person belongs to."""
        centres = {membership.centre.uuid: membership.centre for membership in self.memberships}
        match = self._request.resolver_match
        named = match.kwargs.get("centre") if match else None
        if isinstance(named, UUID):
            return centres.get(named)
        return next(iter(centres.values())) if len(centres) == 1 else None

    @cached_property
    def held_roles(self) -> list[Role]:
        """The person's roles in the centre, in the order of `Role`."""
        centre = self.centre
        held = {Role(m.role) for m in self.memberships if centre and m.centre_id == centre.pk}
        return sorted(held, key=ROLE_ORDER.index)

    @property
    def roles(self) -> str:
        """The same in words: "Assessor, internal verifier"."""
        return ", ".join(self.called.of_role(role) for role in self.held_roles).capitalize()

    @property
    def called(self) -> Words:
        """The words of the centre; those of the domain where there is none, or several."""
        return self.centre.words if self.centre else DOMAIN

    @cached_property
    def navigation(self) -> list[Link]:
        """The links that the person has on every page, by their roles in the centre."""
        wanted = [("Home", reverse("home"))]
        if self.centre and Role.COORDINATOR in self.held_roles:
            wanted += [
                ("People", reverse("centres:people", args=[self.centre.uuid])),
                (self.called.say("{Candidates}"), reverse("portfolio:registrations", args=[self.centre.uuid])),
                ("Centre", reverse("centres:centre", args=[self.centre.uuid])),
            ]
        if self.centre and not set(ROLES_WITH_AWARD).isdisjoint(self.held_roles):
            own = {"centre": self.centre.uuid, "person": cast(User, self._request.user).uuid}
            wanted.append(("My awards", reverse("centres:staff_person", kwargs=own)))
        wanted.append(("Standards", reverse("standards:catalogue")))
        return [Link(words=words, url=url, here=self._request.path == url) for words, url in wanted]

    @cached_property
    def demo_start(self) -> list[DemoPerson]:
        """The people of the demo with whom a visitor begins, in the order in which they work on a unit."""
        return [person for person in self._demo_people if person.start]

    @property
    def demo_others(self) -> list[tuple[str, list[DemoPerson]]]:
        """All others as whom a visitor may look around, by role: "Other candidates", and who they are."""
        others = (person for person in self._demo_people if not person.start)
        return [
            (self.called.say(f"Other {{{role}s}}"), list(people))
            for role, people in groupby(others, key=attrgetter("role"))
        ]

    @cached_property
    def _demo_people(self) -> list[DemoPerson]:
        return demo_people()

    @property
    def demo_password(self) -> str:
        """The password with which the people of the demo sign."""
        return DEMO_PASSWORD


def shell_of(request: HttpRequest) -> Shell:
    """Return the shell of this page. A view that uses it saves a further query for the roles."""
    if not hasattr(request, "_shell"):
        request._shell = Shell(request)  # type: ignore[attr-defined]
    return request._shell  # type: ignore[attr-defined]


def site(request: HttpRequest) -> dict[str, object]:
    """Give every page its shell, whether this is the demo, and what the centre calls people."""
    shell = shell_of(request)
    return {"demo": settings.DEMO, "shell": shell, "called": SimpleLazyObject(lambda: shell.called)}
