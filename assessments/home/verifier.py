"""What an internal verifier finds: what waits for them, what they sent back, and how many units they have besides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from assessments.home.listed_units import (
    COLLECTING,
    SUBMITTED,
    Counts,
    ListedUnit,
    ToCount,
    Units,
    by_centre,
    worked_on_by,
)
from assessments.home.paging import ListPage, list_page, page_number
from assessments.home.parts import UNITS_ON_A_PAGE, Home, HomeLine, Steps, Wanted, confirms_of, lines_at
from assessments.models import NotShown, Turn, UnitProgress
from centres.models import Centre, Membership, Role, User
from portfolio.models import Capacity, State

FEW = 10  # others are shown where there are no more
OUT, ALL = "sent-back", "verified"


@dataclass(frozen=True, kw_only=True)
class VerifierHome(Home):
    """What an internal verifier finds; `page` is that of what waits and then what is out, across all centres."""

    waiting: tuple[HomeLine, ...]
    out: tuple[HomeLine, ...]
    page: ListPage
    others: tuple[HomeLine, ...]  # where they are few
    more: int  # how many others there are, where they are many


class VerifierPart:
    """The units that a person verifies, in the centres in which they hold the role."""

    def __init__(self, user: User, held: Sequence[Membership], wanted: Wanted) -> None:
        self._user, self._centres = user, [membership.centre for membership in held]
        self._number = page_number(wanted(Role.INTERNAL_VERIFIER))
        self._confirms = confirms_of(user, held, State.VERIFIED)
        self._units = UnitProgress.objects.filter(worked_on_by(user, Capacity.INTERNAL_VERIFIER, self._centres))
        asked = NotShown.objects.filter(ended_at__isnull=True, answer__isnull=True)  # of range items that are not shown
        to_answer = Q(state__in=(COLLECTING, SUBMITTED), verifier=user.pk, pk__in=asked.values("candidate_unit"))
        waits = Q(turn=Turn.VERIFIER, verifier=user.pk) | self._confirms.wanted | to_answer
        self._waiting, self._others_than_waiting = self._units.filter(waits), self._units.exclude(waits)
        self._out = self._others_than_waiting.filter(sent_back_by=user.pk)

    def to_count(self) -> Mapping[str, ToCount]:
        """How much waits, is out, and is there in all."""
        wanted = {Role.INTERNAL_VERIFIER: self._waiting, OUT: self._out, ALL: self._units}
        return {what: ToCount(units) for what, units in wanted.items()}

    def pages(self, counts: Counts) -> Mapping[str, Units]:
        """The units of this page: what waits, the longest on top, then what is out; the others, if they are few."""
        waiting, out, verified = (counts[what] for what in (Role.INTERNAL_VERIFIER, OUT, ALL))
        self._rest = verified - waiting - out
        self._has_few = self._rest.total() <= FEW
        total, first_out = waiting.total() + out.total(), waiting.total()
        self._page = page = list_page(self._number, total=total, size=UNITS_ON_A_PAGE)
        centres = by_centre(self._centres)
        pages: dict[str, Units] = {}
        if page.start < first_out:
            waiting_on_page = self._waiting.order_by(*centres, "since", "pk")[page.start : min(page.end, first_out)]
            pages[Role.INTERNAL_VERIFIER] = waiting_on_page
        if page.end > first_out:
            first, behind = max(page.start - first_out, 0), page.end - first_out
            pages[OUT] = self._out.order_by(*centres, "since", "pk")[first:behind]
        if self._has_few and self._rest:
            others = self._others_than_waiting.filter(~Q(sent_back_by=self._user.pk) | Q(sent_back_by=None))
            pages[ALL] = others.order_by("pk")[:FEW]
        return pages

    def take(self, read: Mapping[str, list[ListedUnit]]) -> Iterable[ListedUnit]:
        """Take all of it, and return what is out."""
        by_waiting = {what: sorted(units, key=lambda unit: (unit.since, unit.pk)) for what, units in read.items()}
        self._shown, self._sent_back = (by_waiting.get(what, []) for what in (Role.INTERNAL_VERIFIER, OUT))
        self._others = read.get(ALL, [])
        return self._sent_back

    def home(self, centre: Centre, steps: Steps) -> VerifierHome:
        """What stands on the page of one centre."""
        return VerifierHome(
            centre=centre,
            role=Role.INTERNAL_VERIFIER,
            waiting=lines_at(centre, self._shown, confirms=self._confirms),
            out=lines_at(centre, self._sent_back, steps),
            page=self._page,
            others=lines_at(centre, self._others),
            more=0 if self._has_few else self._rest[centre.pk],
        )
