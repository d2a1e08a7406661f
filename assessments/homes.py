"""What each role finds on the home page: sections by centre and role, made from as few queries as can be."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.utils import timezone

from assessments.feedback import Feedback, feedback_on
from assessments.heat_map import Candidates, HeatMap, candidates_on_page, heat_map
from assessments.held_up import Group, held_up
from assessments.listed import (
    ASSESSED,
    COLLECTING,
    SUBMITTED,
    ListedUnit,
    allocated_units,
    is_out,
    own_units,
    sent_back_by,
    to_assess,
    to_verify,
)
from assessments.next_step import NextStep, Step, most_pressing, step_of
from assessments.paging import page_number
from assessments.progress import Progress, progress_of
from assessments.selectors import (
    StepBack,
    UnclaimedPiece,
    piece_without_claims,
    steps_back,
    units_by_state,
)
from centres.models import Centre, Membership, Role, User
from portfolio.addresses import addresses
from portfolio.models import Capacity, State

UNITS_ON_A_PAGE = 20
# Where a unit stands after a step back, by where it stood before.
STANDS_AFTER = {SUBMITTED: COLLECTING, ASSESSED: SUBMITTED, State.VERIFIED.value: COLLECTING}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A unit on the home page: how far it is, and why it came back, if it did."""

    unit: ListedUnit
    progress: Progress
    url: str
    returned: StepBack | None
    out: bool = False  # the internal verifier sent it back, and has not got it again

    @property
    def state(self) -> str:
        """Where it stands."""
        return self.unit.state

    @property
    def came_back(self) -> bool:
        """Whether the last thing that happened to it is a step back to where it stands."""
        return self.returned is not None and self.state == STANDS_AFTER[self.returned.from_state]

    @property
    def step(self) -> Step:
        """What its candidate does next."""
        if self.unit.unconfirmed:
            return Step.WAIT
        return step_of(state=self.state, progress=self.progress, came_back=self.came_back)


