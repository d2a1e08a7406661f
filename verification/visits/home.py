"""What an external verifier finds at home: the visit that is open to them, or when the next one is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessments.home.listed_units import Counts, ListedUnit, ToCount, Units
from assessments.home.parts import Home, Steps, Wanted
from centres.models import Centre, Membership, Role, User
from verification.models import Visit
from verification.visits.selectors import next_visits


@dataclass(frozen=True, kw_only=True)
class VisitsHome(Home):
    """What an external verifier finds in one centre; None: no visit is open or to come."""

    visit: Visit | None


class VisitsPart:
    """The visits of a person to the centres in which they hold the role. It lists no units."""

    def __init__(self, user: User, held: Sequence[Membership], wanted: Wanted) -> None:
        self._visits = next_visits(user, [membership.centre_id for membership in held])

    def to_count(self) -> Mapping[str, ToCount]:
        """Nothing."""
        return {}

    def pages(self, counts: Counts) -> Mapping[str, Units]:
        """Nothing."""
        return {}

    def take(self, read: Mapping[str, list[ListedUnit]]) -> Iterable[ListedUnit]:
        """Nothing."""
        return ()

    def home(self, centre: Centre, steps: Steps) -> VisitsHome:
        """What stands on the page of one centre."""
        return VisitsHome(centre=centre, role=Role.EXTERNAL_VERIFIER, visit=self._visits.get(centre.pk))
