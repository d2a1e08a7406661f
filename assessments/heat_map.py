"""An assessor's candidates × units at a glance: where each unit stands and how much of it is met."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from assessments.listed import ListedUnit, is_assessors_turn
from assessments.progress import Progress
from portfolio.addresses import addresses

CANDIDATES_ON_A_PAGE = 20


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One unit of one candidate. `shade` is how much is met, from 0 to 5."""

    unit: ListedUnit
    progress: Progress
    url: str

    @property
    def waits(self) -> bool:
        """Whether it is the assessor's turn (as in their queue: `listed.to_assess`)."""
        return is_assessors_turn(self.unit, self.progress)

    @property
    def shade(self) -> int:
        """A fifth for each fifth that is met; something met is never shown as nothing, nor almost all as all."""
        if self.progress.met == 0:
            return 0
        return min(max(self.progress.percent // 20, 1), 5)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A candidate's portfolio, with a cell or None for each column."""

    url: str
    candidate: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, kw_only=True)
class HeatMap:
    """Rows of candidates under the codes of their units."""

    codes: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """The units of the candidates on one page of the map, and which page that is."""

    units: tuple[ListedUnit, ...]
    number: int
    has_next: bool

    @property
    def has_other_pages(self) -> bool:
        """Whether there are more candidates than stand here."""
        return self.has_next or self.number > 1


def candidates_on_page(units: Sequence[ListedUnit], number: int) -> Candidates:
    """The units of the candidates on this page, of an assessor's units by candidate; page 1 for a page too far."""
    portfolios = list(dict.fromkeys(unit.registration for unit in units))
    start = (number - 1) * CANDIDATES_ON_A_PAGE
    if start >= len(portfolios):
        number, start = 1, 0
    end = start + CANDIDATES_ON_A_PAGE
    shown = set(portfolios[start:end])
    listed = tuple(unit for unit in units if unit.registration in shown)
    return Candidates(units=listed, number=number, has_next=end < len(portfolios))


def heat_map(centre: UUID, units: Sequence[ListedUnit], progress: Mapping[int, Progress]) -> HeatMap:
    """Lay out the units of one centre, which come by candidate. A code may stand for two units of two frameworks."""
    unit_at = addresses("assessments:unit", centre, "unit")
    portfolio_at = addresses("assessments:portfolio", centre, "portfolio")
    columns = sorted({_column(unit) for unit in units})
    rows: dict[int, dict[tuple[str, str], Cell]] = {}
    portfolios = {unit.registration: unit for unit in units}
    for unit in units:
        cell = Cell(unit=unit, progress=progress[unit.pk], url=unit_at(unit.uuid))
        rows.setdefault(unit.registration, {})[_column(unit)] = cell
    return HeatMap(
        codes=tuple(code for code, _ in columns),
        rows=tuple(
            Row(
                url=portfolio_at(portfolios[registration].portfolio),
                candidate=portfolios[registration].candidate,
                cells=tuple(cells.get(column) for column in columns),
            )
            for registration, cells in rows.items()
        ),
    )


def _column(unit: ListedUnit) -> tuple[str, str]:
    return unit.code, unit.framework
