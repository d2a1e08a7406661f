"""No page runs or styles anything that does not come in a file of ours."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

TEMPLATES = sorted(
    path
    for path in (settings.BASE_DIR / "templates").rglob("*")
    if path.suffix in {".html", ".svg", ".xml"}
    if "print" not in path.parts  # those are for paper and never reach a browser
)
INLINE = re.compile(
    r"""\sstyle\s*=|<style\b|<script\b(?![^>]*\bsrc=)|\son[a-z]+\s*=\s*["']|javascript:|\shx-on""", re.IGNORECASE
)
FROM_ELSEWHERE = re.compile(r"""(?:src|href|action)=["']?(?:https?:)?//""", re.IGNORECASE)


def test_the_header_allows_our_own_files_alone(client, db):
    header = client.get("/accounts/login/").headers["Content-Security-Policy"]
    policy = dict(part.strip().split(" ", 1) for part in header.split(";"))

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert policy["media-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in header


def test_what_is_recorded_in_a_page_is_played_in_that_page_alone(client, unit, candidate):
    client.force_login(candidate)
    where = [unit.registration.centre.uuid, unit.registration.uuid]
    header = client.get(reverse("portfolio:evidence_add", args=where)).headers["Content-Security-Policy"]
    assert "media-src 'self' blob:" in header.split("; ")  # in whatever order they stand
    assert header.count("blob:") == 1


@pytest.mark.parametrize("path", ["/no-such-page/", "/accounts/password/reset/"])
def test_every_answer_has_the_header(client, db, path):
    assert "default-src 'none'" in client.get(path).headers["Content-Security-Policy"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_template_has_a_style_or_a_script_of_its_own(template: Path):
    source = template.read_text(encoding="utf-8")

    assert not INLINE.findall(source)
    assert not FROM_ELSEWHERE.findall(source)


@pytest.mark.parametrize(
    "inline",
    [
        '<p style="color: red">', "<p\n  style = 'x'>", "<style>p {}</style>", "<script>go()</script>",
        '<script type="module">go()</script>', '<a onclick="go()">', '<a href="javascript:go()">',
    ],
)  # fmt: skip
def test_the_search_would_find_it(inline):
    assert INLINE.search(inline)


def test_our_style_sheets_fetch_nothing_from_elsewhere():
    for sheet in (settings.BASE_DIR / "static").rglob("*.css"):
        urls = re.findall(r"""url\(\s*["']?([^"')]+)""", sheet.read_text(encoding="utf-8"))
        assert not [url for url in urls if "//" in url and not url.startswith("data:")], sheet
