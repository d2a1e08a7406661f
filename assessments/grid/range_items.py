"""What a browser has to know to count, as cells are pressed, which range items of a unit are missing.

The rule is that of `assessments.standing.readiness`; static/js/grid/missing.js follows it, so that a press takes one
request and the number that stands over the grid goes with it.
"""

import json
from collections import defaultdict
from collections.abc import Collection
from itertools import groupby
from typing import Any

from assessments.grid.grid import Grid
from assessments.models.status import Status
from assessments.permissions import NEXT_STAGE
from assessments.standing.readiness import enough_for
from portfolio.models import State
from standards.content import UnitContent
from standards.models import Criterion


def enough(grid: Grid) -> frozenset[str]:
    """How a claim must stand to be enough for the next signature; if there is none left, to count."""
    stage = NEXT_STAGE.get(State(grid.version.state))
    return enough_for(stage) if stage else frozenset({Status.MET})


def range_of(grid: Grid) -> str:
    """Return it as JSON; empty if the unit has no range items, or if the page does not show all pieces.

    `elements`: the positions of the performance criteria of each. `categories`: the positions of their items, for
    which elements these must be shown, at least how many for each, and for which of them by performance evidence.
    `supplementary`: the rows of other evidence. `hidden`: for each criterion whose column is not shown, by anchor, the
    rows on which enough is claimed for it.
    """
    of_unit = range_in(grid.content.unit)
    agreed = {position for position, is_agreed in grid.facts.not_shown.items() if is_agreed}
    of_unit["categories"] = [_without(agreed, category) for category in of_unit["categories"]]
    if not of_unit["categories"] or grid.page.has_other_pages():
        return ""
    kinds = grid.content.unit.rules.performance_evidence
    supplementary = [place for place, row in enumerate(grid.rows) if row.kind not in kinds]
    return json.dumps({**of_unit, "supplementary": supplementary, "hidden": _hidden(grid)}, separators=(",", ":"))


def _without(agreed: Collection[int], category: dict[str, Any]) -> dict[str, Any]:
    """A category without the items that the workplace cannot show: they are asked for no more."""
    items = [position for position in category["items"] if position not in agreed]
    return category | {"items": items, "least": min(category["least"], len(items))}


def range_in(unit: UnitContent) -> dict[str, Any]:
    """The part of it that depends on the unit's wording alone."""
    elements: dict[str, list[int]] = defaultdict(list)
    for item in unit.claimable:
        if item.kind == Criterion.Kind.PERFORMANCE and item.element is not None:
            elements[item.element].append(item.position)
    return {"elements": elements, "categories": _categories(unit)}


def _categories(unit: UnitContent) -> list[dict[str, Any]]:
    above = {item.position: item for item in unit.criteria if item.kind == Criterion.Kind.RANGE}
    of_range = [item for item in unit.claimable if item.kind == Criterion.Kind.RANGE]
    found: list[dict[str, Any]] = []
    for (parent, applies_to), items in groupby(of_range, key=lambda item: (item.parent, item.range_elements)):
        positions = [item.position for item in items]
        minimum = above[parent].minimum if parent is not None and not above[parent].is_tickable else None
        least = len(positions) if minimum is None else minimum
        category: dict[str, Any] = {"items": positions, "elements": applies_to, "least": least}
        by_performance = {*applies_to} & {*unit.rules.minimum_by_performance_evidence}
        if minimum is not None and by_performance:
            category["performance"] = sorted(by_performance)
        found.append(category)
    return found


def _hidden(grid: Grid) -> dict[str, list[int]]:
    shown = {column.criterion.pk for column in grid.columns}
    anchors = {item.pk: item.anchor for item in grid.content.unit.claimable if item.pk not in shown}
    rows = {row.pk: place for place, row in enumerate(grid.rows)}
    stands = enough(grid)
    found: dict[str, list[int]] = defaultdict(list)
    for (evidence, criterion), mark in grid.marks.items():
        if criterion in anchors and mark.status in stands and evidence in rows:
            found[anchors[criterion]].append(rows[evidence])
    return found
