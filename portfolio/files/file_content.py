"""Tells what is in a file from its bytes, whatever it is called.

libmagic answers for most kinds. But it is vague or wrong, and differs between the releases of Debian, for
containers (Office documents, films from phones), for sound without a header, and for text that happens to
look like a program; this module and those it asks look at these themselves. Knowing the kind does not make a file
safe: files are served as attachments only.
"""

import re
from pathlib import Path
from typing import BinaryIO

import magic

from portfolio.files.content_kinds import REFUSED, Content
from portfolio.files.office_content import in_compound_file, in_zip
from portfolio.files.pdf_opening import PdfOpening, pdf_opening
from portfolio.files.sound_content import in_boxes, in_sound_frames, in_sound_further_on, in_webm
from portfolio.files.text_content import in_text

HEAD = 64 * 1024  # bytes looked at in the beginning of a file

_BY_MIME = {
    "application/pdf": Content.PDF,
    "image/jpeg": Content.JPEG,
    "image/png": Content.PNG,
    "image/vnd.mozilla.apng": Content.PNG,
    "image/apng": Content.PNG,
    "image/webp": Content.WEBP,
    "image/gif": Content.GIF,
    "image/tiff": Content.TIFF,
    "audio/x-wav": Content.WAV,
    "audio/wav": Content.WAV,
    "audio/vnd.wave": Content.WAV,
    "audio/amr": Content.AMR,
    "audio/AMR": Content.AMR,
    "audio/ogg": Content.OGG,
    "application/ogg": Content.OGG,
    "audio/flac": Content.FLAC,
    "audio/x-flac": Content.FLAC,
    "video/webm": Content.WEBM,
    "audio/webm": Content.WEBM,
    "text/rtf": Content.RTF,
    "application/rtf": Content.RTF,
    "image/svg+xml": Content.SVG,
    "application/x-dosexec": Content.PROGRAM,
    "application/vnd.microsoft.portable-executable": Content.PROGRAM,
    "application/x-executable": Content.PROGRAM,
    "application/x-pie-executable": Content.PROGRAM,
    "application/x-sharedlib": Content.PROGRAM,
    "application/x-mach-binary": Content.PROGRAM,
    "application/x-java-applet": Content.PROGRAM,
    "application/x-msi": Content.PROGRAM,
    "application/x-shockwave-flash": Content.PROGRAM,
    "application/x-7z-compressed": Content.ARCHIVE,
    "application/x-rar": Content.ARCHIVE,
    "application/vnd.rar": Content.ARCHIVE,
    "application/gzip": Content.ARCHIVE,
    "application/x-bzip2": Content.ARCHIVE,
    "application/x-xz": Content.ARCHIVE,
    "application/zstd": Content.ARCHIVE,
    "application/x-tar": Content.ARCHIVE,
    "application/vnd.ms-cab-compressed": Content.ARCHIVE,
}


_NOTHING_KNOWN = {"application/octet-stream", "audio/mpeg"}
_PDF_BEGINS_BY = 1024  # bytes: pdfium looks no further for its header
_ENCRYPTED = re.compile(rb"/Encrypt\b")
_XML_MACROS = re.compile(rb"docSuppData|vbaProject|macrosPresent\s*=\s*[\"'](?!no|off|false|0)")


def content_of(path: Path) -> Content:
    """Return what the file at `path` holds; `Content.UNKNOWN` if nothing tells."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        if head[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
            return in_zip(file)
        if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            return in_compound_file(file)
        return in_boxes(head) or in_sound_frames(file, head) or _in_anything_else(path, file, head)


def _in_anything_else(path: Path, file: BinaryIO, head: bytes) -> Content:
    mime = magic.from_file(str(path), mime=True)
    by_mime = _BY_MIME.get(mime, Content.UNKNOWN)
    if by_mime is Content.RTF:
        return by_mime
    if by_mime is Content.WEBM:
        by_mime = in_webm(head)
    text = None if head.startswith(b"%PDF-") else in_text(head)
    if text in REFUSED:
        return text
    if text is None and by_mime not in {Content.PDF, Content.UNKNOWN}:
        return by_mime  # a text that begins with "MZ" is no program: those are not text
    if pdf := _in_pdf(path, file, head):
        return pdf
    if text in {Content.WORD_XML, Content.EXCEL_XML} and _holds(file, _XML_MACROS):
        return Content.MACROS
    return text or (in_sound_further_on(file) if mime in _NOTHING_KNOWN else None) or Content.UNKNOWN


def _in_pdf(path: Path, file: BinaryIO, head: bytes) -> Content | None:
    """Ask pdfium where a header alone does not tell: one that comes late may stand in any text."""
    at = head.find(b"%PDF", 0, _PDF_BEGINS_BY + len(b"%PDF"))
    if at < 0:
        return None
    if at and (before := in_text(head[:at])) in REFUSED:
        return before  # a browser makes a page of it
    begins = head.startswith(b"%PDF-")
    if begins and not _holds(file, _ENCRYPTED):
        return Content.PDF
    match pdf_opening(path):
        case PdfOpening.LOCKED:
            return Content.LOCKED
        case PdfOpening.OPENS:
            return Content.PDF
        case _:
            return Content.PDF if begins else None


def _holds(file: BinaryIO, words: re.Pattern[bytes]) -> bool:
    """Whether they stand anywhere in the file, of which only a piece is held in memory at a time."""
    file.seek(0)
    before = b""
    while piece := file.read(1024 * 1024):
        if words.search(before + piece):
            return True
        before = piece[-4096:]
    return False
