"""Files that arrive in pieces: what is here stays here, whatever ends the connection, and the rest is added to it.

Each is a file in INCOMING_DIR that only grows, and whose length says how much of it has come. Once it is whole it is
looked at and kept like one that came with a form (`portfolio.files.services.file_stage`), and the form names it.
"""

import contextlib
import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import FileIO
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from centres.models import User
from centres.policy.selectors import policy_of
from portfolio.files.file_types import clean_name, refuse_empty, type_named
from portfolio.files.limits import refuse_overfull, refuse_size, refuse_type, type_taken
from portfolio.files.services import file_stage
from portfolio.files.uploads import PART, IncomingFile, Problem, disk_has_room, problem_of, refusal
from portfolio.models import ArrivingFile, Registration, StagedFile
from portfolio.permissions import may_add_evidence

logger = logging.getLogger("countersign.files")

AT_ONCE = 500  # files of one person that have begun and are not whole
KEPT_FOR = timedelta(days=7)  # after its last piece: a phone that was broken, a week without a net
READ_AT_ONCE = 256 * 1024  # bytes


class Busy(Exception):
    """Another request is adding to the file at this moment."""


class OutOfPlace(Exception):
    """The bytes are not those that come next; `here` says how many have come."""

    def __init__(self, here: int) -> None:
        super().__init__(f"{here} bytes are here.")
        self.here = here


