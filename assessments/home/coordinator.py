"""What a coordinator finds: what is stuck, and how many units are where."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from assessments.home.listed_units import Counts, ListedUnit, ToCount, Units
from assessments.home.paging import page_number
from assessments.home.parts import Home, Steps, Wanted
from assessments.home.report import IN_ALL, OPEN, PAST_TARGET, Report, report_now, reports_kept, to_count, words_of
from assessments.home.report_picture import ReportPicture, report_picture
from assessments.home.stuck import Group, HeldUp
from assessments.models import NOBODYS, UnitProgress
from centres.guardians.services import without_consent_at
from centres.models import Centre, Membership, Role, User
from centres.staff.due import Due, due_at
from portfolio.induction.selectors import without_induction_at
from portfolio.interests.rules import unexplained_at
from portfolio.models import Interest, State
from portfolio.qualification_rules.warnings import sanctions_at

DRAWN = datetime.timedelta(weeks=12)


@dataclass(frozen=True, kw_only=True)
class OpenThings:
    """How many things of an app above are open in a centre, in words, and the page that lists them."""

    words: str
    url: str


Giver = Callable[[User, Sequence[Centre]], Mapping[int, OpenThings]]
_givers: list[Giver] = []


def count_at_coordinators_home(giver: Giver) -> None:
    """Have this asked what is open in centres, by their primary keys. Apps above call it when Django starts."""
    _givers.append(giver)


@dataclass(frozen=True, kw_only=True)
class CoordinatorHome(Home):
    """What a coordinator finds."""

    states: tuple[tuple[State, int], ...]
    stuck: tuple[Group, ...]
    due: list[Due]  # of the centre's staff
    report: Report  # how the centre stands
    picture: ReportPicture | None
    sanctions: list[str]  # of the awarding body, in force today
    not_inducted: int  # portfolios whose candidate has not signed the induction
    without_consent: int  # candidates under 18 for whom no guardian's consent stands
    unexplained: list[Interest]  # of people who assess all the same, and nobody has said why
    open_things: list[OpenThings]

    @property
    def past_target(self) -> int:
        """Registrations that are not finished and past their target date, when that was counted."""
        return self.report.numbers[PAST_TARGET]

    @property
    def has_units(self) -> bool:
        """Whether the centre has any unit yet."""
        return any(number for _, number in self.states)


class CoordinatorPart:
    """The units of the centres that a person coordinates."""

    def __init__(self, user: User, held: Sequence[Membership], wanted: Wanted) -> None:
        self._centres = centres = [membership.centre for membership in held]
        self._due = due_at(centres)
        self._sanctions = sanctions_at(centres)
        self._not_inducted = without_induction_at(centres)
        self._without_consent = without_consent_at(centres)
        self._unexplained = unexplained_at(centres)
        self._reports = reports_kept(centres, since=DRAWN)
        self._open_things = [giver(user, centres) for giver in _givers]
        self._now = timezone.now()
        self._held_up = HeldUp(centres, self._now, lambda reason: page_number(wanted(f"stuck-{reason}")))

    def to_count(self) -> Mapping[str, ToCount]:
        """How many units stand in each state, what is stuck, and how a centre stands that has no report yet."""
        units = UnitProgress.objects.filter(centre__in=self._centres).exclude(turn__in=NOBODYS)
        wanted = {"states": ToCount(units, by="state"), **self._held_up.to_count()}
        for centre in self._without_report():
            wanted |= to_count(centre, self._now, self._held_up)
        return wanted

    def pages(self, counts: Counts) -> Mapping[str, Units]:
        """What is stuck for the longest."""
        self._states = {state: counts[state] for state in State}
        self._reports |= {centre.pk: report_now(centre, counts, self._now) for centre in self._without_report()}
        return self._held_up.pages(counts)

    def take(self, read: Mapping[str, list[ListedUnit]]) -> Iterable[ListedUnit]:
        """Take it; why a unit came back is not shown here."""
        self._stuck = self._held_up.groups(read)
        return ()

    def _without_report(self) -> list[Centre]:
        return [centre for centre in self._centres if centre.pk not in self._reports]

    def home(self, centre: Centre, steps: Steps) -> CoordinatorHome:
        """What stands on the page of one centre."""
        report = self._reports[centre.pk]
        words = {name: words_of(name, centre.words) for name in IN_ALL if name != OPEN}
        return CoordinatorHome(
            centre=centre,
            role=Role.COORDINATOR,
            states=tuple((state, number[centre.pk]) for state, number in self._states.items()),
            stuck=tuple(self._stuck[centre.pk]),
            due=self._due[centre.pk],
            report=report,
            picture=report_picture([(row.day, row.numbers) for row in report.days], words),
            sanctions=self._sanctions.get(centre.pk, []),
            not_inducted=self._not_inducted.get(centre.pk, 0),
            without_consent=self._without_consent[centre.pk],
            unexplained=self._unexplained.get(centre.pk, []),
            open_things=[given[centre.pk] for given in self._open_things if centre.pk in given],
        )
