"""What the browser tests of the grid ask of it."""

from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from assessments.standing.unit_record import unit_record
from centres.models import User
from portfolio.models import CandidateUnit, Capacity
from portfolio.registrations.services import allocate, units_add
from standards.fixtures import read_fixtures
from standards.selectors import latest_revision, unit_by_address
from standards.services.syncing import standards_sync

CVQ = read_fixtures(settings.BASE_DIR / "fixtures", frameworks=["cvq"])


def taken(where: str, unit: CandidateUnit, coordinator: User, assessor: User) -> CandidateUnit:
    """Another unit of the CVQ in the portfolio of this one, with the assessor."""
    standards_sync(fixtures=CVQ)
    revision = latest_revision(unit_by_address(where))
    assert revision is not None
    [added] = units_add(registration=unit.registration, actor=coordinator, revisions=[revision])
    allocate(unit=added, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    return added


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
