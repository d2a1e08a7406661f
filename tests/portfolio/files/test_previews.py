"""Pictures are drawn of what people send: by a process with limits, out of pixels alone."""

import itertools
import json
import os
import shutil
import struct
import time
import uuid
import zlib
from datetime import date, timedelta
from io import BytesIO

import pypdf
import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from PIL import ExifTags, Image, ImageCms
from weasyprint import HTML

from background.takers import Taker
from portfolio.evidence.services import EvidenceDetails, evidence_add, evidence_remove
from portfolio.files import drawing as service
from portfolio.files import previews, rendering
from portfolio.files.drawing import preview_make, sweep_previews
from portfolio.files.previews import Preview, needs_drawing, page_path, preview_of
from portfolio.files.services import bytes_store, file_release, file_stage
from portfolio.files.tasks import draw, previews_ask
from portfolio.files.uploads import IncomingFile
from portfolio.models import EvidenceFile, WaitingWork, WorkLane
from portfolio.models.evidence import drawn_path, previews_path, stored_path
from portfolio.services.waiting_work import work_take
from tests.portfolio.files.arrivals import SAMPLES, file_of, files_below, pdf, picture

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

SCRIPT = b"<script>alert(document.cookie)</script>"


@pytest.fixture
def stored(unit, candidate):
    """Store bytes as a file of a piece, of this type."""
    return lambda content, content_type: file_of(unit.registration, candidate, "file", content, content_type)


@pytest.fixture
def drawn(stored):
    """Store bytes, draw them, and return the file and what was drawn."""

    def draw(content, content_type):
        file = stored(content, content_type)
        preview_make(file=file)
        return file, preview_of(file)

    return draw


def seen(file: EvidenceFile) -> Preview:
    """What was drawn of the file."""
    preview = preview_of(file)
    assert preview is not None
    return preview


def opened(file: EvidenceFile, page: int = 1) -> Image.Image:
    return Image.open(page_path(file, page))


def saved(image: Image.Image, form: str, **options) -> bytes:
    data = BytesIO()
    image.save(data, form, **options)
    return data.getvalue()


