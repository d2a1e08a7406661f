"""What cannot be signed yet in a centre: units in which nothing happens, by what holds them up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Q

from assessments.home.listed_units import Counts, ListedUnit, ToCount, Units
from assessments.home.paging import ListPage, list_page
from assessments.models import Turn, UnitProgress
from centres.models import Centre, Membership, Role
from portfolio.addresses import addresses
from portfolio.models import State

CANDIDATE_MAY_TAKE = timedelta(days=14)
OTHERS_MAY_TAKE = timedelta(days=7)
UNITS_OF_A_REASON = 5  # on a page
LEFT_OVER = 2  # up to so many more go on the last page, not on a page of their own
# What holds a unit up, in the order of the page, with the words over its list (for `Words.say`).
REASONS = {
    Turn.NOBODY: "Nobody is allocated",
    Turn.KEPT_OUT: "The {internal_verifier} cannot verify it: allocate another",
    Turn.UNCONFIRMED: "Waiting for a confirming signature",
    Turn.CANDIDATE: "The {candidate} has not moved for two weeks",
    Turn.ASSESSOR: "Waiting for the assessor for over a week",
    Turn.VERIFIER: "Waiting for the {internal_verifier} for over a week",
}
MAY_TAKE = {
    Turn.CANDIDATE: CANDIDATE_MAY_TAKE,
    Turn.ASSESSOR: OTHERS_MAY_TAKE,
    Turn.VERIFIER: OTHERS_MAY_TAKE,
}  # for any other reason a unit is stuck at once
OF_ASSESSOR, OF_VERIFIER = (Turn.CANDIDATE, Turn.ASSESSOR), (Turn.VERIFIER, Turn.KEPT_OUT, Turn.UNCONFIRMED)


class HeldUnit(NamedTuple):
    """A unit that is stuck: for how many days nothing has happened in it, and whose turn it is."""

    unit: ListedUnit
    days: int
    who: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Group:
    """One page of the units that are held up by the same thing in a centre, the longest first."""

    reason: str
    words: str
    page: ListPage
    units: tuple[HeldUnit, ...]


@dataclass
class Gone:
    """Who leads in units of a centre though they gave up the role: nobody has ended their allocations."""

    assessors: set[int] = field(default_factory=set)
    verifiers: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.assessors or self.verifiers)

    def waited_for(self) -> Q:
        """The units that wait for them, in vain."""
        return Q(turn__in=OF_ASSESSOR, assessor__in=self.assessors) | Q(
            turn__in=OF_VERIFIER, verifier__in=self.verifiers
        )


class HeldUp:
    """What is stuck in some centres: counted first, then read, one page of each list."""

    def __init__(
        self, centres: Sequence[Centre], now: datetime, page_of: Callable[[str], int] = lambda reason: 1
    ) -> None:
        """`page_of` says which page to show of a reason's list."""
        self._centres, self._now, self._page_of = centres, now, page_of
        self._gone, self._names = _gone(centres)
        self._called = {centre.pk: centre.words for centre in centres}
        self._unit_at = {centre.pk: addresses("assessments:unit", centre.uuid, "unit") for centre in centres}
        self._stuck = {
            f"stuck {centre.pk} {turn}": (centre.pk, turn, self.held_up_by(centre.pk, turn))
            for centre in centres
            for turn in REASONS
        }

    def held_up_by(self, centre: int, turn: Turn) -> Units:
        """The units that one thing holds up in one of the centres, which is named by its primary key."""
        return UnitProgress.objects.filter(self._is_held_up_by(centre, turn), centre=centre)

    def held_up(self, centre: int) -> Units:
        """All units that are stuck in it, whatever holds them up."""
        by_anything = reduce(or_, (self._is_held_up_by(centre, turn) for turn in REASONS))
        return UnitProgress.objects.filter(by_anything, centre=centre)

    def _is_held_up_by(self, centre: int, turn: Turn) -> Q:
        """With no assessor (once assessed: no verifier) a unit is stuck at once."""
        gone = self._gone[centre]
        if turn == Turn.NOBODY:
            return Q(turn=turn) | gone.waited_for() if gone else Q(turn=turn)
        held = Q(turn=turn)
        if turn in MAY_TAKE:
            held &= Q(happened_at__lt=self._now - MAY_TAKE[turn])
        return held & ~gone.waited_for() if gone else held

    def to_count(self) -> Mapping[str, ToCount]:
        """What must be counted."""
        return {name: ToCount(units) for name, (_, _, units) in self._stuck.items()}

    def pages(self, counts: Counts) -> Mapping[str, Units]:
        """What must be read: a page of each list, the longest on top."""
        self._pages: dict[str, ListPage] = {}
        wanted = {}
        for name, (centre, turn, units) in self._stuck.items():
            if total := counts[name][centre]:
                page = list_page(self._page_of(turn), total=total, size=UNITS_OF_A_REASON, orphans=LEFT_OVER)
                self._pages[name] = page
                wanted[name] = units.order_by("happened_at", "pk")[page.start : page.end]
        return wanted

    def groups(self, read: Mapping[str, list[ListedUnit]]) -> dict[int, list[Group]]:
        """What is stuck in each of the centres, by its primary key."""
        found: dict[int, list[Group]] = {centre.pk: [] for centre in self._centres}
        for name, page in self._pages.items():
            centre, turn, _ = self._stuck[name]
            units = sorted(read[name], key=lambda unit: (unit.happened_at, unit.pk))
            held = tuple(self._held(turn, unit) for unit in units)
            words = self._called[centre].say(REASONS[turn])
            found[centre].append(Group(reason=turn, words=words, page=page, units=held))
        return found

    def _held(self, turn: Turn, unit: ListedUnit) -> HeldUnit:
        days = max((self._now - unit.happened_at).days, 0)
        match turn:
            case Turn.CANDIDATE:
                who = unit.candidate
            case Turn.ASSESSOR:
                who = self._names.get(unit.assessor or 0, "")
            case Turn.VERIFIER | Turn.KEPT_OUT:
                who = self._names.get(unit.verifier or 0, "")
            case Turn.UNCONFIRMED:
                who = "the countersignature" if unit.state == State.VERIFIED else "the sign-off"
            case _:
                lacks_verifier = unit.state in {State.ASSESSED, State.VERIFIED} or unit.turn == Turn.KEPT_OUT
                who = self._called[unit.centre].say("no {internal_verifier}") if lacks_verifier else "no assessor"
        return HeldUnit(unit=unit, days=days, who=who, url=self._unit_at[unit.centre](unit.uuid))


