"""Logs one line for each request, without personal data; compresses pages, and keeps them private."""

import logging
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

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

    It does not send `no-store`, because browsers would then forget what was typed into a form when somebody goes back
    to it. Instead, a page that comes back asks whose it is (`config/who_is_signed_in.py`), and on signing out the site
    asks the browser to throw away what it keeps of it.
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


class CompressPagesMiddleware(GZipMiddleware):
    """Sends pages, and long answers to scripts, compressed, to a quarter of their length.

    The length of a compressed page shows whether it says something twice. So somebody who can make it repeat words of
    their choice, again and again, and who can watch its length on the way, could guess what else it says, letter by
    letter (BREACH). Three things prevent that. Nothing is compressed that another site has asked for, which browsers
    tell us since 2023 (older ones send no session with what another site loads). Up to 99 random bytes go before the
    compressed page. And the token of a form is masked differently in each page.

    Files of evidence, forms and pictures are sent as they are: they are compressed already, and ranges count their own
    bytes. An answer that fits into one packet would gain nothing.
    """

    COMPRESSED = frozenset({"text/html", "application/json"})
    LEAST = 1_000  # bytes
    OURSELVES = frozenset({"same-origin", "none"})  # a page of ours, or the person by address or bookmark

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Return the response, compressed if that is safe and useful and the browser accepts it."""
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if not isinstance(response, HttpResponse) or kind not in self.COMPRESSED or len(response.content) < self.LEAST:
            return response
        if request.headers.get("Sec-Fetch-Site", "none") not in self.OURSELVES:
            return response
        return super().process_response(request, response)
