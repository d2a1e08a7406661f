"""Honest files of every kind are taken whoever made them; what is not what it says is refused with a reason."""

import hashlib
import io
import struct
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from pypdf import PdfWriter

from portfolio.files.content_kinds import Content
from portfolio.files.file_content import content_of
from portfolio.files.file_types import FILE_TYPES, clean_name, detect, extension_of
from tests.portfolio.files.arrivals import SAMPLES, pdf, picture, word_document
from tests.portfolio.files.contents import (
    EMAIL,
    EXCEL_XML,
    OPEN_DOCUMENT,
    OPEN_XML,
    PAGE_PARTS,
    WEB_ARCHIVE,
    compound,
    mp3_frames,
    open_xml,
    packed,
    sound,
    word_xml,
)


def in_file(tmp_path: Path, content: bytes | str) -> Path:
    path = tmp_path / "arrived"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def kind_of(tmp_path: Path, name: str, content: bytes | str) -> str:
    return detect(in_file(tmp_path, content), name).content_type


def why_not(tmp_path: Path, name: str, content: bytes | str) -> str:
    with pytest.raises(ValidationError) as refused:
        detect(in_file(tmp_path, content), name)
    [sentence] = refused.value.messages
    assert sentence.startswith(f"{name} was not kept: ")
    return sentence


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("photo.heic", "image/heic"),
        ("tagged.mp3", "audio/mpeg"),
        ("untagged.mp3", "audio/mpeg"),
        ("recorder.m4a", "audio/mp4"),
        ("phone.m4a", "audio/mp4"),
        ("voice.aac", "audio/aac"),
        ("note.ogg", "audio/ogg"),
        ("note.flac", "audio/flac"),
        ("film.mp4", "video/mp4"),
        ("film.mov", "video/quicktime"),
        ("film.webm", "video/webm"),
        ("recorded.webm", "audio/webm"),
        ("film.3gp", "video/3gpp"),
        ("letter.odt", "application/vnd.oasis.opendocument.text"),
    ],
)
def test_a_file_that_another_program_made_is_what_it_says(name, expected):
    assert detect(SAMPLES / name, name).content_type == expected


@pytest.mark.parametrize(
    ("form", "name", "expected"),
    [
        ("JPEG", "photo.jpg", "image/jpeg"),
        ("JPEG", "PHOTO.JPEG", "image/jpeg"),
        ("PNG", "screen.png", "image/png"),
        ("GIF", "moving.gif", "image/gif"),
        ("TIFF", "scan.tif", "image/tiff"),
        ("WEBP", "photo.webp", "image/webp"),
    ],
)
def test_a_picture_is_what_it_says(tmp_path, form, name, expected):
    assert kind_of(tmp_path, name, picture(form)) == expected


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("letter.pdf", pdf(), "application/pdf"),
        ("letter.docx", word_document(), f"{OPEN_XML}.wordprocessingml.document"),
        (
            "letter.docx",
            open_xml(f"{OPEN_XML}.wordprocessingml.document.main+xml"),
            f"{OPEN_XML}.wordprocessingml.document",
        ),
        ("sums.xlsx", open_xml(f"{OPEN_XML}.spreadsheetml.sheet.main+xml"), f"{OPEN_XML}.spreadsheetml.sheet"),
        (
            "talk.pptx",
            open_xml(f"{OPEN_XML}.presentationml.presentation.main+xml"),
            f"{OPEN_XML}.presentationml.presentation",
        ),
        (
            "sums.ods",
            packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
            "application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("old.doc", compound("1Table", "WordDocument"), "application/msword"),
        ("old.xls", compound("Workbook"), "application/vnd.ms-excel"),
        ("older.xls", compound("Book"), "application/vnd.ms-excel"),
        ("old.ppt", compound("Current User", "PowerPoint Document"), "application/vnd.ms-powerpoint"),
        ("old.doc", r"{\rtf1\ansi Saved by an old Word}", "application/msword"),
        ("letter.rtf", r"{\rtf1\ansi A letter}", "application/rtf"),
        ("talk.wav", sound(), "audio/wav"),
        ("talk.amr", b"#!AMR\n" + bytes([0x3C, 0x91, 0x17, 0x16, 0xBE, 0x66, 0x79, 0xE1]) * 40, "audio/amr"),
    ],
)
def test_a_document_or_recording_is_what_it_says(tmp_path, name, content, expected):
    assert kind_of(tmp_path, name, content) == expected


