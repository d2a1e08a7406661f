"""The final B10 form with 30 pieces of evidence, against the same tables in plain WeasyPrint.

The plain side is HTML that is there already: the same pages, rows, columns, words, fonts and widths, its
style sheet and fonts read once as ours are. Ours also builds the form from the canonical document, fills
the template, tags the PDF for screen readers and checks that nothing is missing.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

from django.conf import settings
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from assessments.recording_form.form import RecordingForm, recording_form
from assessments.recording_form.pdf import STYLE_SHEET, TEMPLATE
from assessments.recording_form.tables import PrintedTable
from bench.pairs import Measure, Work
from printing.pdf import render_html
from printing.press import press
from tests.assessments.recording_form.sample import DIGEST, b10_document

PIECES = 30
FONTS = settings.BASE_DIR / "node_modules" / "inter-ui" / "web"

PLAIN_STYLE = f"""
@font-face {{ font-family: Plain; src: url("{(FONTS / "Inter-Regular.woff2").as_uri()}") }}
@font-face {{ font-family: Plain; font-weight: 600;
  src: url("{(FONTS / "Inter-SemiBold.woff2").as_uri()}") }}
@page {{ size: A4 landscape; margin: 21mm 12mm 15mm;
  @top-left {{ content: element(head); width: 100% }}
  @bottom-right {{ content: "Page " counter(page) " of " counter(pages) }} }}
.head {{ position: running(head) }}
html {{ font: 8.5pt/1.3 Plain, "DejaVu Sans", sans-serif }}
h1 {{ font-size: 15pt; margin: 0 0 3mm }}
p {{ margin: 0 0 2mm }}
table {{ width: 100%; table-layout: fixed; border-collapse: collapse; margin-bottom: 7mm }}
th, td {{ border: 0.2mm solid; padding: 1.2mm 1.5mm; text-align: left }}
th {{ font-weight: 600 }}
small {{ font-size: 7.5pt }}
tbody tr {{ height: 10mm }}
tr {{ break-inside: avoid }}
col.number {{ width: 11mm }}
col.criterion {{ width: 16mm }}
"""


@contextmanager
def works() -> Iterator[tuple[Work, Work]]:
    """Our print and the plain one of the same document."""
    document = b10_document(PIECES)
    page = plain_page(recording_form(document, digest=DIGEST))
    fonts = FontConfiguration()
    style = CSS(string=PLAIN_STYLE, font_config=fonts)

    def plain() -> bytes:
        return HTML(string=page).write_pdf(stylesheets=[style], font_config=fonts)

    def ours() -> bytes:
        form = recording_form(document, digest=DIGEST)
        # In this process, whose time is measured; the site has the same done by a process of its own.
        return press(render_html(TEMPLATE, {"form": form}, title=form.title), style_sheet=STYLE_SHEET)

    yield ours, plain


def plain_page(form: RecordingForm) -> str:
    """The words of the form as HTML without any care."""
    head = escape(" ".join(fact.value for fact in form.head))
    further = [
        (str(piece.number), " ".join((" · ".join(piece.places), *piece.assessed, *piece.sampled)))
        for piece in form.pieces.pieces
    ]
    further += [(str(holding.number), f"{holding.location} {holding.relevance}") for holding in form.holdings]
    signed = [(line.label, f"{line.name} {line.on} {line.signed}") for line in form.signatures]
    return (
        '<!doctype html><html lang="en"><title>Form</title>'
        + f'<p class="head">{head}<h1>Candidate Recording Form</h1>'
        + "".join(f"<p>{escape(fact.value)}" for fact in form.head)
        + "".join(grid(table) for table in form.tables)
        + "".join(f"<p>{escape(note.text)}" for note in form.notes)
        + pairs(signed)
        + "<h2>Continuation sheet</h2>"
        + "".join(grid(table) for table in form.continuation_tables)
        + pairs([(entry.code, entry.words) for key in form.keys for entry in key.entries])
        + pairs([(item.text, f"{item.by} {item.on}") for item in form.statements])
        + pairs(further)
    )


def grid(table: PrintedTable) -> str:
    """One table of the form."""
    columns = '<col class="criterion">' * len(table.columns)
    codes = "".join(f"<th>{escape(column.code)}" for column in table.columns)
    rows = "".join(
        f"<tr><th>{row.number}<td>{escape(row.title)}<br><small>{escape(', '.join(row.details))}</small>"
        + "".join(f"<td>{mark.symbol if mark else ''}" for mark in row.cells)
        for row in table.rows
    )
    return (
        f'<table><colgroup><col class="number"><col>{columns}</colgroup>'
        f'<thead><tr><th rowspan="2">No<th rowspan="2">Description of evidence'
        f'<th colspan="{len(table.columns)}">{escape(table.title)}<tr>{codes}<tbody>{rows}</table>'
    )


def pairs(lines: list[tuple[str, str]]) -> str:
    """Two columns of text."""
    return "<table>" + "".join(f"<tr><th>{escape(one)}<td>{escape(two)}" for one, two in lines) + "</table>"


MEASURE = Measure(name="recording-form", limit=1.5, prepare=works, clock=time.process_time)
