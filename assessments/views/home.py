"""The page that answers "what next?", for each role that a person holds."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.models import Return
from assessments.selectors import (
    Progress,
    last_returns,
    memberships_of,
    own_units,
    progress_of,
    units_by_state,
    units_to_assess,
    units_to_verify,
)
from centres.http import SignedInRequest
from centres.models import Centre, Role
from portfolio.models import CandidateUnit, State

UNITS_ON_A_PAGE = 20
LISTS = {Role.CANDIDATE: own_units, Role.ASSESSOR: units_to_assess, Role.INTERNAL_VERIFIER: units_to_verify}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A unit on the home page: how far it is, and why it came back, if it did."""

    unit: CandidateUnit
    progress: Progress
    returned: Return | None
    state: str

    @property
    def unclaimed(self) -> int:
        """How many criteria nobody has claimed yet."""
        return self.unit.tickable - self.progress.claimed  # type: ignore[attr-defined]

    @property
    def came_back(self) -> bool:
        """Whether the last thing that happened to it is a step back to where it stands."""
        stands_after = {
            State.SUBMITTED: (State.COLLECTING,),
            State.ASSESSED: (State.SUBMITTED,),
            State.VERIFIED: (State.COLLECTING,),
        }
        return self.returned is not None and self.state in stands_after[State(self.returned.from_state)]


@dataclass(frozen=True, kw_only=True)
class Section:
    """What one role in one centre has to do; `page` is that of the role's list, through all centres."""

    centre: Centre
    role: str
    lines: tuple[Line, ...] = ()
    page: Page | None = None
    states: tuple[tuple[State, int], ...] = ()

    @property
    def waiting(self) -> list[Line]:
        """What waits for an assessor or an internal verifier."""
        return [line for line in self.lines if line.unit.waits]  # type: ignore[attr-defined]

    @property
    def others(self) -> list[Line]:
        """Their other units, which they may want to look up."""
        return [line for line in self.lines if not line.unit.waits]  # type: ignore[attr-defined]

    @property
    def has_units(self) -> bool:
        """Whether the centre of a coordinator has any unit yet."""
        return any(number for _, number in self.states)


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """Show what waits for the person, by centre and role."""
    held = memberships_of(request.user)
    pages = {
        role: _page(request, role, units(request.user))
        for role, units in LISTS.items()
        if role in {membership.role for membership in held}
    }
    listed = [unit for page in pages.values() for unit in page.object_list]
    progress = progress_of(listed) if listed else {}
    returns = last_returns(listed) if listed else {}
    coordinated = [membership.centre for membership in held if membership.role == Role.COORDINATOR]
    states = units_by_state(coordinated) if coordinated else {}
    sections = [
        Section(
            centre=membership.centre,
            role=membership.role,
            page=pages.get(Role(membership.role)),
            lines=tuple(
                Line(unit=unit, progress=progress[unit.pk], returned=returns.get(unit.pk), state=unit.state)
                for unit in _at(membership.centre, pages.get(Role(membership.role)))
            ),
            states=tuple((State(state), number) for state, number in states.get(membership.centre_id, {}).items()),
        )
        for membership in held
    ]
    several = len({section.centre.pk for section in sections}) > 1
    return render(request, "assessments/home.html", {"sections": sections, "several_centres": several})


def _page(request: SignedInRequest, role: Role, units: QuerySet[CandidateUnit]) -> Page:
    return Paginator(units, UNITS_ON_A_PAGE).get_page(request.GET.get(role))


def _at(centre: Centre, page: Page | None) -> Iterable:
    return [unit for unit in page.object_list if unit.registration.centre_id == centre.pk] if page else []
