"""Writes one line of the log for each request, without personal data; compresses pages, and keeps them private."""

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

    Not `no-store`: browsers then forget what was typed into a form when somebody goes back to it. A page that comes
    back asks whose it is instead (`config/whose.py`), and signing out makes the browsers that follow it throw away
    what they keep of the site.
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
    """Sends pages, and long answers to scripts, compressed: they travel in a quarter of their length.

    How long a page is once it is compressed tells whether it says something twice. So whoever can make it repeat words
    of their choice, again and again, and watch its length on the way, guesses what else it says letter by letter
    (BREACH). Against that: nothing is compressed that another site has asked for, as browsers say since 2023 (older
    ones sign nobody in for what another site loads); up to 99 random bytes go before what is compressed; and the token
    of a form is masked anew in each page.

    Files of evidence, forms and pictures go as they are: they are compressed in themselves, and a range is one of
    their own bytes. What fits into a packet gains nothing.
    """

    COMPRESSED = frozenset({"text/html", "application/json"})
    LEAST = 1_000  # bytes
    OURSELVES = frozenset({"same-origin", "none"})  # a page of ours, or the person by address or bookmark

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Return the response, compressed where that is safe and useful, and the browser takes it."""
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if not isinstance(response, HttpResponse) or kind not in self.COMPRESSED or len(response.content) < self.LEAST:
            return response
        if request.headers.get("Sec-Fetch-Site", "none") not in self.OURSELVES:
            return response
        return super().process_response(request, response)
