"""Puts a backup into an empty installation. Nothing that the backup says of itself is believed before it is checked.

Nothing in the backup is run or put in place before all of it has been unpacked beside the installation and compared
with its list. It may hold only a few names, and all of them are given here.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction

from centres import databases
from centres.backup import DATABASE_MEMBERS, FORMAT, KEY_NAME, MANIFEST
from centres.models import User
from centres.version import VERSION

STORED_FILE = re.compile(r"files/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/([0-9a-f]{2})/(\2[0-9a-f]{62})")
BLOCK = 1024 * 1024  # bytes copied at a time
MANIFEST_AT_MOST = 256 * BLOCK  # a million files
SPARE = 100 * BLOCK  # bytes that must stay free on the disk
NO_BACKUP = "This is no backup of Countersign, or its end is missing"


class RestoreRefused(Exception):
    """The backup is not put in place; the message tells the operator why."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup says it holds; `read_backup` makes it, and has checked it."""

    version: str  # of Countersign
    made_at: str
    database: str
    migrations: list[str]
    members: dict[str, tuple[int, str]]  # size in bytes and SHA-256, by name
    damaged: list[str]
    missing: list[str]


def unfinished_restore() -> str:
    """Return a sentence for the operator if a restore was cut off in the middle, else nothing."""
    try:
        archive = _marker().read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    return f"A restore was cut off in the middle. Do it again: manage.py restore {archive}"


def restore_backup(archive: Path) -> Manifest:
    """Put the backup `archive` into this installation, which must be empty, and return its list.

    Everybody is signed out afterwards, and the database is brought up to date. Raises RestoreRefused, with
    nothing put in place, for a backup that is damaged, newer than this program or of another kind of
    database, and for an installation that is in use or running.
    """
    try:
        with _alone(), _unpacking_folder() as unpacked:
            _refuse_used_installation()
            databases.refuse_powerful_role()
            manifest = read_backup(archive, into=unpacked)
            databases.check_dump(unpacked / DATABASE_MEMBERS[manifest.database])
            _put_in_place(archive, unpacked, manifest)
    except databases.DatabaseNotCopied as error:
        raise RestoreRefused(f"{error} {unfinished_restore()}".strip()) from error
    except OSError as error:
        raise RestoreRefused(f"{error.strerror or error}. {unfinished_restore()}".strip()) from error
    return manifest


def read_backup(archive: Path, *, into: Path) -> Manifest:
    """Check the backup `archive` against its own list and unpack it into the empty folder `into`.

    Raises RestoreRefused for anything that does not fit: a member with a name or kind that backups do not have,
    one that is there twice or not at all, a size or digest that differs, a list that cannot be read.
    """
    try:
        with archive.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
            members = _members(tar)
            manifest = _manifest(tar, members)
            _refuse_misfit(manifest)
            if shutil.disk_usage(into).free < sum(size for size, _ in manifest.members.values()) + SPARE:
                raise RestoreRefused("The disk has not room enough for what the backup holds.")
            for name in manifest.members:
                _unpack(tar, members[name], into / name, manifest)
    except tarfile.TarError as error:
        raise RestoreRefused(f"{NO_BACKUP} ({error}).") from error
    return manifest


def _members(tar: tarfile.TarFile) -> dict[str, tarfile.TarInfo]:
    members: dict[str, tarfile.TarInfo] = {}
    for info in tar:
        known = info.name == MANIFEST or _is_known(info.name)
        if not known or info.type != tarfile.REGTYPE or info.issparse():
            raise RestoreRefused(f"The backup holds something that no backup of Countersign does: {info.name!r}.")
        if info.name in members:
            raise RestoreRefused(f"The backup holds {info.name} twice.")
        members[info.name] = info
    return members


def _is_known(name: str) -> bool:
    folder, _, rest = name.partition("/")
    return bool(
        name in DATABASE_MEMBERS.values()
        or (folder == "keys" and KEY_NAME.fullmatch(rest))
        or STORED_FILE.fullmatch(name)
    )


def _manifest(tar: tarfile.TarFile, members: dict[str, tarfile.TarInfo]) -> Manifest:
    """Read the list and compare it with the headers of the archive."""
    info = members.pop(MANIFEST, None)
    if info is None or info.size > MANIFEST_AT_MOST:
        raise RestoreRefused(f"{NO_BACKUP}: there is no list of what it holds.")
    file = tar.extractfile(info)
    assert file is not None  # noqa: S101 - it is a plain file
    try:
        manifest = _parsed(file.read())
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise RestoreRefused("The backup's list of what it holds cannot be read.") from error
    unlisted = {name for name in members if name not in manifest.members}
    absent = manifest.members.keys() - members
    lying = {name for name in members.keys() - unlisted if members[name].size != manifest.members[name][0]}
    if differing := sorted(unlisted | absent | lying):
        raise RestoreRefused(f"The backup and its list differ, first in {differing[0]!r}. Use another backup.")
    return manifest


