"""A PDF, a recording or a film is read or played in the browser, and seeks by ranges."""

import hashlib
import logging
import os

import pytest
from django.urls import reverse
from django.utils import timezone

from centres.models import Centre, Membership
from portfolio.files import services as files
from portfolio.files.byte_ranges import PART_AT_MOST
from portfolio.models import EvidenceFile
from portfolio.models.evidence import stored_path
from tests.portfolio.files.arrivals import body, file_of

SOUND = bytes(range(256)) * 8192  # 2 MB: more than one part


@pytest.fixture
def recording(unit, candidate) -> EvidenceFile:
    """A recording in Pat's portfolio."""
    return file_of(unit.registration, candidate, "talk.mp3", SOUND, "audio/mpeg")


@pytest.fixture
def signed_in(client, candidate):
    client.force_login(candidate)
    return client


def url(file: EvidenceFile, centre: Centre | None = None) -> str:
    centre = centre or file.version.evidence.registration.centre
    return reverse("portfolio:file_open", kwargs={"centre": centre.uuid, "file": file.uuid})


def test_the_whole_is_sent_inline_and_sealed(signed_in, recording):
    response = signed_in.get(url(recording))
    assert (response.status_code, body(response)) == (200, SOUND)
    assert response["Content-Type"] == "audio/mpeg"
    assert response["Content-Length"] == str(len(SOUND))
    assert response["Content-Disposition"] == 'inline; filename="talk.mp3"'
    assert response["Accept-Ranges"] == "bytes"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert set(response["Cache-Control"].split(", ")) == {"private", "no-store"}


def test_a_range_is_sent_as_such(signed_in, recording):
    response = signed_in.get(url(recording), headers={"Range": "bytes=1000-1999"})
    assert (response.status_code, body(response)) == (206, SOUND[1000:2000])
    assert response["Content-Range"] == f"bytes 1000-1999/{len(SOUND)}"
    assert response["Content-Length"] == "1000"


def test_an_open_range_is_sent_in_parts_so_that_a_paused_player_holds_no_thread(signed_in, recording):
    response = signed_in.get(url(recording), headers={"Range": "bytes=5-"})
    assert (response.status_code, body(response)) == (206, SOUND[5 : 5 + PART_AT_MOST])
    assert response["Content-Range"] == f"bytes 5-{5 + PART_AT_MOST - 1}/{len(SOUND)}"


def test_a_range_beyond_the_end_says_how_long_the_file_is(signed_in, recording):
    response = signed_in.get(url(recording), headers={"Range": f"bytes={len(SOUND)}-"})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(SOUND)}"


def test_several_ranges_are_answered_with_the_whole(signed_in, recording):
    response = signed_in.get(url(recording), headers={"Range": "bytes=0-1,5-6"})
    assert (response.status_code, body(response)) == (200, SOUND)


def test_a_range_goes_on_only_with_the_file_that_it_began_with(signed_in, recording):
    etag = signed_in.get(url(recording))["ETag"]
    assert etag == f'"{recording.stored_file.sha256}"'
    ask = {"Range": "bytes=0-9"}
    assert signed_in.get(url(recording), headers=ask | {"If-Range": etag}).status_code == 206
    for other in ('"another"', f"W/{etag}", "Wed, 25 Nov 2026 10:00:00 GMT"):
        assert signed_in.get(url(recording), headers=ask | {"If-Range": other}).status_code == 200, other


def test_what_the_browser_has_already_is_not_sent_again(signed_in, recording):
    etag = signed_in.get(url(recording))["ETag"]
    response = signed_in.get(url(recording), headers={"If-None-Match": etag, "Range": "bytes=0-9"})
    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)


def test_a_head_tells_the_length_and_sends_nothing(signed_in, recording):
    response = signed_in.head(url(recording), headers={"Range": "bytes=0-9"})
    assert response.status_code == 200
    assert response["Content-Length"] == str(len(SOUND))
    assert response["Accept-Ranges"] == "bytes"
    assert b"".join(response) == b""


