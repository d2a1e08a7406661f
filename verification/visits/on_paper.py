"""Prints a visit: its sample, the marks, the dates, and what the report asks for."""

from printing.errors import MissingCharacters
from printing.pdf import render_pdf
from verification.visits.selectors import WholeVisit

TEMPLATE = "verification/visits/visit_on_paper.html"
STYLE_SHEET = "visit.css"


def visit_pdf(whole: WholeVisit) -> bytes:
    """Return the visit as a PDF (bytes).

    A character that no font has is printed as its number. Raises PrintError if the print would be incomplete.
    """
    title = f"Visit to {whole.visit.centre}"
    context = {"whole": whole, "visit": whole.visit}
    try:
        return render_pdf(TEMPLATE, context, title=title, style_sheet=STYLE_SHEET)
    except MissingCharacters as missing:
        return render_pdf(TEMPLATE, context, title=title, style_sheet=STYLE_SHEET, unprintable=missing.characters)
