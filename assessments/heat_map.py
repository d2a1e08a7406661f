"""An assessor's candidates × units at a glance: where each unit stands and how much of it is met."""

from dataclasses import dataclass

from django.db.models import F, Window
from django.db.models.functions import DenseRank

from assessments.progress import Progress
from assessments.selectors import units_assessed_by
from centres.models import User
from portfolio.models import CandidateUnit, Registration, State

CANDIDATES_ON_A_PAGE = 20


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One unit of one candidate. `shade` is how much is met, from 0 to 5."""

    unit: CandidateUnit
    progress: Progress

    @property
    def waits(self) -> bool:
        """Whether it is the assessor's turn (as in their queue: `selectors.units_to_assess`)."""
        state = self.unit.state  # type: ignore[attr-defined]
        return state == State.SUBMITTED or (state == State.COLLECTING and self.progress.to_judge > 0)

    @property
    def shade(self) -> int:
        """A fifth for each fifth that is met; something met is never shown as nothing, nor almost all as all."""
        if self.progress.met == 0:
            return 0
        return min(max(self.progress.percent // 20, 1), 5)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A candidate's portfolio, with a cell or None for each column."""

    registration: Registration
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, kw_only=True)
class HeatMap:
    """Rows of candidates under the codes of their units."""

    codes: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """The units of the candidates on one page of the map, and which page that is."""

    units: tuple[CandidateUnit, ...]
    number: int
    has_next: bool

    @property
    def has_other_pages(self) -> bool:
        """Whether there are more candidates than stand here."""
        return self.has_next or self.number > 1


def assessors_candidates(user: User, number: int) -> Candidates:
    """The units of the assessor's candidates on this page, by candidate, in one query (two for a page too far)."""
    last = number * CANDIDATES_ON_A_PAGE
    by = [F("registration__centre__name"), F("registration__centre"), F("registration__candidate__name")]
    ranked = units_assessed_by(user).annotate(row=Window(DenseRank(), order_by=[*by, F("registration")]))
    found = list(
        ranked.filter(row__gt=last - CANDIDATES_ON_A_PAGE, row__lte=last + 1).order_by(
            "row", "revision__unit__code", "pk"
        )
    )
    if not found and number > 1:
        return assessors_candidates(user, 1)
    listed = tuple(unit for unit in found if unit.row <= last)
    return Candidates(units=listed, number=number, has_next=len(listed) < len(found))


def heat_map(units: list[CandidateUnit], progress: dict[int, Progress]) -> HeatMap:
    """Lay out the units of one centre, which come by candidate. A code may stand for two units of two frameworks."""
    columns = sorted({_column(unit) for unit in units})
    rows: dict[Registration, dict[tuple[str, str], Cell]] = {}
    for unit in units:
        cells = rows.setdefault(unit.registration, {})
        cells[_column(unit)] = Cell(unit=unit, progress=progress[unit.pk])
    return HeatMap(
        codes=tuple(code for code, _ in columns),
        rows=tuple(
            Row(registration=registration, cells=tuple(cells.get(column) for column in columns))
            for registration, cells in rows.items()
        ),
    )


def _column(unit: CandidateUnit) -> tuple[str, str]:
    return unit.revision.unit.code, unit.revision.unit.framework.code
