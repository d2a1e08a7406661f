"""What each role finds on the home page: sections by centre and role, made from as few queries as can be."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.utils import timezone

from assessments.feedback import Feedback, feedback_for
from assessments.heat_map import Candidates, HeatMap, assessors_candidates, heat_map
from assessments.held_up import Group, held_up
from assessments.models import Return
from assessments.next_step import NextStep, Step, most_pressing, step_of
from assessments.paging import one_query_page, page_number
from assessments.progress import Progress
from assessments.selectors import (
    last_returns,
    own_units,
    piece_without_claims,
    progress_of,
    units_by_state,
    units_to_assess,
    units_to_verify,
)
from centres.models import Centre, Membership, Role, User
from portfolio.models import CandidateUnit, Evidence, State

UNITS_ON_A_PAGE = 20


@dataclass(frozen=True, kw_only=True)
class Line:
    """A unit on the home page: how far it is, and why it came back, if it did."""

    unit: CandidateUnit
    progress: Progress
    returned: Return | None

    @property
    def state(self) -> str:
        """Where it stands."""
        return self.unit.state  # type: ignore[attr-defined]

    @property
    def came_back(self) -> bool:
        """Whether the last thing that happened to it is a step back to where it stands."""
        stands_after = {
            State.SUBMITTED: (State.COLLECTING,),
            State.ASSESSED: (State.SUBMITTED,),
            State.VERIFIED: (State.COLLECTING,),
        }
        return self.returned is not None and self.state in stands_after[State(self.returned.from_state)]

    @property
    def step(self) -> Step:
        """What its candidate does next."""
        return step_of(state=self.state, progress=self.progress, came_back=self.came_back)


@dataclass(frozen=True, kw_only=True)
class Section:
    """What one role in one centre has to do; `page` is that of the role's list, through all centres."""

    centre: Centre
    role: str
    lines: tuple[Line, ...] = ()
    page: Page | None = None
    next: NextStep | None = None  # a candidate's
    piece: Evidence | None = None  # one of theirs that claims nothing
    portfolio: Progress = field(default_factory=Progress)
    feedback: tuple[Feedback, ...] = ()
    heat: HeatMap | None = None  # an assessor's
    candidates: Candidates | None = None
    states: tuple[tuple[State, int], ...] = ()  # a coordinator's
    stuck: tuple[Group, ...] = ()

    @property
    def waiting(self) -> list[Line]:
        """What waits for an internal verifier."""
        return [line for line in self.lines if line.unit.waits]  # type: ignore[attr-defined]

    @property
    def out(self) -> list[Line]:
        """What an internal verifier sent back, and has not come back."""
        return [line for line in self.lines if line.unit.out]  # type: ignore[attr-defined]

    @property
    def others(self) -> list[Line]:
        """The rest of an internal verifier's units, which they may want to look up."""
        return [line for line in self.lines if not line.unit.waits and not line.unit.out]  # type: ignore[attr-defined]

    @property
    def has_units(self) -> bool:
        """Whether the centre of a coordinator has any unit yet."""
        return any(number for _, number in self.states)


class Homes:
    """All that the sections of a person need, asked for once, for all their centres together."""

    def __init__(self, user: User, held: list[Membership], wanted: Callable[[str], str | None]) -> None:
        """`wanted` says which page of a list is to be shown, by the list's name."""
        self._held = held
        roles = {membership.role for membership in held}
        self._own = list(own_units(user)) if Role.CANDIDATE in roles else []
        self._piece = piece_without_claims(user) if self._own else None
        self._feedback = feedback_for(user) if self._own else []
        self._pages: dict[str, Page] = {}
        if Role.CANDIDATE in roles:
            self._pages[Role.CANDIDATE] = Paginator(self._own, UNITS_ON_A_PAGE).get_page(wanted(Role.CANDIDATE))
        if Role.ASSESSOR in roles:
            self._pages[Role.ASSESSOR] = one_query_page(units_to_assess(user), wanted(Role.ASSESSOR), UNITS_ON_A_PAGE)
        if Role.INTERNAL_VERIFIER in roles:
            units = units_to_verify(user)
            self._pages[Role.INTERNAL_VERIFIER] = one_query_page(units, wanted(Role.INTERNAL_VERIFIER), UNITS_ON_A_PAGE)
        self._candidates = (
            assessors_candidates(user, page_number(wanted("candidates"))) if Role.ASSESSOR in roles else None
        )
        listed = {unit.pk: unit for page in self._pages.values() for unit in page.object_list}
        listed |= {unit.pk: unit for unit in self._own}
        mapped = {unit.pk: unit for unit in (self._candidates.units if self._candidates else ())}
        self._progress = progress_of([*(mapped | listed).values()]) if mapped or listed else {}
        self._returns = last_returns([*listed.values()]) if listed else {}
        coordinated = [membership.centre for membership in held if membership.role == Role.COORDINATOR]
        self._states = units_by_state(coordinated) if coordinated else {}
        self._stuck = (
            held_up(coordinated, now=timezone.now(), page_of=lambda reason: page_number(wanted(f"stuck-{reason}")))
            if coordinated
            else {}
        )

    @property
    def sections(self) -> list[Section]:
        """One section for each role in each centre, by centre and role."""
        order = list(Role)
        held = sorted(self._held, key=lambda one: (one.centre.name, one.centre_id, order.index(Role(one.role))))
        return [self._section(membership.centre, Role(membership.role)) for membership in held]

    def _section(self, centre: Centre, role: Role) -> Section:
        page = self._pages.get(role)
        lines = tuple(self._line(unit) for unit in _at(centre, page.object_list)) if page else ()
        match role:
            case Role.CANDIDATE:
                own = [self._line(unit) for unit in _at(centre, self._own)]
                piece = self._piece if self._piece and self._piece.registration.centre_id == centre.pk else None
                pressing = most_pressing(own, unclaimed_piece=piece is not None)
                quoted = pressing.line.returned if pressing and pressing.step == Step.RETURNED else None
                return Section(
                    centre=centre,
                    role=role,
                    lines=lines,
                    page=page,
                    next=pressing,
                    piece=piece,
                    portfolio=sum((line.progress for line in own), Progress()),
                    feedback=tuple(
                        said
                        for said in self._feedback
                        if said.centre == centre.pk and (quoted is None or said.step != quoted.pk)  # that is said above
                    ),
                )
            case Role.ASSESSOR:
                units = _at(centre, self._candidates.units) if self._candidates else []
                heat = heat_map(units, self._progress)
                return Section(centre=centre, role=role, lines=lines, page=page, heat=heat, candidates=self._candidates)
            case Role.COORDINATOR:
                states = tuple((State(state), number) for state, number in self._states[centre.pk].items())
                stuck = tuple(self._stuck.get(centre.pk, ()))
                return Section(centre=centre, role=role, states=states, stuck=stuck)
            case _:
                return Section(centre=centre, role=role, lines=lines, page=page)

    def _line(self, unit: CandidateUnit) -> Line:
        return Line(unit=unit, progress=self._progress[unit.pk], returned=self._returns.get(unit.pk))


def _at(centre: Centre, units: object) -> list[CandidateUnit]:
    return [unit for unit in units if unit.registration.centre_id == centre.pk]  # type: ignore[attr-defined]
