"""What a browser that was never here before loads to show a page: the bytes that travel, compressed.

The page, style sheets, scripts, fonts and pictures are asked of the site as a browser does, and what counts is what
the site sends: nothing is compressed here. A style sheet counts with every picture that it names; of the fonts count
those that have a character of the page.
"""

import re
from html import unescape
from urllib.parse import urljoin

from bench.pages import PAGES, Page
from bench.pairs import Found
from bench.requests import Handler
from bench.site import Site

LIMIT = 250  # kB
LINKED = re.compile(
    rb'<link\b[^>]*\brel="(?:stylesheet|(?:module)?preload|icon)"[^>]*>|<(?:script|img)\b[^>]*\bsrc="[^"]+"[^>]*>'
)
ADDRESS = re.compile(rb'\b(?:href|src)="([^"]+)"')
FONT = re.compile(rb"@font-face\s*{[^}]*}")
NAMED = re.compile(rb"""url\(\s*["']?([^"')]+)["']?\s*\)""")
RANGE = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", re.IGNORECASE)

COLD_PAGES = {f"cold-{page.name}": page for page in PAGES if not page.send}


def first_view(page: Page, site: Site, handler: Handler) -> Found:
    """How many kB (of 1,000 bytes) travel for the first view of a page."""
    url = page.url(site)
    shown = handler.ask(url, cookie=site.cookies[page.who])
    content = shown.content
    words = {ord(letter) for letter in unescape(re.sub(r"<[^>]+>", "", content.decode()))}
    sizes = {url: len(shown.sent)}
    waiting = [urljoin(url, found[1].decode()) for tag in LINKED.findall(content) if (found := ADDRESS.search(tag))]
    while waiting:
        address = waiting.pop()
        if address in sizes:
            continue
        answer = handler.ask(address)
        if answer.status != 200:
            raise AssertionError(f"{url} needs {address}, which answers {answer.status}.")
        sizes[address] = len(answer.sent)
        if address.endswith(".css"):
            waiting += [
                urljoin(address, named)
                for named in _named_by(handler.ask(address, HTTP_ACCEPT_ENCODING="").sent, words)
            ]
    rest = sum(sizes.values()) - sizes[url]
    notes = (f"kB: {sizes[url] / 1000:.1f} the page, {rest / 1000:.1f} in {len(sizes) - 1} files besides",)
    return Found(f"cold-{page.name}", sum(sizes.values()) / 1000, LIMIT, notes)


def _named_by(sheet: bytes, words: set[int]) -> list[str]:
    """The pictures and fonts that a style sheet makes a browser load for a page with these characters."""
    fonts = [font for font in FONT.findall(sheet) if _has_any(font.decode(), words)]
    named = [name for part in [*fonts, FONT.sub(b"", sheet)] for name in NAMED.findall(part)]
    return [name.decode() for name in named if not name.startswith((b"data:", b"#"))]


def _has_any(font: str, words: set[int]) -> bool:
    spans = [(int(first, 16), int(last or first, 16)) for first, last in RANGE.findall(font)]
    return not spans or any(first <= letter <= last for first, last in spans for letter in words)
