"""A film that not every browser plays gets a copy that does, made part by part; the film stays as it is."""

import json
import subprocess
from pathlib import Path

import pytest
from django.urls import reverse

from portfolio.files import drawing, film_copies
from portfolio.files.drawing import preview_make
from portfolio.files.previews import Preview, copy_path, needs_drawing, preview_of
from portfolio.files.tasks import draw, previews_ask
from portfolio.models import EvidenceFile, WaitingWork, WorkLane
from portfolio.models.evidence import drawn_path, parts_path, stored_path
from portfolio.services.waiting_work import work_take
from tests.portfolio.files.arrivals import SAMPLES, body, file_of
from tests.portfolio.files.typed import address, words

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite,
]


def film(folder: Path, name: str = "film.mov", *, seconds: float = 12, sound: bool = True, options: str = "") -> bytes:
    """A film of moving bars and a tone, in an encoding that few browsers know."""
    made = folder / name
    picture = ["-f", "lavfi", "-i", f"testsrc=duration={seconds}:size=640x360:rate=25"]
    tone = ["-f", "lavfi", "-i", f"sine=duration={seconds}"] if sound else []
    encoded = (options or "-c:v mpeg4 -c:a aac").split()
    subprocess.run(["ffmpeg", "-v", "error", "-y", *picture, *tone, *encoded, str(made)], check=True)
    return made.read_bytes()


def said_of(path: Path) -> dict:
    """What ffprobe says of a film."""
    command = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json", str(path)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


@pytest.fixture
def stored(unit, candidate):
    """Store bytes as a film of a piece."""

    def store(content: bytes, content_type: str = "video/quicktime") -> EvidenceFile:
        return file_of(unit.registration, candidate, "IMG_0001.MOV", content, content_type)

    return store


def looked_at(file: EvidenceFile, *, times: int = 20) -> Preview:
    """Do what there is to do, part by part."""
    while preview_make(file=file):
        times -= 1
        assert times
    preview = preview_of(file)
    assert preview is not None
    return preview


@pytest.mark.long
def test_a_copy_has_all_of_the_picture_and_the_sound_and_nothing_else(stored, tmp_path):
    options = "-c:v mpeg4 -c:a aac -metadata location=+51.5-0.1/ -metadata comment=Pat's"
    file = stored(film(tmp_path, seconds=23.4, options=options))
    preview = looked_at(file)
    assert (preview.fault, preview.has_copy) == ("", True)
    said = said_of(copy_path(file))
    picture, sound = said["streams"]
    assert (picture["codec_name"], picture["pix_fmt"], picture["width"], picture["height"]) == (
        "h264", "yuv420p", 640, 360,
    )  # fmt: skip
    assert sound["codec_name"] == "aac"
    assert int(picture["nb_read_frames"]) == pytest.approx(23.4 * film_copies.FRAMES, abs=2)
    assert float(said["format"]["duration"]) == pytest.approx(23.4, abs=0.2)
    assert float(picture["start_time"]) == pytest.approx(float(sound["start_time"]), abs=0.05)
    assert b"Pat's" not in copy_path(file).read_bytes()
    assert {path.name for path in drawn_path(file).iterdir()} == {"copy.mp4", "made.json"}
    assert not parts_path(file).exists()


@pytest.mark.long
@pytest.mark.parametrize(
    ("size", "copied"), [("1920x1080", (1280, 720)), ("1080x1920", (720, 1280)), ("322x182", (322, 182))]
)
def test_a_copy_is_no_larger_than_720_lines_whichever_way_it_was_held(stored, tmp_path, size, copied):
    options = f"-c:v mpeg4 -s {size} -an"
    file = stored(film(tmp_path, seconds=0.5, sound=False, options=options))
    assert looked_at(file).has_copy
    [picture] = said_of(copy_path(file))["streams"]
    assert (picture["width"], picture["height"]) == copied


