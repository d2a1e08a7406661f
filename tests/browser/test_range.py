"""The number of what is missing follows each press in a unit with range items, as the server counts it."""

import random

import pytest
from playwright.sync_api import expect

from assessments.grid.grid import grid_of
from assessments.grid.range_items import range_in
from assessments.models import Stage
from assessments.models.status import Status
from assessments.standing.readiness import ClaimFact, facts_of, readiness
from standards.models import Criterion
from standards.published import published_content
from tests.assessments.pages import address
from tests.browser.cells import CVQ, cell, saved, taken
from tests.cast import add_evidence

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

UNITS = [item.content for item in CVQ.units if range_in(item.content)["categories"]]
COUNT = """async cases => {
  const { rangeItemsMissing } = await import("/static/js/grid/missing.js");
  return cases.map(([range, cells]) => rangeItemsMissing(range, anchor => cells[anchor] ?? []));
}"""


@pytest.fixture
def pieces(unit, candidate):
    """Three pieces in Pat's portfolio."""
    return [add_evidence(unit.registration, candidate) for _ in range(3)]


@pytest.fixture
def ranged(unit, coordinator, assessor, pieces):
    """Pat's unit U12902, with categories that are to be shown for each of several elements."""
    return taken("cvq:U12902", unit, coordinator, assessor)


def missing_in(content, cells, kinds) -> int:
    """How many range items the server misses where these pieces, of these kinds, claim these criteria."""
    claims = [
        ClaimFact(item.kind, item.position, piece, kinds[piece], Status.CLAIMED)
        for item in content.claimable
        for piece in cells[item.anchor]
    ]
    wanting = readiness(facts_of(content, claims=claims, stated=(), signed=()), Stage.SUBMISSION)
    return len({item.position for one in wanting for item in one.criteria if item.kind == Criterion.Kind.RANGE})


def test_the_browser_counts_range_items_as_the_server_does(browser, live_server):
    chance = random.Random(20)  # noqa: S311 - to fill grids
    cases, counts = [], []
    kinds = ["work_product", "personal_statement", "case_history", "photo"]  # of pieces 0 to 3
    for content in UNITS:
        supplementary = [n for n, kind in enumerate(kinds) if kind not in content.rules.performance_evidence]
        for filled in (0, 0.05, 0.1, 0.2, 0.35, 0.6, 1):
            cells = {item.anchor: [n for n in range(4) if chance.random() < filled] for item in content.claimable}
            cases.append([range_in(content) | {"supplementary": supplementary}, cells])
            counts.append(missing_in(content, cells, kinds))
    page = browser.new_page()
    page.goto(f"{live_server.url}/static/js/grid/missing.js")
    assert page.evaluate(COUNT, cases) == counts
    assert len(set(counts)) > 10
    page.close()


@pytest.mark.parametrize("show", ["all", "missing"])
def test_the_number_follows_each_press(show, ranged, pieces, candidate, open_as):
    page = open_as(candidate)
    page.goto(address("grid", ranged) + ("?show=missing" if show == "missing" else ""))
    number, seen = page.locator("#grid-missing"), set()
    for row, kind, place in (
        (1, "range", 0), (1, "range", 1), (1, "performance", 0), (1, "performance", 5), (1, "performance", 9),
        (2, "range", 2), (2, "performance", -1), (2, "range", 0), (1, "range", 0), (1, "performance", 0),
    ):  # fmt: skip
        anchors = page.locator("table.grid thead tr:last-child a").evaluate_all(
            "links => links.map(link => link.pathname.split('/').at(-2))"
        )
        column = [at for at, anchor in enumerate(anchors) if anchor.startswith(kind)][place]
        cell(page, row, column + 1).click()
        saved(page)
        now = len(grid_of(ranged, all_pieces=True).missing)
        expect(number).to_have_text(str(now))
        seen.add(now)
        if show == "missing" and row == 2:
            page.reload()  # what is not missing any more is not shown, and counts all the same
    assert len(seen) > 5


def test_a_statement_does_not_reach_a_minimum_that_asks_for_performance_evidence(
    unit, coordinator, assessor, candidate, open_as
):
    safety = taken("cvq:U00306", unit, coordinator, assessor)
    for kind in ("personal_statement", "photo"):
        add_evidence(unit.registration, candidate, kind=kind)
    [keys] = [item for item in published_content(safety.revision).unit.range if item.text == "missing keys"]
    page = open_as(candidate)
    page.goto(address("grid", safety))
    anchors = page.locator("table.grid thead tr:last-child a").evaluate_all(
        "links => links.map(link => link.pathname.split('/').at(-2))"
    )
    column = anchors.index(keys.anchor) + 1
    counted = []
    for row in (1, 2):
        cell(page, row, column).click()
        saved(page)
        counted.append(len(grid_of(safety, all_pieces=True).missing))
        expect(page.locator("#grid-missing")).to_have_text(str(counted[-1]))
    assert counted == [113, 113 - 4]  # one of the four risks is enough
