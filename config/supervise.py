"""Supervises the web server and the worker: supervisord, with four faults mended.

supervisord would run twice on one DATA_DIR. It idles for a second before it starts its programs. It opens
/dev/stdout by name, which fails for a socket (systemd), overwrites a plain file (`script/server >log`) and needs a
mounted /proc. And when nobody reads its output any more (`script/server | head`), it dies and leaves them running.
"""

import fcntl
import os
import sys
from pathlib import Path
from typing import Any

from supervisor import loggers, supervisord

_handle_file = loggers.handle_file


class Supervisor(supervisord.Supervisor):
    """supervisord's own, but it starts its programs before its first round, not after."""

    def runforever(self) -> None:
        """Start the programs, and watch over them until a signal ends it; only one for each DATA_DIR."""
        with (Path(os.environ["DATA_DIR"]) / "run" / "server.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                sys.exit("Countersign runs on this DATA_DIR already. Stop that one first, or give another DATA_DIR.")
            for group in self.process_groups.values():
                group.transition()
            super().runforever()


def handle_output(logger: loggers.Logger, filename: str, fmt: str, **rotation: Any) -> None:
    """Add a place to write to, as supervisord's `handle_file` does; "/dev/stdout" means our own output."""
    if filename != "/dev/stdout":
        _handle_file(logger, filename, fmt, **rotation)
        return
    handler = loggers.StreamHandler(sys.stdout.buffer)
    handler.setFormat(fmt)
    handler.setLevel(logger.level)
    logger.addHandler(handler)


def lose_line(handler: loggers.Handler) -> None:
    """Go on without a line that cannot be written: there is no other place to report it."""


if __name__ == "__main__":
    supervisord.Supervisor = Supervisor
    loggers.handle_file = handle_output
    loggers.Handler.handleError = lose_line
    supervisord.main(sys.argv[1:])
