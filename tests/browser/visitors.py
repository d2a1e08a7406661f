"""The people who look at the pages of a demo site, and the way that each takes to a page of pages.py."""

import hashlib
import re
import sqlite3
import time
from contextlib import closing
from html import unescape
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, build_opener

from playwright.sync_api import BrowserContext

from tests.browser.pages import FOUNDER, INVITED, ROLELESS, SitePage
from tests.site import Site, create_centre, link_in, postgresql

PASSWORD = "a password of their own"
NEWS = re.compile(r'<details class="guidance news">.*?</details>', re.DOTALL)  # names what happens to be new
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Visitors:
    """The people of a demo site, signed in as they are needed, and the addresses of the pages for them."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._people: dict[str, _Visitor] = {}
        self._lost: set[str] = set()

    def sign_in(self, context: BrowserContext, who: str) -> None:
        """Let a browser be this person's, or nobody's."""
        context.clear_cookies()
        for cookie in self._visitor(who).jar if who not in {"", INVITED} else ():
            context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": self.site.url}])

    def address(self, page: SitePage) -> str:
        """Where the page is. Raises AssertionError where a step finds no link."""
        if page.who == INVITED:
            return self._visitor(FOUNDER).letter(self.site, INVITED)
        address = f"{self.site.url}/"
        for step in page.steps:
            address = self._visitor(page.who).follow(address, step)
        address = urljoin(address, page.last).replace(*page.instead)
        if page.lost and address not in self._lost:
            self._visitor(page.who).lose(self.site, address)
            self._lost.add(address)
        if page.without and page.without not in self._lost:
            _take_away(self.site, page.without)
            self._lost.add(page.without)
        return address

    def _visitor(self, who: str) -> "_Visitor":
        if who not in self._people:
            visitor = _Visitor(self.site.url)
            if who == FOUNDER:
                visitor.found_centre(self.site)
            elif who == ROLELESS:
                visitor.come_in(self._visitor(FOUNDER).letter(self.site, ROLELESS))
                self._visitor(FOUNDER).end_role(ROLELESS)
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
        if step.startswith("?"):
            return urljoin(address, step)
        if address not in self._read:
            self._read[address], _ = self._open(address)
        links = [
            (urljoin(address, unescape(url)), " ".join(unescape(re.sub(r"<[^>]+>", " ", words)).split()))
            for url, words in LINK.findall(NEWS.sub("", self._read[address]))
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
        email = _email(FOUNDER)
        self.come_in(create_centre(site, "New Centre", "Faith Ogle", email))
        home, _ = self._open(f"{self.site}/")
        [people] = set(re.findall(r'href="(/c/[^"]+/people/)"', home))
        page, at = self._open(f"{self.site}{people}new/")
        for role in ("assessor", "internal_verifier", "external_verifier"):
            self._send(at, page, name="Faith Ogle", email=email, role=role)
        self._send(at, page, name="Ned Newcomer", email=_email(INVITED), role="assessor")
        self._send(at, page, name="Rae Roleless", email=_email(ROLELESS), role="candidate")

    def come_in(self, link: str) -> None:
        """Choose a password by the link of an invitation."""
        page, at = self._open(link)
        self._send(at, page, password1=PASSWORD, password2=PASSWORD)

    def letter(self, site: Site, who: str) -> str:
        """The link that was sent to somebody whom this person has invited."""
        for _ in range(60):  # the worker writes it after the page has answered
            letters = [path.read_text(encoding="utf-8") for path in (site.data_dir / "outbox").glob("*")]
            links = {link_in(letter) for letter in letters if f"To: {_email(who)}" in letter}
            if links:
                break
            time.sleep(1)
        [link] = links
        return link

    def end_role(self, who: str) -> None:
        """Take the role of somebody whom this person has invited."""
        address = self.follow(f"{self.site}/", "People")
        for step in (who.capitalize(), "End this role"):
            address = self.follow(address, step)
        page, at = self._open(address)
        self._send(at, page)

    def lose(self, site: Site, address: str) -> None:
        """Take the file at this address out of the store, once it is there: a final form takes a moment."""
        for _ in range(60):
            with self._opener.open(address, timeout=20) as response:
                digest = hashlib.sha256(response.read()).hexdigest()
            if stored := list((site.data_dir / "files").glob(f"*/{digest[:2]}/{digest}")):
                break
            time.sleep(1)
        [path] = stored
        path.unlink()

    def _open(self, address: str, data: bytes | None = None) -> tuple[str, str]:
        try:
            with self._opener.open(address, data, timeout=20) as response:
                return response.read().decode(), response.url
        except HTTPError as error:
            raise AssertionError(f"{address} answers {error.code}") from error

    def _send(self, address: str, page: str, **typed: str) -> None:
        self._open(address, urlencode({"csrfmiddlewaretoken": CSRF.findall(page)[0], **typed}).encode())


def _take_away(site: Site, table: str) -> None:
    """Let the site have no such table any more, so that whatever asks for it fails."""
    url = site.settings.get("DATABASE_URL")
    statement = f"ALTER TABLE {table} RENAME TO taken_away"
    if url:
        with postgresql(url) as cursor:
            cursor.execute(statement)
    else:
        with closing(sqlite3.connect(site.data_dir / "countersign.sqlite3", timeout=30)) as sqlite:
            sqlite.execute(statement)


def _email(who: str) -> str:
    """The address of a person of the centre that begins."""
    return f"{who}@new-centre.example"
