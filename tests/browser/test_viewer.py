"""The viewer in a real browser: recordings seek, places lead to pages, and previews come by themselves."""

import subprocess
import time
from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, expect

from assessments.models import Opening
from demo.sounds import conversation
from portfolio.files.byte_ranges import PART_AT_MOST
from portfolio.files.drawing import preview_make
from portfolio.files.services import bytes_store
from portfolio.models import EvidenceFile
from tests.cast import add_evidence
from tests.portfolio.files.arrivals import SAMPLES, file_of, pdf
from tests.portfolio.files.typed import address

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

MINUTES = 6
PAGES = "x" + "<p style='break-before: page'>x</p>" * 4


@pytest.fixture(autouse=True)
def folders(settings, tmp_path: Path) -> None:
    for name in ("FILES_DIR", "INCOMING_DIR", "PREVIEWS_DIR"):
        setattr(settings, name, tmp_path / name)


@pytest.fixture
def piece(unit, candidate):
    """A piece with a letter, a recording of minutes, a film, a photo that is not drawn yet, a film that Chromium
    cannot play, and a wide table."""
    photo = BytesIO()
    Image.new("RGB", (640, 480), "olive").save(photo, "JPEG")
    piece = add_evidence(unit.registration, candidate)
    for position, (name, content, content_type) in enumerate(
        [
            ("letter.pdf", pdf(PAGES), "application/pdf"),
            ("talk.wav", conversation(seconds=60 * MINUTES, seed="talk"), "audio/wav"),
            ("film.mp4", (SAMPLES / "film.mp4").read_bytes(), "video/mp4"),
            ("photo.jpg", photo.getvalue(), "image/jpeg"),
            ("film.3gp", (SAMPLES / "film.3gp").read_bytes(), "video/3gpp"),
            ("log.csv", b"day,note," + b"column," * 20 + b"\n2 March," + b"a long note of a day " * 30, "text/csv"),
        ],
        start=1,
    ):
        stored = bytes_store(centre=unit.registration.centre, content=content)
        file = EvidenceFile.objects.create(
            version=piece.versions.get(), stored_file=stored, name=name, content_type=content_type, position=position
        )
        if name != "photo.jpg":
            preview_make(file=file)
    return piece


@pytest.fixture
def context(context_of, candidate) -> BrowserContext:
    """Pat's browser."""
    return context_of(candidate)


@pytest.fixture
def page(context, piece) -> Page:
    """The page of the piece, with the links that a claim's "where to look" gets beside the viewer."""
    page = context.new_page()
    page.goto(address("portfolio:evidence", piece.registration, evidence=piece.uuid))
    page.evaluate(
        """document.querySelector("h1").insertAdjacentHTML("afterend",
        '<a href="#file-2" data-seek="215">3:35</a> <a href="#file-1-page-4" data-page="4">Page 4</a>')"""
    )
    return page