def _parsed(content: bytes) -> Manifest:
    given = json.loads(content)
    version = str(given.get("version", "before 0.1.0"))  # those did not name theirs
    if given["format"] != FORMAT:
        raise RestoreRefused(
            f"This backup was made by Countersign {version} in format {given['format']!r}, and this is Countersign "
            f"{VERSION}, which reads format {FORMAT}. Install the version that made it, then restore."
        )
    members = {str(name): (int(member["size"]), str(member["sha256"])) for name, member in given["members"].items()}
    return Manifest(
        version=version,
        made_at=str(given["made_at"]),
        database=str(given["database"]),
        migrations=[str(name) for name in given["migrations"]],
        members=members,
        damaged=[str(name) for name in given["damaged"]],
        missing=[str(name) for name in given["missing"]],
    )


def _refuse_misfit(manifest: Manifest) -> None:
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    if manifest.database not in names:
        raise RestoreRefused("The backup's list of what it holds cannot be read.")
    if manifest.database != connection.vendor:
        raise RestoreRefused(
            f"This backup holds a {names[manifest.database]} database, and this installation runs on "
            f"{names.get(connection.vendor, connection.vendor)}. Set DATABASE_URL to one of the same kind."
        )
    needed = {DATABASE_MEMBERS[manifest.database], "keys/secret-key"}
    if not needed <= manifest.members.keys():
        raise RestoreRefused(f"{NO_BACKUP}: the database or the keys are not in it.")
    if unknown := databases.unknown_migrations(manifest.migrations):
        raise RestoreRefused(
            f"This backup was made by Countersign {manifest.version}, which knows {unknown[0]}, and this is "
            f"Countersign {VERSION}, which does not. Install the version that made it, then restore."
        )


def _unpack(tar: tarfile.TarFile, info: tarfile.TarInfo, path: Path, manifest: Manifest) -> None:
    """Write one member, whose name has been checked, to `path`; compare its bytes with the list."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    source, digest = tar.extractfile(info), hashlib.sha256()
    assert source is not None  # noqa: S101 - it is a plain file
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        while block := source.read(BLOCK):
            digest.update(block)
            target.write(block)
    expected = manifest.members[info.name][1]
    stored = STORED_FILE.fullmatch(info.name)
    was_damaged = info.name.removeprefix("files/") in manifest.damaged
    if digest.hexdigest() != expected or (stored and stored[3] != expected and not was_damaged):
        raise RestoreRefused(f"{info.name} was damaged since the backup was made. Use another backup.")


def _refuse_used_installation() -> None:
    if _marker().exists():
        return  # it was empty when the interrupted restore began
    has_tables = User._meta.db_table in connection.introspection.table_names()
    if has_tables and User.objects.exists():
        raise RestoreRefused(
            "This installation has people in it. A backup goes into an empty one only: set DATA_DIR (and "
            "DATABASE_URL) to a new place."
        )
    if any(path.is_file() for path in settings.FILES_DIR.rglob("*")):
        raise RestoreRefused(
            f"There are files in {settings.FILES_DIR}. A backup goes into an empty installation only: set "
            "DATA_DIR to a new place."
        )


def _put_in_place(archive: Path, unpacked: Path, manifest: Manifest) -> None:
    """Put files, keys and, last, the database in place. A marker says so until all is done.

    Until the database is in place there is nobody in the installation, and the restore can be done again.
    """
    os.sync()
    _marker().write_text(str(archive.resolve()), encoding="utf-8")
    settings.FILES_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in settings.FILES_DIR.iterdir():  # empty, or from an interrupted restore
        shutil.rmtree(left)
    if (unpacked / "files").exists():
        for folder in (unpacked / "files").iterdir():
            shutil.move(folder, settings.FILES_DIR / folder.name)
    for path in (unpacked / "keys").iterdir():
        shutil.move(path, settings.KEYS_DIR / path.name)
    os.sync()
    databases.load(unpacked / DATABASE_MEMBERS[manifest.database])
    call_command("migrate", interactive=False, verbosity=0)
    with transaction.atomic():
        Session.objects.all().delete()
    _marker().unlink()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Hold the locks of the server and of the worker, so that neither starts. Raises RestoreRefused while one runs."""
    run = settings.DATA_DIR / "run"
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (run / "server.lock").open("a") as server, (run / "worker.lock").open("a") as worker:
        try:
            fcntl.flock(server, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.flock(worker, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RestoreRefused("Countersign is running here. Stop it, then restore.") from error
        yield


@contextlib.contextmanager
def _unpacking_folder() -> Iterator[Path]:
    folder = settings.DATA_DIR / "run" / "restore"
    if folder.exists():  # from an interrupted restore
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _marker() -> Path:
    return Path(settings.DATA_DIR / "run" / "restoring")