@pytest.mark.parametrize(
    "words",
    [
        "The customer said: <b>no</b>, and <html> is not what begins this.",
        "#include <stdio.h>\nint main() { return 0; }",
        "MZ is what I call my colleague.",
        "You skip lunch, and the queue is served.",
        "function serve(customer) { return smile; }",
        "@echo of what was said",
        '{"customers": 12}',
        "--- before\n+++ after\n@@ -1 +1 @@\n-sorry\n+thank you\n",
        "\n",
        "a",
        "\ufeffBegins with a mark",
        "文" * 50_000,
        "<3 is what the customer wrote",
    ],
)
def test_plain_text_is_plain_text_whatever_it_looks_like(tmp_path, words):
    assert kind_of(tmp_path, "note.txt", words) == "text/plain"


@pytest.mark.parametrize(
    ("words", "encoding"), [("café for £2", "latin-1"), ("お客様の声", "shift-jis"), ("Grüße", "utf-16")]
)
def test_plain_text_is_taken_in_any_encoding(tmp_path, words, encoding):
    assert kind_of(tmp_path, "note.txt", words.encode(encoding)) == "text/plain"


def test_a_table_and_an_email_are_taken_as_such(tmp_path):
    assert kind_of(tmp_path, "calls.csv", "ID;name\n1;Pat\n") == "text/csv"
    assert kind_of(tmp_path, "thanks.eml", EMAIL) == "message/rfc822"
    assert kind_of(tmp_path, "thanks.eml", "Thank you!") == "text/plain"


def test_an_empty_file_is_refused(tmp_path):
    assert "it is empty (0 bytes)" in why_not(tmp_path, "letter.pdf", b"")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("letter.pdf", bytes(range(256)) * 20, "named like a PDF document, but it is not one. It may be damaged"),
        ("letter.docx", word_document()[:9000], "named like a Word document, but it is not one"),
        ("letter.docx", packed({"a.txt": "a"}), "but it is a pack of other files"),
    ],
)
def test_what_is_not_what_its_name_says_nor_anything_known_is_refused_naming_both(tmp_path, name, content, reason):
    assert reason in why_not(tmp_path, name, content)


@pytest.mark.parametrize(
    "name", ["page.html", "page.htm", "page.xhtml", "photo.jpg", "letter.pdf", "note.txt", "old.doc"]
)
@pytest.mark.parametrize(
    "content",
    [
        "<!DOCTYPE html><script>steal()</script>",
        "\ufeff \n<!-- a letter --> <HTML><body onload=steal()>",
        "<script>steal()</script>",
        "<html>".encode("utf-16"),
    ],
)
def test_a_web_page_is_refused_under_any_name(tmp_path, name, content):
    sentence = why_not(tmp_path, name, content)
    assert "a web page. It can hold a script: print it to a PDF" in sentence


@pytest.mark.parametrize("name", ["drawing.svg", "drawing.png", "drawing.txt"])
@pytest.mark.parametrize(
    "content",
    [
        '<svg xmlns="http://www.w3.org/2000/svg"><script>steal()</script></svg>',
        '<?xml version="1.0"?>\n<!-- drawn --><!DOCTYPE svg PUBLIC "SVG 1.1" "x"><svg onload="steal()"/>',
        '<?xml version="1.0"?><s:svg xmlns:s="http://www.w3.org/2000/svg"/>',
    ],
)
def test_a_drawing_with_code_in_it_is_refused_under_any_name(tmp_path, name, content):
    assert "a drawing in SVG. It can hold a script: print it to a PDF" in why_not(tmp_path, name, content)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("holiday.exe", b"MZ" + bytes(100), "a program or a script"),
        ("letter.pdf", Path("/bin/sh").resolve().read_bytes(), "a program or a script"),
        ("photo.jpg", "<?php steal();", "a program or a script"),
        ("note.txt", "#!/bin/sh\nrm -rf ~", "a program or a script"),
        ("files.zip", packed({"a.txt": "a"}), "Unpack it"),
        (
            "letter.docx",
            open_xml("application/vnd.ms-word.document.macroEnabled.main+xml"),
            "letter.docx was not kept: it is a document with macros",
        ),
        ("secret.docx", compound("EncryptionInfo", "EncryptedPackage"), "a document with a password"),
        ("letter.pages", packed({"a": "a"}), "Export it as a PDF"),
        ("film.avi", b"RIFF" + bytes(range(64)) + b"AVI LIST", "files that end in .avi are not taken"),
        ("nameless", bytes(100), "neither its name nor its content"),
    ],
)
def test_what_is_no_evidence_is_refused_with_what_to_do(tmp_path, name, content, reason):
    assert reason in why_not(tmp_path, name, content)