def until(page: Page, condition: str) -> None:
    """Wait until it holds. Playwright's own way is stopped by the policy of our pages: it evaluates strings."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)  # milliseconds
    raise AssertionError(f"never: {condition}")


def test_a_recording_seeks_to_the_moment_and_plays_on_over_the_parts(page):
    asked = []
    page.on("response", lambda answer: asked.append(answer) if "/open/" in answer.url else None)
    page.get_by_role("link", name="3:35").click()
    until(page, "document.querySelector('audio').currentTime > 215.3")
    sound = page.locator("audio")
    assert sound.evaluate("sound => Math.round(sound.duration)") == 60 * MINUTES
    # On to the end, faster than anybody listens, over the end of a part.
    assert len(conversation(seconds=60 * MINUTES, seed="talk")) > 2 * PART_AT_MOST
    sound.evaluate("sound => { sound.currentTime = 325; sound.playbackRate = 16 }")
    until(page, "document.querySelector('audio').ended")
    assert {answer.status for answer in asked} == {206}


def test_a_film_shows_its_pictures_and_one_that_cannot_be_played_says_so(page):
    until(page, "document.querySelector('#file-3 video').videoWidth > 0")
    expect(page.locator("#file-5").get_by_text("Your browser cannot play this film")).to_be_visible()
    expect(page.locator("#file-3").get_by_text("Your browser cannot play this film")).to_be_hidden()


def test_a_film_of_which_only_the_sound_plays_says_so_and_its_copy_comes_by_itself(context, unit, candidate, tmp_path):
    film = tmp_path / "IMG_0001.MOV"
    made = (
        "ffmpeg -v error -f lavfi -i testsrc=duration=2:size=320x240:rate=25 -f lavfi -i sine=duration=2"
        " -c:v libx265 -x265-params log-level=none -tag:v hvc1 -c:a aac"
    )
    subprocess.run([*made.split(), str(film)], check=True)
    file = file_of(unit.registration, candidate, film.name, film.read_bytes(), "video/quicktime")
    page = context.new_page()
    evidence = file.version.evidence
    page.goto(address("portfolio:evidence", evidence.registration, evidence=evidence.uuid))
    expect(page.get_by_text("Your browser cannot play the picture of this film, only its sound.")).to_be_visible()
    expect(page.get_by_text("A copy that it can play is being made and comes by itself.")).to_be_visible()
    expect(page.get_by_text("Your browser cannot play this film.")).to_be_hidden()
    while preview_make(file=file):
        pass
    expect(page.get_by_text("This is a copy that every browser plays.")).to_be_visible(timeout=30_000)
    until(page, "document.querySelector('video').videoWidth === 320")
    expect(page.get_by_text("Download it to see it.")).to_be_hidden()


def test_the_original_of_a_picture_opens_in_a_tab_of_its_own(context, page):
    with context.expect_page() as opened:
        page.get_by_role("link", name="Open the picture photo.jpg in a new tab").click()
    until(opened.value, "document.querySelector('img')?.naturalWidth === 640")


def test_a_place_scrolls_to_the_page_and_gives_it_the_keyboard(page):
    page.get_by_role("link", name="Page 4", exact=True).click()
    expect(page.locator("#file-1-page-4")).to_be_focused()
    expect(page.locator("#file-1-page-4")).to_be_in_viewport(ratio=0.2)
    until(page, "document.querySelector('.drawn-pages').scrollTop > 500")


def test_a_preview_comes_by_itself_when_it_is_made(page, piece):
    expect(page.get_by_text("The preview is being prepared.")).to_be_visible()
    preview_make(file=EvidenceFile.objects.get(name="photo.jpg"))
    picture = page.locator("#file-4 img")
    expect(picture).to_be_visible()
    picture.scroll_into_view_if_needed()
    until(page, "document.querySelector('#file-4 img').naturalWidth === 640")
    page.locator("#file-4 a.drawn").click()
    page.wait_for_url("**/pages/1/")  # larger, by itself


def test_a_wide_table_scrolls_in_its_own_frame_with_the_keyboard(page):
    page.set_viewport_size({"width": 390, "height": 844})
    table = page.get_by_role("region", name="Text of log.csv")
    table.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    until(page, "document.querySelector('.read').scrollLeft > 100")


def test_nothing_moves_when_the_pictures_come(context, piece, page):
    boxes = "[...document.querySelectorAll('.viewed')].map(one => Math.round(one.getBoundingClientRect().height))"
    late = context.new_page()
    held: list[Route] = []
    is_held = True

    def hold(route: Route) -> None:
        if is_held:
            held.append(route)
        else:
            route.continue_()

    late.route("**/pages/**", hold)
    with late.expect_request("**/pages/**"):
        late.goto(page.url, wait_until="domcontentloaded")
    until(late, "document.styleSheets.length > 3")
    while not held:
        late.wait_for_timeout(50)  # milliseconds
    before = late.evaluate(boxes)[0]
    is_held = False
    for route in held:
        route.continue_()
    until(late, "document.querySelector('#file-1 img').naturalWidth > 0")
    assert late.evaluate(boxes)[0] == before


def test_the_pdf_opens_in_a_tab_of_its_own(context, page):
    with context.expect_page() as opened:
        page.get_by_role("link", name="Open the PDF letter.pdf in a new tab").click()
    assert opened.value is not page


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_and_nothing_scrolls_sideways(page, width, scheme):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    found = Axe().run(page, context=".viewer")
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_an_assessor_has_in_front_of_them_is_opened_and_what_they_scroll_past_is_not(
    context_of, piece, assessor, candidate
):
    where = address("portfolio:evidence", piece.registration, evidence=piece.uuid)
    own = context_of(candidate).new_page()
    own.goto(where)
    page = context_of(assessor).new_page()
    with page.expect_response(lambda answer: answer.url.endswith("/opened/")):
        page.goto(where)
        page.locator("#file-1 img").first.scroll_into_view_if_needed()
    with page.expect_response(lambda answer: answer.url.endswith("/opened/")):
        page.locator("audio").evaluate("sound => sound.play()")
    opened = Opening.objects.order_by("position").values_list("person", "version__evidence", "position")
    assert list(opened) == [(assessor.pk, piece.pk, 1), (assessor.pk, piece.pk, 2)]
