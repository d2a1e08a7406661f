"""Prints a unit on paper, to hold beside the evidence."""

from printing.pdf import printed_pdf
from standards.content import Prose, RevisionContent
from standards.in_words import other_rulings, part_names, rules_in_words, sections

TEMPLATE = "standards/print/unit.html"
STYLE_SHEET = "unit.css"


def unit_pdf(revision: RevisionContent, prose: Prose | None = None) -> bytes:
    """Return a published wording, and what the unit is about, as a PDF (bytes); the same words give the same bytes.

    A character that no font has is printed as its number. Raises PrintError if the print would be
    incomplete.
    """
    unit = revision.unit
    title = f"{unit.code} {unit.title}"
    context = {
        "revision": revision,
        "unit": unit,
        "names": part_names(unit.framework.code),
        "sections": sections(unit),
        "rules": rules_in_words(unit),
        "rulings": [*other_rulings(unit), *(prose.rulings if prose else ())],
        "prose": prose,
    }
    return printed_pdf(TEMPLATE, context, title=title, style_sheet=STYLE_SHEET)
