"""The installation's own secret, made at the first start and kept out of the database."""

import os
import secrets
import time
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def secret_key(path: Path) -> str:
    """Return the secret key kept in `path`, making it first where there is none.

    The file is readable by its owner only. Two processes that start together end with one key:
    the first to create the file wins, the other reads what it wrote. Raises ImproperlyConfigured, with one
    sentence, when it can be neither made nor read.
    """
    try:
        return _read_or_make(path)
    except OSError as error:
        raise ImproperlyConfigured(
            f"Nothing can be kept in {path.parent.parent}: {error.strerror}. DATA_DIR says which folder it is."
        ) from error


def _read_or_make(path: Path) -> str:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
        file.flush()
        os.fsync(file.fileno())
    return _read(path)


def _read(path: Path) -> str:
    for _ in range(50):
        if key := path.read_text(encoding="ascii").strip():
            return key
        time.sleep(0.02)  # the other process has created the file and not yet written to it
    raise RuntimeError(f"{path} is empty. Restore it from a backup, or remove it to sign everyone out.")
