"""The core of the tus protocol 1.0, with creation and termination: a browser sends a file in pieces, and goes on.

https://tus.io/protocols/resumable-upload. What is refused is answered with a sentence, as plain text.
"""

import base64
import binascii
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from centres.http import SignedInRequest
from centres.policy.selectors import policy_of
from portfolio.files.arriving import (
    Busy,
    OutOfPlace,
    arriving_begin,
    arriving_cancel,
    arriving_end,
    arriving_lost,
    arriving_receive,
    bytes_here,
)
from portfolio.files.limits import largest_file
from portfolio.models import ArrivingFile, Registration
from portfolio.permissions import may_add_evidence

VERSION = "1.0.0"
PIECE = "application/offset+octet-stream"
STATUS = {"too_large": 413, "no_room": 507, "full": 507, "too_many": 429, "too_much": 400}  # all others are 422


@require_http_methods(["POST", "OPTIONS"])
def arriving(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Begin a file: how long it will be, and its name."""
    visible = Registration.objects.visible_to(request.user).select_related("centre")
    registration = get_object_or_404(visible, centre__uuid=centre, uuid=portfolio)
    if not may_add_evidence(request.user, registration):
        raise PermissionDenied
    if request.method == "OPTIONS":
        return _answer(
            204,
            **{
                "Tus-Version": VERSION,
                "Tus-Extension": "creation,termination",
                "Tus-Max-Size": str(largest_file(policy_of(registration.centre))),
            },
        )
    size, name = _number(request, "Upload-Length"), _name(request)
    if size is None or name is None:
        return _answer(400, "The length or the name of the file is missing.")
    try:
        begun = arriving_begin(registration=registration, user=request.user, name=name, size=size)
    except ValidationError as refusal:
        return _refused(refusal)
    return _answer(201, **{"Location": reverse("portfolio:arriving_file", args=[centre, begun.uuid])})


@require_http_methods(["HEAD", "PATCH", "DELETE"])
def arriving_file(request: SignedInRequest, centre: UUID, arriving: UUID) -> HttpResponse:
    """Say how much of a file is here, take the next piece of it, or forget it.

    Once it is whole, the answer names it as the form does (`Kept`).
    """
    files = ArrivingFile.objects.select_related("user", "registration__centre", "staged")
    found = get_object_or_404(files, uuid=arriving, user=request.user, registration__centre__uuid=centre)
    try:
        if request.method == "DELETE":
            arriving_cancel(arriving=found)
            return _answer(204)
        return _received(request, found) if request.method == "PATCH" else _so_far(found, bytes_here(found), 200)
    except FileNotFoundError:
        found.staged = arriving_lost(arriving=found)
        if found.staged:  # another tab has sent the last of it at the same moment
            return _so_far(found, found.size, 204 if request.method == "PATCH" else 200)
        return _answer(410, "What had arrived of this file is not here any more. Choose it again.")
    except (ValidationError, Busy, OutOfPlace, UnreadablePostError) as refusal:
        return _refused(refusal)


def _received(request: SignedInRequest, arriving: ArrivingFile) -> HttpResponse:
    if request.content_type != PIECE:
        return _answer(415, f"A piece of a file comes as {PIECE}.")
    offset = _number(request, "Upload-Offset")
    if offset is None:
        return _answer(400, "Where the piece belongs is not said.")
    if arriving.staged:  # the answer to the last piece was lost
        return _so_far(arriving, arriving.size, 204)
    here = arriving_receive(arriving=arriving, offset=offset, read=request.read)
    return _so_far(arriving, here, 204)


def _so_far(arriving: ArrivingFile, here: int, status: int) -> HttpResponse:
    headers = {"Upload-Offset": str(here), "Upload-Length": str(arriving.size), "Cache-Control": "no-store"}
    if here == arriving.size:
        headers["Kept"] = str(arriving_end(arriving=arriving).uuid)
    return _answer(status, **headers)


def _refused(refusal: Exception) -> HttpResponse:
    match refusal:
        case ValidationError():
            return _answer(STATUS.get(refusal.code or "", 422), " ".join(refusal.messages))
        case Busy():
            return _answer(423, "A piece of this file is still arriving. Wait a little.")
        case OutOfPlace():
            return _answer(409, str(refusal))
        case _:  # the connection broke off: nobody reads the answer
            return _answer(400, "The connection broke off.")


def _answer(status: int, sentence: str = "", **headers: str) -> HttpResponse:
    response = HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    for name, value in ({"Tus-Resumable": VERSION} | headers).items():
        response[name] = value
    return response


def _number(request: HttpRequest, header: str) -> int | None:
    value = request.headers.get(header, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


def _name(request: HttpRequest) -> str | None:
    """The name of the file from the metadata: pairs of a key and a value in base64, parted by commas."""
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        key, _, value = pair.strip().partition(" ")
        if key == "filename":
            try:
                return base64.b64decode(value, validate=True).decode()
            except (binascii.Error, UnicodeDecodeError):
                return None
    return None
