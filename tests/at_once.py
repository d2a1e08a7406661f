"""Requests that really run at once, for the tests of what happens then."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections, transaction


def at_once(*acts: Callable[[], object]) -> list[Any]:
    """Do all of these at the same time, each in a thread and connection of its own; return what came of each.

    That is what it returned, or the error that it raised. All are connected before the first begins: else, on a
    machine that does much else, one is done before another has come as far, or a connection comes too late.
    """
    ready = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            with suppress(RuntimeError):  # of a test that has no database
                connection.ensure_connection()
            ready.wait(timeout=60)
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads)
    return results


def raised_at_once(*acts: Callable[[], object]) -> list[Exception]:
    """Do all of these at the same time; return what they raised."""
    return [result for result in at_once(*acts) if isinstance(result, Exception)]


@dataclass
class Second:
    """What came of an act that began while the transaction of another was open, and whether it waited for it."""

    came: Any
    waited: bool


def second_to(first: Callable[[], object], second: Callable[[], object]) -> Second:
    """Do `first`, and let its transaction end only once `second`, on a connection of its own, waits for it or is done.

    The two meet in this order each time: nothing is left to chance. PostgreSQL only, in a test with real
    transactions. `second` must begin its transaction itself, as services do.
    """
    begun = threading.Event()
    result: list[Any] = []
    backend: list[int] = []

    def run() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                backend.append(cursor.fetchone()[0])
            begun.set()
            result.append(second())
        except Exception as error:
            result.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        assert begun.wait(timeout=20)
        waited = _waits_or_is_done(thread, backend[0])
    thread.join(timeout=60)
    assert not thread.is_alive()
    return Second(came=result[0], waited=waited)


def _waits_or_is_done(thread: threading.Thread, backend: int) -> bool:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [backend])
            if cursor.fetchone()[0]:
                return True
        if not thread.is_alive():
            return False
        time.sleep(0.01)
    raise AssertionError("The second act neither waits nor ends.")