def test_a_name_without_an_ending_goes_by_the_content(tmp_path):
    assert kind_of(tmp_path, "IMG_0042", picture()) == "image/jpeg"
    assert kind_of(tmp_path, "Letter to Mr. Smith", pdf()) == "application/pdf"
    assert "a pack of other files" in why_not(tmp_path, "files", packed({"a": "a"}))


@pytest.mark.parametrize("before", [1, 300, 1024])
def test_a_pdf_whose_header_comes_late_is_one_as_far_as_pdfium_looks(tmp_path, before):
    assert kind_of(tmp_path, "letter.pdf", b"a" * before + pdf()) == "application/pdf"


def test_a_pdf_whose_header_comes_later_is_none(tmp_path):
    assert "it is not one. It may be damaged" in why_not(tmp_path, "letter.pdf", b"a" * 1025 + pdf())


def test_a_text_about_pdf_is_a_text_and_a_page_that_goes_on_as_pdf_a_page(tmp_path):
    assert kind_of(tmp_path, "note.txt", "Every file begins with %PDF-1.7, as I told the customer.") == "text/plain"
    assert "a web page" in why_not(tmp_path, "letter.pdf", b"<html><script>steal()</script>" + pdf())


@pytest.mark.parametrize("before", [b"", b"a" * 300])
@pytest.mark.parametrize("how", ["RC4-128", "AES-256"])
def test_a_pdf_is_refused_at_once_if_nobody_opens_it_without_a_password(tmp_path, how, before):
    sentence = why_not(tmp_path, "letter.pdf", before + locked_pdf(how, user="secret"))
    assert sentence.endswith(
        "it is a document with a password. Save it without one, so that it can be assessed, and choose that."
    )
    assert kind_of(tmp_path, "letter.pdf", before + locked_pdf(how, user="")) == "application/pdf"


def locked_pdf(how: str, *, user: str) -> bytes:
    """A PDF with a password for its owner, and perhaps another without which nobody opens it."""
    writer, data = PdfWriter(clone_from=io.BytesIO(pdf())), io.BytesIO()
    writer.encrypt(user_password=user, owner_password="owner", algorithm=how)
    writer.write(data)
    return data.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        packed({"mimetype": f"{OPEN_DOCUMENT}.text", "META-INF/manifest.xml": "<manifest:encryption-data/>"}),
        compound("EncryptedSummary", "PowerPoint Document"),
    ],
)
def test_other_documents_with_a_password_are_refused_too(tmp_path, content):
    assert "a document with a password" in why_not(tmp_path, "letter.odt", content)


def test_an_old_word_document_with_a_password_says_so_in_its_first_bytes(tmp_path):
    document = bytearray(compound("WordDocument").ljust(2048, b"\0"))
    base = 512 + 512 * 2  # its stream begins in the third sector
    entry = document.find("WordDocument".encode("utf-16-le"))
    document[entry + 116] = 2
    document[base : base + 2] = b"\xec\xa5"
    assert kind_of(tmp_path, "old.doc", bytes(document)) == "application/msword"
    document[base + 11] = 0x01
    assert "a document with a password" in why_not(tmp_path, "old.doc", bytes(document))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("old.doc", compound("WordDocument", "Macros", "_VBA_PROJECT")),
        ("old.xls", compound("Workbook", "_VBA_PROJECT_CUR", "_VBA_PROJECT")),
        ("sums.ods", packed({"mimetype": f"{OPEN_DOCUMENT}.spreadsheet", "Basic/Standard/Module1.xml": "Sub"})),
        ("letter.odt", packed({"mimetype": f"{OPEN_DOCUMENT}.text", "Scripts/python/steal.py": "steal()"})),
        ("old.doc", word_xml(' w:macrosPresent="yes"')),
        ("old.doc", word_xml(body="x" * 100_000) + "<w:docSuppData/>"),
    ],
)
def test_macros_are_refused_in_every_kind_of_document(tmp_path, name, content):
    assert "a document with macros, which are programs" in why_not(tmp_path, name, content)


