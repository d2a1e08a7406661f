"""The press: makes a PDF of a page of HTML. A program of its own, so that no page of the site waits for a print.

    python -m printing.press

It knows neither the database nor the settings. It reads jobs from its input and answers each on its output, one
after the other, until the input ends: then it ends at once, whatever it is doing. A job is a line of JSON
(`style_sheet`, and the `length` of the HTML in bytes) and the HTML; an answer is a line of JSON (the `length` of the
PDF, and `missing` characters or a `fault`, in words, where there is none) and the PDF.

WeasyPrint only logs what it cannot load and prints the rest. Here it may load our own style sheets for
paper, the fonts of the list below and the one of our shapes, and nothing else; whatever it complains about
stops the print.
"""

import hashlib
import json
import logging
import os
import select
import signal
import sys
import threading
import traceback
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import pydyf
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.logger import LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from printing.errors import MissingCharacters, PrintError
from printing.shapes import FONT, outcomes_font

BASE_DIR = Path(__file__).resolve().parent.parent
FONT_SHEET = "fonts.css"
STYLE_SHEETS = (FONT_SHEET, "recording-form.css", "unit.css")  # in static/print
FONT_FILES = ("Inter-Regular.woff2", "Inter-SemiBold.woff2")
SCHEME = "print:"  # no such scheme exists, so that nothing but the list below can answer to it
MISSING_GLYPH = ".notdef glyph"
NICE = 5  # pages come first

# Whatever the site logs: a complaint below the level of the logger would never reach us.
LOGGER.setLevel(logging.WARNING)


def press(html: str, *, style_sheet: str) -> bytes:
    """The page as a tagged PDF; the same page gives the same bytes.

    Raises MissingCharacters when no font has a character, PrintError when anything else would be missing. Not for
    two threads at once: Pango, fontconfig and WeasyPrint's shared fonts are not made for that.
    """
    complaints = _Complaints()
    LOGGER.addFilter(complaints)
    try:
        fonts, styles = _fonts_and_styles(style_sheet)
        pdf: bytes = HTML(string=html, base_url=SCHEME, url_fetcher=_ClosedFetcher()).write_pdf(
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
    fonts = BASE_DIR / "node_modules" / "inter-ui" / "web"
    return {
        **{f"{SCHEME}{name}": BASE_DIR / "static" / "print" / name for name in STYLE_SHEETS},
        **{f"{SCHEME}{name}": fonts / name for name in FONT_FILES},
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


def serve(jobs: BinaryIO, answers: BinaryIO) -> None:
    """Do the jobs, one after the other, until there are no more."""
    while line := jobs.readline():
        job = json.loads(line)
        html = jobs.read(job["length"]).decode()
        pdf = b""
        answer: dict[str, Any] = {}
        try:
            pdf = press(html, style_sheet=job["style_sheet"])
        except MissingCharacters as missing:
            answer = {"missing": sorted(missing.characters)}
        except PrintError as error:
            answer = {"fault": str(error)}
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]  # not its message: it may quote the record
            answer = {"fault": f"{type(error).__name__} in {place.filename}, line {place.lineno}."}
        answers.write(json.dumps(answer | {"length": len(pdf)}).encode() + b"\n" + pdf)
        answers.flush()


def _end_with_input() -> None:
    """End this process when nobody is left who could give it a job."""
    watch = select.poll()
    watch.register(sys.stdin.fileno(), 0)  # no event but that all others have gone
    watch.poll()
    os._exit(0)


if __name__ == "__main__":
    os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever gives the jobs
    threading.Thread(target=_end_with_input, daemon=True).start()
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as _answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
        serve(sys.stdin.buffer, _answers)
