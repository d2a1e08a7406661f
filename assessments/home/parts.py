"""What the parts of a home page share: lines of units, and the queries that are made for all parts at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assessments.history.steps import StepBack
from assessments.home.listed_units import ASSESSED, COLLECTING, SUBMITTED, Confirms, Counts, ListedUnit, ToCount, Units
from assessments.home.next_step import NextStepKind, step_of
from assessments.standing.progress import Progress
from centres.models import Centre, Membership, User
from portfolio.addresses import addresses
from portfolio.models import State

UNITS_ON_A_PAGE = 10
# Where a unit stands after a step back, by where it stood before.
STANDS_AFTER = {SUBMITTED: COLLECTING, ASSESSED: SUBMITTED, State.VERIFIED.value: COLLECTING}

Wanted = Callable[[str], str | None]  # by the name of a list: which of its pages the address asks for
Steps = Sequence[tuple[int, StepBack]]  # steps back, the oldest first, each with the primary key of its unit


@dataclass(frozen=True, kw_only=True)
class Home:
    """What one role in one centre finds."""

    centre: Centre
    role: str


class HomePart(Protocol):
    """What a role finds in all centres in which the person holds it."""

    def __init__(self, user: User, held: Sequence[Membership], wanted: Wanted) -> None: ...

    def to_count(self) -> Mapping[str, ToCount]:
        """What must be counted before the pages are known, each under a name of its own."""
        ...

    def pages(self, counts: Counts) -> Mapping[str, Units]:
        """What must be read, each under a name of its own: a few units, or slices of long lists."""
        ...

    def take(self, read: Mapping[str, list[ListedUnit]]) -> Iterable[ListedUnit]:
        """Take what was read, and return the units for which the page says why they came back."""
        ...

    def home(self, centre: Centre, steps: Steps) -> Home:
        """What the page shows for one centre; `steps` may also be those of other units."""
        ...


@dataclass(frozen=True, kw_only=True)
class HomeLine:
    """A unit on the home page: how far it has come, and why it came back, if it did."""

    unit: ListedUnit
    url: str
    returned: StepBack | None
    to_confirm: bool  # whether it waits for the person to confirm a signature

    @property
    def state(self) -> str:
        """Where it stands."""
        return self.unit.state

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return self.unit.progress

    @property
    def came_back(self) -> bool:
        """Whether the last thing that happened to it is a step back to its present state."""
        return self.returned is not None and self.state == STANDS_AFTER[self.returned.from_state]

    @property
    def is_before_sign_off(self) -> bool:
        """Whether its assessor has not signed it off."""
        return self.state in {COLLECTING, SUBMITTED}

    @property
    def step(self) -> NextStepKind:
        """What its candidate does next."""
        if self.unit.unconfirmed:
            return NextStepKind.WAIT
        return step_of(state=self.state, progress=self.progress, came_back=self.came_back)


def confirms_of(user: User, held: Sequence[Membership], state: State) -> Confirms:
    """Whose signatures the person can confirm by these roles: in centres where they hold the award."""
    centres = tuple(membership.centre_id for membership in held if membership.is_qualified)
    return Confirms(user=user.pk, state=state, centres=centres)


def lines_at(
    centre: Centre, units: Iterable[ListedUnit], steps: Steps = (), confirms: Confirms | None = None
) -> tuple[HomeLine, ...]:
    """The lines of those of the units that are of this centre."""
    unit_at = addresses("assessments:unit", centre.uuid, "unit")
    last = dict(steps)
    return tuple(
        HomeLine(
            unit=unit,
            url=unit_at(unit.uuid),
            returned=last.get(unit.pk),
            to_confirm=confirms is not None and confirms.waits(unit),
        )
        for unit in units
        if unit.centre == centre.pk
    )
