"""A file arrives in pieces: what is here stays here, and the rest is added to it."""

import base64
import fcntl
import hashlib
import os
import time
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone

from portfolio.files import arriving, arriving_views
from portfolio.files.arriving import arriving_path, sweep_arriving
from portfolio.files.arriving_views import PIECE, VERSION
from portfolio.files.uploads import sweep_incoming
from portfolio.models import ArrivingFile, StagedFile, StoredFile
from portfolio.models.evidence import stored_path
from tests.portfolio.files.arrivals import SMALL_DISK, files_below, pdf, small_disk

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

LETTER = pdf() + b"\n%" + os.urandom(50_000)
SIZE = len(LETTER)
TUS = {"Tus-Resumable": VERSION}


@pytest.fixture
def phone(client, candidate):
    """The candidate's browser."""
    client.force_login(candidate)
    return client


def begin(client, registration, name="letter.pdf", size=SIZE, **headers):
    said = base64.b64encode(name.encode()).decode()
    headers = TUS | {"Upload-Length": str(size), "Upload-Metadata": f"filename {said},filetype aW1n"} | headers
    url = reverse("portfolio:arriving", args=[registration.centre.uuid, registration.uuid])
    return client.generic("POST", url, headers=headers, content_type="")


def piece(client, url, content, offset, content_type=PIECE):
    headers = TUS | {"Upload-Offset": str(offset)}
    return client.generic("PATCH", url, content, headers=headers, content_type=content_type)


def so_far(client, url):
    return client.head(url, headers=TUS)


def test_it_arrives_in_pieces_and_is_kept_for_the_form(phone, registration, candidate, settings):
    begun = begin(phone, registration)
    assert begun.status_code == 201
    url = begun["Location"]

    first = piece(phone, url, LETTER[:20_000], 0)
    assert (first.status_code, first["Upload-Offset"], "Kept" in first) == (204, "20000", False)
    assert so_far(phone, url)["Upload-Offset"] == "20000"
    assert not StagedFile.objects.exists()

    last = piece(phone, url, LETTER[20_000:], 20_000)
    staged = StagedFile.objects.get()
    assert (last.status_code, last["Kept"]) == (204, str(staged.uuid))
    assert (staged.user, staged.registration, staged.name) == (candidate, registration, "letter.pdf")
    assert staged.content_type == "application/pdf"
    assert staged.stored_file.sha256 == hashlib.sha256(LETTER).hexdigest()
    assert stored_path(staged.stored_file).read_bytes() == LETTER
    assert files_below(settings.INCOMING_DIR) == []


def test_an_answer_that_was_lost_is_given_again(phone, registration):
    url = begin(phone, registration)["Location"]
    kept = piece(phone, url, LETTER, 0)["Kept"]

    asked = so_far(phone, url)
    assert (asked.status_code, asked["Upload-Offset"], asked["Kept"]) == (200, str(len(LETTER)), kept)
    assert piece(phone, url, LETTER[-10:], len(LETTER) - 10)["Kept"] == kept
    assert StagedFile.objects.count() == 1


def test_who_was_stopped_before_the_end_is_told_how_much_is_here_and_the_file_is_finished(phone, registration):
    url = begin(phone, registration)["Location"]
    path = arriving_path(ArrivingFile.objects.get())
    path.write_bytes(LETTER)  # all of it was written, and then the process was killed

    assert so_far(phone, url)["Kept"] == str(StagedFile.objects.get().uuid)


class BrokenOff(BytesIO):
    """A body whose connection breaks when so many bytes of it have come."""

    def __init__(self, content, came):
        super().__init__(content)
        self.came = came

    def read(self, size=-1):
        if self.tell() >= self.came:
            raise OSError("the peer is gone")
        return super().read(min(size, self.came))


@pytest.mark.parametrize("breaks", [True, False], ids=["with an error", "in silence"])
@pytest.mark.parametrize("percent", [1, 50, 99])
def test_what_came_before_the_connection_broke_stays(phone, registration, breaks, percent):
    url = begin(phone, registration)["Location"]
    came = len(LETTER) * percent // 100
    body = BrokenOff(LETTER, came) if breaks else BytesIO(LETTER[:came])
    phone.request(
        **{
            "REQUEST_METHOD": "PATCH",
            "PATH_INFO": url,
            "CONTENT_TYPE": PIECE,
            "CONTENT_LENGTH": str(len(LETTER)),
            "HTTP_TUS_RESUMABLE": VERSION,
            "HTTP_UPLOAD_OFFSET": "0",
            "wsgi.input": body,
        }
    )

    assert so_far(phone, url)["Upload-Offset"] == str(came)
    assert "Kept" in piece(phone, url, LETTER[came:], came)
    assert StoredFile.objects.get().sha256 == hashlib.sha256(LETTER).hexdigest()


