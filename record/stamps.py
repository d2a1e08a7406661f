"""Leaves in DATA_DIR/run when something was last done; the page of health reads it."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from record.canonical import utc
from record.durable import write_durably

LAST_CHECKPOINT, LAST_PROOF = "last-checkpoint", "last-proof"


def stamp_leave(name: str, words: str = "", *, at: datetime | None = None) -> None:
    """Write the moment (now by default) in ISO 8601 and UTC, and after a space `words`. Raises OSError."""
    write_durably(stamp_file(name), " ".join(filter(None, (utc(at or timezone.now()), words))).encode())


def stamp_file(name: str) -> Path:
    """Return where the stamp of that name lies."""
    return Path(settings.DATA_DIR / "run" / name)
