"""A file that arrives is hashed on its way to the disk, and what goes wrong with it harms nothing else."""

import hashlib
import os
import time
import tracemalloc
from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import UnreadablePostError
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from centres.models import User
from portfolio.files.uploads import FILES_AT_ONCE, IncomingFile, Problem, refusal, sweep_incoming
from tests.portfolio.files.arrivals import SMALL_DISK, as_browsers_send, files_below, sent, small_disk

PAT = User(email="pat@harbour.example", name="Pat")


def post(*, user=PAT, body=None, length=None, **fields):
    """The request that a browser sends for a form with these fields."""
    request = RequestFactory().post("/", {})
    content = encode_multipart(BOUNDARY, fields) if body is None else b""
    request.META["CONTENT_TYPE"] = MULTIPART_CONTENT
    request.META["CONTENT_LENGTH"] = str(len(content) if length is None else length)
    request.content_type, request.content_params = "multipart/form-data", {"boundary": BOUNDARY}
    request._stream = body or BytesIO(content)
    request.user = user
    return request


def why_not(arrived: IncomingFile) -> str:
    return refusal(arrived) or ""


def test_it_arrives_whole_with_its_digest(settings):
    content = os.urandom(300_000)
    request = post(files=sent("talk.mp3", content), title="A talk")
    [arrived] = request.FILES.getlist("files")
    assert (arrived.name, arrived.size, arrived.problem) == ("talk.mp3", 300_000, None)
    assert arrived.sha256 == hashlib.sha256(content).hexdigest()
    assert arrived.path.read_bytes() == content
    assert arrived.open().read() == content
    assert arrived.path.stat().st_mode & 0o777 == 0o600
    assert settings.INCOMING_DIR.stat().st_mode & 0o777 == 0o700
    assert request.POST["title"] == "A talk"


def test_nothing_is_left_when_the_request_has_ended(settings):
    request = post(files=[sent("a.pdf", b"one"), sent("b.pdf", b"two")])
    assert len(request.FILES.getlist("files")) == 2
    request.close()
    assert files_below(settings.INCOMING_DIR) == []


def test_a_file_of_32_mb_is_never_held_in_memory():
    size = 32 * 1024 * 1024
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="film.mp4"\r\n'
        "Content-Type: video/mp4\r\n\r\n"
    ).encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    request = post(body=Flow(head, size, tail), length=len(head) + size + len(tail))
    tracemalloc.start()
    try:
        [arrived] = request.FILES.getlist("files")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert arrived.size == arrived.path.stat().st_size == size
    assert peak < 2 * 1024 * 1024
    request.close()


def test_a_file_over_the_limit_costs_neither_the_others_nor_what_was_typed(settings):
    settings.MAX_UPLOAD_BYTES = 100_000
    request = post(files=[sent("long.mp4", b"x" * 100_001), sent("short.mp4", b"y" * 100_000)], title="A film")
    long, short = request.FILES.getlist("files")
    assert long.problem is Problem.TOO_LARGE
    assert "long.mp4 was not kept: it has 97.7\xa0KB, and a file may have 97.7\xa0KB at most." in why_not(long)
    assert short.problem is None
    assert files_below(settings.INCOMING_DIR) == [short.path]
    assert request.POST["title"] == "A film"


