"""What was written in the page. It is a plain text like any other, but its headings and lists are shown as such."""

from dataclasses import dataclass

from portfolio.files.services import WRITTEN, open_intact
from portfolio.files.text_content import as_text
from portfolio.files.written_parts import WrittenPart, written_parts
from portfolio.models import EvidenceFile
from record.plain_text import plain_text

WRITTEN_AT_MOST = 200_000  # characters: what is kept of a form when a session ends in the middle
_BYTES_AT_MOST = 4 * WRITTEN_AT_MOST
LINES_AT_MOST = 5000  # that are laid out, on the page and on paper: a line that is a paragraph takes paper 3 ms
LONG = 800  # characters: more than a phone shows at once


@dataclass(frozen=True, kw_only=True)
class Written:
    """What was written, as it is shown: its parts in their order, and whether it is folded beside other things."""

    parts: tuple[WrittenPart, ...]
    is_long: bool


def is_written(file: EvidenceFile) -> bool:
    """Whether a file was written in the page. A chosen file of the same name and type is shown like it."""
    return file.name == WRITTEN and file.content_type == "text/plain" and file.stored_file.size <= _BYTES_AT_MOST


def written_text(file: EvidenceFile) -> str:
    """Return what was written. Raises BytesLost."""
    with open_intact(file.stored_file) as stored:
        return plain_text(as_text(stored.read()) or "")


def written_shown(file: EvidenceFile) -> Written | None:
    """Return what was written, to be shown with its headings and lists; None for what is shown as any other file is.

    Raises BytesLost.
    """
    if not is_written(file):
        return None
    text = written_text(file)
    if text.count("\n") >= LINES_AT_MOST:
        return None
    return Written(parts=written_parts(text), is_long=len(text) > LONG)
