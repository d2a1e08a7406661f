"""What the browser tests of the grid ask of it."""

from playwright.sync_api import Locator, Page, expect

from assessments.standing.unit_record import unit_record
from portfolio.models import CandidateUnit


def cell(page: Page, row: int, column: int) -> Locator:
    """A cell by its row and column, from 1."""
    return page.locator("table.grid tbody tr").nth(row - 1).locator("td").nth(column - 1)


def statuses(unit: CandidateUnit) -> dict[str, str]:
    """How the claims of the unit stand, by criterion."""
    return {record.criterion.full_code: record.status for record in unit_record(unit).claims}


def saved(page: Page) -> None:
    """Wait until the grid says that everything is saved."""
    expect(page.locator("#grid-saved")).to_contain_text("Saved at")
    expect(page.locator(".unsaved")).to_have_count(0)
