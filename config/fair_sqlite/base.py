"""SQLite in which writers take turns.

SQLite has no queue of writers: whoever waits looks again after ever longer pauses, and one who writes again and again,
as an import does row by row, is nearly always there before. So a transaction begins with a lock on a file, held until
it may write: while somebody waits there, whoever wrote last waits behind them.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db.backends.sqlite3 import base

LOOK_EVERY = 0.002  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions begin in turn."""

    def _start_transaction_under_autocommit(self) -> None:
        with _turn(self.settings_dict["OPTIONS"]["timeout"]):
            super()._start_transaction_under_autocommit()  # type: ignore[misc]


@contextmanager
def _turn(seconds: float) -> Iterator[None]:
    """Wait for the turn, for so many seconds at most: then SQLite itself says that it is busy."""
    run = Path(settings.DATA_DIR) / "run"
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    until = time.monotonic() + seconds
    with (run / "writing.lock").open("a") as lock:
        while time.monotonic() < until:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(LOOK_EVERY)
        yield
