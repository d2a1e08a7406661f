"""What an assessor finds: what waits for them, and their candidates × units."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, When

from assessments.home.heat_map import CANDIDATES_ON_A_PAGE, HeatMap, heat_map
from assessments.home.listed_units import (
    COLLECTING,
    Counts,
    ListedUnit,
    ToCount,
    Units,
    by_centre,
    waiting_for,
    worked_on_by,
)
from assessments.home.paging import ListPage, list_page, page_number
from assessments.home.parts import UNITS_ON_A_PAGE, Home, HomeLine, Steps, Wanted, confirms_of, lines_at
from assessments.models import UnitProgress
from centres.models import Centre, Membership, Role, User
from portfolio.models import Capacity, Registration, State

CANDIDATES = "candidates"


@dataclass(frozen=True, kw_only=True)
class AssessorHome(Home):
    """What an assessor finds; `page` is that of the queue, `candidates` that of the map, both across all centres."""

    lines: tuple[HomeLine, ...]
    page: ListPage
    heat: HeatMap
    candidates: ListPage


class AssessorPart:
    """The units that a person assesses, in the centres in which they hold the role."""

    def __init__(self, user: User, held: Sequence[Membership], wanted: Wanted) -> None:
        self._centres = [membership.centre for membership in held]
        self._numbers = {name: page_number(wanted(name)) for name in (Role.ASSESSOR, CANDIDATES)}
        self._confirms = confirms_of(user, held, State.ASSESSED)
        self._units = UnitProgress.objects.filter(worked_on_by(user, Capacity.ASSESSOR, self._centres))
        self._waiting = self._units.filter(waiting_for(user.pk, self._confirms))

    def to_count(self) -> Mapping[str, ToCount]:
        """How much waits, and how many portfolios there are."""
        return {
            Role.ASSESSOR: ToCount(self._waiting),
            CANDIDATES: ToCount(self._units, number=Count("registration", distinct=True)),
        }

    def pages(self, counts: Counts) -> Mapping[str, Units]:
        """The units waiting on this page, and those of the candidates on this page of the map."""
        waiting, portfolios = counts[Role.ASSESSOR].total(), counts[CANDIDATES].total()
        self._page = list_page(self._numbers[Role.ASSESSOR], total=waiting, size=UNITS_ON_A_PAGE)
        self._candidates = list_page(self._numbers[CANDIDATES], total=portfolios, size=CANDIDATES_ON_A_PAGE)
        by = by_centre(self._centres)
        # First what waits for a signature, the longest on top; then what has claims to judge.
        rank = Case(When(state=COLLECTING, then=1), default=0)
        queue = self._waiting.order_by(*by, rank, "since", "pk")
        candidates = Registration.objects.filter(pk__in=self._units.values("registration"))
        candidates = candidates.order_by(*by, "candidate__name", "pk")[self._candidates.start : self._candidates.end]
        pages = {
            Role.ASSESSOR: queue[self._page.start : self._page.end],
            CANDIDATES: self._units.filter(registration__in=candidates.values("pk")),
        }
        return {name: units for name, units in pages.items() if counts[name].total()}

    def take(self, read: Mapping[str, list[ListedUnit]]) -> Iterable[ListedUnit]:
        """Take both, and return the waiting units."""
        waiting = read.get(Role.ASSESSOR, [])
        self._shown = sorted(waiting, key=lambda unit: (unit.state == COLLECTING, unit.since, unit.pk))
        self._cells = read.get(CANDIDATES, [])
        return self._shown

    def home(self, centre: Centre, steps: Steps) -> AssessorHome:
        """What stands on the page of one centre."""
        cells = [unit for unit in self._cells if unit.centre == centre.pk]
        return AssessorHome(
            centre=centre,
            role=Role.ASSESSOR,
            lines=lines_at(centre, self._shown, steps, self._confirms),
            page=self._page,
            heat=heat_map(centre.uuid, cells, self._confirms),
            candidates=self._candidates,
        )