def test_lists_of_no_macros_are_none(tmp_path):
    content = packed({"mimetype": f"{OPEN_DOCUMENT}.text", "Basic/script-lc.xml": "<libraries/>", "Scripts/": ""})
    assert kind_of(tmp_path, "letter.odt", content) == f"{OPEN_DOCUMENT}.text"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (word_xml(), "application/vnd.ms-wordml"),
        (word_xml(' w:macrosPresent="no"'), "application/vnd.ms-wordml"),
        ("\ufeff" + word_xml(), "application/vnd.ms-wordml"),
        (
            '<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"/>',
            "application/vnd.ms-wordml",
        ),
        (EXCEL_XML, "application/vnd.ms-spreadsheetml"),
    ],
)
@pytest.mark.parametrize("name", ["account.doc", "account.xml", "account.pdf"])
def test_an_office_document_in_xml_is_one(tmp_path, name, content, expected):
    assert kind_of(tmp_path, name, content) == expected


BLINK = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.example/\r\nSubject: A\r\nDate: Mon\r\n"
CONFLUENCE = "Date: Thu, 1 Oct 2026\r\nMessage-ID: <1.2@wiki>\r\nSubject: Exported From Confluence\r\n"


@pytest.mark.parametrize("name", ["page.doc", "page.mht", "page.mhtml", "page.txt", "page.eml", "page"])
@pytest.mark.parametrize("before", ["", BLINK, CONFLUENCE])
def test_a_web_page_in_a_single_file_is_refused_with_how_to_save_it(tmp_path, name, before):
    assert "save it as a Word document (.docx) or a PDF" in why_not(tmp_path, name, before + WEB_ARCHIVE)


def test_an_email_with_pictures_in_it_is_an_email(tmp_path):
    head = "From: Ann <ann@harbour.example>\r\nTo: pat@harbour.example\r\nMIME-Version: 1.0\r\n"
    message = f'{head}Content-Type: multipart/related;\r\n boundary="x"{PAGE_PARTS}'
    assert kind_of(tmp_path, "thanks.eml", message) == "message/rfc822"


@pytest.mark.parametrize(
    "content",
    [
        # A tag that says it has 4,086 bytes, before a cover of 90,000.
        b"ID3\x03\x00\x00\x00\x00\x1f\x76APIC\x00\x01\x5f\x9e" + b"\x11" * 90_000 + mp3_frames(40),
        b"ID3\x03\x00\x00\x00\x00\x7f\x7f" + mp3_frames(40),  # and one that says too much
        mp3_frames(2)[200:] + mp3_frames(40),  # cut out of a longer one
        bytes(3000) + mp3_frames(40),
    ],
)
def test_an_mp3_that_players_play_is_one(tmp_path, content):
    assert kind_of(tmp_path, "talk.mp3", content) == "audio/mpeg"


@pytest.mark.parametrize("frames", [b"\xff\xf1\x50\x80\x00\x1f\xfc" * 50, mp3_frames(4), b"\xff\xfb\x90\x64" * 50])
def test_what_begins_like_frames_of_sound_and_goes_on_otherwise_is_none(tmp_path, frames):
    assert "It may be damaged" in why_not(tmp_path, "talk.mp3", b"\x00\x01\x02" + frames + bytes(range(9)) * 600)


