"""What a coordinator finds: what is stuck, and how many units are where."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone

from assessments.home.listed_units import Counts, ListedUnit, ToCount, Units
from assessments.home.paging import page_number
from assessments.home.parts import Home, Steps, Wanted
from assessments.home.stuck import Group, HeldUp
from assessments.models import NOBODYS, UnitProgress
from centres.models import Centre, Membership, Role, User
from centres.staff.due import Due, due_at
from portfolio.induction.selectors import without_induction_at
from portfolio.models import State
from portfolio.qualification_rules.warnings import sanctions_at
from portfolio.registrations.targets import past_target

PAST_TARGET = "past target"


@dataclass(frozen=True, kw_only=True)
class CoordinatorHome(Home):
    """What a coordinator finds."""

    states: tuple[tuple[State, int], ...]
    stuck: tuple[Group, ...]
    due: list[Due]  # of the centre's staff
    past_target: int  # registrations that are not finished
    sanctions: list[str]  # of the awarding body, in force today
    not_inducted: int  # portfolios whose candidate has not signed the induction

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
        self._held_up = HeldUp(centres, timezone.now(), lambda reason: page_number(wanted(f"stuck-{reason}")))

    def to_count(self) -> Mapping[str, ToCount]:
        """How many units stand in each state, how many portfolios are past their target date, and what is stuck."""
        units = UnitProgress.objects.filter(centre__in=self._centres).exclude(turn__in=NOBODYS)
        late = units.filter(registration__in=past_target(self._centres).values("pk"))
        return {
            "states": ToCount(units, by="state"),
            PAST_TARGET: ToCount(late, number=Count("registration", distinct=True)),
            **self._held_up.to_count(),
        }

    def pages(self, counts: Counts) -> Mapping[str, Units]:
        """What is stuck for the longest."""
        self._states = {state: counts[state] for state in State}
        self._past_target = counts[PAST_TARGET]
        return self._held_up.pages(counts)

    def take(self, read: Mapping[str, list[ListedUnit]]) -> Iterable[ListedUnit]:
        """Take it; why a unit came back is not shown here."""
        self._stuck = self._held_up.groups(read)
        return ()

    def home(self, centre: Centre, steps: Steps) -> CoordinatorHome:
        """What stands on the page of one centre."""
        return CoordinatorHome(
            centre=centre,
            role=Role.COORDINATOR,
            states=tuple((state, number[centre.pk]) for state, number in self._states.items()),
            stuck=tuple(self._stuck[centre.pk]),
            due=self._due[centre.pk],
            past_target=self._past_target[centre.pk],
            sanctions=self._sanctions.get(centre.pk, []),
            not_inducted=self._not_inducted.get(centre.pk, 0),
        )
