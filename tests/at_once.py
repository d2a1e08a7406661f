"""Requests that really run at once, for the tests of what happens then."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections


def at_once(*acts: Callable[[], object]) -> list[Any]:
    """Do all of these at the same time, each in a thread and connection of its own; return what came of each.

    That is what it returned, or the error that it raised.
    """
    ready = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            ready.wait(timeout=20)
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return results


def raised_at_once(*acts: Callable[[], object]) -> list[Exception]:
    """Do all of these at the same time; return what they raised."""
    return [result for result in at_once(*acts) if isinstance(result, Exception)]
