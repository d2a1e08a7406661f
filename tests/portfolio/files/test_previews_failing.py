"""Files of which no picture comes, or not of all pages: what is said, kept and tried again."""

import json
import os
import time
from io import BytesIO

import pypdf
import pytest

from portfolio.files import drawing as service
from portfolio.files import previews, rendering
from portfolio.files.drawing import preview_make
from portfolio.files.previews import needs_drawing, page_path, preview_of
from portfolio.models.evidence import drawn_path, stored_path
from tests.portfolio.files.arrivals import pdf, picture
from tests.portfolio.files.pictures import opened, seen

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


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


def test_a_crash_says_that_drawing_failed_and_takes_nobody_along(drawn, ends):
    ends("os.abort()")
    file, preview = drawn(picture(), "image/jpeg")
    assert (preview.pictures, preview.fault) == ((), "crashed")
    assert "damaged" not in preview.sentence
    assert not needs_drawing(file)  # it would crash again


@pytest.mark.long
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


@pytest.mark.long
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
