"""Pictures are drawn of what people send: by a process with limits, out of pixels alone."""

import itertools
import struct
import zlib
from io import BytesIO

import pypdf
import pytest
from PIL import ExifTags, Image, ImageCms

from portfolio.files import drawing as service
from portfolio.files import rendering
from portfolio.files.previews import page_path
from portfolio.models import EvidenceFile
from tests.portfolio.files.arrivals import SAMPLES, picture
from tests.portfolio.files.pictures import opened, red_top, saved, with_particulars

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

SCRIPT = b"<script>alert(document.cookie)</script>"


def png_bomb(edge: int) -> bytes:
    """A picture of so many pixels each way, black and white, in a few hundred kilobytes."""
    packer = zlib.compressobj(level=1)
    row = bytes(1 + (edge + 7) // 8)
    packed = b"".join(packer.compress(row * 100) for _ in range(edge // 100)) + packer.flush()
    header = struct.pack(">IIBBBBB", edge, edge, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


@pytest.mark.parametrize(
    ("form", "content_type"),
    [
        ("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("GIF", "image/gif"),
        ("TIFF", "image/tiff"), ("MPO", "image/jpeg"),
    ],
)  # fmt: skip
def test_a_picture_of_each_kind_is_drawn_within_bounds(drawn, form, content_type):
    file, preview = drawn(red_top(form), content_type)
    assert (preview.fault, preview.count) == ("", 1)
    assert opened(file).format == "WEBP"
    assert opened(file).size == (1600, 1067) == (preview.pictures[0].width, preview.pictures[0].height)


def test_a_picture_from_an_iphone_is_drawn(drawn):
    file, preview = drawn((SAMPLES / "photo.heic").read_bytes(), "image/heic")
    assert preview.fault == ""
    assert opened(file).size == (32, 32)


@pytest.mark.parametrize(
    ("form", "content_type"), [("JPEG", "image/jpeg"), ("TIFF", "image/tiff"), ("PNG", "image/png")]
)
def test_it_stands_upright_and_nothing_tells_where_it_was_taken(drawn, form, content_type):
    content = red_top(form, exif=with_particulars())
    assert b"Phone of Pat" in content
    file, _ = drawn(content, content_type)
    shown = opened(file)
    assert shown.size == (1067, 1600)
    red, green, _ = shown.convert("RGB").crop((1000, 800, 1001, 801)).tobytes()  # what was on top is on the right
    assert red > 200
    assert green < 50
    assert not shown.getexif()
    assert not {"exif", "xmp", "icc_profile"} & set(shown.info)
    assert b"Phone of Pat" not in page_path(file, 1).read_bytes()


@pytest.mark.parametrize(
    "polyglot",
    [
        picture() + SCRIPT,
        saved(Image.new("RGB", (32, 24)), "JPEG", comment=SCRIPT),
        saved(Image.new("RGB", (32, 24)), "JPEG", exif=b"Exif\0\0" + SCRIPT),
    ],
    ids=["behind it", "in a comment", "in its particulars"],
)
def test_a_script_that_hides_in_a_picture_is_not_in_its_preview(drawn, polyglot):
    assert SCRIPT in polyglot
    file, preview = drawn(polyglot, "image/jpeg")
    assert len(preview.pictures) == 1
    assert b"script" not in page_path(file, 1).read_bytes()


def test_what_is_transparent_is_drawn_on_white(drawn):
    file, _ = drawn(saved(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG"), "image/png")
    assert opened(file).convert("L").getextrema() == (255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16", "RGBA"])
def test_every_way_to_keep_colours_is_drawn(drawn, mode):
    _, preview = drawn(saved(Image.new(mode, (40, 30)), "TIFF"), "image/tiff")
    assert (preview.fault, len(preview.pictures)) == ("", 1)


def test_colours_of_another_profile_are_those_of_the_screen(drawn):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    file, preview = drawn(red_top(icc_profile=profile), "image/jpeg")
    assert preview.fault == ""
    assert "icc_profile" not in opened(file).info
    _, preview = drawn(red_top(icc_profile=b"no profile"), "image/jpeg")
    assert preview.fault == ""


def test_the_pages_of_a_scan_are_drawn_and_of_a_moving_picture_the_first(drawn):
    pages = [Image.new("L", (80, 100), shade) for shade in range(0, 250, 10)]
    file, preview = drawn(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]), "image/tiff")
    assert (len(preview.pictures), preview.count) == (20, 25)
    assert opened(file, 20).convert("L").getpixel((9, 9)) == pytest.approx(190, abs=4)
    _, preview = drawn(saved(pages[0], "GIF", save_all=True, append_images=pages[1:]), "image/gif")
    assert (len(preview.pictures), preview.count) == (1, 1)


def test_a_picture_that_would_fill_the_memory_is_refused(drawn):
    bomb = png_bomb(30_000)
    assert len(bomb) < 1_000_000
    file, preview = drawn(bomb, "image/png")
    assert (preview.pictures, preview.fault) == ((), "too_large")
    assert not page_path(file, 1).exists()


@pytest.mark.long
def test_the_limit_on_memory_holds_whatever_a_file_declares(drawn, monkeypatch, tmp_path):
    """The same program with its own check taken out."""
    greedy = tmp_path / "rendering.py"
    greedy.write_text(
        service.RENDERING.read_text(encoding="utf-8").replace(
            "PIXELS_AT_MOST = 100_000_000", "PIXELS_AT_MOST = 10**12"
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr(service, "RENDERING", greedy)
    monkeypatch.setattr(service, "MEMORY_AT_MOST", 1024**3)
    _, preview = drawn(png_bomb(40_000), "image/png")
    assert (preview.pictures, preview.fault) == ((), "too_large")


@pytest.mark.parametrize("content_type", ["image/jpeg", "image/png", "image/heic", "image/tiff", "application/pdf"])
def test_what_is_damaged_says_so(drawn, content_type):
    _, preview = drawn(b"nothing of the sort", content_type)
    assert (preview.pictures, preview.fault) == ((), "damaged")


def test_a_picture_that_is_called_another_kind_is_not_opened_as_what_it_is(drawn):
    _, preview = drawn(picture("PNG"), "image/jpeg")
    assert preview.fault == "damaged"


@pytest.mark.long
@pytest.mark.parametrize(("form", "content_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("GIF", "image/gif")])
@pytest.mark.parametrize("kept", ["all but 40 bytes", "two thirds"])
def test_a_picture_that_lost_its_end_is_drawn_as_far_as_it_goes_and_says_so(drawn, form, content_type, kept):
    whole = saved(Image.effect_noise((900, 600), 90).convert("RGB"), form)
    file, preview = drawn(whole[:-40] if kept == "all but 40 bytes" else whole[: len(whole) * 2 // 3], content_type)
    assert preview.fault == "cut_off"
    assert preview.sentence == "The end of this file is missing. It is shown as far as it goes."
    assert opened(file).size == (900, 600)
    upper = opened(file).convert("L").crop((0, 0, 900, 300)).tobytes()
    assert max(upper) - min(upper) > 100


def test_a_picture_of_which_nothing_is_left_but_its_beginning_is_damaged(drawn):
    _, preview = drawn(red_top()[:500], "image/jpeg")
    assert (preview.pictures, preview.fault) == ((), "damaged")


def rows(height: int, width: int = 540) -> Image.Image:
    """A picture in which every row of pixels says by its shade how far down it is."""
    return Image.linear_gradient("L").resize((width, height))


def shades(file: EvidenceFile, page: int) -> tuple[int, int]:
    """The shades of the first and the last row of a page."""
    shown = opened(file, page).convert("L")
    pixels = shown.tobytes()
    return pixels[0], pixels[-1]


@pytest.mark.parametrize("is_lying", [False, True], ids=["as it is", "stored on its side"])
def test_a_tall_picture_is_cut_into_pieces_that_overlap_and_lack_nothing(drawn, is_lying):
    whole, exif = rows(7000), Image.Exif()
    if is_lying:
        whole, exif[ExifTags.Base.Orientation] = whole.transpose(Image.Transpose.ROTATE_90), 6
    file, preview = drawn(saved(whole, "PNG", exif=exif), "image/png")
    assert (preview.fault, preview.count, len(preview.pictures)) == ("", 5, 5)
    assert {picture.width for picture in preview.pictures} == {540}
    assert all(picture.height <= rendering.LONG_EDGE for picture in preview.pictures)
    assert sum(picture.height for picture in preview.pictures) == 7000 + 4 * rendering.OVERLAP
    ends = [shades(file, page) for page in range(1, 6)]
    assert ends[0][0] < 6
    assert ends[-1][1] > 249
    assert all(after[0] <= before[1] for before, after in itertools.pairwise(ends))


def test_a_very_tall_picture_says_that_only_its_beginning_is_shown(drawn):
    file, preview = drawn(saved(rows(60_000, width=40), "PNG"), "image/png")
    assert (len(preview.pictures), preview.count, preview.drawn, preview.lacks) == (20, 39, 20, True)
    assert not page_path(file, 21).exists()


def test_a_wide_picture_is_drawn_so_that_it_can_be_read(drawn):
    file, preview = drawn(saved(Image.new("RGB", (6000, 1000)), "PNG"), "image/png")
    assert (preview.count, opened(file).size) == (1, (3200, 533))


def test_a_tall_page_of_a_pdf_is_cut_into_pieces_of_that_page(drawn):
    writer, data = pypdf.PdfWriter(), BytesIO()
    for height in (1100, 300):  # points: the strip of a till, and a slip
        writer.add_blank_page(width=220, height=height)
    writer.write(data)
    _, preview = drawn(data.getvalue(), "application/pdf")
    assert [(one.width, one.page) for one in preview.pictures] == [(440, 1), (440, 1), (440, 2)]
    assert sum(one.height for one in preview.pictures[:2]) == pytest.approx(2200 + rendering.OVERLAP, abs=3)
    assert (preview.count, preview.drawn, preview.lacks) == (2, 2, False)
