"""Prints the list of witnesses of a portfolio: who they are, how they are reached, and which evidence is theirs."""

from dataclasses import dataclass

from portfolio.models import Registration
from portfolio.testimony.selectors import WitnessLine, witnesses_in
from printing.errors import MissingCharacters
from printing.pdf import render_pdf

TEMPLATE = "portfolio/print/witness_list.html"
STYLE_SHEET = "witness-list.css"


@dataclass(frozen=True, kw_only=True)
class WitnessListOnPaper:
    """What stands on the paper."""

    candidate: str
    number: str
    centre: str
    called: str  # what the centre calls the candidate
    qualification: str
    witnesses: tuple[WitnessLine, ...]


def witness_list_on_paper(registration: Registration) -> WitnessListOnPaper:
    """Return what is printed for a portfolio."""
    return WitnessListOnPaper(
        candidate=registration.candidate.name,
        number=registration.number,
        centre=registration.centre.name,
        called=registration.centre.words.candidate.capitalize(),
        qualification=str(registration.qualification or ""),
        witnesses=tuple(witnesses_in(registration)),
    )


def witness_list_pdf(printed: WitnessListOnPaper) -> bytes:
    """Return it as a PDF (bytes). Raises PrintError if the print would be incomplete.

    A character that no font has is printed as its number.
    """
    title = f"Witnesses: {printed.candidate}"
    context = {"printed": printed}
    try:
        return render_pdf(TEMPLATE, context, title=title, style_sheet=STYLE_SHEET)
    except MissingCharacters as missing:
        return render_pdf(TEMPLATE, context, title=title, style_sheet=STYLE_SHEET, unprintable=missing.characters)
