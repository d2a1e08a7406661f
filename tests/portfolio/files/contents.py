"""A small file of every kind of content that is told apart."""

import io
import struct
import wave
import zipfile
from collections.abc import Mapping

from portfolio.files.content_kinds import Content
from tests.portfolio.files.arrivals import SAMPLES, pdf, picture

OPEN_XML = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """A zip archive, the same bytes at any time: pytest names tests by them."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return data.getvalue()


def open_xml(main: str) -> bytes:
    """An Office document whose list of types comes last, as some programs write it."""
    types = f'<Types><Override PartName="/main.xml" ContentType="{main}"/></Types>'
    return packed({"main.xml": "<main/>", "[Content_Types].xml": types})


def compound(*streams: str) -> bytes:
    """A file as old Office programs wrote it ([MS-CFB]): a header, and a directory of named streams."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHH", 0x3E, 3, 0xFFFE, 9) + bytes(480)
    entries = b"".join(name.encode("utf-16-le").ljust(64, b"\0") + bytes(64) for name in ("Root Entry", *streams))
    return header + entries


def sound() -> bytes:
    """A fifth of a second of silence, as WAV."""
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(3200))
    return data.getvalue()


def mp3_frames(count: int) -> bytes:
    """Frames of silence, 128 kbit/s at 44,100 Hz, with neither tag nor header before them."""
    return (b"\xff\xfb\x90\x64" + bytes(413)) * count


def word_xml(root: str = "", body: str = "Account") -> str:
    """A document as Word 2003 saved it in XML."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<?mso-application progid="Word.Document"?>\r\n'
        f'<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"{root}>'
        f"<w:body><w:p><w:r><w:t>{body}</w:t></w:r></w:p></w:body></w:wordDocument>"
    )


EXCEL_XML = (
    '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>'
)
EMAIL = "Delivered-To: pat@harbour.example\nReceived: by mx\nFrom: a@b.example\nSubject: Thanks\n\nThank you!\n"
PAGE_PARTS = "\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<html><body>Account</body></html>\r\n--x--\r\n"
WEB_ARCHIVE = f'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"{PAGE_PARTS}'

CONTENTS: dict[Content, bytes] = {
    Content.PDF: pdf(),
    Content.JPEG: picture("JPEG"),
    Content.PNG: picture("PNG"),
    Content.HEIC: (SAMPLES / "photo.heic").read_bytes(),
    Content.WEBP: picture("WEBP"),
    Content.GIF: picture("GIF"),
    Content.TIFF: picture("TIFF"),
    Content.MP3: (SAMPLES / "tagged.mp3").read_bytes(),
    Content.WAV: sound(),
    Content.M4A: (SAMPLES / "phone.m4a").read_bytes(),
    Content.AAC: (SAMPLES / "voice.aac").read_bytes(),
    Content.AMR: b"#!AMR\n" + bytes([0x3C, 0x91, 0x17, 0x16, 0xBE, 0x66, 0x79, 0xE1]) * 40,
    Content.OGG: (SAMPLES / "note.ogg").read_bytes(),
    Content.FLAC: (SAMPLES / "note.flac").read_bytes(),
    Content.MP4: (SAMPLES / "film.mp4").read_bytes(),
    Content.QUICKTIME: (SAMPLES / "film.mov").read_bytes(),
    Content.THREE_GP: (SAMPLES / "film.3gp").read_bytes(),
    Content.WEBM: (SAMPLES / "film.webm").read_bytes(),
    Content.WEBM_SOUND: (SAMPLES / "recorded.webm").read_bytes(),
    Content.DOCX: open_xml(f"{OPEN_XML}.wordprocessingml.document.main+xml"),
    Content.XLSX: open_xml(f"{OPEN_XML}.spreadsheetml.sheet.main+xml"),
    Content.PPTX: open_xml(f"{OPEN_XML}.presentationml.presentation.main+xml"),
    Content.DOC: compound("1Table", "WordDocument"),
    Content.XLS: compound("Workbook"),
    Content.PPT: compound("Current User", "PowerPoint Document"),
    Content.WORD_XML: word_xml().encode(),
    Content.EXCEL_XML: EXCEL_XML.encode(),
    Content.ODT: packed({"mimetype": f"{OPEN_DOCUMENT}.text"}),
    Content.ODS: packed({"mimetype": f"{OPEN_DOCUMENT}.spreadsheet"}),
    Content.ODP: packed({"mimetype": f"{OPEN_DOCUMENT}.presentation"}),
    Content.RTF: rb"{\rtf1\ansi A letter}",
    Content.TEXT: b"I answered within three rings.\n",
    Content.EMAIL: EMAIL.encode(),
    Content.WEB_PAGE: b"<!DOCTYPE html><script>steal()</script>",
    Content.WEB_ARCHIVE: WEB_ARCHIVE.encode(),
    Content.SVG: b'<svg xmlns="http://www.w3.org/2000/svg"><script>steal()</script></svg>',
    Content.PROGRAM: b"#!/bin/sh\nrm -rf ~\n",
    Content.ARCHIVE: packed({"a.txt": "a"}),
    Content.MACROS: open_xml("application/vnd.ms-word.document.macroEnabled.main+xml"),
    Content.LOCKED: compound("EncryptionInfo", "EncryptedPackage"),
    Content.UNKNOWN: bytes(range(256)) * 20,
}
