"""Requests made straight to the site's WSGI handler, as its web server makes them for a browser."""

import gzip
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

CSRF = "b" * 32


@dataclass
class Answer:
    """What came back; `sent` is what travels, compressed or not."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    sent: bytes = b""

    @property
    def content(self) -> bytes:
        """What it says, where that was not compressed as brotli (the static files are)."""
        return gzip.decompress(self.sent) if self.headers.get("Content-Encoding") == "gzip" else self.sent


class Handler:
    """The site's own handler with all its middleware, made once."""

    def __init__(self) -> None:
        self._handler = WSGIHandler()

    def ask(
        self,
        path: str,
        *,
        cookie: str = "",
        body: Mapping[str, Any] | None = None,
        as_json: bool = False,
        content: bytes | None = None,
        **headers: str,
    ) -> Answer:
        """Ask for a page, or send it a form (`as_json`: JSON, as a script does), and read all of the answer.

        `content` is sent as it is, by the REQUEST_METHOD and with the CONTENT_TYPE of `headers`. These are named as
        in WSGI: HTTP_ACCEPT=…
        """
        answer = Answer()
        if content is not None:
            headers = {"CONTENT_LENGTH": str(len(content)), "HTTP_X_CSRFTOKEN": CSRF} | headers

        def start(status: str, found: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], object]:
            answer.status, answer.headers = int(status[:3]), dict(found)
            return BytesIO().write  # nothing of ours writes that way

        environ = _environ(path, cookie, body, as_json) | headers
        if content is not None:
            environ["wsgi.input"] = BytesIO(content)
        chunks: Iterable[bytes] = self._handler(environ, start)
        answer.sent = b"".join(chunks)
        if close := getattr(chunks, "close", None):
            close()  # ends the request: the connection goes back, or is closed
        return answer


def _environ(path: str, cookie: str, body: Mapping[str, Any] | None, as_json: bool) -> dict[str, Any]:
    content = (json.dumps(body) if as_json else urlencode(body or {}, doseq=True)).encode()
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "GET" if body is None else "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "HTTP_ACCEPT_ENCODING": "gzip, deflate, br, zstd",
        "HTTP_SEC_FETCH_SITE": "same-origin",
        "HTTP_COOKIE": f"{cookie}; {settings.CSRF_COOKIE_NAME}={CSRF}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(content),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if body is not None:
        environ |= {
            "CONTENT_TYPE": "application/json" if as_json else "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(content)),
            "HTTP_X_CSRFTOKEN": CSRF,
        }
    return environ
