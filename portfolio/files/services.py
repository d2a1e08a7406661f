"""Keeps the bytes of evidence: named by their digest, once for each centre, removed when nothing refers to them.

The order makes this safe: bytes are on the disk, synced, before a row names them, and a row is gone for good before
its bytes are. So a crash or a rolled-back transaction can only leave bytes that nothing refers to, which
`sweep_unreferenced` removes; never a row without its bytes.
"""

import contextlib
import fcntl
import hashlib
import logging
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial
from io import BufferedReader
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.utils import timezone

from centres.models import Centre, User
from centres.policy.selectors import policy_of
from portfolio.files.file_types import detect
from portfolio.files.limits import refuse_overfull, type_taken
from portfolio.files.uploads import IncomingFile, make_private_dir, problem_of, refusal
from portfolio.models import ArrivingFile, EvidenceFile, Registration, StagedFile, StoredFile
from portfolio.models.evidence import previews_path, stored_path
from portfolio.permissions import may_add_evidence

logger = logging.getLogger("countersign.files")

STAGED_FOR = timedelta(days=1)
WRITTEN = "Written here.txt"  # the name of the file that holds what was written in the page
NO_CENTRE = "00000000-0000-0000-0000-000000000000"  # whose folder is for trying the store


class BytesLost(Exception):
    """The bytes of a stored file are not on the disk, or not all of them."""


# --- Storing ----------------------------------------------------------------------------------------


@transaction.atomic
def file_store(*, centre: Centre, incoming: IncomingFile) -> StoredFile:
    """Keep the bytes that have arrived, and return their row: the existing one if the centre has these bytes.

    Call it inside the transaction that makes something refer to the file. `incoming` stays usable, so that
    it can be stored again if that transaction is rolled back. Raises ValidationError, with a
    sentence, if the file did not arrive whole or the disk is full.
    """
    if (why := refusal(incoming)) is not None:
        raise ValidationError(why, code="not_received")
    row = _row_held(centre=centre, incoming=incoming)
    try:
        _put_bytes(incoming.path, stored_path(row))
    except OSError as error:
        logger.error("A file could not be stored: %s", error.strerror)
        incoming.problem = problem_of(error)
        raise ValidationError(refusal(incoming) or "", code="not_stored") from error
    return row


def _row_held(*, centre: Centre, incoming: IncomingFile) -> StoredFile:
    """Return the row, locked until the transaction ends, so that `file_release` waits for what will refer to it."""
    while True:
        row, made = StoredFile.objects.get_or_create(
            centre=centre,
            sha256=incoming.sha256,
            defaults={"size": incoming.size, "stored_at": timezone.now()},
        )
        if made:
            return row
        held = StoredFile.objects.select_for_update(no_key=True, of=("self",)).filter(pk=row.pk).first()
        if held is not None:
            held.centre = centre
            return held


