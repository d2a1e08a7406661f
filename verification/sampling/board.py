"""The board of candidates × units: what is planned, due, overdue and done, for whom a verifier works.

It asks the same number of questions whatever the size of the centre: what is on a page is found by a key, and the rest
is counted.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextChoices

from assessments.home.listed_units import ListedUnit, listed
from assessments.models import NOBODYS, UnitProgress
from centres.models import Centre, Membership, Role, User
from portfolio.addresses import addresses
from portfolio.models import Registration, RegistrationParticulars, State
from portfolio.registrations.particulars import words_before
from verification.models import PlannedSample

CANDIDATES_ON_A_PAGE = 15  # with all their units: a screen or two
DUE_SOON = datetime.timedelta(days=7)
OF_UNIT = "unit_version__candidate_unit"
ALIKE: tuple[str, ...] = ("is_done", "left_out_at", "due")  # planned samples that stand alike have these alike


class Stand(TextChoices):
    """How a planned unit stands on a day."""

    OVERDUE = "overdue", "Overdue"
    DUE = "due", "Due within a week"
    PLANNED = "planned", "Planned"
    DONE = "done", "Done"
    LEFT_OUT = "left_out", "Left out"


UNPLANNED = "unplanned"  # signed off, and not in the plan


def stand_of(planned: Any, today: datetime.date) -> Stand:
    """How a planned sample, or a row of several alike, read `with_done`, stands today."""
    if planned.is_done:
        return Stand.DONE
    if planned.left_out_at:
        return Stand.LEFT_OUT
    if planned.due < today:
        return Stand.OVERDUE
    return Stand.DUE if planned.due <= today + DUE_SOON else Stand.PLANNED


def stands(today: datetime.date) -> Mapping[Stand, Q]:
    """The same as conditions on `PlannedSample.objects.with_done()`."""
    is_open = Q(is_done=False, left_out_at__isnull=True)
    return {
        Stand.OVERDUE: is_open & Q(due__lt=today),
        Stand.DUE: is_open & Q(due__gte=today, due__lte=today + DUE_SOON),
        Stand.PLANNED: is_open & Q(due__gt=today + DUE_SOON),
        Stand.DONE: Q(is_done=True),
        Stand.LEFT_OUT: Q(is_done=False, left_out_at__isnull=False),
    }


@dataclass(frozen=True, kw_only=True)
class BoardUnit:
    """A unit on the board, and what is planned of it, if anything; `url` is where it is sampled."""

    unit: ListedUnit
    url: str
    assessor: str
    planned: tuple[tuple[PlannedSample, Stand], ...]

    @property
    def stand(self) -> Stand | None:
        """What is most pressing of it."""
        order = list(Stand)
        return min((stand for _, stand in self.planned), key=order.index, default=None)


@dataclass(frozen=True, kw_only=True)
class BoardRow:
    """A candidate's portfolio with its units."""

    portfolio: UUID
    url: str
    candidate: str
    units: tuple[BoardUnit, ...]

    @property
    def to_countersign(self) -> bool:
        """Whether any of them waits for a countersignature."""
        return any(one.unit.state == State.ASSESSED for one in self.units)


@dataclass(frozen=True, kw_only=True)
class BoardWanted:
    """What is looked for: a part of a candidate's name, an assessor, a site, a stand, and after which portfolio.

    Assessor and portfolio are uuids.
    """

    words: str = ""
    assessor: str = ""
    site: str = ""
    show: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class Board:
    """A page of the board."""

    rows: tuple[BoardRow, ...]
    counts: tuple[tuple[str, str, int], ...]  # what to show, its words, and how many there are
    assessors: tuple[User, ...]
    sites: tuple[str, ...]
    following: UUID | None  # after which portfolio the next page begins


def board_of(centre: Centre, wanted: BoardWanted, *, verifier: User | None) -> Board:
    """Return a page of the board: of the units that the person verifies, or with None of all in the centre."""
    today = centre.today
    everything = _units(centre, verifier)
    planned = _planned(centre, verifier)
    units = _narrowed(everything, planned, wanted, today)
    page, following = _page(units, wanted.after)
    return Board(
        rows=tuple(_rows(centre, units.filter(candidate_unit__registration__in=page), planned, today)),
        counts=_counts(planned, everything, today),
        assessors=tuple(_assessors(centre, everything)),
        sites=tuple(words_before(centre, "site")["site"]),
        following=following,
    )


def planned_wanted(centre: Centre, wanted: BoardWanted, *, verifier: User | None) -> QuerySet[PlannedSample]:
    """What is planned of the units that are looked for, on all pages of the board; where a stand is, that alone."""
    today = centre.today
    everything = _units(centre, verifier)
    planned = _planned(centre, verifier)
    units = _narrowed(everything, planned, wanted, today)
    if wanted.show in Stand.values:
        planned = planned.filter(stands(today)[Stand(wanted.show)])
    return planned.filter(unit_version__candidate_unit__in=units.order_by().values("pk"))


def _units(centre: Centre, verifier: User | None) -> QuerySet[UnitProgress]:
    units = UnitProgress.objects.filter(centre=centre).exclude(turn__in=NOBODYS)
    return units.filter(verifier=verifier) if verifier else units


