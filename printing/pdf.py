"""From a template to a PDF, completely or not at all.

WeasyPrint only logs what it cannot load and prints the rest. Here it may load our own style sheets for
paper, the fonts of the list below and the one of our shapes, and nothing else; whatever it complains about
stops the print.
What is printed, and how it looks, is said by the app that prints it.
"""

import hashlib
import logging
import threading
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

import pydyf
from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.logger import LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from printing.characters import code_point
from printing.shapes import FONT, outcomes_font

FONT_SHEET = "fonts.css"
STYLE_SHEETS = (FONT_SHEET, "recording-form.css", "unit.css")  # in static/print
FONT_SUBSETS = ("latin", "latin-ext", "greek", "cyrillic", "cyrillic-ext", "vietnamese")
FONT_WEIGHTS = (400, 600)
SCHEME = "print:"  # no such scheme exists, so that nothing but the list below can answer to it
MISSING_GLYPH = ".notdef glyph"

# Whatever the site logs: a complaint below the level of the logger would never reach us.
LOGGER.setLevel(logging.WARNING)

# Pango, fontconfig and WeasyPrint's shared fonts are not made for two threads at once, and two would be
# slower than one: a second print waits.
_one_at_a_time = threading.Lock()


class PrintError(RuntimeError):
    """The print would have been incomplete or wrong; nothing was made."""


class MissingCharacters(PrintError):
    """No installed font has these `characters`."""

    def __init__(self, characters: set[str]) -> None:
        self.characters = frozenset(characters)
        numbers = ", ".join(sorted(code_point(character) for character in characters))
        super().__init__(f"No installed font has these characters: {numbers}.")


def render_pdf(
    template: str, context: dict[str, Any], *, title: str, style_sheet: str, unprintable: Collection[str] = ()
) -> bytes:
    """The template as a tagged PDF (bytes) with this title; the same input gives the same bytes.

    `style_sheet` is one of STYLE_SHEETS. The characters of `unprintable` are printed as
    their numbers. The template may set `dcterms.created` and `dcterms.modified` in its head; no other
    date gets in.

    Raises MissingCharacters when no font has a character, PrintError when anything else would be missing.
    """
    numbers = {ord(character): f"[{code_point(character)}]" for character in unprintable}
    html = render_to_string(template, {**context, "title": title}).translate(numbers)
    complaints = _Complaints()
    with _one_at_a_time:
        LOGGER.addFilter(complaints)
        try:
            fonts, styles = _fonts_and_styles(style_sheet)
            pdf = HTML(string=html, base_url=SCHEME, url_fetcher=_ClosedFetcher()).write_pdf(
                stylesheets=list(styles),
                font_config=fonts,
                finisher=_with_header_scopes,
                pdf_tags=True,
                pdf_identifier=hashlib.sha256(html.encode()).hexdigest()[:32].encode(),
            )
        except FatalURLFetchingError as error:
            raise PrintError(str(error.__cause__)) from error
        finally:
            LOGGER.removeFilter(complaints)
    complaints.stop_if_any()
    return pdf


class _ClosedFetcher(URLFetcher):
    """Gives out our own style sheet and fonts; any other address stops the print."""

    def __init__(self) -> None:
        super().__init__(fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The file that the list has under this address. Raises PrintError for any other."""
        path = _allowed_files().get(url)
        if path is None and url != f"{SCHEME}{FONT}":
            raise PrintError(f"A print may not load {url}.")
        try:
            return URLFetcherResponse(url, path.read_bytes() if path else outcomes_font())
        except OSError as error:
            raise PrintError(f"A print needs {error.filename}, which cannot be read: {error.strerror}.") from error


class _Complaints(logging.Filter):
    """Takes what WeasyPrint would only have logged, and keeps it out of the log: it quotes the record."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []
        self.missing: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Keeps one message; characters without a glyph are kept apart."""
        if str(record.msg).startswith(MISSING_GLYPH) and isinstance(record.args, tuple):
            self.missing.add(str(record.args[0]))
        else:
            self.messages.append(record.getMessage())
        return False

    def stop_if_any(self) -> None:
        """Raises what was collected."""
        if self.messages:
            raise PrintError("The print would be incomplete: " + " ".join(self.messages))
        if self.missing:
            raise MissingCharacters(self.missing)


@cache
def _allowed_files() -> dict[str, Path]:
    fonts = settings.BASE_DIR / "node_modules" / "@fontsource" / "inter" / "files"
    names = [f"inter-{subset}-{weight}-normal.woff2" for subset in FONT_SUBSETS for weight in FONT_WEIGHTS]
    return {
        **{f"{SCHEME}{name}": settings.BASE_DIR / "static" / "print" / name for name in STYLE_SHEETS},
        **{f"{SCHEME}{name}": fonts / name for name in names},
    }


@cache
def _fonts_and_styles(style_sheet: str) -> tuple[FontConfiguration, tuple[CSS, ...]]:
    """Once a process and style sheet: reading the fonts costs a fifth of a page."""
    fonts = FontConfiguration()
    sheets = (
        CSS(url=f"{SCHEME}{name}", base_url=SCHEME, font_config=fonts, url_fetcher=_ClosedFetcher())
        for name in (FONT_SHEET, style_sheet)
    )
    return fonts, tuple(sheets)


def _with_header_scopes(document: Document, pdf: pydyf.PDF) -> None:
    """Says of each header cell whether it heads a column or a row.

    WeasyPrint links cells to headers by counting, which goes wrong where a header spans columns (the
    title of our tables), and gives no scope. PDF/UA asks for one of the two; the scope is right.
    """
    for element in pdf.objects:
        if not isinstance(element, dict) or element.get("S") not in {"/TH", "/TD"} or "A" not in element:
            continue
        element["A"].pop("Headers", None)
        if element["S"] == "/TH":
            element["A"]["Scope"] = "/Column" if _within(pdf, element) == "/THead" else "/Row"


def _within(pdf: pydyf.PDF, cell: pydyf.Dictionary) -> str:
    """The kind of the row group in which a cell stands."""
    row = _target(pdf, cell["P"])
    return str(_target(pdf, row["P"])["S"])


def _target(pdf: pydyf.PDF, reference: bytes) -> pydyf.Dictionary:
    return pdf.objects[int(reference.split()[0])]
