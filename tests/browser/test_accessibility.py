"""Every page in every state, for those who see little, use no mouse, need it large, or look at it on a phone.

Each page of tests/browser/pages.py is loaded at a desk and on a phone, as some of it shows at one of them alone, with
nothing in the browser's cache, and tried in several ways. What is wrong with it is told in sentences. One site and
one browser serve all.
"""

import os
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import groupby
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.chromium import DESK, NARROWEST, PHONE, SHIFTED, listen, sideways
from tests.browser.pages import PAGES, SitePage
from tests.browser.visitors import Visitors
from tests.site import postgresql_database, running_site
from tests.test_permission_matrix import all_route_names

pytestmark = [pytest.mark.browser, pytest.mark.long]

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL_RULES = {
    "runOnly": {"type": "tag", "values": WCAG},
    "rules": {"target-size": {"enabled": True}},  # axe leaves it out unless it is asked for
    "resultTypes": ["violations"],
}
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
    "preload": False,  # of style sheets and recordings, which these two do not read
}

AXE = Axe()
# What axe finds, one sentence for each rule.
VIOLATIONS = """async options => (await axe.run(options)).violations.map(rule =>
  `${rule.id}: ${rule.help}: ${rule.nodes[0].html.slice(0, 160)} (${rule.nodes.length} such)`)"""

# What still moves though the person has asked for less of that.
MOVING = """() => [...document.querySelectorAll("*")].filter(one => {
  const style = getComputedStyle(one);
  const animated = style.animationName !== "none" && parseFloat(style.animationDuration) > 0.01;
  return animated || parseFloat(style.transitionDuration) > 0.01;
}).map(one => one.outerHTML.slice(0, 80)).slice(0, 3)"""

# What can be pressed and is behind something else once it has the focus, or cannot have it.
OUT_OF_REACH = """() => {
  const kinds = "main :is(a[href], button, input:not([type=hidden]), select, textarea, summary)";
  const controls = [...document.querySelectorAll(kinds)];
  const faults = [];
  const shown = one => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length;
  for (const control of controls.filter(one => !one.disabled && shown(one))) {
    document.activeElement?.blur(); // what has the focus already is not brought into view again
    control.focus();
    const name = control.outerHTML.slice(0, 100);
    if (document.activeElement !== control) { faults.push(`cannot have the focus: ${name}`); continue; }
    const box = control.getClientRects()[0];
    const seen = [0.1, 0.5, 0.9].some(down => [0.1, 0.5, 0.9].some(right => {
      const there = document.elementFromPoint(box.left + box.width * right, box.top + box.height * down);
      const itsOwn = [control, ...(control.labels ?? [])].some(one => one.contains(there));
      return there && (itsOwn || there.contains(control));
    }));
    if (!seen) faults.push(`is hidden when it has the focus: ${name}`);
  }
  document.activeElement?.blur();
  return faults.slice(0, 3);
}"""


@pytest.fixture(scope="module")
def visitors(tmp_path_factory) -> Iterator[Visitors]:
    """The demo, on the database that the suite runs on."""
    on_postgresql = os.environ.get("TEST_DATABASE", "postgresql") == "postgresql"
    with (
        postgresql_database() if on_postgresql else nullcontext("") as url,
        running_site(data_dir=tmp_path_factory.mktemp("demo"), within_seconds=300, DEMO="1", DATABASE_URL=url) as site,
    ):
        yield Visitors(site)


@pytest.fixture(scope="module")
def tab(browser: Browser, visitors: Visitors) -> Iterator["Tab"]:
    tab = Tab(browser, visitors)
    yield tab
    tab.context.close()


