"""Makes the files behind the demo's evidence: documents that open, with words in them that bear the claims out.

Each class is one file before it is made; `content(day)` gives its bytes, dated by the day of the evidence.
"""

import csv
import datetime
import html
import io
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Protocol

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from demo.pictures import as_heic, card_picture, sign_picture, whiteboard_picture
from demo.sounds import conversation
from demo.word import Paragraph, word_document

RECORDINGS = Path(__file__).parent / "recordings"
STYLE = """
@page { size: A4; margin: 20mm 18mm; @bottom-center { content: "Page " counter(page) " of " counter(pages);
  font: 8pt sans-serif; color: #666 } }
body { font: 10.5pt/1.45 sans-serif; color: #1b1b1b }
header { border-bottom: 2pt solid #1d5c63; margin-bottom: 8mm; padding-bottom: 3mm }
header b { display: block; font-size: 15pt; color: #1d5c63 }
h1 { font-size: 14pt; margin: 0 0 4mm }
section + section { break-before: page }
table { border-collapse: collapse; width: 100%; font-size: 9pt }
th, td { border: 0.5pt solid #999; padding: 1.6mm 2mm; text-align: left; vertical-align: top }
th { background: #e8efef }
p { margin: 0 0 3mm }
"""


class MadeFile(Protocol):
    """A file of the demo before it is made; its name says what kind of file it is."""

    @property
    def name(self) -> str:
        """What it is called, with its ending."""

    def content(self, day: datetime.date) -> bytes:
        """Return the bytes, as of the day the evidence is from."""


@dataclass(frozen=True, kw_only=True)
class TypedLetter:
    """A letter as a PDF. Each of `pages` is a sequence of paragraphs."""

    name: str
    sender: str  # the first line is the name, the rest the address
    to: str
    pages: Sequence[Sequence[str]]

    def content(self, day: datetime.date) -> bytes:
        """Return the PDF."""
        first, *rest = self.pages
        address = f"<p>{_lines(self.to)}</p><p>{_written(day)}</p>"
        sections = [_head(self.sender) + address + _paragraphs(first), *(_paragraphs(page) for page in rest)]
        return _pdf(self.name, sections)


@dataclass(frozen=True, kw_only=True)
class PaperTable:
    """A log, a rota or a chart as a PDF, a page to each of `pages`; a number in a row is so many days on."""

    name: str
    sender: str
    heading: str
    columns: Sequence[str]
    pages: Sequence[Sequence[Sequence[str | int]]]
    note: str = ""

    def content(self, day: datetime.date) -> bytes:
        """Return the PDF."""
        head = "".join(f"<th>{html.escape(column)}</th>" for column in self.columns)
        sections = [
            f"{_head(self.sender)}<h1>{html.escape(self.heading)}</h1><table><thead><tr>{head}</tr></thead>"
            f"<tbody>{''.join(self._row(row, day) for row in page)}</tbody></table>"
            for page in self.pages
        ]
        sections[-1] += f"<p></p><p>{html.escape(self.note)}</p>"
        return _pdf(self.name, sections)

    def _row(self, row: Sequence[str | int], day: datetime.date) -> str:
        return f"<tr>{''.join(f'<td>{_cell(value, day)}</td>' for value in row)}</tr>"


@dataclass(frozen=True, kw_only=True)
class WordDocument:
    """A testimony on letterhead, a statement or a record of questions, as a Word document."""

    name: str
    sender: str
    heading: str
    paragraphs: Sequence[str]
    signed: str = ""

    def content(self, day: datetime.date) -> bytes:
        """Return the DOCX."""
        title, *address = self.sender.split("\n")
        letterhead = [Paragraph(title, points=18, colour="1D5C63"), *(Paragraph(line, points=9) for line in address)]
        heading = Paragraph(self.heading, points=14, colour="1D5C63", is_heading=True)
        signed = [f"Signed: {self.signed}"] if self.signed else []
        text = [Paragraph(words) for words in (_written(day), *self.paragraphs, *signed)]
        return word_document(self.heading, [*letterhead, heading, *text])