def test_a_film_of_another_kind_with_sound_like_an_mp3_is_not_taken_for_one(tmp_path):
    film = b"RIFF\x00\x00\x01\x00AVI LIST\x00\x01\x00\x00hdrlavih" + bytes(200) + mp3_frames(40)
    assert "files that end in .avi are not taken" in why_not(tmp_path, "film.avi", film)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "words", ["I answered within three rings.\r\n", "Я ответила сразу.\n", "すぐに お答えしました。\n"]
)
def test_a_text_in_utf_16_without_its_mark_is_a_text(tmp_path, words, encoding):
    assert kind_of(tmp_path, "note.txt", (words * 20).encode(encoding)) == "text/plain"
    assert "a web page" in why_not(tmp_path, "note.txt", f"<html>{words}".encode(encoding))


NOISE = b"".join(hashlib.sha256(bytes([number])).digest() for number in range(60))


@pytest.mark.parametrize("content", [bytes(1000), struct.pack("<200h", *range(-100, 100)), NOISE])
def test_numbers_are_no_text_in_utf_16(tmp_path, content):
    assert "It may be damaged" in why_not(tmp_path, "note.txt", content)


def test_a_picture_with_an_archive_at_its_end_is_a_picture(tmp_path):
    assert kind_of(tmp_path, "photo.jpg", picture() + packed({"a.txt": "a"})) == "image/jpeg"


@pytest.mark.parametrize(("packing", "header"), [(zipfile.ZIP_DEFLATED, 0), (zipfile.ZIP_LZMA, 12)])
def test_a_document_whose_packed_bytes_are_spoilt_is_refused_with_what_to_do(tmp_path, packing, header):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packing) as archive:
        archive.writestr("[Content_Types].xml", f"<Types>{OPEN_XML}.wordprocessingml.document.main+xml</Types>")
    content = bytearray(data.getvalue())
    begin = 30 + len("[Content_Types].xml") + header  # behind the member's header and name, and that of the packing
    content[begin : begin + 40] = b"\xff" * 40
    assert "It may be damaged" in why_not(tmp_path, "letter.docx", bytes(content))


def test_an_archive_that_would_unpack_to_a_gigabyte_is_not_unpacked(tmp_path):
    bomb = packed({"[Content_Types].xml": " " * 50_000_000})
    assert len(bomb) < 100_000
    assert content_of(in_file(tmp_path, bomb)) is Content.ARCHIVE


@pytest.mark.parametrize("comment", [b"", b"PK\x05\x06" + bytes(18)])
def test_an_archive_with_a_list_of_members_that_would_fill_the_memory_is_not_read(tmp_path, comment):
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, 64 * 1024 * 1024, 0, len(comment)) + comment
    path = in_file(tmp_path, b"PK\x03\x04" + bytes(64) + end)
    assert content_of(path) is Content.ARCHIVE


def test_every_kind_that_is_taken_is_found_by_its_usual_name():
    for file_type in FILE_TYPES:
        assert extension_of(f"file.{file_type.extensions[0].upper()}") == file_type.extensions[0]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\Pat\\photo.jpg", "photo.jpg"),
        ("фото клиента.jpg", "фото клиента.jpg"),
        ("お客様.pdf", "お客様.pdf"),
        ("نامه\u200cها.pdf", "نامه\u200cها.pdf"),
        ("👩\u200d💼.png", "👩\u200d💼.png"),
        ("cafe\u0301.txt", "café.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ('a"\r\nSet-Cookie: x=1.pdf', 'a" Set-Cookie: x=1.pdf'),
        ("nul\x00byte.pdf", "nulbyte.pdf"),
        (".pdf", "file.pdf"),
        ("..hidden.pdf", "hidden.pdf"),
        ("photo.jpg. ", "photo.jpg"),
        ("", "file"),
        ("..", "file"),
        ("/", "file"),
        ("\ud800.pdf", "file.pdf"),
    ],
)
def test_a_name_is_kept_in_any_script_and_is_only_a_name(given, kept):
    assert clean_name(given) == kept
    assert clean_name(kept) == kept


@pytest.mark.parametrize("letter", ["x", "文", "👩"])
def test_a_long_name_is_cut_between_letters_and_keeps_its_end(letter):
    name = clean_name(letter * 300 + ".docx")
    assert 250 < len(name.encode()) <= 255
    assert name.lstrip(letter) == ".docx"
    assert len(clean_name("a." + letter * 300).encode()) <= 255