class Tab:
    """A tab of a browser that keeps nothing, in which one person after another signs in."""

    def __init__(self, browser: Browser, visitors: Visitors) -> None:
        self.visitors = visitors
        self.context = browser.new_context(viewport=PHONE, reduced_motion="reduce")
        self.page = self.context.new_page()
        self.context.new_cdp_session(self.page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        self.complaints = listen(self.page)

    def open(self, wanted: SitePage, size: ViewportSize) -> Page:
        """Show a page in a window of this size, in the light. From then on `complaints` are those of this page."""
        address = self.visitors.address(wanted)
        self.context.set_offline(False)
        self.visitors.sign_in(self.context, wanted.who)
        self.page.set_viewport_size(size)
        self.page.emulate_media(color_scheme="light")
        self.complaints.clear()
        self.page.goto(address)
        return self.page


@pytest.mark.parametrize("wanted", PAGES, ids=lambda page: page.name)
def test_a_page_is_for_everybody(tab, wanted):
    faults = []
    for where, size, widths in (("at a desk", DESK, (1280, 768)), ("on a phone", PHONE, (390, 320))):
        page = tab.open(wanted, size)
        found = shifts(page)
        if wanted.then:
            wanted.then(page)
        page.evaluate(AXE.axe_script)
        found += page.evaluate(VIOLATIONS, ALL_RULES)
        page.emulate_media(color_scheme="dark")
        found += [f"in the dark, {fault}" for fault in page.evaluate(VIOLATIONS, COLOURS)]
        found += [fault for width in widths if (fault := sideways(page, width))]
        faults += [f"{where}: {fault}" for fault in found + tab.complaints]
    faults += [f"moves: {what}" for what in page.evaluate(MOVING)]
    page.set_viewport_size(NARROWEST)
    faults += page.evaluate(OUT_OF_REACH)
    assert faults == []


def shifts(page: Page) -> list[str]:
    """What moved while the page was loading."""
    by, what = page.evaluate(SHIFTED)
    return [f"shifts by {by:.3f} while it loads: {what}"] if by else []


# Routes that lead to no page, and why.
NOT_PAGES = {
    "health": "tells who supervises the server how it is",
    "whose": "tells a script whether the same person is still signed in",
    "capture_worker": "is a script",
    "design": "is there while somebody develops; tests/config/test_design.py",
    "hint_dismiss": "takes a button and leads back",
    "notices:put_away": "takes a button and leads back",
    "notices:choose": "takes a form and leads back",
    "notices:notice": "leads on to the page that it is about",
    "mfa_login_webauthn": "answers a script, and takes its form",
    "mfa_remove_webauthn": "one button; nobody has a passkey without a device: test_passkeys.py",
    "centres:invite": "takes a button and leads back",
    "centres:staff_csv": "is a table for a spreadsheet",
    "centres:staff_pdf": "is a PDF",
    "portfolio:staff_certificate": "is a file",
    "assessments:unit_certificates_print": "is a PDF",
    "assessments:cells": "answers a script",
    "assessments:claims": "leads on to the page of all units",
    "assessments:file_opened": "answers a script",
    "assessments:observation": "is the page of a new record with what was typed: record-refused",
    "assessments:observation_arrived": "answers a script",
    "assessments:observation_pdf": "is a PDF",
    "assessments:observation_blank": "is a PDF",
    "assessments:feedback_print": "is a PDF",
    "assessments:portfolio_actions_print": "is a PDF",
    "assessments:centre_actions_print": "is a PDF",
    "assessments:sheet_write": "is the page of a new plan with what was typed: plan-refused",
    "assessments:sheet_pdf": "is a PDF",
    "assessments:sheet_blank": "is a PDF",
    "assessments:seen": "takes a button and leads back",
    "portfolio:import_template": "is a file",
    "portfolio:import_rows": "is a file",
    "portfolio:arriving": "answers a script",
    "portfolio:arriving_file": "answers a script",
    "portfolio:file_viewer": "is a part of a page, which a script puts there",
    "portfolio:file_open": "is a file",
    "portfolio:file_copy": "is a film",
    "portfolio:witness_list": "is a PDF",
    "portfolio:testimony_blank": "is a PDF",
    "portfolio:testimony_print": "is a PDF",
    "portfolio:written_print": "is a PDF",
    "portfolio:file_page": "is a picture of a page",
    "assessments:final_form": "is a PDF",
    "blank_form": "is a PDF",
    "standards:unit_pdf": "is a PDF",
    "verification:figures_file": "is a file",
    "verification:visit_print": "is a PDF",
    "verification:monitoring_print": "is a PDF",
    "verification:monitoring_blank": "is a PDF",
    "verification:monitoring_minutes_file": "is a file",
    "verification:plan_print": "is a PDF",
    "verification:sample_print": "is a PDF",
    "verification:pack_file": "is a file",
    "verification:blank": "is a PDF",
    "assessments:print_job": "is there once somebody has asked for a print: looked at as print-job",
    "assessments:print_file": "is a file",
    # Nothing leads there before somebody has sent a form.
    "mfa_authenticate": "looked at as second-step-code",
    "mfa_deactivate_totp": "looked at as app-remove",
    "mfa_view_recovery_codes": "looked at as recovery-codes",
    "testimony_give": "looked at as testimony-give",
    "portfolio:import": "looked at as import-checked and import-faults",
    "portfolio:testimony_request": "looked at as testimony-request",
    "portfolio:testimony_note": "looked at as testimony-note",
    "portfolio:witness_accept": "looked at as witness-accept",
    "verification:case": "looked at as case",
    "verification:visit_action_done": "is for reports of before, of which the demo has none",
    "verification:visit_report_file": "is a file",
}


def test_every_route_has_its_page_here(visitors):
    """A new page is looked at, or the suite fails. A page that leads on counts as where its link leads."""
    reached = {resolve(urlsplit(visitors.address(page)).path).view_name for page in PAGES if page.name != "error-404"}
    assert reached | set(NOT_PAGES) == set(all_route_names())
    assert not reached & set(NOT_PAGES)


def test_each_kind_of_person_has_pages_here():
    """The list goes by person, so that each signs in once."""
    people = [who for who, _ in groupby(page.who for page in PAGES)]
    assert len(PAGES) == len({page.name for page in PAGES})
    assert {"", "Leon", "Desmond", "Joycelyn", "Marva"} <= set(people)
