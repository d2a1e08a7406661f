"""The home page of a person: a part for each role in each centre, with as few queries as possible."""

from collections.abc import Sequence

from assessments.history.steps import steps_back
from assessments.home.assessor import AssessorPart
from assessments.home.candidate import CandidatePart
from assessments.home.coordinator import CoordinatorPart
from assessments.home.listed_units import counted, read
from assessments.home.parts import Home, HomePart, Wanted
from assessments.home.verifier import VerifierPart
from centres.models import Membership, Role, User

PARTS: dict[Role, type[HomePart]] = {
    Role.CANDIDATE: CandidatePart,
    Role.ASSESSOR: AssessorPart,
    Role.INTERNAL_VERIFIER: VerifierPart,
    Role.COORDINATOR: CoordinatorPart,
}


def show_at_home(role: Role, part: type[HomePart]) -> None:
    """Have the homes of those who hold the role show this part. Apps above call this when Django starts."""
    PARTS[role] = part


def homes_of(user: User, held: Sequence[Membership], wanted: Wanted) -> list[Home]:
    """Return what the person finds in each role that they hold, by centre and role.

    `held` are their roles by centre; `wanted` says which page of each list to show, by the list's name.
    """
    by_role: dict[Role, list[Membership]] = {}
    for membership in held:
        by_role.setdefault(Role(membership.role), []).append(membership)
    parts = {role: PARTS[role](user, of_role, wanted) for role, of_role in by_role.items()}
    counts = counted({what: units for part in parts.values() for what, units in part.to_count().items()})
    found = read({name: units for part in parts.values() for name, units in part.pages(counts).items()})
    shown = {unit.pk for part in parts.values() for unit in part.take(found)}
    steps = steps_back(shown) if shown else []
    roles = list(Role)
    in_order = sorted(held, key=lambda one: (one.centre.name, one.centre_id, roles.index(Role(one.role))))
    return [parts[Role(membership.role)].home(membership.centre, steps) for membership in in_order]
