"""A large file that comes in and goes out, beside the same as plainly as can be: written, hashed and synced; sent."""

import base64
import itertools
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.test import override_settings
from django.urls import reverse

from bench.pairs import Found, Measure, Work
from bench.requests import Answer, Handler
from bench.site import Site
from portfolio.files.arriving_views import PIECE, VERSION
from portfolio.files.services import SETTLED_AFTER
from portfolio.models import EvidenceFile, StagedFile

SIZE = 256 * 1024 * 1024  # bytes: what is larger takes longer by the same factor
AT_ONCE = 8 * 1024 * 1024  # as static/js/arriving/sending.js sends it
ROUNDS = 3
LIMITS = {"upload": 2.0, "download": 1.2}
_number = itertools.count()  # no file is sent twice: the second would be there already
RANDOM_TEXT = base64.b64encode(os.urandom(SIZE))[: SIZE - 64]


def transfer(name: str, site: Site, handler: Handler) -> Found:
    """Measure the upload or the download of a file."""

    @contextmanager
    def works() -> Iterator[tuple[Work, Work]]:
        yield WORKS[name](site, handler)

    with override_settings(MAX_UPLOAD_BYTES=SIZE):
        return Measure(name=name, limit=LIMITS[name], prepare=works, rounds=ROUNDS).find()


def _uploads(site: Site, handler: Handler) -> tuple[Work, Work]:
    return (
        lambda: _sent_in_pieces(site, handler, _content()),
        lambda: _taken(
            handler.ask(
                "/bare/upload/",
                cookie=site.cookies["pat"],
                content=_content(),
                REQUEST_METHOD="POST",
                CONTENT_TYPE="application/octet-stream",
            )
        ),
    )


def _downloads(site: Site, handler: Handler) -> tuple[Work, Work]:
    _sent_in_pieces(site, handler, _content())
    staged = StagedFile.objects.select_related("stored_file").latest("pk")
    version = site.units["pat"].registration.evidence.earliest("number").versions.latest("number")
    file = EvidenceFile.objects.create(
        version=version, stored_file=staged.stored_file, name=staged.name, content_type="text/plain", position=99
    )
    url = reverse("portfolio:file_download", args=[site.units["pat"].registration.centre.uuid, file.uuid])
    time.sleep(SETTLED_AFTER + 1)  # a file that came in just now is hashed at each download
    get = partial(handler.ask, cookie=site.cookies["pat"])
    return lambda: _taken(get(url)), lambda: _taken(get(f"/bare/download/{file.stored_file.sha256}/"))


WORKS = {"upload": _uploads, "download": _downloads}


def _content() -> bytes:
    """A text that no other is like: random bytes would be looked at for what they are for longer."""
    return f"File {next(_number)}".ljust(64).encode() + RANDOM_TEXT


def _sent_in_pieces(site: Site, handler: Handler, content: bytes) -> None:
    registration = site.units["pat"].registration
    begin = reverse("portfolio:arriving", args=[registration.centre.uuid, registration.uuid])
    cookie = site.cookies["pat"]
    begun = handler.ask(
        begin,
        cookie=cookie,
        content=b"",
        REQUEST_METHOD="POST",
        HTTP_TUS_RESUMABLE=VERSION,
        HTTP_UPLOAD_LENGTH=str(len(content)),
        HTTP_UPLOAD_METADATA=f"filename {base64.b64encode(b'talk.txt').decode()}",
    )
    answer = _taken(begun)
    for offset in range(0, len(content), AT_ONCE):
        answer = _taken(
            handler.ask(
                begun.headers["Location"],
                cookie=cookie,
                content=content[offset : offset + AT_ONCE],
                REQUEST_METHOD="PATCH",
                CONTENT_TYPE=PIECE,
                HTTP_TUS_RESUMABLE=VERSION,
                HTTP_UPLOAD_OFFSET=str(offset),
            )
        )
    assert "Kept" in answer.headers  # noqa: S101 - or nothing was measured


def _taken(answer: Answer) -> Answer:
    if answer.status >= 400:
        raise AssertionError(f"A file is answered with {answer.status}: {answer.sent[:200]!r}")
    return answer
