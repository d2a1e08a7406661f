"""Reads plain texts, tables in plain text, and e-mails."""

import csv
import email.policy
import io
import itertools
import re
from collections import Counter
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from html.parser import HTMLParser
from typing import IO

from portfolio.files.reading.blocks import Enough, Shown
from portfolio.files.text_content import as_text

READ_AT_MOST = 1024**2  # bytes of a plain text: more characters than are shown


def decoded(data: bytes) -> str:
    """Return bytes as text, in the encoding in which they were taken for one; what is none among them is left out."""
    text = as_text(data)
    return data.decode("utf-8", errors="ignore") if text is None else text


def read_text(file: IO[bytes], shown: Shown) -> None:
    """Read a plain text. Raises Enough."""
    for line in io.StringIO(decoded(file.read(READ_AT_MOST)), newline=None):
        shown.line(line.rstrip("\n"))
    _end(file)


def read_csv(file: IO[bytes], shown: Shown) -> None:
    """Read a table in plain text, whatever stands between its cells. Raises Enough."""
    text = decoded(file.read(READ_AT_MOST))
    csv.field_size_limit(READ_AT_MOST)
    named = re.match(r"sep=(.)\r?\n", text)  # by which Excel says it
    if named:
        text = text[named.end() :]
    delimiter = named[1] if named else max(",;\t|", key=lambda one: _fits(text, one))
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
        shown.row(cells, number)
    _end(file)


def _end(file: IO[bytes]) -> None:
    """Raise Enough if there is more in the file than was read."""
    if file.read(1):
        raise Enough


def _fits(text: str, delimiter: str) -> tuple[float, int]:
    """Say how well a delimiter fits: the share of the first rows with the same number of cells, and that number."""
    rows = itertools.islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 30)
    widths = Counter(len(row) for row in rows if row)
    cells, times = max(widths.items(), key=lambda item: item[1], default=(0, 0))
    return (times / widths.total(), cells) if cells > 1 else (0, 0)


def read_email(file: IO[bytes], shown: Shown) -> None:
    """Read an e-mail: who wrote to whom and when, what, and the names of what is attached."""
    message = BytesParser(EmailMessage, policy=email.policy.default).parse(file)
    for name in ("From", "To", "Cc", "Date", "Subject"):
        for value in message.get_all(name, []):
            shown.line(f"{name}: {value}")
    for part in message.iter_attachments():
        shown.line(f"Attached: {part.get_filename() or part.get_content_type()}")
    shown.line("")
    body = message.get_body(("plain", "html"))
    if body is not None:
        words = _content_of(body)
        for line in (words_of_html(words) if body.get_content_subtype() == "html" else words).splitlines():
            shown.line(line)


def _content_of(part: MIMEPart) -> str:
    try:
        return str(part.get_content())
    except LookupError:  # an encoding that nobody knows
        payload = part.get_payload(decode=True)
        return decoded(payload) if isinstance(payload, bytes) else ""


class _Words(HTMLParser):
    """Collects the text of HTML."""

    HIDDEN = frozenset({"head", "script", "style", "title"})
    BREAKING = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in self.HIDDEN
        if tag in self.BREAKING:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in self.HIDDEN))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(re.sub(r"\s+", " ", data))


def words_of_html(html: str) -> str:
    """Return the text of HTML, without its markup."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    return re.sub(r"\n\s*\n\s*", "\n\n", "".join(parser.words)).strip()