@pytest.mark.parametrize("content_type", ["application/pdf", "audio/wav", "video/mp4", "video/quicktime"])
def test_pdf_sound_and_film_are_opened(signed_in, registration, candidate, content_type):
    assert signed_in.get(url(file_of(registration, candidate, "it", b"bytes", content_type))).status_code == 200


@pytest.mark.parametrize(
    "content_type",
    ["image/heic", "image/svg+xml", "text/html", "text/plain", "message/rfc822", "audio/x-evil", "audio/"],
)
def test_nothing_else_is(signed_in, registration, candidate, content_type):
    assert signed_in.get(url(file_of(registration, candidate, "it", b"<script>", content_type))).status_code == 404


def test_outsiders_and_people_of_another_centre_find_nothing(client, recording, outsider, coordinator):
    theirs = Centre.objects.get(memberships__user=outsider, memberships__role="coordinator")
    for person, centre in ((outsider, None), (outsider, theirs), (coordinator, theirs)):
        client.force_login(person)
        assert client.get(url(recording, centre), headers={"Range": "bytes=0-9"}).status_code == 404


@pytest.mark.parametrize("who", ["candidate", "assessor", "verifier", "coordinator"])
def test_access_ends_with_the_role(client, recording, who, request):
    person = request.getfixturevalue(who)
    client.force_login(person)
    etag = client.get(url(recording))["ETag"]
    Membership.objects.filter(user=person).update(ended_at=timezone.now())
    assert client.get(url(recording), headers={"If-None-Match": etag}).status_code == 404


def test_it_is_only_ever_read(signed_in, recording):
    assert signed_in.post(url(recording)).status_code == 405


@pytest.fixture
def settled(monkeypatch) -> None:
    """Files count as untouched at once; in the product two seconds after they were written."""
    monkeypatch.setattr(files, "SETTLED_AFTER", -1)


def test_the_bytes_are_hashed_once_and_not_for_each_range(signed_in, recording, settled, monkeypatch):
    hashed, digest = [], hashlib.file_digest

    def counted(*given):
        hashed.append(given)
        return digest(*given)

    monkeypatch.setattr(hashlib, "file_digest", counted)
    for start in range(0, 1000, 100):
        assert body(signed_in.get(url(recording), headers={"Range": f"bytes={start}-{start + 9}"}))
    assert len(hashed) == 1


@pytest.mark.parametrize("damage", ["gone", "cut", "changed", "changed and its time set back", "another in its place"])
def test_bytes_that_changed_since_are_not_sent(signed_in, recording, settled, damage, caplog):
    ask = {"Range": "bytes=0-9"}
    assert signed_in.get(url(recording), headers=ask).status_code == 206
    path = stored_path(recording.stored_file)
    before = path.stat()
    match damage:
        case "gone":
            path.unlink()
        case "cut":
            path.write_bytes(SOUND[:100])
        case "changed" | "changed and its time set back":
            with path.open("r+b") as file:
                file.write(b"other")
        case "another in its place":
            path.with_name("new").write_bytes(SOUND[::-1])
            path.with_name("new").rename(path)
    if damage == "changed and its time set back":
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with caplog.at_level(logging.ERROR, logger="countersign.files"):
        response = signed_in.get(url(recording), headers=ask)
    assert response.status_code == 404
    assert "its content is not on the server" in response.content.decode()
    assert str(recording.uuid) in caplog.text


def test_bytes_that_were_put_back_are_sent_again(signed_in, recording, settled):
    path = stored_path(recording.stored_file)
    path.write_bytes(SOUND[::-1])
    assert signed_in.get(url(recording)).status_code == 404
    path.write_bytes(SOUND)
    assert body(signed_in.get(url(recording))) == SOUND


def test_a_file_that_was_just_written_is_hashed_again(signed_in, recording):
    """Within one tick of the disk's clock a second change would not show."""
    assert signed_in.get(url(recording)).status_code == 200
    with stored_path(recording.stored_file).open("rb") as file:
        assert files._stamp(file) not in files._digests
