"""Every page of the site in the demo: its name, who looks at it, and how they get there. One list for all who look.

A new page is one entry in PAGES. `script/pictures` takes its picture and test_accessibility.py tests it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, build_opener

from playwright.sync_api import BrowserContext, Page

from tests.site import Site, create_centre

FOUNDER = "founder"  # coordinates a centre of their own, with nobody else in it
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@dataclass(frozen=True, kw_only=True)
class SitePage:
    """One page in one state.

    `steps` lead there from the home page: each takes the first link that has these words in it or, where the
    step begins with a slash, whose address fits it as a pattern. `last` is joined to the address where the steps
    end. `then` is done in the browser once the page is there, for a state that only an answer shows.
    """

    name: str
    who: str = ""  # the first name of a person of the demo; nobody has signed in
    steps: tuple[str, ...] = ()
    last: str = ""
    then: Callable[[Page], None] | None = None


def press(button: str, **typed: str) -> Callable[[Page], None]:
    """Fill fields (by name) and press a button, past what the browser itself would refuse."""

    def act(page: Page) -> None:
        page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
        for name, words in typed.items():
            page.locator(f"main [name={name}]").first.fill(words)
        with page.expect_navigation():
            page.locator("main").get_by_role("button", name=button).last.click()

    return act


def judge_without_reason(page: Page) -> None:
    """Say “not yet” and not why."""
    page.locator("main input[type=radio][value=not_yet]").first.check()
    page.locator("main textarea:focus").wait_for()


def take_in_several_cells(page: Page) -> None:
    """Choose four cells of the grid, so that the words of the one at hand show; on a phone open a criterion."""
    if not page.locator("table.grid").is_visible():
        open_a_criterion(page)
        return
    page.locator("table.grid td[tabindex='0']").focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    page.locator("#grid-dock").get_by_text("4 cells taken in").wait_for()


def open_a_criterion(page: Page) -> None:
    """Unfold a line of the grid as it stands on a phone."""
    page.locator(".grid-key a").nth(2).click()
    page.locator(".grid-piece").first.wait_for()


def ask_why(page: Page) -> None:
    """Answer “not yet” to a claim in the grid, which asks why; on a phone a criterion is opened instead."""
    if not page.locator("table.grid").is_visible():
        open_a_criterion(page)
        return
    page.locator("table.grid td.c").first.click()
    page.keyboard.press("n")
    page.locator("#grid-dock textarea:focus").wait_for()


def press_without_connection(page: Page) -> None:
    """Press a cell while nothing can be sent; on a phone its criterion is opened first."""
    page.context.set_offline(True)
    if page.locator("table.grid").is_visible():
        page.locator("table.grid td:not([class])").first.click()
    else:
        open_a_criterion(page)
        page.locator(".grid-piece[aria-pressed=false]").first.click()
    page.locator("#grid-unsaved").wait_for()
    page.context.set_offline(False)


def claim_with_too_long_a_place(page: Page) -> None:
    """Say where to look in more words than are kept."""
    page.locator("main input[name=claimed]:not(:disabled)").first.check()
    page.locator("main input[name^=where-]").first.fill("page " * 60)
    press("Save what is ticked")(page)


UNIT = r"/units/[^/]+/$"
PORTFOLIO = r"/portfolios/[^/]+/$"
GRID = r"/grid/$"
UNITS = r"/portfolios/[^/]+/units/$"
REGISTER = ("Candidates", "Register a candidate")
PIECE = r"/evidence/[0-9a-f-]{36}/$"

PAGES = (
    # Coming in
    SitePage(name="sign-in"),
    SitePage(name="sign-in-error", then=press("Sign in", login="nobody@example.org", password="wrong")),
    SitePage(name="password-reset", last="/accounts/password/reset/"),
    SitePage(name="password-reset-error", last="/accounts/password/reset/", then=press("Send the link")),
    SitePage(name="password-reset-sent", last="/accounts/password/reset/done/"),
    SitePage(name="password-link-old", last="/accounts/password/reset/key/1-wrong/"),
    SitePage(name="account-closed", last="/accounts/inactive/"),
    SitePage(name="password-change", who="Leon", last="/accounts/password/change/"),
    SitePage(
        name="password-change-error", who="Leon", last="/accounts/password/change/", then=press("Change password")
    ),
    SitePage(name="sign-out", who="Leon", last="/accounts/logout/"),
    # A candidate, from the first day to the last
    SitePage(name="home-begun", who="Tamika"),
    SitePage(name="portfolio-empty", who="Tamika", steps=(PORTFOLIO,)),
    SitePage(name="unit-empty", who="Tamika", steps=(UNIT,)),
    SitePage(name="sign-empty", who="Tamika", steps=(UNIT,), last="sign/"),
    SitePage(name="evidence-add", who="Tamika", steps=("Add evidence",)),
    SitePage(name="evidence-add-error", who="Tamika", steps=("Add evidence",), then=press("Save evidence")),
    SitePage(name="home-candidate", who="Leon"),
    SitePage(name="portfolio", who="Leon", steps=(PORTFOLIO,)),
    SitePage(name="unit-collecting", who="Leon", steps=(UNIT,)),
    SitePage(name="evidence", who="Leon", steps=(PORTFOLIO, PIECE)),
    SitePage(name="evidence-correct", who="Leon", steps=(PORTFOLIO, PIECE, "/correct/$")),
    SitePage(
        name="evidence-correct-error",
        who="Leon",
        steps=(PORTFOLIO, PIECE, "/correct/$"),
        then=press("Save correction", title=""),
    ),
    SitePage(name="evidence-remove", who="Leon", steps=(PORTFOLIO, PIECE, "/remove/$")),
    SitePage(name="claims", who="Leon", steps=(PORTFOLIO, PIECE, "/claims/")),
    SitePage(name="claims-error", who="Leon", steps=(PORTFOLIO, PIECE, "/claims/"), then=claim_with_too_long_a_place),
    SitePage(name="sign-submission", who="Leon", steps=(UNIT, "/sign/$")),
    SitePage(name="sign-error", who="Leon", steps=(UNIT, "/sign/$"), then=press("Sign", password="wrong")),
    SitePage(name="grid", who="Leon", steps=(UNIT, GRID), then=take_in_several_cells),
    SitePage(name="grid-unsaved", who="Priya", steps=(UNIT, GRID), then=press_without_connection),
    SitePage(name="grid-missing", who="Leon", steps=(UNIT, GRID), last="?show=missing"),
    SitePage(name="grid-empty", who="Tamika", steps=(UNIT, GRID)),
    SitePage(name="criterion", who="Leon", steps=(UNIT, GRID, "/criteria/")),
    SitePage(name="criterion-empty", who="Tamika", steps=(UNIT,), last="criteria/performance-1/"),
    SitePage(name="home-returned", who="Priya"),
    SitePage(name="unit-returned", who="Priya", steps=(UNIT,)),
    SitePage(name="home-submitted", who="Callum"),
    SitePage(name="unit-submitted", who="Callum", steps=(UNIT,)),
    SitePage(name="claims-closed", who="Callum", steps=(PORTFOLIO, PIECE, "/claims/")),
    SitePage(name="unit-sent-back", who="Nadia", steps=(UNIT,)),
    SitePage(name="home-assessed", who="Marcus"),
    SitePage(name="unit-assessed", who="Marcus", steps=(UNIT,)),
    SitePage(name="home-verified", who="Rosalind"),
    SitePage(name="unit-verified", who="Rosalind", steps=(UNIT,)),
    SitePage(name="unit-verified-twice", who="Winston", steps=(UNIT,)),
    SitePage(name="unit-reopened", who="Aisha", steps=(UNIT,)),
    # A candidate on a qualification
    SitePage(name="home-qualification", who="Keisha"),
    SitePage(name="portfolio-qualification", who="Keisha", steps=(PORTFOLIO,)),
    SitePage(name="units-chosen", who="Keisha", steps=(PORTFOLIO, UNITS)),
    SitePage(name="units-missing", who="Jermaine", steps=(PORTFOLIO, UNITS)),
    SitePage(name="unit-largest", who="Keisha", steps=("U00306",)),
    SitePage(name="grid-largest", who="Keisha", steps=("U00306", GRID)),
    SitePage(name="grid-range", who="Keisha", steps=("U12902", GRID)),
    SitePage(name="criterion-range", who="Keisha", steps=("U12902",), last="criteria/range-2/"),
    SitePage(name="claims-range", who="Keisha", steps=("U13002", "/claims/")),
    # The assessor
    SitePage(name="home-assessor", who="Desmond"),
    SitePage(name="unit-to-assess", who="Desmond", steps=("Leon Carrington",)),
    SitePage(name="unit-judged", who="Desmond", steps=("Shanice Alleyne",)),
    SitePage(name="portfolio-assessor", who="Desmond", steps=("Leon Carrington", PORTFOLIO)),
    SitePage(name="evidence-assessor", who="Desmond", steps=("Leon Carrington", PIECE)),
    SitePage(name="judge", who="Desmond", steps=("Leon Carrington", "/judge/")),
    SitePage(name="grid-assessor", who="Desmond", steps=("Leon Carrington", GRID)),
    SitePage(name="grid-why", who="Desmond", steps=("Leon Carrington", GRID), then=ask_why),
    SitePage(name="criterion-assessor", who="Desmond", steps=("Shanice Alleyne", GRID, "/criteria/")),
    SitePage(name="judge-error", who="Helen", steps=("Callum Reid", "/judge/"), then=judge_without_reason),
    SitePage(name="judge-outcomes", who="Desmond", steps=("Imran Sayed", "/judge/")),
    SitePage(name="judge-knowledge", who="Helen", steps=("Tomas Ferreira", "/judge/")),
    SitePage(name="claims-assessor", who="Helen", steps=("Callum Reid", "/claims/")),
    SitePage(name="confirm", who="Desmond", steps=("Leon Carrington", "/confirm/$")),
    SitePage(name="sign-off-held-up", who="Helen", steps=("Callum Reid", "/sign/$")),
    SitePage(name="sign-off", who="Desmond", steps=("Shanice Alleyne", "/sign/$")),
    SitePage(name="return", who="Desmond", steps=("Shanice Alleyne", "/return/$")),
    SitePage(
        name="return-error", who="Desmond", steps=("Shanice Alleyne", "/return/$"), then=press("Return this unit")
    ),
    SitePage(name="withdraw", who="Desmond", steps=("Marcus Obi", UNIT, "/withdraw/$")),
    # The internal verifier
    SitePage(name="home-verifier", who="Joycelyn"),
    SitePage(name="home-verifier-empty", who="Owen"),
    SitePage(name="unit-to-verify", who="Joycelyn", steps=("Marcus Obi",)),
    SitePage(name="grid-verifier", who="Joycelyn", steps=("Marcus Obi", GRID)),
    SitePage(name="countersign", who="Joycelyn", steps=("Marcus Obi", "/sign/$")),
    SitePage(name="countersign-outcomes", who="Joycelyn", steps=("Grace Mensah", "/sign/$")),
    SitePage(name="reopen", who="Joycelyn", steps=("Winston Clarke", "/reopen/$")),
    # The coordinator
    SitePage(name="home-coordinator", who="Marva"),
    SitePage(name="people", who="Marva", steps=("People",)),
    SitePage(name="person-add", who="Marva", steps=("People", "Add a person")),
    SitePage(name="person-add-error", who="Marva", steps=("People", "Add a person"), then=press("Add")),
    SitePage(name="role-end", who="Marva", steps=("People", "End this role")),
    SitePage(name="candidates", who="Marva", steps=("Candidates",)),
    SitePage(name="registration-add", who="Marva", steps=REGISTER),
    SitePage(name="registration-units", who="Marva", steps=(*REGISTER, "Customer Service NVQ")),
    SitePage(name="registration-qualification", who="Marva", steps=(*REGISTER, "CCA010-02")),
    SitePage(
        name="registration-add-error", who="Marva", steps=(*REGISTER, "Customer Service NVQ"), then=press("Register")
    ),
    SitePage(name="units-coordinator", who="Marva", steps=("Candidates", UNITS)),
    SitePage(name="unit-add", who="Marva", steps=("Candidates", UNITS, "/units/new/$")),
    SitePage(name="allocate", who="Marva", steps=("Candidates", "/allocate/$")),
    SitePage(name="portfolio-coordinator", who="Marva", steps=("Candidates", "Leon Carrington")),
    # A centre that begins
    SitePage(name="empty-home", who=FOUNDER),
    SitePage(name="empty-people", who=FOUNDER, steps=("People",)),
    SitePage(name="empty-candidates", who=FOUNDER, steps=("Candidates",)),
    SitePage(name="empty-registration-add", who=FOUNDER, steps=("Candidates", "Register a candidate")),
    # For everybody
    SitePage(name="standards", who="Leon", steps=("Standards",)),
    SitePage(name="standards-found", who="Leon", steps=("Standards",), last="?q=complaints"),
    SitePage(name="standards-not-found", who="Leon", steps=("Standards",), last="?q=zeppelin"),
    SitePage(name="standards-unit", who="Leon", last="/standards/nvq/B10/"),
    SitePage(name="standards-unit-cvq", who="Leon", last="/standards/cvq/U00306/"),
    SitePage(name="standards-unit-ocr", who="Leon", last="/standards/ocr/58A/"),
    SitePage(name="standards-unit-cg", who="Leon", last="/standards/cg/323/"),
    SitePage(name="standards-unit-nos", who="Leon", last="/standards/nos/D6/"),
    SitePage(name="standards-qualification", who="Leon", last="/standards/qualifications/cvq/CCA010-02/"),
    SitePage(name="error-403", who="Leon", steps=(UNIT,), last="confirm/"),
    SitePage(name="error-404", who="Leon", last="/nothing/is/here/"),
    SitePage(name="error-405", who="Leon", last="/demo/sign-in/"),
)


class Visitors:
    """The people of a demo site, signed in as they are needed, and the addresses of the pages for them."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._people: dict[str, _Visitor] = {}

    def sign_in(self, context: BrowserContext, who: str) -> None:
        """Let a browser be this person's, or nobody's."""
        context.clear_cookies()
        for cookie in self._visitor(who).jar if who else ():
            context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": self.site.url}])

    def address(self, page: SitePage) -> str:
        """Where the page is. Raises AssertionError where a step finds no link."""
        address = f"{self.site.url}/"
        for step in page.steps:
            address = self._visitor(page.who).follow(address, step)
        return urljoin(address, page.last)

    def _visitor(self, who: str) -> "_Visitor":
        if who not in self._people:
            visitor = _Visitor(self.site.url)
            if who == FOUNDER:
                visitor.found_centre(self.site)
            elif who:
                visitor.sign_in(who)
            self._people[who] = visitor
        return self._people[who]


