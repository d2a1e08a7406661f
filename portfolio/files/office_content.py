"""Tells Office documents from their bytes: those in zip archives, the old ones, and those in XML."""

import codecs
import mmap
import zipfile
import zlib
from typing import BinaryIO

from portfolio.files.content_kinds import Content

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
    ("EncryptedSummary", Content.LOCKED),
    ("_VBA_PROJECT", Content.MACROS),
    ("WordDocument", Content.DOC),
    ("PowerPoint Document", Content.PPT),
    ("Workbook", Content.XLS),
    ("Book", Content.XLS),
)


def in_zip(file: BinaryIO) -> Content:
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
                kind = _BY_OPEN_DOCUMENT.get(_member(archive, names["mimetype"]).strip(), Content.ARCHIVE)
                return _in_open_document(archive, names) or kind
            if "META-INF/MANIFEST.MF" in names or "AndroidManifest.xml" in names:
                return Content.PROGRAM
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return Content.UNKNOWN  # cut off, damaged, locked with a password, or packed as no Office document is
    return Content.ARCHIVE


def _in_open_document(archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo]) -> Content | None:
    """Say if it has a password or macros."""
    manifest = names.get("META-INF/manifest.xml")
    if manifest and "encryption-data" in _member(archive, manifest):
        return Content.LOCKED
    lists = ("script-lc.xml", "script-lb.xml", "/")
    holds_macros = any(name.startswith(("Basic/", "Scripts/")) and not name.endswith(lists) for name in names)
    return Content.MACROS if holds_macros else None


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


def in_compound_file(file: BinaryIO) -> Content:
    """Tell the old Office documents apart by the names of the streams in them ([MS-CFB])."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for name, content in _COMPOUND:
            # A directory entry begins with the stream's name in UTF-16, padded with zeros.
            if (entry := data.find((name + "\0").encode("utf-16-le"))) >= 0:
                return Content.LOCKED if content is Content.DOC and _has_password(data, entry) else content
    return Content.UNKNOWN


def _has_password(data: mmap.mmap, entry: int) -> bool:
    """Whether the stream of an old Word document says that it is encrypted ([MS-DOC], FibBase.fEncrypted)."""
    sector = _number(data[30:32], 0, 2)
    begin = (_number(data[entry + 116 : entry + 120], 0, 4) + 1) << min(sector, 12)
    base = data[begin : begin + 12]
    return base[:2] in {b"\xec\xa5", b"\xdc\xa5"} and bool(_number(base, 10, 2) & 0x0100)
