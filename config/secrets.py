"""The installation's own secret, made at the first start and kept out of the database."""

import fcntl
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def secret_key(path: Path) -> str:
    """Return the secret key kept in `path`; make it if there is none.

    Only its owner can read the file, which gets its name once it is whole. Two processes that start
    together get the same key: the second waits, and reads what the first made. Raises
    ImproperlyConfigured, with one sentence, if it can be neither made nor read.
    """
    try:
        if not path.exists():
            _make(path)
        key = path.read_bytes().decode("ascii", errors="replace").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"Nothing can be kept in {path.parent.parent}: {error.strerror}. DATA_DIR says which folder it is."
        ) from error
    if not key:
        raise ImproperlyConfigured(
            f"{path} is empty. Restore it from the keys of your last backup; or remove it, and the next start makes "
            "a new one and signs everyone out."
        )
    return key


def _make(path: Path) -> None:
    """Make the key, unless another process did while this one waited for the folder."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # released with the descriptor, or when the process dies
        if path.exists():
            return
        arriving = path.with_name(f".{path.name}.new")
        arriving.unlink(missing_ok=True)  # of a process that died
        with os.fdopen(os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
            file.flush()
            os.fsync(file.fileno())
        arriving.rename(path)
        os.fsync(folder)
    finally:
        os.close(folder)
