"""The Candidate Recording Form as a PDF."""

from collections.abc import Callable
from typing import Any, TypeVar

from assessments.recording_form.form import RecordingForm, recording_form
from printing.errors import MissingCharacters
from printing.looking import Tables
from printing.pdf import Printed, render_and_look, render_pdf
from printing.shapes import CHARACTERS

TEMPLATE = "assessments/recording_form/recording_form.html"
STYLE_SHEET = "recording-form.css"
# Every grid has a column "No"; the legend stands in the margin below 15 mm.
GRIDS = Tables(marks="".join(CHARACTERS.values()), head="No", foot=42.5)

Made = TypeVar("Made")


def recording_form_pdf(document: dict[str, Any], *, digest: str | None) -> bytes:
    """The Candidate Recording Form of a canonical document, as a PDF.

    A character that no font has (an emoji in a title) is printed as its number, and the form says so,
    because the record must be printable all the same. Raises FormError for a document that cannot be
    printed, PrintError if the print would be incomplete.
    """
    return _made(
        document,
        digest,
        lambda form: render_pdf(TEMPLATE, {"form": form}, title=form.title, style_sheet=STYLE_SHEET),
    )


def final_form_pdf(document: dict[str, Any], *, digest: str) -> Printed:
    """The same of a signed document, looked at as a picture once it is made. Raises the same."""
    return _made(
        document,
        digest,
        lambda form: render_and_look(TEMPLATE, {"form": form}, title=form.title, style_sheet=STYLE_SHEET, tables=GRIDS),
    )


def _made(document: dict[str, Any], digest: str | None, made: Callable[[RecordingForm], Made]) -> Made:
    try:
        return made(recording_form(document, digest=digest))
    except MissingCharacters as missing:
        return made(recording_form(document, digest=digest, unprintable=missing.characters))
