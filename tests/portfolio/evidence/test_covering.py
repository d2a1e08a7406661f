"""The author of a piece covers areas of a picture: the new version has the black in its pixels."""

import io
import uuid

import pillow_heif
import pytest
from PIL import Image

from portfolio.evidence.services import evidence_add, evidence_correct
from portfolio.files.services import file_stage
from portfolio.files.uploads import IncomingFile
from portfolio.models import EvidenceFile, StagedFile
from portfolio.models.evidence import stored_path
from tests.portfolio.evidence.test_file_removal import DETAILS
from tests.portfolio.files.typed import address, words

pytestmark = pytest.mark.django_db

SIZE = (2400, 1800)  # larger than what pages show
COVER = {"left": "10", "top": "20", "width": "30", "height": "40"}  # per cent


def photo(form: str = "JPEG", *, turned: bool = False) -> bytes:
    """A red picture, with a place in its particulars, perhaps lying on its side."""
    picture = Image.new("RGB", SIZE[::-1] if turned else SIZE, "red")
    exif = Image.Exif()
    exif[0x010F] = "Made by SECRETCAM"
    if turned:
        exif[0x0112] = 6
    made = io.BytesIO()
    pillow_heif.register_heif_opener()
    picture.save(made, form, exif=exif)
    return made.getvalue()


@pytest.fixture
def filed(client, unit, candidate):
    """Adds a piece with these bytes and a letter; returns the file of the picture. Pat is signed in."""
    client.force_login(candidate)

    def add(content: bytes, name: str = "queue.jpg") -> EvidenceFile:
        staged = []
        for one, called in ((content, name), (b"Dear Sir\n", "letter.txt")):
            with IncomingFile.from_content(called, one) as incoming:
                staged.append(file_stage(registration=unit.registration, user=candidate, incoming=incoming))
        evidence_add(
            registration=unit.registration, actor=candidate, form_key=uuid.uuid4(), details=DETAILS, staged=staged
        )
        return EvidenceFile.objects.get(name=name)

    return add


def url(file: EvidenceFile) -> str:
    return address("portfolio:file_cover", file.version.evidence.registration, file=file.uuid)


def covered(file: EvidenceFile) -> Image.Image:
    new = file.version.evidence.versions.latest("number").files.get(name__contains="covered")
    content = stored_path(new.stored_file).read_bytes()
    assert b"SECRETCAM" not in content
    return Image.open(io.BytesIO(content))


@pytest.mark.long
@pytest.mark.parametrize(
    ("form", "name", "turned"),
    [("JPEG", "queue.jpg", False), ("JPEG", "queue.jpg", True), ("PNG", "queue.png", False), ("HEIF", "q.heic", False)],
)
def test_the_area_is_black_in_the_pixels_at_full_size_and_nothing_else_comes_along(filed, client, form, name, turned):
    file = filed(photo(form, turned=turned), name)
    assert client.post(url(file), COVER | {"seen": 1}).status_code == 302
    picture = covered(file).convert("RGB")
    assert picture.size == SIZE
    red = picture.getchannel("R").tobytes()
    inside = picture.crop((256, 376, 944, 1064))  # but for the edges, into which JPEG carries colours of outside
    assert max(inside.tobytes()) <= 8
    assert red[1000 + 1100 * SIZE[0]] > 200
    assert red[230 + 350 * SIZE[0]] > 200


def test_the_new_version_says_so_and_keeps_the_rest(filed, client):
    file = filed(photo())
    page = words(client.post(url(file), COVER | {"seen": 1}, follow=True))
    assert "covered in version 2" in page
    assert "Others in it are covered" in page
    latest = file.version.evidence.versions.latest("number")
    assert [*latest.files.values_list("name", flat=True)] == ["letter.txt", "queue (covered).jpg"]
    assert not StagedFile.objects.exists()
    assert file.version.files.count() == 2  # the old version has what it had


@pytest.mark.long
def test_pressed_twice_it_is_done_once(filed, client):
    file = filed(photo())
    for _ in range(2):
        assert client.post(url(file), COVER | {"seen": 1}).status_code == 302
    assert file.version.evidence.versions.count() == 2


def test_what_changed_meanwhile_is_not_overwritten(filed, client, candidate, assessor):
    file = filed(photo())
    evidence_correct(
        evidence=file.version.evidence, actor=candidate, seen=1, details=DETAILS,
        keep=[file.version.files.get(name="letter.txt")], staged=[],
    )  # fmt: skip
    assert "changed since you opened the page" in words(client.post(url(file), COVER | {"seen": 1}, follow=True))
    assert file.version.evidence.versions.count() == 2


@pytest.mark.parametrize(
    ("areas", "said"),
    [
        ({}, "Mark at least one area"),
        (dict.fromkeys(COVER, ""), "Mark at least one area"),
        (COVER | {"left": "-3"}, "Area 1: give four numbers"),
        (COVER | {"width": "0"}, "Area 1: give four numbers"),
        (COVER | {"height": "nan"}, "Area 1: give four numbers"),
    ],
)
def test_what_is_no_area_is_refused_in_words(filed, client, areas, said):
    file = filed(photo())
    assert said in words(client.post(url(file), areas | {"seen": 1}))
    assert file.version.evidence.versions.count() == 1


def test_a_picture_that_lost_its_end_is_not_covered(filed, client):
    file = filed(photo("PNG")[:-200], "queue.png")
    assert "cannot be covered here" in words(client.post(url(file), COVER | {"seen": 1}))
    assert file.version.evidence.versions.count() == 1