class _Visitor:
    """Reads pages without a browser, which is quicker where only the way to one is wanted."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.jar = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.jar))
        self._read: dict[str, str] = {}

    def follow(self, address: str, step: str) -> str:
        if address not in self._read:
            self._read[address], _ = self._open(address)
        links = [
            (urljoin(address, unescape(url)), " ".join(unescape(re.sub(r"<[^>]+>", " ", words)).split()))
            for url, words in LINK.findall(self._read[address])
        ]
        for url, words in links:
            if re.search(step, url) if step.startswith("/") else step in words:
                return url
        raise AssertionError(f"{address} has no link for {step!r}, only {links}")

    def sign_in(self, first_name: str) -> None:
        page, _ = self._open(f"{self.site}/accounts/login/")
        [person] = re.findall(rf'name="person" value="([^"]+)">\s*<span>\s*<strong>{first_name} ', page)
        self._send(f"{self.site}/demo/sign-in/", page, person=person)

    def found_centre(self, site: Site) -> None:
        """Come in by the operator's link, and take on further roles, in which nothing is to be done yet."""
        email, password = "founder@new-centre.example", "a password of their own"
        page, at = self._open(create_centre(site, "New Centre", "Faith Ogle", email))
        self._send(at, page, password1=password, password2=password)
        home, _ = self._open(f"{self.site}/")
        [people] = set(re.findall(r'href="(/c/[^"]+/people/)"', home))
        page, at = self._open(f"{self.site}{people}new/")
        for role in ("assessor", "internal_verifier", "external_verifier"):
            self._send(at, page, name="Faith Ogle", email=email, role=role)
        self._send(at, page, name="Ned Newcomer", email="ned@new-centre.example", role="assessor")

    def _open(self, address: str, data: bytes | None = None) -> tuple[str, str]:
        try:
            with self._opener.open(address, data, timeout=20) as response:
                return response.read().decode(), response.url
        except HTTPError as error:
            raise AssertionError(f"{address} answers {error.code}") from error

    def _send(self, address: str, page: str, **typed: str) -> None:
        self._open(address, urlencode({"csrfmiddlewaretoken": CSRF.findall(page)[0], **typed}).encode())