def test_a_piece_that_does_not_come_next_changes_nothing(phone, registration):
    url = begin(phone, registration)["Location"]
    piece(phone, url, LETTER[:100], 0)

    for offset in (0, 99, 101):
        assert piece(phone, url, LETTER[offset:], offset).status_code == 409
    assert so_far(phone, url)["Upload-Offset"] == "100"


def test_two_tabs_do_not_write_the_same_file_at_once(phone, registration):
    url = begin(phone, registration)["Location"]
    with arriving_path(ArrivingFile.objects.get()).open("r+b") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        answer = piece(phone, url, LETTER, 0)

    assert (answer.status_code, answer.content) == (423, b"A piece of this file is still arriving. Wait a little.")
    assert so_far(phone, url)["Upload-Offset"] == "0"


@pytest.mark.parametrize("step", ["bytes_here", "arriving_receive"], ids=["asking", "sending"])
def test_two_tabs_that_end_it_at_the_same_moment_are_given_the_same(phone, registration, monkeypatch, step):
    url = begin(phone, registration)["Location"]
    arriving_path(ArrivingFile.objects.get()).write_bytes(LETTER)
    go_on = getattr(arriving_views, step)

    def when_the_other_tab_has_ended_it(*args, **kwargs):
        arriving.arriving_end(arriving=ArrivingFile.objects.get())
        return go_on(*args, **kwargs)

    monkeypatch.setattr(arriving_views, step, when_the_other_tab_has_ended_it)
    answer = so_far(phone, url) if step == "bytes_here" else piece(phone, url, LETTER[-9:], SIZE - 9)

    assert answer.status_code in {200, 204}
    assert answer["Kept"] == str(StagedFile.objects.get().uuid)
    assert ArrivingFile.objects.get().staged is not None


def test_while_one_tab_ends_it_the_other_waits(phone, registration):
    url = begin(phone, registration)["Location"]
    path = arriving_path(ArrivingFile.objects.get())
    path.write_bytes(LETTER)
    with path.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert so_far(phone, url).status_code == 423
    assert so_far(phone, url).status_code == 200


def test_more_than_was_announced_is_not_taken(phone, registration):
    url = begin(phone, registration, size=1000)["Location"]
    answer = piece(phone, url, LETTER[:1001], 0)

    assert (answer.status_code, "has grown since it was chosen" in answer.content.decode()) == (400, True)


@pytest.mark.parametrize(
    ("name", "size", "status", "sentence"),
    [
        ("big.mp4", 200_000_000, 413, "big.mp4 was not kept: it has 190.7 MB, and a file may have 100.0 MB at most."),
        ("empty.pdf", 0, 422, "empty.pdf was not kept: it is empty (0 bytes)."),
    ],
)
def test_what_can_never_be_taken_is_refused_before_a_byte_is_sent(phone, registration, name, size, status, sentence):
    answer = begin(phone, registration, name=name, size=size)

    assert answer.status_code == status
    assert answer.content.decode().replace("\xa0", " ").startswith(sentence)
    assert not ArrivingFile.objects.exists()


def test_what_is_not_taken_is_refused_when_it_is_whole_and_leaves_nothing(phone, registration, settings):
    program = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(200)
    url = begin(phone, registration, name="run.pdf", size=len(program))["Location"]
    answer = piece(phone, url, program, 0)

    assert answer.status_code == 422
    assert answer.content.decode().startswith("run.pdf was not kept:")
    assert so_far(phone, url).status_code == 404
    assert files_below(settings.INCOMING_DIR) == []


@pytest.mark.parametrize("headers", [{"Upload-Length": "many"}, {"Upload-Length": "-1"}, {"Upload-Metadata": "name"}])
def test_who_does_not_say_what_comes_is_refused(phone, registration, headers):
    assert begin(phone, registration, **headers).status_code == 400


def test_only_pieces_of_a_file_are_taken(phone, registration):
    url = begin(phone, registration)["Location"]
    assert piece(phone, url, b"x", 0, content_type="text/plain").status_code == 415
    assert piece(phone, url, b"x", "here").status_code == 400
    assert so_far(phone, url)["Upload-Offset"] == "0"


