"""Tells what is in a file from its bytes, whatever it is called.

libmagic answers for most kinds. But it is vague or wrong, and differs between the releases of Debian, for
containers (Office documents, films from phones), for sound without a header, and for text that happens to
look like a program; this module looks at those itself. Knowing the kind does not make a file safe: files are
served as attachments only.
"""

import codecs
import enum
import mmap
import re
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

import magic

HEAD = 64 * 1024  # bytes looked at in the beginning of a file


class Content(enum.Enum):
    """What a file holds."""

    PDF = enum.auto()
    JPEG = enum.auto()
    PNG = enum.auto()
    HEIC = enum.auto()
    WEBP = enum.auto()
    GIF = enum.auto()
    TIFF = enum.auto()
    MP3 = enum.auto()
    WAV = enum.auto()
    M4A = enum.auto()
    AAC = enum.auto()
    AMR = enum.auto()
    OGG = enum.auto()
    FLAC = enum.auto()
    MP4 = enum.auto()
    QUICKTIME = enum.auto()
    THREE_GP = enum.auto()
    WEBM = enum.auto()
    DOCX = enum.auto()
    XLSX = enum.auto()
    PPTX = enum.auto()
    DOC = enum.auto()
    XLS = enum.auto()
    PPT = enum.auto()
    ODT = enum.auto()
    ODS = enum.auto()
    ODP = enum.auto()
    RTF = enum.auto()
    TEXT = enum.auto()
    EMAIL = enum.auto()
    # Never taken:
    WEB_PAGE = enum.auto()
    SVG = enum.auto()
    PROGRAM = enum.auto()
    ARCHIVE = enum.auto()
    MACROS = enum.auto()
    LOCKED = enum.auto()
    UNKNOWN = enum.auto()


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


def content_of(path: Path) -> Content:
    """Return what the file at `path` holds; `Content.UNKNOWN` if nothing tells."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        if head[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
            return _in_zip(file)
        if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            return _in_compound_file(file)
        content = _in_boxes(head) or _in_sound_frames(file, head)
    if content:
        return content
    by_mime = _BY_MIME.get(magic.from_file(str(path), mime=True), Content.UNKNOWN)
    if by_mime in {Content.PDF, Content.RTF}:
        return by_mime
    return _in_text(head) or by_mime  # a text that begins with "MZ" is no program: those are not text


# --- Text -------------------------------------------------------------------------------------------

# What makes a browser take a text for HTML: the MIME Sniffing Standard, "identifying a resource with an
# unknown MIME type" (https://mimesniff.spec.whatwg.org/), and other text that can hold scripts.
_HTML = re.compile(
    r"<(!doctype\s+html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|meta|link|img)[\s/>]",
    re.IGNORECASE,
)
_SVG = re.compile(r"<(!doctype\s+svg|(\w+:)?svg)[\s/>]", re.IGNORECASE)
_BEFORE_MARKUP = re.compile(r"\s+|<!--.*?(-->|\Z)|<\?xml\b.*?(\?>|\Z)|<\?xml-stylesheet\b.*?(\?>|\Z)", re.DOTALL)
_SCRIPT = re.compile(r"#!|<\?php\b|<\?=|<%", re.IGNORECASE)
_HEADER_LINE = re.compile(r"(From |[!-9;-~]+:[ \t\r\n])")
_EMAIL_HEADERS = re.compile(
    r"^(From|To|Subject|Date|Received|Return-Path|Delivered-To|Message-ID|MIME-Version):",
    re.MULTILINE | re.IGNORECASE,
)
_NOT_IN_TEXT = frozenset({*range(0x00, 0x09), *range(0x0E, 0x1A), *range(0x1C, 0x20), 0x7F})


def _in_text(head: bytes) -> Content | None:
    text = _as_text(head)
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
    first_lines = text[:8192].replace("\r\n", "\n").split("\n\n", maxsplit=1)[0]
    if _HEADER_LINE.match(first_lines) and len(_EMAIL_HEADERS.findall(first_lines)) >= 2:
        return Content.EMAIL
    return Content.TEXT


def _as_text(head: bytes) -> str | None:
    """Return the bytes as text, in UTF-8, UTF-16 with its mark, or any eight-bit encoding; None if they are no text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = codecs.getincrementaldecoder("utf-16")(errors="replace").decode(head)
        return None if "\x00" in text else text
    if not _NOT_IN_TEXT.isdisjoint(head):
        return None
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(head)  # the last character may be cut
    except UnicodeDecodeError:
        return head.decode("latin-1")


# --- Sound and film ---------------------------------------------------------------------------------

# Registered brands of ISO base media files (https://mp4ra.org/registered-types/brands).
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_BY_BRAND = {
    b"qt ": Content.QUICKTIME,
    b"M4A": Content.M4A,
    b"M4B": Content.M4A,
    b"3gp": Content.THREE_GP,
    b"3g2": Content.THREE_GP,
}
_OLD_QUICKTIME = {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}


def _in_boxes(head: bytes) -> Content | None:
    """Tell apart pictures, sound and films inside ISO base media files (ISO/IEC 14496-12)."""
    kind = head[4:8]
    if kind in _OLD_QUICKTIME and head[0] < 9:  # a size below 150 MB; a text may well begin with "You skip"
        return Content.QUICKTIME
    if kind != b"ftyp" or head[0]:
        return None
    length = min(int.from_bytes(head[:4], "big"), 512)
    major = head[8:12]
    brands = {major, *(head[at : at + 4] for at in range(16, length, 4))}
    if b"avif" in brands or b"avis" in brands:
        return Content.UNKNOWN
    if brands & _HEIC_BRANDS or major in {b"mif1", b"msf1"}:
        return Content.HEIC
    return _BY_BRAND.get(major[:3], Content.MP4)


