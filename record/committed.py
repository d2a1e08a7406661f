"""Whether the present request has committed a change: then no page may say that nothing was saved."""

from contextvars import ContextVar

committed: ContextVar[bool] = ContextVar("committed", default=False)  # reset for each request


def note_commit() -> None:
    """Note that an event was committed, and with it the change that it tells of."""
    committed.set(True)
