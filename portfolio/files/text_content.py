"""Tells what a text is: words, an e-mail, a document in XML, or something that can hold a script."""

import codecs
import re
import unicodedata
from email.parser import HeaderParser

from portfolio.files.content_kinds import Content

# What makes a browser take a text for HTML: the MIME Sniffing Standard, "identifying a resource with an
# unknown MIME type" (https://mimesniff.spec.whatwg.org/), and other text that can hold scripts.
_HTML = re.compile(
    r"<(!doctype\s+html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|meta|link|img)[\s/>]",
    re.IGNORECASE,
)
_SVG = re.compile(r"<(!doctype\s+svg|(\w+:)?svg)[\s/>]", re.IGNORECASE)
_BEFORE_MARKUP = re.compile(r"\s+|<!--.*?(-->|\Z)|<\?(?!php\b)[a-z_][\w.-]*.*?(\?>|\Z)", re.DOTALL | re.IGNORECASE)
_SCRIPT = re.compile(r"#!|<\?php\b|<\?=|<%", re.IGNORECASE)
_ROOT = re.compile(r"<[\w.:-]+[^>]*")
_OFFICE_XML = {
    "http://schemas.microsoft.com/office/word/2003/wordml": Content.WORD_XML,
    "http://schemas.microsoft.com/office/2006/xmlPackage": Content.WORD_XML,  # what later Words save as XML
    "urn:schemas-microsoft-com:office:spreadsheet": Content.EXCEL_XML,
}
_HEADER_LINE = re.compile(r"(From |[!-9;-~]+:[ \t\r\n])")
_EMAIL_HEADERS = {
    "from", "to", "subject", "date", "received", "return-path", "delivered-to", "message-id", "mime-version",
}  # fmt: skip
_WHO_WROTE = {"from", "to", "cc", "sender", "received", "return-path", "delivered-to"}
_NOT_IN_TEXT = frozenset({*range(0x00, 0x09), *range(0x0E, 0x1A), *range(0x1C, 0x20), 0x7F})


def in_text(head: bytes) -> Content | None:
    """Tell what kind of text begins with these bytes; None if they are no text."""
    text = as_text(head)
    if text is None:
        return None
    start = text
    while match := _BEFORE_MARKUP.match(start):
        start = start[match.end() :]
    if _SVG.match(start):
        return Content.SVG
    if _HTML.match(start):
        return Content.WEB_PAGE
    if _SCRIPT.match(start):
        return Content.PROGRAM
    root = _ROOT.match(start)
    if root and b"\x00" not in head:  # in UTF-16 nobody would look for macros further on
        return next((content for names, content in _OFFICE_XML.items() if names in root[0]), Content.TEXT)
    return _in_headers(text) or Content.TEXT


def _in_headers(text: str) -> Content | None:
    """Tell an e-mail from a web page in a single file: the latter has its form, but nobody sent it."""
    first_lines = text[:8192].replace("\r\n", "\n").split("\n\n", maxsplit=1)[0]
    if not _HEADER_LINE.match(first_lines):
        return None
    headers = HeaderParser().parsestr(first_lines)
    names = [name.lower() for name in headers]
    sent = any(name.lower() in _WHO_WROTE and "@" in str(said) for name, said in headers.items())
    if "mime-version" in names and headers.get_content_type() in _PAGES and not sent:
        return Content.WEB_ARCHIVE
    return Content.EMAIL if sum(name in _EMAIL_HEADERS for name in names) >= 2 else None


_PAGES = {"multipart/related", "text/html"}


def as_text(head: bytes) -> str | None:
    """Return the bytes as text, in UTF-8, UTF-16, or any eight-bit encoding; None if they are no text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = codecs.getincrementaldecoder("utf-16")(errors="replace").decode(head)
        return None if "\x00" in text else text
    if not _NOT_IN_TEXT.isdisjoint(head):
        return _as_utf_16_without_mark(head)
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(head)  # the last character may be cut
    except UnicodeDecodeError:
        return head.decode("latin-1")


def _as_utf_16_without_mark(head: bytes) -> str | None:
    """Return the text if it is one: blanks and line ends, in any script, have a zero for one of their two bytes."""
    first, second = head[0::2].count(0), head[1::2].count(0)
    if first == second == 0:
        return None
    try:
        text = codecs.getincrementaldecoder("utf-16-be" if first > second else "utf-16-le")().decode(head)
    except UnicodeDecodeError:
        return None
    characters = set(text)
    plain = _NOT_IN_TEXT.isdisjoint(map(ord, characters)) and bool(text)
    return text if plain and all(unicodedata.category(one) != "Cn" for one in characters) else None