@pytest.mark.parametrize(
    ("name", "content_type", "options", "is_copied"),
    [
        ("film.mp4", "video/mp4", "-c:v libx264 -pix_fmt yuv420p -c:a aac", False),
        ("film.mov", "video/quicktime", "-c:v libx264 -pix_fmt yuv420p -an", False),
        ("film.webm", "video/webm", "-c:v libvpx -c:a libvorbis", False),
        ("film.mov", "video/quicktime", "-c:v libx264 -pix_fmt yuv420p -c:a pcm_s16le", True),
        ("film.mp4", "video/mp4", "-c:v libx264 -pix_fmt yuv444p -an", True),
        ("film.3gp", "video/3gpp", "-c:v libx264 -pix_fmt yuv420p -c:a aac", True),
    ],
)
def test_what_every_browser_plays_is_not_copied(stored, tmp_path, name, content_type, options, is_copied):
    file = stored(film(tmp_path, name, seconds=0.5, options=options), content_type)
    preview = looked_at(file)
    assert (preview.fault, preview.has_copy) == ("", is_copied)
    assert not needs_drawing(file)


@pytest.mark.long
def test_each_part_is_a_piece_of_slow_work_and_what_is_there_is_not_made_again(stored, tmp_path):
    file = stored(film(tmp_path, seconds=11))
    previews_ask([file])
    made: list[set[str]] = []
    lanes = []
    while work := work_take(WorkLane.QUICK, WorkLane.SLOW):
        lanes.append(work.lane)
        draw(work)
        made.append({path.name for path in parts_path(file).glob("*.m*")} if parts_path(file).exists() else set())
        previews_ask([file])  # somebody looks meanwhile: nothing is begun anew
        assert WaitingWork.objects.exclude(state="done").count() <= 1
    assert lanes == ["quick", "slow", "slow", "slow", "slow"]
    assert made == [set(), {"sound.m4a"}, {"sound.m4a", "0.mp4"}, {"sound.m4a", "0.mp4", "1.mp4"}, set()]
    assert copy_path(file).exists()


@pytest.mark.long
def test_a_part_that_was_cut_off_by_a_crash_is_made_again(stored, tmp_path):
    file = stored(film(tmp_path, seconds=2))
    preview_make(file=file)
    (parts_path(file) / "0-new.mp4").write_bytes(b"half")
    assert looked_at(file).has_copy
    assert said_of(copy_path(file))["streams"][0]["nb_read_frames"] == "60"