def _in_sound_frames(file: BinaryIO, head: bytes) -> Content | None:
    """Find two frames of MP3 or AAC in a row, after any tag: neither has a header of its own."""
    at = 0
    if head.startswith(b"ID3") and len(head) >= 10:
        size = 0
        for byte in head[6:10]:
            size = size << 7 | (byte & 0x7F)
        at = 10 + size
        file.seek(at)
        head = file.read(HEAD)
    for start in range(len(head) - 6):
        if head[start] != 0xFF or head[start + 1] & 0xE0 != 0xE0:
            if not at and head[start]:
                return None  # without a tag only padding may come before the first frame
            continue
        content, length = _frame(head, start)
        if content is None or length <= 0:
            if not at:
                return None
            continue
        after, _ = _frame(head, start + length)
        if after is content or start + length >= len(head):
            return content
    return None


# Kilobits a second by bitrate index for layer III (ISO/IEC 11172-3 and 13818-3).
_MPEG1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def _frame(data: bytes, at: int) -> tuple[Content | None, int]:
    """Return which sound's frame begins at `at`, and its length in bytes."""
    header = data[at : at + 6]
    if len(header) < 6 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None, 0
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    if header[1] & 0xF6 == 0xF0:  # ADTS
        return Content.AAC, (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    bitrate, rate, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if layer != 1 or version == 1 or rate == 3 or bitrate in {0, 15}:
        return None, 0
    kilobits = (_MPEG1 if version == 3 else _MPEG2)[bitrate]
    samples = 144 if version == 3 else 72
    return Content.MP3, samples * kilobits * 1000 // _SAMPLE_RATES[version][rate] + padding


# --- Documents --------------------------------------------------------------------------------------

_DIRECTORY_AT_MOST = 4 * 1024 * 1024  # bytes: reading a list of a million members would fill the memory
_MEMBER_AT_MOST = 1024 * 1024
_END = b"PK\x05\x06"
_END_AT_MOST = 22 + 65535

_BY_OPEN_XML = (
    ("macroEnabled.", Content.MACROS),
    ("vnd.ms-office.vbaProject", Content.MACROS),
    ("wordprocessingml.document.main+xml", Content.DOCX),
    ("spreadsheetml.sheet.main+xml", Content.XLSX),
    ("presentationml.presentation.main+xml", Content.PPTX),
)
_BY_OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.text": Content.ODT,
    "application/vnd.oasis.opendocument.spreadsheet": Content.ODS,
    "application/vnd.oasis.opendocument.presentation": Content.ODP,
}
_COMPOUND = (
    ("EncryptedPackage", Content.LOCKED),
    ("WordDocument", Content.DOC),
    ("PowerPoint Document", Content.PPT),
    ("Workbook", Content.XLS),
    ("Book", Content.XLS),
)


def _in_zip(file: BinaryIO) -> Content:
    """Tell Office documents from other archives by the one member that names their kind."""
    if _zip_directory_size(file) > _DIRECTORY_AT_MOST:
        return Content.ARCHIVE
    try:
        with zipfile.ZipFile(file) as archive:
            names = {member.filename: member for member in archive.infolist()}
            if "[Content_Types].xml" in names:
                types = _member(archive, names["[Content_Types].xml"])
                return next((content for mark, content in _BY_OPEN_XML if mark in types), Content.ARCHIVE)
            if "mimetype" in names:
                kind = _member(archive, names["mimetype"]).strip()
                return _BY_OPEN_DOCUMENT.get(kind, Content.ARCHIVE)
            if "META-INF/MANIFEST.MF" in names or "AndroidManifest.xml" in names:
                return Content.PROGRAM
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return Content.UNKNOWN  # cut off, damaged, locked with a password, or packed as no Office document is
    return Content.ARCHIVE


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> str:
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        # Office knows no other, and each that Python can undo raises errors of its own kind over damaged bytes.
        raise zipfile.BadZipFile
    if member.file_size > _MEMBER_AT_MOST:
        return ""
    with archive.open(member) as stream:
        data = stream.read(_MEMBER_AT_MOST)
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data.decode("utf-16" if utf16 else "utf-8", errors="replace")


def _zip_directory_size(file: BinaryIO) -> int:
    """Return the size in bytes that the archive declares for its list of members, or the largest of several."""
    file.seek(0, 2)
    start = max(0, file.tell() - _END_AT_MOST)
    file.seek(start)
    tail = file.read()
    declared = [0]
    end = tail.find(_END)
    while end >= 0:  # readers differ in which of several they use
        declared.append(_zip64_directory_size(file, tail, start, end) or _number(tail, end + 12, 4))
        end = tail.find(_END, end + 1)
    file.seek(0)
    return max(declared)


def _zip64_directory_size(file: BinaryIO, tail: bytes, start: int, end: int) -> int:
    locator = tail[max(0, end - 20) : end]
    if not locator.startswith(b"PK\x06\x07"):
        return 0
    sizes = [0]
    for at in (start + end - 20 - 56, _number(locator, 8, 8)):  # readers look in either place
        if 0 <= at <= start + end:
            file.seek(at)
            record = file.read(56)
            if record.startswith(b"PK\x06\x06"):
                sizes.append(_number(record, 40, 8))
    return max(sizes)


def _number(data: bytes, at: int, length: int) -> int:
    return int.from_bytes(data[at : at + length], "little")


def _in_compound_file(file: BinaryIO) -> Content:
    """Tell the old Office documents apart by the names of the streams in them ([MS-CFB])."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for name, content in _COMPOUND:
            # A directory entry begins with the stream's name in UTF-16, padded with zeros.
            if data.find((name + "\0").encode("utf-16-le")) >= 0:
                return content
    return Content.UNKNOWN
