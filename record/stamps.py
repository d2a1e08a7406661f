"""When each regular job last ran: a line in a small file of DATA_DIR/run for each.

The job writes the line, `config.health` reads it. It is a note for the people who look after the site, and proves
nothing.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

BACKUP = "last-backup"
CHECKPOINT = "last-checkpoint"
PROOF = "last-proof"
FILES = "last-look-at-files"

logger = logging.getLogger("countersign.stamps")


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """When a job last ran, and how many faults it found."""

    at: datetime
    faults: int


def stamp_write(name: str, *, faults: int = 0, at: datetime | None = None) -> None:
    """Note that the job ran, by default just now.

    If the note cannot be written, that is only logged: the job ran all the same.
    """
    path = _path(name)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = path.with_name(f"{name}.new")
        new.write_text(f"{at or timezone.now():%Y-%m-%dT%H:%M:%SZ} {faults}\n", encoding="ascii")
        new.chmod(0o644)  # readable for the site, whoever made the backup
        new.replace(path)
    except OSError as error:
        logger.warning("It could not be noted as %s: %s", name, error.strerror)


def stamp_read(name: str) -> Stamp | None:
    """Return the note; None if there is none that can be read."""
    try:
        at, *faults = _path(name).read_text(encoding="ascii").split()
        made_at = datetime.fromisoformat(at).astimezone(UTC)
        return Stamp(at=made_at, faults=int(faults[0]) if faults else 0)
    except (OSError, ValueError):
        return None


def _path(name: str) -> Path:
    return Path(settings.DATA_DIR / "run" / name)
