"""The press: makes a PDF from an HTML page. A program of its own, so that no page of the site waits for a print.

    python -m printing.press

It knows neither the database nor the settings. It reads jobs from its input and answers each on its output, one
after the other. When the input ends, it ends at once, whatever it is doing. A job is a line of JSON
(`style_sheet`, and the `length` of the HTML in bytes) and the HTML; an answer is a line of JSON (the `length` of the
PDF, and `missing` characters or a `fault` in words, if there is no PDF) and the PDF. A job with `tables` has its PDF
looked at (printing/looking.py), and the answer tells what was `found`.

WeasyPrint only logs what it cannot load, and prints the rest. Here it may load our own style sheets for
paper, the fonts of the list below and the font of our shapes, and nothing else. Whatever it complains about
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
from printing.looking import Tables, found_in
from printing.shapes import FONT, outcomes_font

BASE_DIR = Path(__file__).resolve().parent.parent
FONT_SHEET = "fonts.css"
STYLE_SHEETS = (  # in static/print; every.css is imported by all others, written-parts.css by two
    *(FONT_SHEET, "every.css", "paper.css", "record.css", "recording-form.css", "unit.css"),
    *("testimony.css", "written.css", "written-parts.css"),
)
FONT_FILES = ("Inter-Regular.woff2", "Inter-SemiBold.woff2")
SCHEME = "print:"  # no such scheme exists, so only the list below can answer it
MISSING_GLYPH = ".notdef glyph"
NICE = 5  # pages come first

# Whatever level the site logs: a complaint below the logger's level would never reach us.
LOGGER.setLevel(logging.WARNING)


def press(html: str, *, style_sheet: str) -> bytes:
    """Return the page as a tagged PDF; the same page gives the same bytes.

    Raises MissingCharacters if no font has a character, PrintError if anything else would be missing. Not for two
    threads at a time: Pango, fontconfig and WeasyPrint's shared fonts are not made for that.
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
    """Serves our own style sheet and fonts; any other address stops the print."""

    def __init__(self) -> None:
        super().__init__(fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return the file with this address in the list. Raises PrintError for any other address."""
        path = _allowed_files().get(url)
        if path is None and url != f"{SCHEME}{FONT}":
            raise PrintError(f"A print may not load {url}.")
        try:
            return URLFetcherResponse(url, path.read_bytes() if path else outcomes_font())
        except OSError as error:
            raise PrintError(f"A print needs {error.filename}, which cannot be read: {error.strerror}.") from error


class _Complaints(logging.Filter):
    """Collects what WeasyPrint would only log, and keeps it out of the log, because it may quote the record."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []
        self.missing: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep one message; characters without a glyph are kept separately."""
        if str(record.msg).startswith(MISSING_GLYPH) and isinstance(record.args, tuple):
            self.missing.add(str(record.args[0]))
        else:
            self.messages.append(record.getMessage())
        return False

    def stop_if_any(self) -> None:
        """Raise what was collected, if anything."""
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
    """Cached for each process and style sheet: reading the fonts takes a fifth of the time of a page."""
    fonts = FontConfiguration()
    sheets = (
        CSS(url=f"{SCHEME}{name}", base_url=SCHEME, font_config=fonts, url_fetcher=_ClosedFetcher())
        for name in (FONT_SHEET, style_sheet)
    )
    return fonts, tuple(sheets)


def _with_header_scopes(document: Document, pdf: pydyf.PDF) -> None:
    """Mark each header cell as the head of a column or of a row.

    WeasyPrint links cells to headers by counting, which goes wrong if a header spans columns (the title of our
    tables), and it gives no scope. PDF/UA needs one of the two, and the scope is right.
    """
    for element in pdf.objects:
        if not isinstance(element, dict) or element.get("S") not in {"/TH", "/TD"} or "A" not in element:
            continue
        element["A"].pop("Headers", None)
        if element["S"] == "/TH":
            element["A"]["Scope"] = "/Column" if _within(pdf, element) == "/THead" else "/Row"


def _within(pdf: pydyf.PDF, cell: pydyf.Dictionary) -> str:
    """The kind of row group that a cell is in."""
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
            if "tables" in job:
                answer = {"found": found_in(pdf, Tables(**job["tables"]))}
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
    """End this process when no process is left that could give it a job."""
    watch = select.poll()
    watch.register(sys.stdin.fileno(), 0)  # the only event is that all others have gone
    watch.poll()
    os._exit(0)


if __name__ == "__main__":
    os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that gives the jobs
    threading.Thread(target=_end_with_input, daemon=True).start()
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as _answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # keep what a library prints out of the answers
        serve(sys.stdin.buffer, _answers)
