"""Prints a blank testimony for one unit, for a hand to fill in and sign where there is no net."""

from dataclasses import dataclass

from portfolio.models import CandidateUnit, Relation
from portfolio.testimony.criteria import Named, criteria_to_ask
from portfolio.testimony.giving import DECLARATION
from printing.errors import MissingCharacters
from printing.pdf import render_pdf

TEMPLATE = "portfolio/print/testimony.html"
STYLE_SHEET = "testimony.css"


@dataclass(frozen=True, kw_only=True)
class BlankTestimony:
    """What stands on the paper before anybody writes on it."""

    candidate: str
    called: str  # what the centre calls the candidate
    centre: str
    unit: str
    criteria: tuple[Named, ...]
    relations: tuple[str, ...]
    declaration: str


def blank_testimony_of(unit: CandidateUnit) -> BlankTestimony:
    """Return what is printed for a unit of a portfolio: the criteria are those of which a witness can be asked."""
    registration = unit.registration
    asked = [one.criteria for one in criteria_to_ask(registration) if one.unit.pk == unit.pk]
    return BlankTestimony(
        candidate=registration.candidate.name,
        called=registration.centre.words.candidate.capitalize(),
        centre=registration.centre.name,
        unit=f"{unit.revision.unit.code} {unit.revision.title}",
        criteria=asked[0] if asked else (),
        relations=tuple(str(relation.label) for relation in Relation),
        declaration=DECLARATION,
    )


def blank_testimony_pdf(printed: BlankTestimony) -> bytes:
    """Return it as a PDF (bytes). Raises PrintError if the print would be incomplete.

    A character that no font has is printed as its number.
    """
    title = f"Witness testimony: {printed.candidate}"
    context = {"printed": printed}
    try:
        return render_pdf(TEMPLATE, context, title=title, style_sheet=STYLE_SHEET)
    except MissingCharacters as missing:
        return render_pdf(TEMPLATE, context, title=title, style_sheet=STYLE_SHEET, unprintable=missing.characters)
