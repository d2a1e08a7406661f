"""Sends the files of evidence, and their drawn pictures, to those who may see them."""

import os
from io import BufferedReader
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from csp.constants import HEADER as CSP_HEADER
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header, parse_etags
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from centres.http import SignedInRequest
from portfolio.files.byte_ranges import FilePart, Unsatisfiable, wanted_range
from portfolio.files.file_types import CONTENT_TYPES, Look, clean_name, download_name, look_of
from portfolio.files.lookup import file_or_404, lost_page, of_a_file
from portfolio.files.previews import FORMAT, copy_path, page_path
from portfolio.files.selectors import files_shown, previews_asked, read_by_browsers
from portfolio.files.services import BytesLost, open_intact
from portfolio.models import EvidenceFile, StoredFile
from portfolio.permissions import may_change_evidence, may_remove_files

# An e-mail may hold a page, and some programs show it as one.
_GIVEN_AS_THEY_ARE = CONTENT_TYPES - {"message/rfc822"}

Response = TypeVar("Response", bound=HttpResponseBase)


@require_safe
@cache_control(private=True, no_store=True)
@of_a_file
def file_download(request: HttpRequest, found: EvidenceFile) -> HttpResponseBase:
    """Send a file as an attachment: whatever is in it, it is never shown as a page of ours."""
    try:
        return attachment(found.stored_file, name=found.name, content_type=found.content_type)
    except BytesLost as error:
        return lost_page(request, found, error)


def attachment(stored_file: StoredFile, *, name: str, content_type: str) -> FileResponse:
    """Return a response with the file, which no browser shows as a page. Raises BytesLost."""
    content = open_intact(stored_file)
    given_as = content_type if content_type in _GIVEN_AS_THEY_ARE else "application/octet-stream"
    name = download_name(name, content_type)
    return _sealed(FileResponse(content, as_attachment=True, filename=name, content_type=given_as))


@require_safe
@cache_control(private=True, no_store=True)
@of_a_file
def file_open(request: HttpRequest, found: EvidenceFile) -> HttpResponseBase:
    """Send a PDF, a picture, a recording or a film to be seen in the browser: all of it, or the range asked for."""
    if not opens_in_browser(found.content_type):
        raise Http404
    try:
        return opened(found.stored_file, request, name=found.name, content_type=found.content_type)
    except BytesLost as error:
        return lost_page(request, found, error)


def opened(stored_file: StoredFile, request: HttpRequest, *, name: str, content_type: str) -> HttpResponseBase:
    """Return a response that shows the file in the browser, sealed. For what `opens_in_browser`. Raises BytesLost."""
    etag = f'"{stored_file.sha256}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return _sealed(HttpResponseNotModified(headers={"ETag": etag}))
    content = open_intact(stored_file)
    name = download_name(name, content_type)
    return _sent(request, content, stored_file.size, content_type, etag=etag, name=name)


@require_safe
@cache_control(private=True, no_store=True)
@of_a_file
def file_copy(request: HttpRequest, found: EvidenceFile) -> HttpResponseBase:
    """Send the copy of a film or of sound that browsers play, as the file itself is sent."""
    try:
        content = copy_path(found).open("rb")
    except OSError as error:
        raise Http404 from error
    made = os.fstat(content.fileno())
    etag = f'"{found.stored_file.sha256}-copy-{made.st_mtime_ns}"'
    is_sound = look_of(found.content_type) is Look.SOUND
    content_type, ending = ("audio/mp4", "m4a") if is_sound else ("video/mp4", "mp4")
    name = f"{Path(clean_name(found.name)).stem} (copy).{ending}"
    return _sent(request, content, made.st_size, content_type, etag=etag, name=name)


def _sent(
    request: HttpRequest, content: BufferedReader, size: int, content_type: str, *, etag: str, name: str
) -> HttpResponseBase:
    """Send an open file to be seen in the browser: all of it, or the range asked for."""
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Content-Disposition": content_disposition_header(False, name) or "inline",
    }
    # A range of an earlier file is of no use, and a HEAD request asks for none.
    asks = request.method == "GET" and request.headers.get("If-Range", etag) == etag
    try:
        part = wanted_range(request.headers.get("Range", "") if asks else "", size)
    except Unsatisfiable:
        content.close()
        headers["Content-Range"] = f"bytes */{size}"
        return _sealed(HttpResponse(status=416, headers=headers, content_type=content_type))
    if part is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    sent = range(size) if part is None else part
    headers["Content-Length"] = str(len(sent))
    body = FilePart(content, sent if request.method == "GET" else range(0))
    return _sealed(
        StreamingHttpResponse(body, status=200 if part is None else 206, headers=headers, content_type=content_type)
    )


@require_safe
@cache_control(private=True, no_cache=True)
@of_a_file
def file_page(request: HttpRequest, found: EvidenceFile, page: int) -> HttpResponseBase:
    """Send the drawn picture of a page, or of a picture."""
    try:
        drawn = page_path(found, page).open("rb")
    except OSError as error:
        raise Http404 from error
    etag = f'"{found.stored_file.sha256}-{FORMAT}-{page}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        drawn.close()
        return _sealed(HttpResponseNotModified(headers={"ETag": etag}))
    return _sealed(FileResponse(drawn, content_type="image/webp", headers={"ETag": etag}))


@require_safe
def file_viewer(request: SignedInRequest, centre: UUID, file: UUID) -> HttpResponse:
    """Show one file as in the viewer; static/js/viewer.js asks for it until its preview is there."""
    found = file_or_404(request, centre, file)
    shown, piece = files_shown([found]), found.version.evidence
    previews_asked(shown)
    context = {
        "shown": shown[0],
        "centre": centre,
        "may_change": piece.removed_at is None and may_change_evidence(request.user, piece),
        "may_remove_files": may_remove_files(request.user, piece.registration),
    }
    return render(request, "portfolio/files/_viewed.html", context)


def opens_in_browser(content_type: str) -> bool:
    """Whether a browser may open the original: only a type for which browsers have their own reader or player."""
    return bool(read_by_browsers(content_type)) or look_of(content_type) in {Look.SOUND, Look.FILM}


def _sealed(response: Response) -> Response:
    """Add headers in case a browser makes a page of it: no scripts, an origin of its own, and for no other site."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response[CSP_HEADER] = "sandbox; default-src 'none'"
    return response
