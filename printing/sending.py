"""Answers a request with a PDF: in turn, under a name that every system takes, and sealed."""

import re
from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from printing.taking_turns import print_in_turn

Response = TypeVar("Response", bound=HttpResponseBase)

NAME_AT_MOST = 200  # bytes, without the ending


def send_pdf(request: HttpRequest, made: Callable[[], bytes], *, name: str) -> HttpResponse:
    """Make a PDF in the person's turn, and send it to be kept as "<name>.pdf"; or say that it is not their turn."""
    return print_in_turn(request, lambda: pdf_response(made(), name=name))


def pdf_response(pdf: bytes, *, name: str) -> HttpResponse:
    """Send a PDF that is made already."""
    return as_attachment(HttpResponse(pdf), name=name)


def as_attachment(response: Response, *, name: str, ending: str = "pdf") -> Response:
    """Make of a response a file to be kept as "<name>.<ending>", sealed."""
    filename = file_name(name, ending=ending)
    response["Content-Type"] = f"application/{ending}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename) or ""
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    # If a browser shows it in place, then without scripts and in an origin of its own.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def file_name(words: str, *, ending: str = "pdf") -> str:
    """Return the words as the name of a file. Without what stands for a folder, or no Windows keeps."""
    line = " ".join(re.sub(r'[\\/:*?"<>|]', "-", words).split())
    return f"{line.encode()[:NAME_AT_MOST].decode(errors='ignore').strip('. ')}.{ending}"
