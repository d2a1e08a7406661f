"""Writes one line of the log for each request, without personal data, and keeps pages out of shared caches."""

import logging
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from config.logs import page_name, request_id
from record.committed import committed

logger = logging.getLogger("countersign.requests")


class RequestLogMiddleware:
    """Gives each request an id, logs what became of it, and names the id in the response.

    The line names the page, never its address: see `page_name`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        identifier = secrets.token_hex(8)
        token = request_id.set(identifier)
        before = committed.set(False)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            milliseconds = (time.perf_counter() - began) * 1000
            logger.info("%s %s %s %.0f ms", request.method, page_name(request), response.status_code, milliseconds)
        finally:
            committed.reset(before)
            request_id.reset(token)
        response["X-Request-ID"] = identifier
        return response


class PrivatePagesMiddleware:
    """Lets no proxy keep a page, and no browser show one to the next person at the same machine.

    Not `no-store`: browsers then forget what was typed into a form when somebody goes back to it. Signing
    out makes the browser throw away what it keeps of the site instead.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        match = request.resolver_match
        if request.method == "POST" and match and match.url_name == "account_logout":
            response["Clear-Site-Data"] = '"cache"'
        return response
