"""The main job by Tab, Enter, Space, the arrows and typing alone: from evidence to the countersignature.

At every stop of the way the focus can be seen.
"""

import os
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from centres.demo import DEMO_PASSWORD
from tests.browser.chromium import DESK
from tests.site import postgresql_database, running_site

pytestmark = [pytest.mark.browser, pytest.mark.long]

MOST_STOPS = 200

# What has the focus, and why it cannot be seen there: "" where it can.
FOCUS = """() => {
  if (document.activeElement === document.body) return "";  // between the last stop and the first
  const here = document.activeElement, style = getComputedStyle(here), box = here.getClientRects()[0];
  const name = here.outerHTML.slice(0, 100);
  const isMarked = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  const marksItsParts = here.matches("input[type=date]");  // day, month, year and calendar: Chromium's own
  if (!isMarked && !marksItsParts) return `is not marked: ${name}`;
  const isAbove = box.bottom <= 0 || box.right <= 0, isBelow = box.top >= innerHeight || box.left >= innerWidth;
  if (isAbove || isBelow) return `is off the screen: ${name}`;
  const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  if (there && !here.contains(there) && !there.contains(here)) return `is behind something: ${name}`;
  return "";
}"""


@pytest.fixture
def keyboard(browser: Browser, tmp_path) -> Iterator["Keyboard"]:
    """A browser without a mouse in front of the demo's sign-in page."""
    on_postgresql = os.environ.get("TEST_DATABASE", "postgresql") == "postgresql"
    with (
        postgresql_database() if on_postgresql else nullcontext("") as url,
        running_site(data_dir=tmp_path / "data", within_seconds=300, DEMO="1", DATABASE_URL=url) as site,
    ):
        # With less motion the screen is where it will be as soon as Tab was pressed.
        page = browser.new_context(viewport=DESK, locale="en-GB", reduced_motion="reduce").new_page()
        page.goto(site.url)
        yield Keyboard(page)


class Keyboard:
    """Somebody's hands on the keys."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def tab(self) -> None:
        """Go on by one stop, which can be seen."""
        self.press("Tab")
        fault = self.page.evaluate(FOCUS)
        assert not fault, f"On {self.page.url} the focus {fault}"

    def tab_to(self, wanted: Locator) -> None:
        """Go on until this has the focus."""
        expect(wanted).to_be_attached()
        for _ in range(MOST_STOPS):
            if self.is_at(wanted):
                return
            self.tab()
        raise AssertionError(f"Tab does not come to {wanted} on {self.page.url}")

    def is_at(self, wanted: Locator) -> bool:
        """Whether this has the focus; a page may give it to its first field by itself."""
        is_there: bool = wanted.evaluate("one => one === document.activeElement")
        return is_there

    def follow(self, words: str, *, role: str = "link", within: str = "main") -> None:
        """Go to a link, or a button, and press Enter."""
        self.tab_to(self.page.locator(within).get_by_role(role, name=words).first)  # type: ignore[arg-type]
        with self.page.expect_navigation():
            self.press("Enter")

    def type_in(self, label: str, words: str) -> None:
        """Go to a field and type."""
        fields = self.page.locator("main :is(input, select, textarea)")
        self.tab_to(fields.and_(self.page.get_by_label(label)).first)
        self.page.keyboard.type(words)

    def sign_in(self, name: str) -> None:
        self.type_in("E-mail", f"{name.lower()}@pelican-reach.example")
        self.type_in("Password", DEMO_PASSWORD)
        with self.page.expect_navigation():
            self.press("Enter")

    def sign_out(self) -> None:
        self.follow("Sign out", role="button", within="header.site-head")

    def sign(self) -> None:
        self.type_in("Your password", DEMO_PASSWORD)
        with self.page.expect_navigation():
            self.press("Enter")


def test_the_main_job_needs_no_mouse(keyboard):
    page = keyboard.page

    # The candidate adds a piece that stays at work, and claims everything from it.
    keyboard.sign_in("Tamika")
    keyboard.follow("Add evidence")
    keyboard.type_in("Description of evidence", "A complaint about a late order")
    keyboard.type_in("What kind of evidence is it?", "Work")
    keyboard.type_in("Where does it come from?", "Real")
    keyboard.type_in("When did it happen?", "02032026")
    keyboard.type_in("Where is it kept", "Filing cabinet 3")
    keyboard.type_in("Why does it matter", "Shows how I deal with complaints")
    keyboard.follow("Save evidence", role="button")
    save = page.get_by_role("button", name="Save what is ticked")
    while not keyboard.is_at(save):
        keyboard.tab()
        if page.evaluate("document.activeElement.name === 'claimed'"):
            keyboard.press("Space")
    with page.expect_navigation():
        keyboard.press("Enter")
    expect(page.get_by_text("30 claimed")).to_be_visible()

    # Then they submit the unit.
    keyboard.follow("How B10 stands")
    keyboard.follow("Submit this unit")
    keyboard.sign()
    expect(page.locator("[aria-current=step]")).to_have_text("Submitted")
    keyboard.sign_out()

    # The assessor answers one claim with the arrows and the rest at once, states, and signs off.
    keyboard.sign_in("Desmond")
    keyboard.follow("Tamika Joseph")
    keyboard.follow("Judge")
    keyboard.tab_to(page.locator("main input[type=radio]").first)
    keyboard.press("Space")
    keyboard.press("ArrowRight")
    expect(page.locator("main input[type=radio][value=partly]").first).to_be_checked()
    expect(page.locator("#saved")).to_contain_text("Saved at")
    keyboard.press("j")
    keyboard.press("m")  # and on to the next
    expect(page.locator("fieldset.answer").nth(2)).to_be_focused()
    keyboard.tab_to(page.get_by_role("button", name="All of these are met"))
    keyboard.press("Enter")
    expect(page.locator("input[type=radio][value=met]:not(:checked)")).to_have_count(0)
    expect(page.locator(".answer.unsaved")).to_have_count(0)
    keyboard.follow("Back to the unit")
    keyboard.follow("Make your statements")
    keyboard.tab_to(page.locator("main input[type=checkbox]").first)
    keyboard.press("Space")
    keyboard.follow("Save", role="button")
    keyboard.follow("Sign the unit off")
    keyboard.sign()
    expect(page.locator("[aria-current=step]")).to_have_text("Assessed")
    keyboard.sign_out()

    # The internal verifier countersigns.
    keyboard.sign_in("Joycelyn")
    keyboard.follow("Tamika Joseph")
    keyboard.follow("Countersign")
    keyboard.sign()
    expect(page.locator("[aria-current=step]")).to_have_text("Verified")