def recorded(*options: str) -> bytes:
    """What a browser's recorder leaves: it does not go back to write how long it is, nor an index."""
    command = ["ffmpeg", "-v", "error", *options, "-f", "webm", "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


@pytest.mark.long
def test_of_sound_that_a_browser_recorded_there_is_a_copy_to_seek_in(stored):
    file = stored(recorded("-f", "lavfi", "-i", "sine=duration=12", "-c:a", "libopus"), "audio/webm")
    preview = looked_at(file)
    assert (preview.fault, preview.has_copy) == ("", True)
    said = said_of(copy_path(file))
    assert [stream["codec_name"] for stream in said["streams"]] == ["aac"]
    assert float(said["format"]["duration"]) == pytest.approx(12, abs=0.2)


@pytest.mark.long
def test_of_a_film_that_a_browser_recorded_there_is_a_copy_as_long_as_it_is(stored):
    bars, tone = "testsrc=duration=11:size=160x120:rate=10", "sine=duration=11"
    content = recorded("-f", "lavfi", "-i", bars, "-f", "lavfi", "-i", tone, "-c:v", "libvpx", "-c:a", "libopus")
    file = stored(content, "video/webm")
    preview = looked_at(file)
    assert (preview.fault, preview.has_copy) == ("", True)
    said = said_of(copy_path(file))
    assert [stream["codec_name"] for stream in said["streams"]] == ["h264", "aac"]
    assert float(said["format"]["duration"]) == pytest.approx(11, abs=0.2)


@pytest.mark.long
def test_of_a_long_film_no_copy_is_made_and_the_page_says_so(stored, tmp_path, monkeypatch):
    monkeypatch.setattr(drawing, "MINUTES_AT_MOST", 0.1)
    preview = looked_at(stored(film(tmp_path)))
    assert (preview.fault, preview.has_copy) == ("long_film", False)
    assert preview.sentence == "No copy that it can play was made, because the film is longer than 20 minutes."
    assert looked_at(stored((SAMPLES / "film.mp4").read_bytes(), "video/mp4")).fault == ""


def test_a_film_without_a_picture_says_so(stored):
    preview = looked_at(stored((SAMPLES / "phone.m4a").read_bytes(), "video/mp4"))
    assert preview.sentence == "This film has no picture, only sound."


@pytest.mark.parametrize("content", [b"nothing of the sort", b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  "])
def test_of_a_damaged_film_there_is_no_copy(stored, content):
    file = stored(content)
    assert looked_at(file).fault == "damaged"
    assert not needs_drawing(file)
    assert not parts_path(file).exists()


def test_a_list_of_other_files_is_not_followed(stored, tmp_path):
    """Such lists are films for ffmpeg, and could name any file of the server."""
    secret = tmp_path / "secret.mp4"
    secret.write_bytes((SAMPLES / "film.mp4").read_bytes())
    for content in (f"#EXTM3U\n#EXTINF:1,\nfile://{secret}\n", f"ffconcat version 1.0\nfile '{secret}'\n"):
        assert looked_at(stored(content.encode())).fault == "damaged"


def test_a_film_that_was_changed_on_the_disk_is_not_copied(stored, tmp_path):
    file = stored(film(tmp_path, seconds=1))
    stored_path(file.stored_file).write_bytes(film(tmp_path, seconds=2))
    assert looked_at(file).fault == "lost"


# --- The page ---------------------------------------------------------------------------------------


@pytest.fixture
def signed_in(client, candidate):
    client.force_login(candidate)
    return client


def route(name: str, file: EvidenceFile) -> str:
    centre = file.version.evidence.registration.centre
    return reverse(f"portfolio:{name}", kwargs={"centre": centre.uuid, "file": file.uuid})


def test_the_page_plays_the_copy_and_leads_to_the_film_itself(signed_in, stored, tmp_path):
    file = stored(film(tmp_path, seconds=1))
    evidence = file.version.evidence
    page = address("portfolio:evidence", evidence.registration, evidence=evidence.uuid)
    before = signed_in.get(page).content.decode()
    assert f'<video controls playsinline preload="metadata" src="{route("file_open", file)}"' in before
    assert f'data-viewer="{route("file_viewer", file)}"' in before
    looked_at(file)
    after = signed_in.get(page)
    assert f'src="{route("file_copy", file)}"' in after.content.decode()
    assert f'href="{route("file_open", file)}"' in after.content.decode()
    assert "This is a copy that every browser plays. The film itself is kept as it is" in words(after)
    assert "data-viewer" not in after.content.decode()


def test_the_copy_is_sent_in_ranges_and_sealed_like_the_film(signed_in, stored, tmp_path):
    file = stored(film(tmp_path, seconds=1))
    assert signed_in.get(route("file_copy", file)).status_code == 404
    looked_at(file)
    response = signed_in.get(route("file_copy", file), headers={"Range": "bytes=4-11"})
    assert (response.status_code, body(response)) == (206, copy_path(file).read_bytes()[4:12])
    assert response["Content-Type"] == "video/mp4"
    assert response["Content-Disposition"] == 'inline; filename="IMG_0001 (copy).mp4"'
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert set(response["Cache-Control"].split(", ")) == {"private", "no-store"}


def test_the_page_plays_the_copy_of_a_recording_too(signed_in, stored):
    file = stored(recorded("-f", "lavfi", "-i", "sine=duration=1", "-c:a", "libopus"), "audio/webm")
    evidence = file.version.evidence
    page = address("portfolio:evidence", evidence.registration, evidence=evidence.uuid)
    played = '<audio controls preload="metadata" src="{}"'
    assert played.format(route("file_open", file)) in signed_in.get(page).content.decode()
    looked_at(file)
    assert played.format(route("file_copy", file)) in signed_in.get(page).content.decode()
    response = signed_in.get(route("file_copy", file))
    assert response["Content-Type"] == "audio/mp4"
    assert response["Content-Disposition"] == 'inline; filename="IMG_0001 (copy).m4a"'


def test_without_ffmpeg_the_film_is_played_as_it_is(signed_in, stored, monkeypatch):
    monkeypatch.setattr(film_copies, "_has_tools", lambda: False)
    file = stored(b"a film")
    previews_ask([file])
    assert not WaitingWork.objects.exists()
    evidence = file.version.evidence
    html = signed_in.get(address("portfolio:evidence", evidence.registration, evidence=evidence.uuid)).content.decode()
    assert "data-unplayable" in html
    assert "data-viewer" not in html
