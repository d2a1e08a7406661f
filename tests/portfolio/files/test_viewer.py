"""The files of a piece are looked at on its page, and a claim's "where to look" leads into them."""

import re
from html import unescape
from io import BytesIO

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from centres.models import Centre, Membership
from portfolio.evidence.places import places_in
from portfolio.files import drawing
from portfolio.files.drawing import preview_make
from portfolio.files.selectors import file_shown
from portfolio.files.services import bytes_store
from portfolio.models import EvidenceFile, WaitingWork
from portfolio.models.evidence import previews_path, stored_path
from portfolio.templatetags.places import links_to, places
from tests.cast import add_evidence
from tests.portfolio.files.arrivals import SAMPLES, pdf, picture, word_document
from tests.portfolio.files.typed import address, queries_of, words

pytestmark = pytest.mark.django_db

OPEN_XML = "application/vnd.openxmlformats-officedocument"
LETTER = pdf("<p style='break-after: page'>One</p><p>Two</p>")


@pytest.fixture
def piece(unit, candidate):
    return add_evidence(unit.registration, candidate)


@pytest.fixture
def hold(piece):
    """Add a file to the piece, drawn unless told otherwise, and return it."""
    centre = piece.registration.centre

    def add(name, content, content_type, *, drawn=True) -> EvidenceFile:
        stored = bytes_store(centre=centre, content=content)
        version = piece.versions.get()
        file = EvidenceFile.objects.create(
            version=version,
            stored_file=stored,
            name=name,
            content_type=content_type,
            position=version.files.count() + 1,
        )
        if drawn:
            preview_make(file=file)
        return file

    return add


@pytest.fixture
def signed_in(client, candidate, unit):
    client.force_login(candidate)
    return client


@pytest.fixture
def url(piece) -> str:
    return address("portfolio:evidence", piece.registration, evidence=piece.uuid)


def route(name: str, file: EvidenceFile, **more) -> str:
    centre = file.version.evidence.registration.centre
    return reverse(f"portfolio:{name}", kwargs={"centre": centre.uuid, "file": file.uuid, **more})