@pytest.mark.parametrize("who", ["assessor", "coordinator", "outsider"])
def test_nobody_else_finds_it(phone, client, registration, unit, who, request):
    url = begin(phone, registration)["Location"]
    client.force_login(request.getfixturevalue(who))

    assert [so_far(client, url).status_code, piece(client, url, LETTER, 0).status_code] == [404, 404]
    assert client.delete(url, headers=TUS).status_code == 404
    assert arriving_path(ArrivingFile.objects.get()).stat().st_size == 0


def test_who_was_signed_out_is_told_so_and_goes_on_after_signing_in(phone, registration, candidate):
    url = begin(phone, registration)["Location"]
    piece(phone, url, LETTER[:10], 0)
    phone.logout()
    assert {piece(phone, url, LETTER[10:], 10).status_code, so_far(phone, url).status_code} == {401}
    assert begin(phone, registration).status_code == 401

    phone.force_login(candidate)
    assert "Kept" in piece(phone, url, LETTER[10:], 10)


def test_one_that_is_cancelled_leaves_nothing(phone, registration, settings):
    url = begin(phone, registration)["Location"]
    piece(phone, url, LETTER[:10], 0)

    assert phone.delete(url, headers=TUS).status_code == 204
    assert (ArrivingFile.objects.count(), files_below(settings.INCOMING_DIR)) == (0, [])
    assert so_far(phone, url).status_code == 404


def test_bytes_that_are_gone_are_said_to_be_gone(phone, registration):
    url = begin(phone, registration)["Location"]
    arriving_path(ArrivingFile.objects.get()).unlink()

    answer = piece(phone, url, LETTER, 0)
    assert (answer.status_code, "is not here any more" in answer.content.decode()) == (410, True)
    assert not ArrivingFile.objects.exists()


def test_a_full_disk_is_said_and_what_came_before_goes_on(phone, registration, settings, monkeypatch):
    settings.DISK_RESERVE_BYTES = 0
    content = LETTER + bytes(SMALL_DISK)
    settings.MAX_UPLOAD_BYTES = 2 * SMALL_DISK
    with small_disk() as folder:
        settings.INCOMING_DIR = folder
        monkeypatch.setattr("shutil.disk_usage", lambda _: type("", (), {"free": 10**12}))  # it fills later
        url = begin(phone, registration, size=len(content))["Location"]
        piece(phone, url, content[:50_000], 0)
        answer = piece(phone, url, content[50_000:], 50_000)

        assert answer.status_code == 507
        assert "there is no room left for files on the server" in answer.content.decode()
        assert int(so_far(phone, url)["Upload-Offset"]) >= 50_000


def test_a_file_for_which_there_is_no_room_does_not_begin_and_one_that_has_begun_waits(phone, registration, settings):
    url = begin(phone, registration)["Location"]
    settings.DISK_RESERVE_BYTES = 10**15
    assert piece(phone, url, LETTER, 0).status_code == 507
    assert so_far(phone, url)["Upload-Offset"] == "0"
    phone.delete(url, headers=TUS)
    answer = begin(phone, registration)

    assert (answer.status_code, "no room left" in answer.content.decode()) == (507, True)
    assert not ArrivingFile.objects.exists()


def test_one_person_does_not_begin_without_end(phone, registration, monkeypatch):
    monkeypatch.setattr(arriving, "AT_ONCE", 2)
    assert [begin(phone, registration).status_code for _ in range(3)] == [201, 201, 429]


def test_it_is_never_held_in_memory(phone, registration, settings):
    size = 24 * 1024 * 1024
    settings.MAX_UPLOAD_BYTES = size
    url = begin(phone, registration, name="film.txt", size=size)["Location"]
    taken = []

    def read(wanted):
        taken.append(wanted)
        return b"a" * wanted if sum(taken) <= size else b""

    here = arriving.arriving_receive(arriving=ArrivingFile.objects.get(), offset=0, read=read)
    assert here == size
    assert max(taken) <= 256 * 1024
    assert so_far(phone, url)["Upload-Offset"] == str(size)


def test_what_nobody_went_on_with_is_swept_after_a_week(phone, registration, settings):
    begin(phone, registration)
    file = ArrivingFile.objects.get()
    ArrivingFile.objects.update(began_at=timezone.now() - timedelta(days=8))
    lost = settings.INCOMING_DIR / "0123.part"
    lost.write_bytes(b"whose process was killed")
    assert (sweep_arriving(), sweep_incoming()) == (0, 0)  # a piece came today

    for path in (arriving_path(file), lost):
        os.utime(path, (time.time() - 8 * 24 * 3600,) * 2)
    assert (sweep_incoming(), sweep_arriving()) == (0, 1)
    assert (ArrivingFile.objects.count(), files_below(settings.INCOMING_DIR)) == (0, [])
