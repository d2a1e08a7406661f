"""Whose turn it is to print: each person has one print at a time, and all together have a few.

A print takes a processor and a thread of the web server for a second or more. Whoever asks for a second one is told
at once to try again, so that nobody can keep the others from their pages. Whatever else takes as long takes a turn as
well, such as covering areas of a picture, reading a spreadsheet, or a whole list as one.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

AT_ONCE = 4  # prints that run or wait for the press: a quarter of the web server's threads (config/gunicorn.py)
LOOK_AGAIN_AFTER = 5  # seconds


class NotYourTurn(Exception):
    """Nothing is printed now; `is_own`: because the same person already has a print."""

    def __init__(self, *, is_own: bool) -> None:
        self.is_own = is_own
        super().__init__("A print of this person is being made." if is_own else "Too many prints are being made.")


def print_in_turn(request: HttpRequest, printed: Callable[[], HttpResponse]) -> HttpResponse:
    """Return what `printed` prints; or, if it is not the person's turn, a page that says so."""
    try:
        with turn(str(request.user.pk)):
            return printed()
    except NotYourTurn as refusal:
        response = render(request, "print_later.html", {"is_own": refusal.is_own}, status=429)
        response["Retry-After"] = str(LOOK_AGAIN_AFTER)
        return response


@contextmanager
def turn(person: str) -> Iterator[None]:
    """Hold the person's own turn and one of the shared turns. Raises NotYourTurn at once if one is not free.

    The locks work across threads and processes of one machine, and go with the process that holds them.
    """
    with ExitStack() as held:
        if not held.enter_context(_lock(f"person-{person}")):
            raise NotYourTurn(is_own=True)
        if not any(held.enter_context(_lock(f"any-{place}")) for place in range(AT_ONCE)):
            raise NotYourTurn(is_own=False)
        yield


@contextmanager
def _lock(name: str) -> Iterator[bool]:
    """Yield whether the lock was free; if so, it is held until the end of the block."""
    folder = Path(settings.DATA_DIR) / "run" / "prints"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / name).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
