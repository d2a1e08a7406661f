"""Pages travel compressed, but for those that another site has asked for; files go as they are."""

import gzip
import json
import re

import pytest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import RequestFactory
from django.urls import reverse

from config.middleware import CompressPagesMiddleware
from tests.portfolio.files.arrivals import body, file_of

pytestmark = pytest.mark.django_db

TAKES_IT = {"Accept-Encoding": "gzip, deflate, br, zstd"}
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture
def reader(browser, candidate):
    """A browser on the site of tests/config/pages.py, with Pat signed in."""
    browser.force_login(candidate)
    return browser


def compressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What becomes of a response to this request."""
    sent = CompressPagesMiddleware(lambda request: response)(request)
    assert isinstance(sent, HttpResponse)
    return sent


@pytest.mark.parametrize("asked", ["/note/", "/no-such-page/"])
@pytest.mark.parametrize("by", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}])
def test_a_page_travels_compressed(reader, asked, by):
    plain = reader.get(asked)
    sent = reader.get(asked, headers=TAKES_IT | by)

    assert sent["Content-Encoding"] == "gzip"
    assert sent["Content-Length"] == str(len(sent.content))
    assert "Accept-Encoding" in sent["Vary"]
    assert TOKEN.sub(b"", gzip.decompress(sent.content)) == TOKEN.sub(b"", plain.content)
    assert "Content-Encoding" not in plain


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_has_asked_for_tells_nothing_by_its_length(reader, site):
    sent = reader.get("/note/", headers=TAKES_IT | {"Sec-Fetch-Site": site})

    assert "Content-Encoding" not in sent
    assert sent.content.startswith(b"<!DOCTYPE html>")


def test_the_same_words_are_never_surely_as_long_twice(rf):
    asked = rf.get("/", headers=TAKES_IT)

    assert len({len(compressed(asked, HttpResponse("The same words. " * 200)).content) for _ in range(50)}) > 10


def test_the_token_of_a_form_is_another_in_each_page(reader):
    assert len({tuple(TOKEN.findall(reader.get("/note/").content)) for _ in range(3)}) == 3


def test_a_head_says_what_a_get_would(reader):
    sent = reader.head("/note/", headers=TAKES_IT)

    assert (sent["Content-Encoding"], sent.content) == ("gzip", b"")


def test_the_answer_to_a_press_goes_as_it_is_and_a_long_one_compressed(rf: RequestFactory):
    asked = rf.post("/", headers=TAKES_IT | {"Sec-Fetch-Site": "same-origin"})
    short, long = (compressed(asked, JsonResponse({"cells": ["met"] * cells})) for cells in (100, 500))

    assert (short.content[:1], "Content-Encoding" in short) == (b"{", False)
    assert json.loads(gzip.decompress(long.content)) == {"cells": ["met"] * 500}


@pytest.mark.parametrize(
    ("route", "name", "kind"),
    [
        ("portfolio:file_download", "letters.txt", "text/plain"),
        ("portfolio:file_download", "page.html", "text/html"),
        ("portfolio:file_open", "talk.mp3", "audio/mpeg"),
    ],
)
def test_a_file_goes_as_it_is(client, unit, candidate, route, name, kind):
    content = b"letter by letter " * 1000
    client.force_login(candidate)
    file = file_of(unit.registration, candidate, name, content, kind)
    address = reverse(route, kwargs={"centre": unit.registration.centre.uuid, "file": file.uuid})

    sent = client.get(address, headers=TAKES_IT)
    assert (body(sent), sent["Content-Length"]) == (content, str(len(content)))
    assert "Content-Encoding" not in sent


def test_a_range_of_a_file_is_one_of_its_own_bytes(client, unit, candidate):
    content = b"letter by letter " * 1000
    client.force_login(candidate)
    file = file_of(unit.registration, candidate, "talk.mp3", content, "audio/mpeg")
    address = reverse("portfolio:file_open", kwargs={"centre": unit.registration.centre.uuid, "file": file.uuid})

    sent = client.get(address, headers=TAKES_IT | {"Range": "bytes=1000-3999"})
    assert (sent.status_code, body(sent)) == (206, content[1000:4000])
    assert (sent["Content-Range"], sent["ETag"]) == (f"bytes 1000-3999/{len(content)}", f'"{file.stored_file.sha256}"')
    assert "Content-Encoding" not in sent