@dataclass(frozen=True, kw_only=True)
class OwnPortfolio:
    """A portfolio of the person's own, and which units it holds."""

    uuid: UUID
    codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Section:
    """What one role in one centre has to do; `page` is that of the role's list, through all centres."""

    centre: Centre
    role: str
    lines: tuple[Line, ...] = ()
    page: Page | None = None
    next: NextStep | None = None  # a candidate's
    piece: UnclaimedPiece | None = None  # one of theirs that claims nothing
    only_unit: ListedUnit | None = None  # of the portfolio of that piece
    portfolio: Progress = field(default_factory=Progress)
    portfolios: tuple[OwnPortfolio, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    heat: HeatMap | None = None  # an assessor's
    candidates: Candidates | None = None
    states: tuple[tuple[State, int], ...] = ()  # a coordinator's
    stuck: tuple[Group, ...] = ()

    @property
    def waiting(self) -> list[Line]:
        """What waits for an internal verifier."""
        return [line for line in self.lines if line.unit.waits_for_verifier]

    @property
    def out(self) -> list[Line]:
        """What an internal verifier sent back, and has not come back."""
        return [line for line in self.lines if line.out]

    @property
    def others(self) -> list[Line]:
        """The rest of an internal verifier's units, which they may want to look up."""
        return [line for line in self.lines if not line.unit.waits_for_verifier and not line.out]

    @property
    def has_units(self) -> bool:
        """Whether the centre of a coordinator has any unit yet."""
        return any(number for _, number in self.states)


class Homes:
    """All that the sections of a person need, asked for once, for all their centres together."""

    def __init__(self, user: User, held: list[Membership], wanted: Callable[[str], str | None]) -> None:
        """`wanted` says which page of a list is to be shown, by the list's name."""
        self._held = held
        all_centres = {membership.centre for membership in held}
        self._unit_at = {centre.pk: addresses("assessments:unit", centre.uuid, "unit") for centre in all_centres}
        centres: dict[str, list[int]] = {}
        for membership in held:
            centres.setdefault(membership.role, []).append(membership.centre_id)
        self._own = own_units(user, centres[Role.CANDIDATE]) if Role.CANDIDATE in centres else []
        assessed = verified = []
        if Role.ASSESSOR in centres:
            assessed = allocated_units(user, Capacity.ASSESSOR, centres[Role.ASSESSOR])
        if Role.INTERNAL_VERIFIER in centres:
            verified = allocated_units(user, Capacity.INTERNAL_VERIFIER, centres[Role.INTERNAL_VERIFIER])
        self._sent_back = sent_back_by(user) if verified else set()
        self._candidates = candidates_on_page(assessed, page_number(wanted("candidates")))

        def page(role: Role, units: list[ListedUnit]) -> Page:
            return Paginator(units, UNITS_ON_A_PAGE).get_page(wanted(role))

        self._pages: dict[str, Page] = {}
        if Role.CANDIDATE in centres:
            self._pages[Role.CANDIDATE] = page(Role.CANDIDATE, self._own)
        if Role.INTERNAL_VERIFIER in centres:
            self._pages[Role.INTERNAL_VERIFIER] = page(Role.INTERNAL_VERIFIER, to_verify(verified, self._sent_back))
        self._progress = self._progress_of_shown(assessed)
        if Role.ASSESSOR in centres:
            self._pages[Role.ASSESSOR] = page(Role.ASSESSOR, to_assess(assessed, self._progress))
        listed = {unit.pk for one in self._pages.values() for unit in one.object_list} | {u.pk for u in self._own}
        steps = steps_back(listed) if listed else []
        self._returns = dict(steps)  # the last of each unit
        open_portfolios = {unit.registration: unit.centre for unit in self._own if unit.state == COLLECTING}
        self._piece = piece_without_claims(user, open_portfolios) if open_portfolios else None
        self._pieces_centre = open_portfolios[self._piece.registration] if self._piece else None
        self._feedback = feedback_on(self._own, steps) if self._own else []
        coordinated = [membership.centre for membership in held if membership.role == Role.COORDINATOR]
        self._states = units_by_state(coordinated) if coordinated else {}
        self._stuck = (
            held_up(coordinated, now=timezone.now(), page_of=lambda reason: page_number(wanted(f"stuck-{reason}")))
            if coordinated
            else {}
        )

    def _progress_of_shown(self, assessed: list[ListedUnit]) -> dict[int, Progress]:
        """How far everything is that is shown, or is shown if it waits for the assessor."""
        units = {unit.pk: unit for unit in (*self._own, *self._candidates.units)}
        units |= {unit.pk: unit for one in self._pages.values() for unit in one.object_list}
        units |= {unit.pk: unit for unit in assessed if unit.state in (COLLECTING, SUBMITTED) or unit.to_confirm}
        return progress_of(units)

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
                piece = self._piece if self._pieces_centre == centre.pk else None
                pressing = most_pressing(own, unclaimed_piece=piece is not None)
                quoted = pressing.line.returned if pressing and pressing.step == Step.RETURNED else None
                return Section(
                    centre=centre,
                    role=role,
                    lines=lines,
                    page=page,
                    next=pressing,
                    piece=piece,
                    only_unit=_only_unit(piece, self._own) if piece else None,
                    portfolio=sum((line.progress for line in own), Progress()),
                    portfolios=_portfolios(line.unit for line in own),
                    feedback=tuple(
                        said
                        for said in self._feedback
                        if said.centre == centre.pk and (quoted is None or said.step != quoted.pk)  # that is said above
                    ),
                )
            case Role.ASSESSOR:
                heat = heat_map(centre.uuid, _at(centre, self._candidates.units), self._progress)
                return Section(centre=centre, role=role, lines=lines, page=page, heat=heat, candidates=self._candidates)
            case Role.COORDINATOR:
                states = tuple((State(state), number) for state, number in self._states[centre.pk].items())
                stuck = tuple(self._stuck.get(centre.pk, ()))
                return Section(centre=centre, role=role, states=states, stuck=stuck)
            case _:
                return Section(centre=centre, role=role, lines=lines, page=page)

    def _line(self, unit: ListedUnit) -> Line:
        return Line(
            unit=unit,
            progress=self._progress[unit.pk],
            url=self._unit_at[unit.centre](unit.uuid),
            returned=self._returns.get(unit.pk),
            out=is_out(unit, self._sent_back),
        )


def _portfolios(own: Iterable[ListedUnit]) -> tuple[OwnPortfolio, ...]:
    codes: dict[UUID, list[str]] = {}
    for unit in own:
        codes.setdefault(unit.portfolio, []).append(unit.code)
    return tuple(OwnPortfolio(uuid=uuid, codes=tuple(of_it)) for uuid, of_it in codes.items())


def _at(centre: Centre, units: Iterable[ListedUnit]) -> list[ListedUnit]:
    return [unit for unit in units if unit.centre == centre.pk]


def _only_unit(piece: UnclaimedPiece, own: Iterable[ListedUnit]) -> ListedUnit | None:
    """The unit for which the piece can be claimed, where there is no choice."""
    units = [unit for unit in own if unit.registration == piece.registration]
    return units[0] if len(units) == 1 else None