def tags(html: str, name: str) -> list[dict[str, str]]:
    """The attributes of each tag of a name."""
    return [
        {key: unescape(value) for key, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        for tag in re.findall(rf"<{name}\b([^>]*)>", html)
    ]


def test_a_picture_is_shown_in_its_size_and_opens_larger(signed_in, url, hold):
    photo = hold("the counter.jpg", picture(), "image/jpeg")
    html = signed_in.get(url).content.decode()
    [img] = tags(html, "img")
    assert img["src"] == route("file_page", photo, page=1)
    assert (img["width"], img["height"], img["alt"]) == ("32", "24", "the counter.jpg")
    assert f'<a class="drawn" id="file-1-page-1" href="{img["src"]}">' in html
    assert "Open the picture the counter.jpg in a new tab" in words(signed_in.get(url))


@pytest.mark.long
def test_the_original_of_a_picture_opens_where_browsers_can_show_it(signed_in, url, hold):
    photo = hold("photo.png", picture("PNG"), "image/png")
    assert route("file_open", photo) in signed_in.get(url).content.decode()
    response = signed_in.get(route("file_open", photo))
    assert (response.status_code, b"".join(response.streaming_content)) == (200, picture("PNG"))
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == 'inline; filename="photo.png"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    for name, content_type in (("photo.heic", "image/heic"), ("scan.tiff", "image/tiff")):
        other = hold(name, picture("TIFF"), content_type)
        assert route("file_open", other) not in signed_in.get(url).content.decode()
        assert signed_in.get(route("file_open", other)).status_code == 404


def test_a_long_screenshot_is_shown_in_pages_to_which_places_lead(signed_in, url, hold):
    data = BytesIO()
    Image.linear_gradient("L").resize((540, 4000)).save(data, "PNG")
    chat = hold("chat.png", data.getvalue(), "image/png")
    page = signed_in.get(url)
    assert [img["alt"] for img in tags(page.content.decode(), "img")] == [
        f"Page {number} of chat.png" for number in (1, 2, 3)
    ]
    assert "PNG picture, " in words(page)
    assert "3 pages" in words(page)
    assert links("page 2", chat) == [("Page 2", "#file-1-page-2")]


def test_a_photo_that_lost_its_end_is_shown_with_a_note(signed_in, url, hold):
    data = BytesIO()
    Image.effect_noise((900, 600), 90).save(data, "JPEG")
    hold("photo.jpg", data.getvalue()[:-40], "image/jpeg")
    page = signed_in.get(url)
    assert len(tags(page.content.decode(), "img")) == 1
    assert words(page).count("The end of this file is missing. It is shown as far as it goes.") == 1
    assert "Open the picture or download it" not in words(page)


def test_each_page_of_a_pdf_is_shown_and_the_pdf_opens(signed_in, url, hold):
    letter = hold("letter.pdf", LETTER, "application/pdf")
    html = signed_in.get(url).content.decode()
    assert [img["alt"] for img in tags(html, "img")] == ["Page 1 of letter.pdf", "Page 2 of letter.pdf"]
    assert all(img["width"] and img["height"] and img["loading"] == "lazy" for img in tags(html, "img"))
    assert 'id="file-1-page-2"' in html
    assert {"href": route("file_open", letter), "target": "_blank"}.items() <= next(
        link for link in tags(html, "a") if link.get("href") == route("file_open", letter)
    ).items()
    assert "PDF document, " in words(signed_in.get(url))


@pytest.mark.parametrize(
    ("name", "content_type", "player"),
    [("note.ogg", "audio/ogg", "audio"), ("film.mp4", "video/mp4", "video")],
)
def test_recordings_and_films_are_played(signed_in, url, hold, name, content_type, player):
    file = hold(name, (SAMPLES / name).read_bytes(), content_type)
    [tag] = tags(signed_in.get(url).content.decode(), player)
    assert (tag["src"], tag["preload"], tag["aria-label"]) == (route("file_open", file), "metadata", name)


@pytest.mark.parametrize("content_type", ["text/html", "application/x-evil"])
def test_a_file_of_a_type_that_is_not_ours_is_offered_for_download_with_its_size(signed_in, url, hold, content_type):
    file = hold("page", b"x" * 2048, content_type)
    page = signed_in.get(url)
    assert "page File, 2.0 KB Download" in words(page).replace("\xa0", " ")
    assert "Download it to open it in its own program." in words(page)
    html = page.content.decode()
    assert route("file_download", file) in html
    assert route("file_open", file) not in html
    assert not tags(html, "img")


def test_a_table_is_shown_with_the_numbers_of_its_rows_and_nothing_in_it_is_markup(signed_in, url, hold):
    hold("log.csv", b"day,calls\n2 March,<script>alert(1)</script>\n", "text/csv")
    page = signed_in.get(url)
    html = page.content.decode()
    assert '<tr><th scope="row">2</th><td dir="auto">2 March</td>' in html
    assert "<script>alert" not in html
    assert "Table in plain text, " in words(page)
    assert "Download it to" not in words(page)


def test_a_text_is_shown_and_a_long_one_says_where_it_ends(signed_in, url, hold):
    hold("note.txt", "Für Frau Müller\n\nم".encode(), "text/plain")
    page = signed_in.get(url)
    assert '<p dir="auto">Für Frau Müller</p>' in page.content.decode()
    assert "lines are shown" not in words(page)
    hold("long.txt", b"x\n" * 2001, "text/plain")
    assert "The first 2,000 lines are shown. Download it for the others." in words(signed_in.get(url))


def test_a_document_without_libreoffice_is_shown_as_its_text_alone(signed_in, url, hold, monkeypatch):
    monkeypatch.setattr(drawing, "office_program", lambda: None)
    hold("statement.docx", word_document("I served Mrs Baptiste."), f"{OPEN_XML}.wordprocessingml.document")
    page = signed_in.get(url)
    assert "I served Mrs Baptiste." in words(page)
    assert words(page).count("This is its text alone. Download it to see its layout and pictures.") == 1


def test_a_preview_that_is_not_there_is_asked_for_and_comes_by_itself(signed_in, url, hold):
    photo = hold("photo.jpg", picture(), "image/jpeg", drawn=False)
    page = signed_in.get(url)
    assert "The preview is being prepared. Look again" in words(page)
    assert f'data-viewer="{route("file_viewer", photo)}"' in page.content.decode()
    assert WaitingWork.objects.get().what == f"{photo.stored_file.uuid} image/jpeg"
    assert "data-viewer" in signed_in.get(route("file_viewer", photo)).content.decode()
    assert WaitingWork.objects.count() == 1
    preview_make(file=photo)
    fragment = signed_in.get(route("file_viewer", photo)).content.decode()
    assert tags(fragment, "img")[0]["src"] == route("file_page", photo, page=1)
    assert fragment.count('<article class="viewed viewed-picture" id="file-1"') == 1
    assert "<html" not in fragment


def test_a_preview_that_cannot_be_made_says_so_and_leaves_the_download(signed_in, url, hold):
    broken = hold("broken.pdf", b"%PDF-1.7 nothing", "application/pdf")
    page = signed_in.get(url)
    assert "It cannot be shown here: it may be damaged. Open the PDF or download it." in words(page)
    assert route("file_download", broken) in page.content.decode()


@pytest.mark.long
def test_a_long_pdf_says_which_pages_are_shown(signed_in, url, hold):
    hold("long.pdf", pdf("x" + "<p style='break-before: page'>x</p>" * 24), "application/pdf")
    page = words(signed_in.get(url))
    assert "25 pages" in page
    assert "These are the first 20 of 25 pages. Open the PDF or download it for the others." in page


def test_a_lost_file_says_so_and_offers_nothing(signed_in, url, hold):
    lost = hold("lost.pdf", LETTER, "application/pdf")
    stored_path(lost.stored_file).unlink()
    page = signed_in.get(url)
    assert "The content of this file is not on the server as it was stored" in words(page)
    assert route("file_download", lost) not in page.content.decode()


def test_more_than_one_file_has_a_list_to_jump_by(signed_in, url, hold):
    hold("one.csv", b"1", "text/csv")
    assert "viewer-list" not in signed_in.get(url).content.decode()
    hold("zwei.csv", b"2", "text/csv")
    html = signed_in.get(url).content.decode()
    assert '<a href="#file-2"><bdi>zwei.csv</bdi></a>' in html
    assert 'id="file-2"' in html


def test_a_piece_that_is_held_elsewhere_has_no_viewer(signed_in, url):
    html = signed_in.get(url).content.decode()
    assert 'class="viewer"' not in html
    assert "Filing cabinet 3" in html


def test_names_are_shown_as_they_are_and_never_as_markup(signed_in, url, hold):
    hold("<img src=x onerror=alert(1)>.jpg", picture(), "image/jpeg")
    hold("رسالة.pdf", LETTER, "application/pdf")
    html = signed_in.get(url).content.decode()
    assert "<img src=x" not in html
    assert 'dir="auto">رسالة.pdf</h3>' in html


@pytest.mark.long
def test_it_takes_as_many_queries_with_twenty_files(signed_in, url, hold):
    hold("0.jpg", picture(), "image/jpeg", drawn=False)
    before = queries_of(signed_in, url)
    for number in range(1, 20):
        hold(f"{number}.jpg", picture() + bytes([number]), "image/jpeg", drawn=False)
    assert queries_of(signed_in, url) == before <= 17


# --- The picture of a page --------------------------------------------------------------------------


def test_the_picture_of_a_page_is_sealed_and_kept_by_this_browser_alone(signed_in, hold):
    photo = hold("photo.jpg", picture(), "image/jpeg")
    response = signed_in.get(route("file_page", photo, page=1))
    assert response.status_code == 200
    assert b"".join(response.streaming_content)[8:12] == b"WEBP"
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert set(response["Cache-Control"].split(", ")) == {"private", "no-cache"}
    again = signed_in.get(route("file_page", photo, page=1), headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_that_there_is_not_is_not_found(signed_in, hold):
    photo = hold("photo.jpg", picture(), "image/jpeg")
    for page in (0, 2, 10**30):
        assert signed_in.get(route("file_page", photo, page=page)).status_code == 404


@pytest.mark.parametrize("name", ["file_page", "file_viewer"])
def test_outsiders_people_of_another_centre_and_whose_role_ended_find_nothing(
    client, hold, outsider, coordinator, assessor, name
):
    photo = hold("photo.jpg", picture(), "image/jpeg")
    named = {"file": photo.uuid} | ({"page": 1} if name == "file_page" else {})
    theirs = Centre.objects.get(memberships__user=outsider, memberships__role="coordinator")
    here = photo.stored_file.centre
    for person, centre in ((outsider, here), (outsider, theirs), (coordinator, theirs)):
        client.force_login(person)
        assert client.get(reverse(f"portfolio:{name}", kwargs=named | {"centre": centre.uuid})).status_code == 404
    client.force_login(assessor)
    at_home = reverse(f"portfolio:{name}", kwargs=named | {"centre": here.uuid})
    assert client.get(at_home).status_code == 200
    Membership.objects.filter(user=assessor).update(ended_at=timezone.now())
    assert client.get(at_home).status_code == 404


# --- Where to look ----------------------------------------------------------------------------------


def links(where: str, *files: EvidenceFile) -> list[tuple[str, str]]:
    shown = [file_shown(file) for file in files]
    found = links_to(places_in(where), shown, files[0].stored_file.centre.uuid)
    return [(str(link.place), link.url) for link in found]


@pytest.mark.long
def test_a_page_leads_to_the_first_file_that_has_it_and_a_moment_to_the_first_player(hold):
    photo = hold("photo.jpg", picture(), "image/jpeg")
    note = hold("note.pdf", pdf(), "application/pdf")
    letter = hold("letter.pdf", LETTER, "application/pdf")
    talk = hold("note.ogg", (SAMPLES / "note.ogg").read_bytes(), "audio/ogg")
    files = (photo, note, letter, talk)
    assert links("page 1", *files) == [("Page 1", "#file-2-page-1")]
    assert links("page 2, then 1:35", *files) == [("Page 2", "#file-3-page-2"), ("1:35", "#file-4")]
    assert links("page 3", *files) == []
    assert links("1:35", photo, letter) == []
    assert links("page 1", talk) == []
    assert links("file 3, page 1", *files) == [("File 3, page 1", "#file-3-page-1")]  # not of the note, which has one
    assert links("file 3, 1:35", *files) == []


@pytest.mark.long
def test_a_page_that_is_not_drawn_leads_to_the_pdf(hold):
    long = hold("long.pdf", pdf("x" + "<p style='break-before: page'>x</p>" * 24), "application/pdf")
    assert links("p. 22", long) == [("Page 22", f"{route('file_open', long)}#page=22")]
    assert links("p. 99", long) == []


def test_nothing_leads_into_a_file_that_is_lost_or_not_drawn_yet(hold):
    letter = hold("letter.pdf", LETTER, "application/pdf", drawn=False)
    assert links("page 1", letter) == []
    preview_make(file=letter)
    assert links("page 1", letter) == [("Page 1", "#file-1-page-1")]
    stored_path(letter.stored_file).unlink()
    assert previews_path(letter.stored_file).exists()
    assert links("page 1", letter) == []


def test_a_link_that_says_all_of_it_stands_alone(hold):
    letter = hold("letter.pdf", LETTER, "application/pdf")
    centre = letter.stored_file.centre.uuid
    shown = [file_shown(letter)]
    assert places("page 2", shown, centre)["words"] == ""
    assert places("page 2, at the top", shown, centre)["words"] == "page 2, at the top"
    assert places("page 99", shown, centre)["words"] == "page 99"  # which no file has


def test_the_links_are_what_the_script_handles(hold):
    letter = hold("letter.pdf", LETTER, "application/pdf")
    talk = hold("note.ogg", (SAMPLES / "note.ogg").read_bytes(), "audio/ogg")
    shown = [file_shown(letter), file_shown(talk)]
    found = list(links_to(places_in("p. 2, 0:02"), shown, letter.stored_file.centre.uuid))
    first, second = tags(render_to_string("portfolio/evidence/_places.html", {"links": found}), "a")
    assert (first["href"], first["data-page"]) == ("#file-1-page-2", "2")
    assert (second["href"], second["data-seek"]) == ("#file-2", "2")
