"""LibreOffice makes the pages of Office documents where it is installed, and nothing in a document leads it out."""

import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import docx
import pytest
from PIL import Image, ImageChops

from portfolio.files import confined, drawing, office
from portfolio.files.drawing import preview_make
from portfolio.files.office import office_program
from portfolio.files.previews import Preview, page_path, preview_of
from portfolio.models import EvidenceFile
from portfolio.models.evidence import drawn_path
from tests.portfolio.files.arrivals import file_of, word_document

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
with_libreoffice = pytest.mark.skipif(office_program() is None, reason="LibreOffice is not installed on this machine")

OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def drawn(unit, candidate):
    """Store bytes as a file of this type, draw it, and return the file and what was drawn."""

    def draw(content: bytes, content_type: str) -> tuple[EvidenceFile, Preview]:
        file = file_of(unit.registration, candidate, "file", content, content_type)
        preview_make(file=file)
        preview = preview_of(file)
        assert preview is not None
        return file, preview

    return draw


@with_libreoffice
@pytest.mark.long
def test_a_document_is_drawn_page_by_page(drawn):
    document, data = docx.Document(), BytesIO()
    document.add_paragraph("One")
    document.add_page_break()
    document.add_paragraph("Two")
    document.save(data)
    file, preview = drawn(data.getvalue(), WORD)
    assert (preview.count, preview.fault, preview.blocks) == (2, "", ())
    assert max(Image.open(page_path(file, 2)).size) > 1500
    assert {path.name for path in drawn_path(file).iterdir()} == {"1.webp", "2.webp", "made.json"}


@with_libreoffice
@pytest.mark.long
def test_a_table_is_one_page_a_sheet_however_long_it_is(drawn):
    rows = "".join(
        f"<table:table-row><table:table-cell office:value-type='string'><text:p>Row {number}</text:p>"
        "</table:table-cell></table:table-row>"
        for number in range(200)
    )
    sheets = "".join(f"<table:table table:name='{name}'>{rows}</table:table>" for name in "AB")
    _, preview = drawn(opendocument("spreadsheet", sheets), f"{OPEN_DOCUMENT}.spreadsheet")
    assert (preview.count, preview.fault) == (2, "")
    assert len(preview.pictures) > 2  # each is long, and cut into pieces


@with_libreoffice
@pytest.mark.long
def test_what_libreoffice_cannot_open_is_shown_as_text(drawn, monkeypatch):
    monkeypatch.setattr(office, "MEMORY_AT_MOST", 64 * 1024**2)
    _, preview = drawn(word_document("I served Mrs Baptiste."), WORD)
    assert (preview.pictures, preview.fault) == ((), "plain")
    assert preview.blocks[0].lines == ("I served Mrs Baptiste.",)


def test_a_program_that_only_makes_its_profile_is_started_again(drawn, monkeypatch, tmp_path):
    """As LibreOffice does, which is played here by a script that fails at first."""
    program = tmp_path / "soffice.bin"
    program.write_text(
        '#!/bin/sh\n[ -e profile/made ] || { touch profile/made; exit 81; }\nprintf %s "$*" > ../asked\n'
    )
    program.chmod(0o700)
    monkeypatch.setattr(drawing, "office_program", lambda: program)
    file, preview = drawn(word_document("I served Mrs Baptiste."), WORD)
    asked = (drawn_path(file) / "asked").read_text()
    assert asked.endswith("--convert-to pdf document.docx")
    assert preview.blocks[0].lines == ("I served Mrs Baptiste.",)  # no PDF came of it
    assert not (drawn_path(file) / "office").exists()


# --- No way out -------------------------------------------------------------------------------------


def opendocument(kind: str, body: str) -> bytes:
    """An OpenDocument file with this in it."""
    names = " ".join(
        f'xmlns:{name}="{NAMESPACE}:{words}:1.0"'
        for name, words in (
            ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("svg", "svg-compatible"),
        )
    )  # fmt: skip
    data = BytesIO()
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{media_type}"/>'
        for path, media_type in (("/", f"{OPEN_DOCUMENT}.{kind}"), ("content.xml", "text/xml"))
    )
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", f"{OPEN_DOCUMENT}.{kind}")
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{NAMESPACE}:manifest:1.0" manifest:version="1.2">{entries}'
            "</manifest:manifest>",
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content {names} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2">'
            f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
        )
    return data.getvalue()


def leading_to(*places: str, title: str) -> bytes:
    """A text with a picture, a section and a frame that are somewhere else."""
    links = 'xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"'
    frame = '<draw:frame svg:width="9cm" svg:height="9cm" text:anchor-type="as-char">'
    return opendocument(
        "text",
        f"<text:p>{title}</text:p>"
        + "".join(
            f'<text:p>{frame}<draw:image xlink:href="{place}.png" {links}/></draw:frame></text:p>'
            f'<text:p>{frame}<draw:floating-frame xlink:href="{place}.html" {links}/></draw:frame></text:p>'
            f'<text:section text:name="{number}"><text:section-source xlink:href="{place}.txt" xlink:type="simple"/>'
            "<text:p/></text:section>"
            for number, place in enumerate(places)
        ),
    )


@contextmanager
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine: its address, and what it was asked for."""
    asked: list[str] = []

    class Note(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Note)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/linked", asked
    finally:
        server.shutdown()
        server.server_close()


def has_red(file: EvidenceFile) -> bool:
    """Whether there is a strong red on any of its pages."""
    pages = [Image.open(path).convert("RGB") for path in drawn_path(file).glob("*.webp")]
    return any(max(ImageChops.subtract(page.getchannel("R"), page.getchannel("G")).tobytes()) > 150 for page in pages)


@with_libreoffice
@pytest.mark.long
def test_a_document_reaches_neither_the_network_nor_the_files_of_the_server(drawn, monkeypatch, tmp_path: Path):
    """By its settings alone, by the want of a network alone; and without either it would."""
    Image.new("RGB", (200, 200), "red").save(tmp_path / "secret.png")
    no_network = confined._without_network()
    settings = office._SETTINGS
    with listener() as (address, asked):

        def look(name: str, *, with_settings: bool, with_network: bool) -> EvidenceFile:
            monkeypatch.setattr(office, "_SETTINGS", settings if with_settings else ())
            monkeypatch.setattr(confined, "_without_network", lambda: () if with_network else no_network)
            file, preview = drawn(
                leading_to(address, (tmp_path / "secret").as_uri(), title=name), f"{OPEN_DOCUMENT}.text"
            )
            assert preview.pictures
            return file

        assert not has_red(look("as it is", with_settings=True, with_network=False))
        assert not has_red(look("its settings alone", with_settings=True, with_network=True))
        assert asked == []
        if no_network:
            look("no network alone", with_settings=False, with_network=False)
            assert asked == []
        assert has_red(look("neither", with_settings=False, with_network=True))
        assert "/linked.png" in asked