@dataclass(frozen=True, kw_only=True)
class SignPhoto:
    """A photo of a notice over a service desk."""

    name: str
    words: Sequence[str]

    def content(self, day: datetime.date) -> bytes:
        """Return the JPEG."""
        return sign_picture(self.words, day)


@dataclass(frozen=True, kw_only=True)
class PhonePhoto:
    """The same, as a newer phone keeps it."""

    name: str
    words: Sequence[str]

    def content(self, day: datetime.date) -> bytes:
        """Return the HEIC."""
        return as_heic(sign_picture(self.words, day))


@dataclass(frozen=True, kw_only=True)
class CardPhoto:
    """A photo of a comment card that was filled in by hand."""

    name: str
    printed: str
    written: Sequence[str]

    def content(self, day: datetime.date) -> bytes:
        """Return the JPEG."""
        return card_picture(self.printed, self.written, day)


@dataclass(frozen=True, kw_only=True)
class WhiteboardPhoto:
    """A photo of a staff room's whiteboard."""

    name: str
    lines: Sequence[str]

    def content(self, day: datetime.date) -> bytes:
        """Return the JPEG."""
        return whiteboard_picture(self.lines, day)


@dataclass(frozen=True, kw_only=True)
class Recording:
    """A sound recording of two voices, `seconds` long. The voices are tones: nobody was recorded."""

    name: str
    seconds: int

    def content(self, day: datetime.date) -> bytes:
        """Return the WAV."""
        return conversation(seconds=self.seconds, seed=self.name)


@dataclass(frozen=True, kw_only=True)
class KeptRecording:
    """A recording or a film out of `demo/recordings`: to make one takes programs that no site has.

    The voices are the same tones as in `Recording`, the people in the films are drawn.
    """

    name: str
    source: str

    def content(self, day: datetime.date) -> bytes:
        """Return the file as it lies there."""
        return (RECORDINGS / self.source).read_bytes()


@dataclass(frozen=True, kw_only=True)
class Mail:
    """An e-mail as it is saved from a mail program."""

    name: str
    sender: str
    to: str
    subject: str
    paragraphs: Sequence[str]

    def content(self, day: datetime.date) -> bytes:
        """Return the message."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, self.to, self.subject
        message["Date"] = format_datetime(datetime.datetime.combine(day, datetime.time(15, 42), tzinfo=datetime.UTC))
        message.set_content("\n\n".join(self.paragraphs))
        return message.as_bytes()


@dataclass(frozen=True, kw_only=True)
class Spreadsheet:
    """An export from a records system, as a table in plain text; a number in a row is so many days on."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str | int]]

    def content(self, day: datetime.date) -> bytes:
        """Return the CSV."""
        written = io.StringIO()
        lines = csv.writer(written)
        lines.writerow(self.columns)
        lines.writerows([_dated(value, day) for value in row] for row in self.rows)
        return written.getvalue().encode()


def _pdf(title: str, sections: Sequence[str]) -> bytes:
    body = "".join(f"<section>{section}</section>" for section in sections)
    page = f'<html lang="en"><head><title>{html.escape(title.removesuffix(".pdf"))}</title></head><body>{body}</body>'
    fonts, sheet = _style()
    return HTML(string=page).write_pdf(stylesheets=[sheet], font_config=fonts)


@cache
def _style() -> tuple[FontConfiguration, CSS]:
    """Read once for all the PDFs."""
    fonts = FontConfiguration()
    return fonts, CSS(string=STYLE, font_config=fonts)


def _head(sender: str) -> str:
    title, *address = sender.split("\n")
    return f"<header><b>{html.escape(title)}</b>{_lines(', '.join(address))}</header>"


def _paragraphs(paragraphs: Sequence[str]) -> str:
    return "".join(f"<p>{_lines(paragraph)}</p>" for paragraph in paragraphs)


def _lines(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")


def _cell(value: str | int, day: datetime.date) -> str:
    return html.escape(_dated(value, day))


def _dated(value: str | int, day: datetime.date) -> str:
    if isinstance(value, int):
        day += datetime.timedelta(days=value)
        return f"{day:%a} {day.day} {day:%b}"
    return value


def _written(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"
