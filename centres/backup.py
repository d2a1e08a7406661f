"""Writes a backup: one tar file with the database, the files it names, the keys, and a list of all of them.

A backup holds the private keys and everybody's evidence: whoever has it can read and sign everything.
`centres.restore` reads it.
"""

import fcntl
import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection
from django.utils import timezone

from centres import databases
from centres.version import VERSION

FORMAT = 2
MANIFEST = "manifest.json"
DATABASE_MEMBERS = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
KEY_NAME = re.compile(r"secret-key|signing-[0-9a-f]{16}\.(pem|pub)")
SNAPSHOTS_AT_MOST = 3


class BackupFailed(Exception):
    """There is no backup; the message tells the operator why."""


def backup_write(*, destination: Path, files_named: Callable[[], Iterable[str]]) -> list[str]:
    """Write a backup to `destination` while the site goes on, and return what is wrong, a sentence each.

    `files_named` returns the names, under FILES_DIR, of all files that the database knows; the last part
    of each is the SHA-256 of its bytes. It is called at the same moment of the database that is copied.
    A damaged or missing file does not prevent the backup: it is named in the answer and in the list.

    Only its owner can read the backup, which gets its name once it is whole and on the disk. Raises
    BackupFailed, and leaves nothing behind, if it cannot be made.
    """
    if destination.exists():
        raise BackupFailed(f"{destination} exists already. Give another name, or remove it first.")
    if not destination.parent.is_dir():
        raise BackupFailed(f"There is no folder {destination.parent}.")
    try:
        with _working_folder(destination) as folder:
            faults = _write(folder, files_named)
            (folder / "backup.tar").rename(destination)
            _sync(destination.parent)
    except databases.DatabaseNotCopied as error:
        raise BackupFailed(str(error)) from error
    except OSError as error:
        raise BackupFailed(f"The backup could not be written: {error.strerror or error}.") from error
    return faults


def _write(folder: Path, files_named: Callable[[], Iterable[str]]) -> list[str]:
    """Write folder/backup.tar and return the faults.

    The database is copied before the files, so every file it names is there already. If one was removed
    for good between the two, the database is copied again, since it no longer names that file.
    """
    descriptor = os.open(folder / "backup.tar", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        archive = _Archive(file)
        for attempt in range(1, SNAPSHOTS_AT_MOST + 1):
            with databases.snapshot() as name:
                named = set(files_named())
                migrations = databases.applied_migrations()
                (folder / "database").unlink(missing_ok=True)
                databases.dump(name, folder / "database")
            absent = archive.add_files(sorted(named))
            if attempt == SNAPSHOTS_AT_MOST or absent <= set(files_named()):
                break
        archive.add_keys()
        archive.add(DATABASE_MEMBERS[connection.vendor], folder / "database")
        archive.finish(migrations=migrations, missing=sorted(absent))
        file.flush()
        os.fsync(file.fileno())
    return [f"The file {name} is missing." for name in sorted(absent)] + [
        f"The file {name} is damaged: its bytes are not those that were stored."
        for name in sorted(archive.damaged & named)
    ]


class _Archive:
    """The tar file that is being written, and the list of what it holds."""

    def __init__(self, file: BinaryIO) -> None:
        self.tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self.members: dict[str, dict[str, object]] = {}
        self.damaged: set[str] = set()

    def add_files(self, names: list[str]) -> set[str]:
        """Add stored files, each checked against the digest in its name; return those that are missing."""
        absent = set()
        for name in names:
            member = f"files/{name}"
            if member in self.members:
                continue
            try:
                sha256, is_whole = self.add(member, settings.FILES_DIR / name)
            except FileNotFoundError:
                absent.add(name)
                continue
            if not is_whole or sha256 != name.rpartition("/")[2]:
                self.damaged.add(name)
        return absent

    def add_keys(self) -> None:
        """Add the secret key and the private halves of the signing keys."""
        for path in sorted(Path(settings.KEYS_DIR).iterdir()):
            if KEY_NAME.fullmatch(path.name):
                self.add(f"keys/{path.name}", path)

    def add(self, name: str, path: Path) -> tuple[str, bool]:
        """Add a file; return the SHA-256 of what was copied, and whether all of it could be read.

        Raises FileNotFoundError, before anything is written, if it is not there.
        """
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            source = _Measured(file)
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode = found.st_size, int(found.st_mtime), 0o600
            self.tar.addfile(info, source)
        self.members[name] = {"size": info.size, "sha256": source.digest.hexdigest()}
        return source.digest.hexdigest(), source.is_whole

    def finish(self, *, migrations: list[str], missing: list[str]) -> None:
        """Add the list of all that was added, and close the archive."""
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "made_at": timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "database": connection.vendor,
            "migrations": migrations,
            "members": self.members,
            "damaged": sorted(self.damaged),
            "missing": missing,
        }
        content = json.dumps(manifest, indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mtime, info.mode = len(content), int(time.time()), 0o600
        with io.BytesIO(content) as file:
            self.tar.addfile(info, file)
        self.tar.close()


class _Measured:
    """Reads a file and hashes what it read. What the disk does not give back comes as zeros."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.digest = hashlib.sha256()
        self.is_whole = True

    def read(self, amount: int = 0, /) -> bytes:
        try:
            block = self.file.read(amount)
        except OSError:
            block = b""
        if len(block) < amount:
            self.is_whole = False
            block += bytes(amount - len(block))
        self.digest.update(block)
        return block


@contextmanager
def _working_folder(destination: Path) -> Iterator[Path]:
    """Make a hidden folder beside `destination` for unfinished files; it is removed afterwards.

    Whatever a backup of the same name left there when the machine stopped is thrown away.
    """
    folder = destination.with_name(f".{destination.name}.partial")
    folder.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise BackupFailed(f"Another backup is being written to {destination}.") from error
    try:
        for left in folder.iterdir():
            left.unlink()
        yield folder
    finally:
        shutil.rmtree(folder)
        os.close(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
