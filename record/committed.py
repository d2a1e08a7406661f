"""Whether what is being answered has changed the record for good: no page may then say that nothing was saved."""

from contextvars import ContextVar

committed: ContextVar[bool] = ContextVar("committed", default=False)  # begun anew for each request


def note_commit() -> None:
    """Note that an event was committed, with the change that it tells of."""
    committed.set(True)
