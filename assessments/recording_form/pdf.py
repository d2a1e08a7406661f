"""The Candidate Recording Form as a PDF."""

from typing import Any

from assessments.recording_form.form import RecordingForm, recording_form
from printing.errors import MissingCharacters
from printing.pdf import render_pdf

TEMPLATE = "assessments/recording_form/recording_form.html"
STYLE_SHEET = "recording-form.css"


def recording_form_pdf(document: dict[str, Any], *, digest: str | None) -> bytes:
    """The Candidate Recording Form of a canonical document, as a PDF.

    A character that no font has (an emoji in a title) is printed as its number, and the form says so,
    because the record must be printable all the same. Raises FormError for a document that cannot be
    printed, PrintError if the print would be incomplete.
    """
    form = recording_form(document, digest=digest)
    try:
        return _recording_form_pdf(form)
    except MissingCharacters as missing:
        form = recording_form(document, digest=digest, unprintable=missing.characters)
        return _recording_form_pdf(form)


def _recording_form_pdf(form: RecordingForm) -> bytes:
    return render_pdf(TEMPLATE, {"form": form}, title=form.title, style_sheet=STYLE_SHEET)
