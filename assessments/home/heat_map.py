"""An assessor's candidates × units at a glance: where each unit stands and how much of it is met."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assessments.home.listed_units import Confirms, ListedUnit, is_assessors_turn
from assessments.standing.progress import Progress
from portfolio.addresses import addresses

CANDIDATES_ON_A_PAGE = 10


@dataclass(frozen=True, kw_only=True)
class HeatMapRow:
    """A candidate's portfolio, with a cell for each column as HTML: there are too many of them for a template."""

    url: str
    candidate: str
    cells: SafeString


@dataclass(frozen=True, kw_only=True)
class HeatMap:
    """Rows of candidates under the codes of their units."""

    codes: tuple[str, ...]
    rows: tuple[HeatMapRow, ...]


def heat_map(centre: UUID, units: Sequence[ListedUnit], confirms: Confirms) -> HeatMap:
    """Lay out an assessor's units in one centre, which are given by candidate; `confirms` says whose home it is.

    One code may stand for two units of two frameworks.
    """
    unit_at = addresses("assessments:unit", centre, "unit")
    portfolio_at = addresses("assessments:portfolio", centre, "portfolio")
    columns = sorted({_column(unit) for unit in units})
    rows: dict[int, dict[tuple[str, str], str]] = {}
    portfolios = {unit.registration: unit for unit in units}
    for unit in units:
        cell = _cell(unit, unit_at(unit.uuid), waits=is_assessors_turn(unit, confirms))
        rows.setdefault(unit.registration, {})[_column(unit)] = cell
    return HeatMap(
        codes=tuple(code for code, _ in columns),
        rows=tuple(
            HeatMapRow(
                url=portfolio_at(portfolios[registration].portfolio),
                candidate=portfolios[registration].candidate,
                cells=mark_safe("".join(cells.get(column, "<td></td>") for column in columns)),  # noqa: S308 - escaped
            )
            for registration, cells in rows.items()
        ),
    )


def _cell(unit: ListedUnit, url: str, *, waits: bool) -> str:
    """A unit in the map; `waits`: it is the assessor's turn. The state is one of ours; the code is escaped."""
    return (
        f'<td><a class="heat-cell heat-{shade(unit.progress)} state-{unit.state}{" waits" if waits else ""}"'
        f' data-label="{escape(unit.code)}" href="{url}">{unit.progress.percent}%'
        f'<span class="visually-hidden"> met, {unit.state}{", waits for you" if waits else ""}</span></a></td>'
    )


def shade(progress: Progress) -> int:
    """Return how much is met, from 0 to 5: one for each fifth.

    A little is never shown as nothing, nor almost all as all.
    """
    return min(max(progress.percent // 20, 1), 5) if progress.met else 0


def _column(unit: ListedUnit) -> tuple[str, str]:
    return unit.code, unit.framework
