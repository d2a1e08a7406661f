"""What a coordinator finds: what is stuck, and how many units are where."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from assessments.home.listed_units import Counts, ListedUnit, ToCount, Units
from assessments.home.paging import page_number
from assessments.home.parts import Home, Steps, Wanted
from assessments.home.stuck import Group, HeldUp
from assessments.models import NOBODYS, UnitProgress
from centres.models import Centre, Membership, Role, User
from centres.staff.due import Due, due_at
from portfolio.models import State


@dataclass(frozen=True, kw_only=True)
class CoordinatorHome(Home):
    """What a coordinator finds."""

    states: tuple[tuple[State, int], ...]
    stuck: tuple[Group, ...]
    due: list[Due]  # of the centre's staff

    @property
    def has_units(self) -> bool:
        """Whether the centre has any unit yet."""
        return any(number for _, number in self.states)


class CoordinatorPart:
    """The units of the centres that a person coordinates."""

    def __init__(self, user: User, held: Sequence[Membership], wanted: Wanted) -> None:
        self._centres = centres = [membership.centre for membership in held]
        self._due = due_at(centres)
        self._held_up = HeldUp(centres, timezone.now(), lambda reason: page_number(wanted(f"stuck-{reason}")))

    def to_count(self) -> Mapping[str, ToCount]:
        """How many units stand in each state, and what is stuck."""
        units = UnitProgress.objects.filter(centre__in=self._centres).exclude(turn__in=NOBODYS)
        return {"states": ToCount(units, by="state"), **self._held_up.to_count()}

    def pages(self, counts: Counts) -> Mapping[str, Units]:
        """What is stuck for the longest."""
        self._states = {state: counts[state] for state in State}
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
        )