def test_more_files_than_go_at_once_are_named_and_not_kept(settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 200
    request = post(files=[sent(f"{number}.txt", b"x") for number in range(FILES_AT_ONCE + 2)])
    problems = [arrived.problem for arrived in request.FILES.getlist("files")]
    assert problems == [None] * FILES_AT_ONCE + [Problem.TOO_MANY] * 2
    assert len(files_below(settings.INCOMING_DIR)) == FILES_AT_ONCE
    assert "20.txt was not kept" in why_not(request.FILES.getlist("files")[-2])


def test_below_the_reserve_of_the_disk_no_file_is_kept_and_what_was_typed_is(settings):
    settings.DISK_RESERVE_BYTES = 10**15
    request = post(files=[sent("film.mp4", b"x" * 1000)], title="Kept")
    [film] = request.FILES.getlist("files")
    assert film.problem is Problem.DISK_FULL
    assert "Nothing of yours is lost." in why_not(film)
    assert files_below(settings.INCOMING_DIR) == []
    assert request.POST["title"] == "Kept"


def test_a_full_disk_refuses_one_file_and_keeps_the_next(settings):
    settings.DISK_RESERVE_BYTES = 0
    with small_disk() as disk:
        settings.INCOMING_DIR = disk
        request = post(
            files=[sent("large.mp4", b"x" * (SMALL_DISK + 200_000)), sent("small.txt", b"y" * 1000)], title="Kept"
        )
        large, small = request.FILES.getlist("files")
        assert large.problem is Problem.DISK_FULL
        assert "large.mp4 was not kept: there is no room left" in why_not(large)
        assert small.problem is None
        assert files_below(disk) == [small.path]
        assert request.POST["title"] == "Kept"
        request.close()


def test_a_folder_that_cannot_be_written_is_said_and_fails_nothing(settings, tmp_path):
    (tmp_path / "occupied").write_text("a file, where a folder is wanted")
    settings.INCOMING_DIR = tmp_path / "occupied" / "incoming"
    request = post(files=sent("a.pdf", b"content"), title="Kept")
    [arrived] = request.FILES.getlist("files")
    assert arrived.problem is Problem.UNREADABLE
    assert "a.pdf was not kept" in why_not(arrived)
    assert request.POST["title"] == "Kept"


def test_a_connection_that_is_cut_leaves_nothing_and_is_no_whole_file(settings):
    content = encode_multipart(BOUNDARY, {"first": sent("a.pdf", b"a" * 70_000), "files": sent("b.pdf", b"b" * 90_000)})
    request = post(body=BytesIO(content[:-40_000]), length=len(content))
    with pytest.raises(UnreadablePostError):
        _ = request.FILES
    assert files_below(settings.INCOMING_DIR) == []


def test_a_connection_that_breaks_leaves_nothing(settings):
    content = encode_multipart(
        BOUNDARY, {"first": sent("a.pdf", b"a" * 70_000), "files": sent("b.pdf", b"b" * 200_000)}
    )
    request = post(body=Breaking(content[:-40_000]), length=len(content))
    with pytest.raises(UnreadablePostError):
        _ = request.FILES
    assert files_below(settings.INCOMING_DIR) == []


def test_a_request_that_is_refused_as_a_whole_leaves_nothing(settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 1
    request = post(files=[sent("a.pdf", b"one"), sent("b.pdf", b"two")])
    with pytest.raises(Exception, match="number of files"):
        _ = request.FILES
    assert files_below(settings.INCOMING_DIR) == []


def test_of_a_stranger_only_the_names_are_kept(settings):
    request = post(user=AnonymousUser(), files=[sent("a.pdf", b"a" * 70_000), sent("b.pdf", b"b")], title="Kept")
    assert [arrived.name for arrived in request.FILES.getlist("files")] == ["a.pdf", "b.pdf"]
    assert {arrived.problem for arrived in request.FILES.getlist("files")} == {Problem.SIGNED_OUT}
    assert "signed out" in why_not(request.FILES["files"])
    assert request.POST["title"] == "Kept"
    assert files_below(settings.INCOMING_DIR) == []


def test_a_name_with_folders_and_line_ends_arrives_as_a_name():
    request = post(files=sent("C:\\Users\\Pat\\фото\u202egpj.exe", b"x"))
    assert request.FILES["files"].name == "фотоgpj.exe"


@pytest.mark.parametrize(
    ("name", "on_record"),
    [
        ("complaints&notes.pdf", "complaints&notes.pdf"),
        ("sales&region.pdf", "sales&region.pdf"),
        ("terms&copy.pdf", "terms&copy.pdf"),
        ("a &amp; b &#65;.pdf", "a &amp; b &#65;.pdf"),
        ("50% off; now = 100%25.pdf", "50% off; now = 100%25.pdf"),
        ('say "cheese".jpg', 'say "cheese".jpg'),
        ("at 10.04.33\u202fPM.png", "at 10.04.33 PM.png"),
        ("Account\u00a0of\u2009May.pdf", "Account of May.pdf"),
        ("two\nlines\r.pdf", "two lines .pdf"),
        ("👩\u200d💼.png", "👩\u200d💼.png"),
        ("\uf0b7 Account.pdf", "• Account.pdf"),
        ("\u202aC:\\fakepath\\x.pdf", "x.pdf"),
        ("../x.pdf", "x.pdf"),
        ("..", "file"),
        ("\u200b", "file"),
    ],
)
def test_on_record_is_the_name_that_the_person_has(name, on_record):
    content = as_browsers_send({}, {"files": (name, b"x")})
    request = post(body=BytesIO(content), length=len(content))
    [arrived] = request.FILES.getlist("files")
    assert arrived.name == on_record


def test_no_file_chosen_is_no_file():
    content = as_browsers_send({}, {"files": ("", b"")})
    assert not post(body=BytesIO(content), length=len(content)).FILES


def test_a_file_that_the_program_made_is_received_in_the_same_way(settings):
    settings.MAX_UPLOAD_BYTES = 1
    with IncomingFile.from_content("form.pdf", b"made here") as made:
        assert made.sha256 == hashlib.sha256(b"made here").hexdigest()
        assert made.path.read_bytes() == b"made here"
    assert files_below(settings.INCOMING_DIR) == []


def test_what_a_killed_process_left_is_swept_after_a_day(settings):
    settings.INCOMING_DIR.mkdir()
    old, new = settings.INCOMING_DIR / "old", settings.INCOMING_DIR / "new"
    for path in (old, new):
        path.write_bytes(b"half a film")
    yesterday = time.time() - timedelta(days=1, minutes=1).total_seconds()
    os.utime(old, (yesterday, yesterday))
    assert sweep_incoming() == 1
    assert files_below(settings.INCOMING_DIR) == [new]


def test_a_picture_that_was_half_covered_is_swept_after_a_day(settings):
    half = settings.INCOMING_DIR / "covering-a1"
    half.mkdir(parents=True)
    (half / "covered.jpg").write_bytes(b"half a picture")
    assert sweep_incoming() == 0
    yesterday = time.time() - timedelta(days=1, minutes=1).total_seconds()
    os.utime(half, (yesterday, yesterday))
    assert sweep_incoming() == 1
    assert list(settings.INCOMING_DIR.iterdir()) == []


class Flow:
    """A body that comes from the network: never in memory as a whole."""

    def __init__(self, head: bytes, size: int, tail: bytes) -> None:
        self.head, self.left, self.tail = BytesIO(head), size, BytesIO(tail)

    def read(self, size: int) -> bytes:
        if chunk := self.head.read(size):
            return chunk
        length = min(size, self.left)
        self.left -= length
        return bytes(length) or self.tail.read(size)


class Breaking(BytesIO):
    """A body whose connection is reset before its end."""

    def read(self, size=-1):
        data = super().read(size)
        if not data:
            raise ConnectionResetError
        return data