def _gone(centres: Sequence[Centre]) -> tuple[dict[int, Gone], dict[int, str]]:
    """Who gave up a role in these centres and still leads by it, by the centre's primary key; and all names.

    One query; one more in centres that somebody left.
    """
    roles = (Role.ASSESSOR, Role.INTERNAL_VERIFIER)
    held: set[tuple[int, str, int]] = set()
    ended: set[tuple[int, str, int]] = set()
    names: dict[int, str] = {}
    members = Membership.objects.filter(centre__in=centres, role__in=roles)
    for centre, role, user, name, ended_at in members.values_list("centre", "role", "user", "user__name", "ended_at"):
        (ended if ended_at else held).add((centre, role, user))
        names[user] = name
    found = {centre.pk: Gone() for centre in centres}
    if left := ended - held:
        assessors, verifiers = ({user for _, role, user in left if role == one} for one in roles)
        units = UnitProgress.objects.filter(Gone(assessors, verifiers).waited_for(), centre__in=centres)
        for centre, turn, assessor, verifier in (
            units.order_by().values_list("centre", "turn", "assessor", "verifier").distinct()
        ):
            if turn in OF_ASSESSOR and (centre, Role.ASSESSOR, assessor) in left:
                found[centre].assessors.add(assessor)
            if turn in OF_VERIFIER and (centre, Role.INTERNAL_VERIFIER, verifier) in left:
                found[centre].verifiers.add(verifier)
    return found, names
