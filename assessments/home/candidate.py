"""What a candidate finds: the one thing to do now, their units, and what others said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from assessments.home.feedback import SaidToCandidate, feedback_on
from assessments.home.listed_units import COLLECTING, Counts, ListedUnit, ToCount, Units
from assessments.home.next_step import NextStep, NextStepKind, most_pressing
from assessments.home.paging import ListPage, list_page, page_number
from assessments.home.parts import UNITS_ON_A_PAGE, Home, HomeLine, Steps, Wanted, lines_at
from assessments.home.unclaimed import UnclaimedPiece, piece_without_claims
from assessments.models import RecordPart, Turn, UnitProgress
from assessments.observations.selectors import to_acknowledge
from assessments.standing.progress import Progress
from centres.models import Centre, Membership, Role, User
from portfolio.testimony.selectors import RequestLine, waiting_in


@dataclass(frozen=True, kw_only=True)
class OwnPortfolio:
    """A portfolio of the person's own, and which units it holds."""

    uuid: UUID
    codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CandidateHome(Home):
    """What a candidate finds; `page` is that of the list of their units, across all centres."""

    lines: tuple[HomeLine, ...]
    page: ListPage
    next: NextStep | None
    piece: UnclaimedPiece | None  # one that claims nothing
    portfolio: Progress
    portfolios: tuple[OwnPortfolio, ...]
    asked: tuple[RequestLine, ...]  # of witnesses, whose answers somebody waits for
    records: tuple[RecordPart, ...]  # what assessors recorded of them and they have not seen yet
    feedback: tuple[SaidToCandidate, ...]

    @property
    def new(self) -> int:
        """How much of it was said since the candidate looked last."""
        return sum(said.is_new for said in self.feedback)


class CandidatePart:
    """A candidate's own units: nobody has many, so all of them are read."""

    def __init__(self, user: User, held: Sequence[Membership], wanted: Wanted) -> None:
        self._user, self._centres = user, [membership.centre for membership in held]
        self._number = page_number(wanted(Role.CANDIDATE))

    def to_count(self) -> Mapping[str, ToCount]:
        """Nothing."""
        return {}

    def pages(self, counts: Counts) -> Mapping[str, Units]:
        """All their units."""
        own = UnitProgress.objects.filter(candidate_unit__registration__candidate=self._user.pk)
        return {Role.CANDIDATE: own.filter(centre__in=self._centres).exclude(turn=Turn.ASIDE)}

    def take(self, read: Mapping[str, list[ListedUnit]]) -> Iterable[ListedUnit]:
        """Take them by centre and code, and look for a piece of which nobody has said what it shows."""
        place = {centre.pk: place for place, centre in enumerate(self._centres)}
        self._own = sorted(read[Role.CANDIDATE], key=lambda unit: (place[unit.centre], unit.code, unit.pk))
        self._page = list_page(self._number, total=len(self._own), size=UNITS_ON_A_PAGE)
        open_portfolios = {unit.registration: unit.centre for unit in self._own if _waits(unit)}
        self._piece = piece_without_claims(self._user, open_portfolios) if open_portfolios else None
        self._pieces_centre = open_portfolios[self._piece.registration] if self._piece else None
        portfolios = {unit.registration for unit in self._own}
        self._asked = waiting_in(portfolios) if portfolios else []
        self._records = to_acknowledge(self._user) if self._own else []
        self._feedback: list[SaidToCandidate] | None = None
        return self._own

    def home(self, centre: Centre, steps: Steps) -> CandidateHome:
        """What stands on the page of one centre."""
        if self._feedback is None:
            self._feedback = feedback_on(self._own, steps, looked_at=self._user.home_looked_at) if self._own else []
        own = lines_at(centre, self._own, steps)
        piece = self._piece if self._pieces_centre == centre.pk else None
        active = [line for line in own if line.unit.turn != Turn.RESTS]
        pressing = most_pressing(active, unclaimed_piece=piece is not None)
        quoted = pressing.line.returned if pressing and pressing.step == NextStepKind.RETURNED else None
        return CandidateHome(
            centre=centre,
            role=Role.CANDIDATE,
            lines=lines_at(centre, self._own[self._page.start : self._page.end], steps),
            page=self._page,
            next=pressing,
            piece=piece,
            portfolio=sum((line.progress for line in own), Progress()),
            portfolios=_portfolios(line.unit for line in own),
            asked=tuple(one for one in self._asked if one.request.witness.registration.centre_id == centre.pk),
            records=tuple(part for part in self._records if part.registration.centre_id == centre.pk),
            feedback=tuple(
                said
                for said in self._feedback
                if said.centre == centre.pk and (quoted is None or said.step != quoted.pk)  # that is said above
            ),
        )


def _waits(unit: ListedUnit) -> bool:
    return unit.state == COLLECTING and unit.turn != Turn.RESTS


def _portfolios(own: Iterable[ListedUnit]) -> tuple[OwnPortfolio, ...]:
    codes: dict[UUID, list[str]] = {}
    for unit in own:
        codes.setdefault(unit.portfolio, []).append(unit.code)
    return tuple(OwnPortfolio(uuid=uuid, codes=tuple(of_it)) for uuid, of_it in codes.items())