def arriving_begin(*, registration: Registration, user: User, name: str, size: int) -> ArrivingFile:
    """Make room for a file of `size` bytes, of which nothing is here yet.

    Raises PermissionDenied if the person may not add evidence here, and ValidationError, with a sentence, for a file
    that is empty, too large or of a type that the centre does not take, for too many at once, and where the person,
    the portfolio or the disk has no room for it.
    """
    if not may_add_evidence(user, registration):
        raise PermissionDenied
    name = clean_name(name)
    refuse_empty(name, size)
    policy = policy_of(registration.centre)
    refuse_size(policy, name, size)
    if file_type := type_named(name):
        refuse_type(
            policy, name, file_type, candidate=registration.candidate
        )  # and once all of it is here, by what is in it
    if ArrivingFile.objects.filter(user=user, staged=None).count() >= AT_ONCE:
        raise ValidationError(
            f"{name} was not kept: {AT_ONCE} files are arriving already. Let them arrive first, or cancel some.",
            code="too_many",
        )
    _refuse_full_disk(name, size)
    with transaction.atomic():
        refuse_overfull(policy, registration=registration, user=user, name=name, size=size)
        arriving = ArrivingFile.objects.create(
            user=user, registration=registration, name=name, size=size, began_at=timezone.now()
        )
        with _said(name):
            os.close(os.open(arriving_path(arriving), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return arriving


def _refuse_full_disk(name: str, size: int = 0) -> None:
    with _said(name):
        if not disk_has_room(size):
            raise ValidationError(_refused(name, Problem.DISK_FULL), code="no_room")


def arriving_path(arriving: ArrivingFile) -> Path:
    """Where the bytes that have come lie."""
    return Path(settings.INCOMING_DIR, f"{arriving.uuid.hex}{PART}")


def bytes_here(arriving: ArrivingFile) -> int:
    """How many bytes have come. Raises FileNotFoundError if they are gone."""
    return arriving.size if arriving.staged_id else arriving_path(arriving).stat().st_size


def unfinished_for(*, registration: Registration, user: User) -> list[tuple[ArrivingFile, int]]:
    """Return the person's files that have not come whole, the oldest first, each with how many bytes of it are here."""
    files = ArrivingFile.objects.filter(registration=registration, user=user, staged=None).order_by("began_at", "pk")
    found = []
    for arriving in files:
        with contextlib.suppress(FileNotFoundError):
            found.append((arriving, bytes_here(arriving)))
    return found


def arriving_receive(*, arriving: ArrivingFile, offset: int, read: Callable[[int], bytes]) -> int:
    """Add what `read` gives (it takes a number of bytes, as a file does) until its end; return how many bytes are here.

    What came before an error stays. Raises OutOfPlace unless exactly `offset` bytes are here, Busy while another
    request adds to it, FileNotFoundError if the file is gone, ValidationError, with a sentence, for a full disk and
    for more bytes than were announced.
    """
    _refuse_full_disk(arriving.name)  # others may have filled it since this one began
    with _alone(arriving) as file:
        here = os.fstat(file.fileno()).st_size
        if here != offset:
            raise OutOfPlace(here)
        file.seek(here)
        while chunk := read(READ_AT_ONCE):
            if here + len(chunk) > arriving.size:
                raise ValidationError(
                    f"{arriving.name} was not kept: it has grown since it was chosen. Choose it again.",
                    code="too_much",
                )
            with _said(arriving.name):
                rest = memoryview(chunk)
                while rest:  # a disk that is nearly full takes a part
                    rest = rest[file.write(rest) :]
            here += len(chunk)
        with _said(arriving.name):
            os.fsync(file.fileno())  # so that little is left to wait for when it is whole
    return here


def arriving_end(*, arriving: ArrivingFile) -> StagedFile:
    """Look at a file that is whole, and keep it for the form. Doing it again returns the same.

    Raises ValidationError, with a sentence, if it is not taken: it is removed then; PermissionDenied if the person may
    not add evidence any more; Busy while another request ends it; FileNotFoundError if it is gone.
    """
    if arriving.staged:
        return arriving.staged
    path = arriving_path(arriving)
    # Both read the whole file, so they are done before anything is locked in the database.
    with _alone(arriving), IncomingFile.from_pieces(arriving.name, path) as incoming:
        try:
            of = arriving.registration
            incoming.file_type = type_taken(policy_of(of.centre), incoming, candidate=of.candidate)
        except ValidationError:
            arriving_cancel(arriving=arriving)
            raise
        with transaction.atomic():
            held = ArrivingFile.objects.select_for_update(of=("self",)).filter(pk=arriving.pk).first()
            if held is None:
                raise FileNotFoundError(path)
            if held.staged is None:
                held.staged = file_stage(
                    registration=arriving.registration, user=arriving.user, incoming=incoming, arriving=held
                )
                held.save(update_fields=["staged"])
        path.unlink(missing_ok=True)
    return held.staged


@transaction.atomic
def arriving_lost(*, arriving: ArrivingFile) -> StagedFile | None:
    """Say what became of a file whose bytes are not there any more: another request has staged it, or it is forgotten.

    Bytes go only after the row that names the staged file is committed, so the row that is read now knows it.
    """
    held = ArrivingFile.objects.select_for_update(of=("self",)).filter(pk=arriving.pk).first()
    if held is not None and held.staged is None:
        held.delete()
    return held.staged if held else None


def arriving_cancel(*, arriving: ArrivingFile) -> None:
    """Forget a file that has not come whole, or that is not wanted; one that is staged stays for the form."""
    arriving.delete()
    arriving_path(arriving).unlink(missing_ok=True)


def sweep_arriving(*, older_than: timedelta = KEPT_FOR) -> int:
    """Remove files of which no piece has come for so long. Return how many there were."""
    before = timezone.now() - older_than
    known = {arriving_path(arriving): arriving for arriving in ArrivingFile.objects.filter(staged=None)}
    old = {path for path, arriving in known.items() if arriving.began_at <= before and _is_older(path, before)}
    lost = {path for path in Path(settings.INCOMING_DIR).glob(f"*{PART}") if path not in known}
    for path in old:
        arriving_cancel(arriving=known[path])
    for path in (path for path in lost if _is_older(path, before)):  # an ended process left it, or a row is gone
        path.unlink(missing_ok=True)
    return len(old)


@contextlib.contextmanager
def _alone(arriving: ArrivingFile) -> Iterator[FileIO]:
    """Open its bytes while no other request writes or ends them. Raises Busy if one does."""
    with arriving_path(arriving).open("r+b", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy from error
        yield file


def _is_older(path: Path, moment: datetime) -> bool:
    try:
        return path.stat().st_mtime <= moment.timestamp()
    except FileNotFoundError:
        return True


def _refused(name: str, problem: Problem) -> str:
    return refusal(IncomingFile(name, problem=problem)) or ""


@contextlib.contextmanager
def _said(name: str) -> Iterator[None]:
    """Turn what goes wrong with the disk into a sentence."""
    try:
        yield
    except OSError as error:
        logger.error("An arriving file could not be written: %s", error.strerror)  # no name: it may say whom it shows
        problem = problem_of(error)
        code = "no_room" if problem is Problem.DISK_FULL else "unreadable"
        raise ValidationError(_refused(name, problem), code=code) from error
