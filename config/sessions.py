"""Saves the session; if that is impossible, still gives the answer.

What a request did is committed before its session is saved, and its answer is often a redirect whose message is in
the session. If the person has signed out in another tab meanwhile, or the database takes nothing more, the message
would be lost, and Django would answer that the request was a bad one.
"""

import logging

from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.contrib.sessions import middleware
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from record.committed import committed

logger = logging.getLogger("countersign.sessions")


class SessionMiddleware(middleware.SessionMiddleware):
    """Django's own, but it still gives an answer that is ready if the session is gone or cannot be written."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Save the session. If that fails, give a page as it is, and replace a redirect by a page with its messages.

        No cookie is changed then, because the browser's may belong to the next person by now. If nothing was done and
        there is nothing to tell, raises the error: what should have been kept is lost.
        """
        try:
            return super().process_response(request, response)
        except (SessionInterrupted, DatabaseError) as error:
            logger.warning("A session could not be saved: %s", type(_cause(error)).__name__)
            if not 300 <= response.status_code < 400:
                return response
            is_there = _is_there(request)
            if list(get_messages(request)) or committed.get():
                return _page(request, is_signed_out=not is_there, onward=response["Location"])
            if is_there:
                raise _cause(error) from None
            raise


def _page(request: HttpRequest, *, is_signed_out: bool, onward: str) -> HttpResponse:
    request.user = AnonymousUser()  # so that the page asks the database for nothing
    context = {"is_signed_out": is_signed_out, "committed": committed.get(), "onward": onward}
    page = render(request, "session_lost.html", context)
    page["Cache-Control"] = "private, no-store"
    return page


def _is_there(request: HttpRequest) -> bool:
    """Whether the session is still there, as far as we can tell."""
    try:
        return request.session.exists(request.session.session_key or "")
    except DatabaseError:
        return True


def _cause(error: BaseException) -> BaseException:
    """Return the database's error behind a session's own error; None if the session is just gone."""
    while error.__context__ is not None and not isinstance(error, DatabaseError):
        error = error.__context__
    return error