def _planned(centre: Centre, verifier: User | None) -> QuerySet[PlannedSample]:
    """What is planned of the open versions of `_units`. Joined to them: there are fewer planned ones than units."""
    of_whom = {f"{OF_UNIT}__progress__verifier": verifier} if verifier else {}
    planned = PlannedSample.objects.with_done().filter(
        unit_version__closed_at__isnull=True, **{f"{OF_UNIT}__progress__centre": centre}, **of_whom
    )
    return planned.exclude(**{f"{OF_UNIT}__progress__turn__in": NOBODYS})


def _narrowed(
    units: QuerySet[UnitProgress], planned: QuerySet[PlannedSample], wanted: BoardWanted, today: datetime.date
) -> QuerySet[UnitProgress]:
    if wanted.words:
        units = units.filter(registration__candidate__name__icontains=wanted.words)
    if is_uuid(wanted.assessor):
        units = units.filter(assessor__uuid=wanted.assessor)
    if wanted.site:
        there = RegistrationParticulars.objects.current().filter(site=wanted.site)
        units = units.filter(registration__in=there.values("registration"))
    if wanted.show == UNPLANNED:
        return _unplanned(units)
    if wanted.show in Stand.values:
        of_stand = planned.filter(stands(today)[Stand(wanted.show)]).order_by()
        return units.filter(pk__in=of_stand.values(OF_UNIT))
    return units


def _unplanned(units: QuerySet[UnitProgress]) -> QuerySet[UnitProgress]:
    """Those that are signed off and not in the plan."""
    there = PlannedSample.objects.filter(
        unit_version__candidate_unit=OuterRef("pk"), unit_version__closed_at__isnull=True, stage="summative"
    )
    return units.filter(~Exists(there), state=State.ASSESSED)


def _assessors(centre: Centre, units: QuerySet[UnitProgress]) -> QuerySet[User]:
    """Who assesses any of these units, among those who ever held the role here."""
    held = Membership.objects.filter(centre=centre, role=Role.ASSESSOR)
    assess = User.objects.filter(Exists(units.order_by().filter(assessor=OuterRef("pk"))), pk__in=held.values("user"))
    return assess.order_by("name", "pk")


def _page(units: QuerySet[UnitProgress], after: str) -> tuple[list[int], UUID | None]:
    """The portfolios of a page by primary key, and after which one the next page begins; one query, two after one."""
    portfolios = Registration.objects.filter(pk__in=units.order_by().values("registration"))
    before = Registration.objects.filter(uuid=after) if is_uuid(after) else Registration.objects.none()
    for name, pk in before.values_list("candidate__name", "pk"):
        portfolios = portfolios.filter(Q(candidate__name__gt=name) | Q(candidate__name=name, pk__gt=pk))
    ordered = portfolios.order_by("candidate__name", "pk").values_list("pk", "uuid")
    found = list(ordered[: CANDIDATES_ON_A_PAGE + 1])
    shown = found[:CANDIDATES_ON_A_PAGE]
    return [pk for pk, _ in shown], shown[-1][1] if len(found) > len(shown) else None


def _rows(
    centre: Centre, units: QuerySet[UnitProgress], planned: QuerySet[PlannedSample], today: datetime.date
) -> Iterator[BoardRow]:
    found = listed(units)
    unit_at = addresses("verification:sample", centre.uuid, "unit")
    portfolio_at = addresses("assessments:portfolio", centre.uuid, "portfolio")
    of_unit: dict[int, list[tuple[PlannedSample, Stand]]] = defaultdict(list)
    here = planned.filter(unit_version__candidate_unit__in=[unit.pk for unit in found])
    for one in here.select_related("unit_version").order_by("pk"):
        of_unit[one.unit_version.candidate_unit_id].append((one, stand_of(one, today)))
    names = dict(User.objects.filter(pk__in={unit.assessor for unit in found}).values_list("pk", "name"))
    by_portfolio: dict[int, list[ListedUnit]] = defaultdict(list)
    for unit in found:
        by_portfolio[unit.registration].append(unit)
    for of_portfolio in by_portfolio.values():
        yield BoardRow(
            portfolio=of_portfolio[0].portfolio,
            url=portfolio_at(of_portfolio[0].portfolio),
            candidate=of_portfolio[0].candidate,
            units=tuple(
                BoardUnit(
                    unit=unit,
                    url=unit_at(unit.uuid),
                    assessor=names.get(unit.assessor or 0, ""),
                    planned=tuple(of_unit[unit.pk]),
                )
                for unit in of_portfolio
            ),
        )


def _counts(
    planned: QuerySet[PlannedSample], units: QuerySet[UnitProgress], today: datetime.date
) -> tuple[tuple[str, str, int], ...]:
    """How many planned samples stand how, and how many signed-off units are not in the plan; two queries."""
    found: Counter[Stand] = Counter()
    # Not five counts with a condition each: SQLite would look five times whether one is done.
    counted = planned.order_by().values(*ALIKE).annotate(number=Count("pk"))
    for alike in counted.values_list(*ALIKE, "number", named=True):
        found[stand_of(alike, today)] += alike.number
    return (
        *((stand.value, str(stand.label), found[stand]) for stand in Stand),
        (UNPLANNED, "Signed off, not in the plan", _unplanned(units).count()),
    )


def is_uuid(said: str) -> bool:
    """Whether an address says a uuid here."""
    try:
        UUID(said)
    except ValueError:
        return False
    return True