def _put_bytes(source: Path, path: Path) -> None:
    """Put the bytes in place in one step; they replace what is there, so damaged bytes are mended."""
    make_private_dir(path.parent)
    _sync(source)
    new = path.with_name(f".{secrets.token_hex(8)}")
    try:
        try:
            os.link(source, new)
        except OSError:  # another file system, or one that knows no links
            shutil.copyfile(source, new)
            _sync(new)
        new.chmod(0o600)
        os.utime(new)  # sweeps spare what was put here lately, referred to or not
        with _store_locked():
            new.replace(path)
    finally:
        new.unlink(missing_ok=True)  # if both were the same file already, replacing did nothing
    for folder in (path.parent, *path.parent.parents[:3]):
        _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _store_locked() -> Iterator[None]:
    """Keep other processes from adding and removing bytes. Held only briefly, and never while writing rows."""
    make_private_dir(Path(settings.FILES_DIR))
    descriptor = os.open(settings.FILES_DIR, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def store_try(content: bytes) -> bool:
    """Store `content` as an upload is stored, read it back and remove it; return whether it came back the same.

    Raises OSError if it cannot be stored. What a crash leaves is swept up as bytes that no row names.
    """
    with IncomingFile.from_content("try", content) as incoming:
        if incoming.problem:
            raise OSError(0, incoming.problem.value)
        path = Path(settings.FILES_DIR) / NO_CENTRE / incoming.sha256[:2] / incoming.sha256
        try:
            _put_bytes(incoming.path, path)
            return hashlib.sha256(path.read_bytes()).hexdigest() == incoming.sha256
        finally:
            path.unlink(missing_ok=True)


def bytes_store(*, centre: Centre, content: bytes) -> StoredFile:
    """Keep bytes that the program itself made, as `file_store` does, and return their row."""
    with IncomingFile.from_content("file", content) as incoming:
        return file_store(centre=centre, incoming=incoming)


# --- Keeping files while the form around them is refused --------------------------------------------


@transaction.atomic
def file_stage(
    *, registration: Registration, user: User, incoming: IncomingFile, arriving: ArrivingFile | None = None
) -> StagedFile:
    """Keep a good file for a day, for the person who sent it, until the form around it is right.

    It is no evidence yet, so no event records it. `arriving` is the file as which it was announced, if it was: it has
    its room already. Raises PermissionDenied if the person may not add evidence here, and ValidationError, with a
    sentence, if the file is not taken, has no room or cannot be stored.
    """
    if not may_add_evidence(user, registration):
        raise PermissionDenied
    policy = policy_of(registration.centre)
    file_type = type_taken(policy, incoming, candidate=registration.candidate)
    if arriving is None:
        refuse_overfull(
            policy,
            registration=registration,
            user=user,
            name=str(incoming.name),
            size=incoming.size,
            digests=[incoming.sha256],
        )
    return _stage(registration, user, incoming, file_type.content_type)


@transaction.atomic
def text_stage(*, registration: Registration, user: User, text: str) -> StagedFile:
    """Keep what a person wrote in the page as a file of theirs, whatever files the centre takes.

    Raises what `file_stage` raises, save for a policy.
    """
    if not may_add_evidence(user, registration):
        raise PermissionDenied
    with IncomingFile.from_content(WRITTEN, text.encode()) as incoming:
        file_type = detect(incoming.path, WRITTEN)
        return _stage(registration, user, incoming, file_type.content_type)


def _stage(registration: Registration, user: User, incoming: IncomingFile, content_type: str) -> StagedFile:
    stored_file = file_store(centre=registration.centre, incoming=incoming)
    staged, _ = StagedFile.objects.update_or_create(
        registration=registration,
        user=user,
        stored_file=stored_file,
        name=incoming.name,
        defaults={"content_type": content_type, "staged_at": timezone.now()},
    )
    return staged


def staged_for(*, registration: Registration, user: User) -> QuerySet[StagedFile]:
    """Return the files that are kept for the person in this portfolio, the oldest first."""
    return (
        StagedFile.objects.filter(registration=registration, user=user, staged_at__gt=timezone.now() - STAGED_FOR)
        .select_related("stored_file")
        .order_by("staged_at", "pk")
    )


# --- Removing ---------------------------------------------------------------------------------------


@transaction.atomic
def file_release(*, stored_file: StoredFile) -> bool:
    """Remove the row, and the bytes after the commit, unless something still refers to the file.

    Return whether it was removed.
    """
    # Waits for whoever is about to refer to the file, so that they are seen below.
    held = StoredFile.objects.select_for_update(of=("self",)).filter(pk=stored_file.pk).first()
    if held is None:
        return False
    try:
        held.delete()
    except ProtectedError:
        _remove_if_given_up(stored_file)
        return False
    _remove_after_commit(stored_file)
    return True


def bytes_give_up(*, stored_file: StoredFile) -> None:
    """Remove the bytes after the commit, unless a piece still shows them or something else holds them.

    The row stays, since its digest is on record. For what removes a file from a piece, once its row says so.
    """
    StoredFile.objects.select_for_update(of=("self",)).get(pk=stored_file.pk)  # as `file_release` waits
    _remove_if_given_up(stored_file)


def _remove_if_given_up(stored_file: StoredFile) -> None:
    if StoredFile.objects.given_up().filter(pk=stored_file.pk).exists():
        _remove_after_commit(stored_file)


def _remove_after_commit(stored_file: StoredFile) -> None:
    path = stored_path(stored_file)
    transaction.on_commit(partial(_remove_bytes, path, _bytes_at(path)), robust=True)
    # The drawn pictures show what the file was, so they go as well.
    transaction.on_commit(partial(shutil.rmtree, previews_path(stored_file), ignore_errors=True), robust=True)


def is_held(*, centre: str, sha256: str) -> bool:
    """Whether bytes with this digest belong in the store of the centre (its uuid)."""
    named = StoredFile.objects.filter(centre__uuid=centre, sha256=sha256)
    return named.exists() and not named.given_up().exists()


def _bytes_at(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_ino, stat.st_mtime_ns


def _remove_bytes(path: Path, released: tuple[int, int] | None) -> None:
    """Remove the bytes that were released, but not those that another upload has put there since."""
    with _store_locked():
        if released is not None and _bytes_at(path) == released:
            path.unlink()


def sweep_staged(*, older_than: timedelta = STAGED_FOR + timedelta(hours=1)) -> int:
    """Remove the files that were kept while a form was refused and that nobody came back for.

    Pages stop offering them an hour earlier, so none is removed while it is used. Return how many there were.
    """
    swept = 0
    for pk in StagedFile.objects.filter(staged_at__lte=timezone.now() - older_than).values_list("pk", flat=True):
        with transaction.atomic():
            staged = StagedFile.objects.select_for_update(of=("self",)).filter(pk=pk).first()
            if staged is not None:
                staged.delete()
                file_release(stored_file=staged.stored_file)
                swept += 1
    return swept


def sweep_unreferenced(*, older_than: timedelta = timedelta(days=1)) -> int:
    """Remove bytes that no row names or that were given up, which a crash left. Return how many files.

    Bytes younger than `older_than` stay: their transaction may not have ended yet.
    """
    before = time.time() - older_than.total_seconds()
    swept = 0
    for path in Path(settings.FILES_DIR).glob("*/[0-9a-f][0-9a-f]/*"):  # and what a crash left half put
        with _store_locked(), contextlib.suppress(FileNotFoundError):
            centre, sha256 = path.parts[-3], path.name
            if path.stat().st_mtime > before:
                continue
            if not is_held(centre=centre, sha256=sha256):
                path.unlink()
                swept += 1
    return swept


# --- Reading ----------------------------------------------------------------------------------------


def open_stored(stored_file: StoredFile) -> BufferedReader:
    """Return the file opened for reading. Raises BytesLost if it is not there whole."""
    try:
        file = stored_path(stored_file).open("rb")
    except OSError as error:
        raise BytesLost(f"{stored_file.sha256}: {error.strerror}") from error
    if os.fstat(file.fileno()).st_size != stored_file.size:
        file.close()
        raise BytesLost(f"{stored_file.sha256}: not the {stored_file.size} bytes that were stored")
    return file


def open_intact(stored_file: StoredFile) -> BufferedReader:
    """Return the file opened for reading, after checking that its bytes are those that were stored. Raises BytesLost.

    Each process hashes them once. As long as the disk says that the file was not touched since, that is trusted.
    `stored_file_is_intact` always reads all of them.
    """
    file = open_stored(stored_file)
    try:
        digest = _digest(file)
        file.seek(0)
    except OSError as error:
        file.close()
        raise BytesLost(f"{stored_file.sha256}: {error.strerror}") from error
    if digest != stored_file.sha256:  # nobody judges what the candidate did not send
        file.close()
        raise BytesLost(f"{stored_file.sha256}: other bytes than those that were stored")
    return file


SETTLED_AFTER = 2  # seconds: within one tick of the disk's clock another change would not show
_digests: dict[tuple[int, ...], str] = {}


def _digest(file: BufferedReader) -> str:
    stamp = _stamp(file)
    if stamp in _digests:
        return _digests[stamp]
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    changed_at = max(stamp[-2:]) / 1e9
    if _stamp(file) == stamp and time.time() - changed_at > SETTLED_AFTER:
        if len(_digests) >= 10_000:
            _digests.clear()
        _digests[stamp] = digest
    return digest


def _stamp(file: BufferedReader) -> tuple[int, ...]:
    """What changes whenever anybody writes to the file: no program can set back the last of these times."""
    stat = os.fstat(file.fileno())
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def stored_file_is_intact(stored_file: StoredFile) -> bool:
    """Return whether the bytes on the disk are those that were stored, by their digest."""
    try:
        with open_stored(stored_file) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == stored_file.sha256
    except (BytesLost, OSError):
        return False


def gone_among(files: Iterable[EvidenceFile]) -> list[tuple[int, str]]:
    """Those of these files whose bytes should be on the disk and are not all there: number of the evidence, name.

    Asks the disk for sizes and reads no content, so that it can be asked before every signature.
    """
    return [
        (file.version.evidence.number, file.name)
        for file in files
        if file.removal_pk is None and not is_there(file.stored_file)
    ]


def is_there(stored_file: StoredFile) -> bool:
    """Whether all its bytes are on the disk, judged by the size."""
    try:
        return stored_path(stored_file).stat().st_size == stored_file.size
    except OSError:
        return False
