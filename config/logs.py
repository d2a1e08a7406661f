"""Gives every line of the log the id of its request, and keeps personal data out of it."""

import logging
import re
from contextvars import ContextVar

from django.http import HttpRequest

request_id: ContextVar[str] = ContextVar("request_id", default="-")

EMAIL_ADDRESS = re.compile(r"[^\s<>'\"()=,;:/]+@[^\s<>'\"(),;:/]+")
WEB_ADDRESS = re.compile(r"https?://\S+")
# PostgreSQL repeats what a person typed in these lines of its errors.
DATABASE_DETAIL = re.compile(r"^(DETAIL|CONTEXT|LINE \d+):.*$", re.MULTILINE)


class RequestIdFilter(logging.Filter):
    """Adds `request_id` to each record: the current request's, or a dash outside one."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class NoAddressFilter(logging.Filter):
    """Replaces the requested address in Django's own messages with the name of the page.

    A refused request is no fault: it leaves one line, and no traceback among those that matter.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            record.args = tuple(_without_address(arg, request) for arg in record.args)
        if isinstance(request, HttpRequest) and record.levelno < logging.ERROR:
            record.exc_info = None
        return True


class LineFormatter(logging.Formatter):
    """Takes e-mail addresses, and values of rows that the database repeats, out of messages and tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        line = DATABASE_DETAIL.sub(r"\1: (left out)", super().format(record))
        return EMAIL_ADDRESS.sub("(address)", line)


def _without_address(arg: object, request: HttpRequest) -> object:
    if arg == request.path:
        return page_name(request)
    return WEB_ADDRESS.sub("(address)", arg) if isinstance(arg, str) else arg


def page_name(request: HttpRequest) -> str:
    """Return which page was requested and with which public identifiers, never the address itself.

    The address may hold the secret of a password link, or what somebody typed.
    """
    match = request.resolver_match
    if match is None:
        return "-"
    named = [f"{key}={value}" for key, value in match.kwargs.items() if key not in {"key", "uidb36"}]
    return " ".join([match.view_name or match.route, *named])