def with_particulars() -> Image.Exif:
    """What a phone writes into a picture: where it was taken, and that it was held upright."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Phone of Pat"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (51.0, 28.0, 38.0)
    return exif


def red_top(form: str = "JPEG", size: tuple[int, int] = (3000, 2000), **options) -> bytes:
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0], size[1] // 2))
    return saved(image, form, **options)


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


@pytest.fixture(scope="session")
def three_hundred_pages() -> bytes:
    return HTML(string="".join(f"<p style='break-after: page'>Day {day}</p>" for day in range(300))).write_pdf()


@pytest.mark.long
def test_the_first_pages_of_a_long_pdf_are_drawn(drawn, three_hundred_pages):
    file, preview = drawn(three_hundred_pages, "application/pdf")
    assert (len(preview.pictures), preview.count, preview.fault) == (20, 300, "")
    assert opened(file, 20).size == (preview.pictures[19].width, preview.pictures[19].height)
    assert max(opened(file, 20).size) == 1600
    assert not page_path(file, 21).exists()


def test_a_pdf_with_a_password_says_so(drawn):
    locked, data = pypdf.PdfWriter(clone_from=BytesIO(pdf())), BytesIO()
    locked.encrypt("secret", algorithm="RC4-128")
    locked.write(data)
    _, preview = drawn(data.getvalue(), "application/pdf")
    assert (preview.pictures, preview.fault) == ((), "locked")


def test_an_enormous_page_is_drawn_within_bounds(drawn):
    writer, data = pypdf.PdfWriter(), BytesIO()
    writer.add_blank_page(width=14_400, height=14_400)
    writer.add_blank_page(width=1, height=14_400)
    writer.write(data)
    _, preview = drawn(data.getvalue(), "application/pdf")
    assert (preview.pictures[0].width, preview.pictures[0].height) == (1600, 1600)
    assert all(one.width == 2 and one.height <= 1600 and one.page == 2 for one in preview.pictures[1:])
    assert len(preview.pictures) == 20


@pytest.mark.long
def test_pages_that_were_drawn_before_time_was_up_are_kept(drawn, three_hundred_pages, monkeypatch, tmp_path):
    slow = tmp_path / "rendering.py"
    slow.write_text(
        service.RENDERING.read_text(encoding="utf-8").replace(
            "        bitmap.close()", "        time.sleep(60 if number == 2 else 0)"
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr(service, "RENDERING", slow)
    monkeypatch.setattr(service, "SECONDS_AT_MOST", 8)
    file, preview = drawn(three_hundred_pages, "application/pdf")
    assert (len(preview.pictures), preview.count, preview.fault) == (3, 300, "slow")
    assert opened(file, 3)


@pytest.fixture
def ends(monkeypatch, tmp_path):
    """Put a program in the place of the one that draws, which ends as it is told to."""

    def end(how: str) -> None:
        program = tmp_path / "rendering.py"
        program.write_text(f"import os, resource, signal, sys; {how}", encoding="utf-8")
        monkeypatch.setattr(service, "RENDERING", program)

    return end


def test_a_crash_says_that_drawing_failed_and_takes_nobody_along(drawn, ends):
    ends("os.abort()")
    file, preview = drawn(picture(), "image/jpeg")
    assert (preview.pictures, preview.fault) == ((), "crashed")
    assert "damaged" not in preview.sentence
    assert not needs_drawing(file)  # it would crash again


def test_a_drawing_that_used_up_its_time_is_slow_and_not_killed(drawn, monkeypatch, tmp_path):
    busy = tmp_path / "rendering.py"
    busy.write_text(
        service.RENDERING.read_text(encoding="utf-8").replace(
            "    pages: list", "    while True: pass\n    pages: list"
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr(service, "RENDERING", busy)
    monkeypatch.setattr(service, "SECONDS_AT_MOST", 7)  # it is told to stop after two of computing
    _, preview = drawn(picture(), "image/jpeg")
    assert preview.fault == "slow"


@pytest.mark.parametrize("how", ["os.kill(os.getpid(), signal.SIGKILL)", "sys.exit(1)"])
def test_what_the_system_killed_is_not_called_damaged_and_tried_again_soon(drawn, ends, how, monkeypatch):
    real = service.RENDERING
    ends(how)
    file, preview = drawn(picture(), "image/jpeg")
    assert (preview.pictures, preview.fault) == ((), "killed")
    assert "damaged" not in preview.sentence
    assert not needs_drawing(file)  # not in the same minute
    a_minute_ago = time.time() - previews.KILLED_AGAIN_AFTER - 1
    os.utime(drawn_path(file) / "made.json", (a_minute_ago, a_minute_ago))
    monkeypatch.setattr(service, "RENDERING", real)
    preview_make(file=file)
    assert seen(file).fault == ""


def test_pages_that_were_drawn_before_the_system_killed_it_are_kept(drawn, three_hundred_pages, monkeypatch, tmp_path):
    killed = tmp_path / "rendering.py"
    killed.write_text(
        service.RENDERING.read_text(encoding="utf-8").replace(
            "        bitmap.close()", "        number == 2 and __import__('os').kill(__import__('os').getpid(), 9)"
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr(service, "RENDERING", killed)
    _, preview = drawn(three_hundred_pages, "application/pdf")
    assert (len(preview.pictures), preview.count, preview.fault) == (3, 300, "killed")


def test_the_drawing_process_knows_no_setting_of_ours(drawn, monkeypatch, tmp_path):
    tell = tmp_path / "rendering.py"
    tell.write_text("import os, sys, json; open('seen', 'w').write(json.dumps([dict(os.environ), sys.path]))")
    monkeypatch.setattr(service, "RENDERING", tell)
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    file, _ = drawn(picture(), "image/jpeg")
    environment, path = json.loads((drawn_path(file) / "seen").read_text())
    assert "DATABASE_URL" not in environment
    assert str(tmp_path) not in path


def test_nothing_is_drawn_of_bytes_that_are_not_those_that_were_stored(drawn, stored):
    file = stored(picture(colour="red"), "image/jpeg")
    stored_path(file.stored_file).write_bytes(picture(colour="blue"))
    preview_make(file=file)
    assert (seen(file).pictures, seen(file).fault) == ((), "lost")
    stored_path(file.stored_file).write_bytes(picture(colour="red"))
    preview_make(file=file)
    assert (len(seen(file).pictures), seen(file).fault) == (1, "")


@pytest.mark.parametrize("content_type", ["audio/wav", "image/svg+xml", "image/x-evil", "text/html"])
def test_of_other_kinds_nothing_is_drawn(drawn, content_type, settings):
    _, preview = drawn(picture(), content_type)
    assert preview is None
    assert not settings.PREVIEWS_DIR.exists()


def test_it_is_drawn_once_and_a_failure_is_tried_again_the_next_day(drawn, stored):
    file, _ = drawn(picture(), "image/jpeg")
    at = page_path(file, 1).stat().st_mtime_ns
    preview_make(file=file)
    assert page_path(file, 1).stat().st_mtime_ns == at
    broken, _ = drawn(b"broken", "image/jpeg")
    assert not needs_drawing(broken)
    a_day_ago = time.time() - previews.TRY_AGAIN_AFTER - 1
    os.utime(drawn_path(broken) / "made.json", (a_day_ago, a_day_ago))
    assert needs_drawing(broken)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"format": 0}', b'{"format": 2, "pages": [1]}'])
def test_a_list_of_pages_that_cannot_be_read_has_them_drawn_anew(drawn, content):
    file, _ = drawn(picture(), "image/jpeg")
    (drawn_path(file) / "made.json").write_bytes(content)
    assert preview_of(file) is None
    preview_make(file=file)
    assert len(seen(file).pictures) == 1


def test_both_programs_write_the_same_format():
    assert rendering.FORMAT == previews.FORMAT


# --- Who asks for them, and what becomes of them ----------------------------------------------------


@pytest.fixture
def piece(unit, candidate):
    """A piece with a photo, a letter and a log."""
    staged = [
        file_stage(registration=unit.registration, user=candidate, incoming=IncomingFile.from_content(name, content))
        for name, content in (("photo.jpg", picture()), ("letter.pdf", pdf()), ("log.csv", b"day,calls\n1,20\n"))
    ]
    details = EvidenceDetails(
        title="A day at the counter", kind="work_product", setting="real_job", happened_from=date(2026, 3, 2)
    )
    return evidence_add(
        registration=unit.registration, actor=candidate, form_key=uuid.uuid4(), details=details, staged=staged
    )


def do_work() -> list[str]:
    """Do what is ready, as the worker does; return the type of each, in the order in which it was taken."""
    done = []
    while work := work_take(WorkLane.QUICK, WorkLane.SLOW):
        done.append(work.what.partition(" ")[2])
        draw(work)
    return done


def waiting() -> QuerySet[WaitingWork]:
    return WaitingWork.objects.exclude(state="done")


def test_adding_a_piece_has_its_previews_made_for_whoever_added_it(piece, candidate, centre):
    photo, letter, log = EvidenceFile.objects.order_by("position")
    asked = waiting().order_by("pk")
    assert {(work.person, work.centre, work.lane) for work in asked} == {(candidate, centre, "quick")}
    assert {work.what for work in asked} == {
        f"{photo.stored_file.uuid} image/jpeg",
        f"{letter.stored_file.uuid} application/pdf",
        f"{log.stored_file.uuid} text/csv",
    }
    assert sorted(do_work()) == ["application/pdf", "image/jpeg", "text/csv"]
    assert all(preview_of(file) for file in (photo, letter, log))
    assert not waiting().exists()


def test_a_piece_that_is_not_saved_in_the_end_leaves_nothing_to_draw(unit, candidate):
    with pytest.raises(RuntimeError), transaction.atomic():
        previews_ask([file_of(unit.registration, candidate, "photo.jpg", picture(), "image/jpeg")])
        raise RuntimeError
    assert not WaitingWork.objects.exists()


def test_what_is_missing_is_asked_for_once(stored):
    files = [stored(picture(colour=colour), "image/jpeg") for colour in ("red", "blue")]
    previews_ask(files)
    previews_ask(files)
    assert waiting().count() == 2
    work_take(WorkLane.QUICK)  # one is just being drawn
    previews_ask(files)
    assert waiting().count() == 2


@pytest.mark.parametrize("how", ["import time; time.sleep(60)", "os.abort()"])
def test_what_does_not_come_of_a_quick_try_is_drawn_in_the_slow_lane(stored, ends, monkeypatch, how):
    real = service.RENDERING
    monkeypatch.setattr(service, "QUICK_SECONDS", 1)
    ends(how)
    file = stored(picture(), "image/jpeg")
    previews_ask([file])
    work = work_take(WorkLane.QUICK)
    assert work
    draw(work)
    assert preview_of(file) is None  # the page says that it is being prepared
    assert waiting().get().lane == "slow"
    monkeypatch.setattr(service, "RENDERING", real)
    assert do_work() == ["image/jpeg"]
    assert seen(file).fault == ""
    assert not waiting().exists()


def test_without_room_for_previews_nothing_fails(stored, settings, caplog):
    settings.PREVIEWS_DIR.write_text("in the way")
    previews_ask([stored(picture(), "image/jpeg")])
    taker = Taker(WorkLane.QUICK)
    assert taker.do_next()
    assert "FileExistsError" in caplog.text
    assert waiting().get().ready_at > timezone.now()  # it is tried again


def test_after_the_pictures_were_thrown_away_they_are_asked_for_again(drawn, settings):
    file, _ = drawn(picture(), "image/jpeg")
    shutil.rmtree(settings.PREVIEWS_DIR)
    previews_ask([file])
    do_work()
    assert preview_of(file)


def test_a_drawing_that_the_system_kills_is_tried_again_by_itself_a_few_times(stored, ends):
    ends("os.kill(os.getpid(), signal.SIGKILL)")
    file = stored(picture(), "image/jpeg")
    previews_ask([file])
    waits = []
    while work := waiting().first():
        waits.append(round((work.ready_at - timezone.now()).total_seconds(), -1))
        waiting().update(ready_at=timezone.now())
        do_work()
        long_ago = time.time() - 3600
        if drawn_path(file).exists():
            os.utime(drawn_path(file) / "made.json", (long_ago, long_ago))
    assert waits == [0, 120, 240]
    assert seen(file).fault == "killed"


def test_a_file_that_is_gone_meanwhile_leaves_no_picture(stored, settings, django_capture_on_commit_callbacks):
    file = stored(picture(), "image/jpeg")
    previews_ask([file])
    file.delete()
    with django_capture_on_commit_callbacks(execute=True):
        assert file_release(stored_file=file.stored_file)
    assert do_work() == ["image/jpeg"]
    assert not waiting().exists()
    preview_make(file=file)
    assert files_below(settings.PREVIEWS_DIR) == []


def test_removing_a_piece_removes_its_previews(piece, candidate, settings, django_capture_on_commit_callbacks):
    do_work()
    assert len([path for path in files_below(settings.PREVIEWS_DIR) if path.suffix == ".webp"]) == 2
    with django_capture_on_commit_callbacks(execute=True):
        evidence_remove(evidence=piece, actor=candidate)
    assert files_below(settings.PREVIEWS_DIR) == []


def test_two_centres_with_the_same_file_have_a_picture_each(drawn, outsider):
    file, _ = drawn(picture(), "image/jpeg")
    theirs = bytes_store(centre=outsider.memberships.first().centre, content=picture())
    assert preview_of(EvidenceFile(stored_file=theirs, content_type=file.content_type)) is None
    assert previews_path(theirs) != previews_path(file.stored_file)


def test_the_same_bytes_are_drawn_once_for_each_type(stored):
    """What was drawn of them as one type is neither shown nor taken for done under another."""
    both = pdf()
    letter, again = stored(both, "application/pdf"), stored(both, "application/pdf")
    photo, listed = stored(both, "image/jpeg"), stored(both, "audio/mpeg")
    assert len({file.stored_file for file in (letter, again, photo, listed)}) == 1
    previews_ask([letter, again, photo, listed])
    assert sorted(do_work()) == ["application/pdf", "image/jpeg"]
    assert [(len(seen(file).pictures), seen(file).fault) for file in (letter, again, photo)] == [
        (1, ""),
        (1, ""),
        (0, "damaged"),
    ]
    assert preview_of(listed) is None


def test_a_file_that_is_removed_leaves_the_same_one_elsewhere_its_pictures(stored):
    first, second = (stored(picture(), "image/jpeg") for _ in range(2))
    previews_ask([first])
    first.delete()
    previews_ask([second])  # which was asked for a moment ago
    do_work()
    assert preview_of(second)


def test_the_sweep_removes_pictures_of_what_is_gone_and_spares_the_others(drawn, settings, centre):
    file, _ = drawn(picture(), "image/jpeg")
    gone = settings.PREVIEWS_DIR / str(centre.uuid) / "ab" / ("ab" * 32)
    half = gone.with_name(".half")
    for folder in (gone, half):
        folder.mkdir(parents=True)
        (folder / "1.webp").write_bytes(b"x")
    note = gone.with_name("note.asked")
    note.touch()
    assert sweep_previews() == 0
    long_ago = timezone.now() - timedelta(days=2)
    for path in (gone, half, note, previews_path(file.stored_file)):
        os.utime(path, (long_ago.timestamp(), long_ago.timestamp()))
    assert sweep_previews() == 3
    assert preview_of(file)
    assert not any(path.exists() for path in (gone, half, note))
