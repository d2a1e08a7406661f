"""Receives files. Each is streamed to disk and hashed on the way; unless it is stored, it goes when the request ends.

A problem with a file (too large, no room on the disk) is noted on it and does not fail the request: the form then
says so in a sentence, and keeps what was typed and the other files.
"""

import contextlib
import enum
import errno
import hashlib
import logging
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO, Any, Self

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParser
from django.template.defaultfilters import filesizeformat
from django.utils.datastructures import MultiValueDict

from portfolio.files.file_types import FileType, clean_name

logger = logging.getLogger("countersign.files")

PART = ".part"  # the ending of files that arrive in pieces, which have a sweep of their own
FILES_AT_ONCE = 20  # further files are not kept, and the form says so


class Problem(enum.Enum):
    """Why an arriving file could not be kept, whatever its content."""

    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    DISK_FULL = "disk_full"
    UNREADABLE = "unreadable"
    SIGNED_OUT = "signed_out"


class IncomingFile(UploadedFile):
    """A file that has arrived. Its bytes are at `path` until it is closed, which happens when the request ends.

    `sha256` is their digest in hexadecimal, `size` the number of bytes that were sent. With a `problem` there are no
    bytes. The form field that looks at its content sets `file_type`.
    """

    size: int

    def __init__(
        self, name: str, content_type: str = "", problem: Problem | None = None, limit: int | None = None
    ) -> None:
        super().__init__(None, clean_name(name), content_type, 0)
        self.path = Path(settings.INCOMING_DIR) / secrets.token_hex(16)
        self.problem = problem
        self._limit = limit  # bytes
        self._is_its_own = True  # the file on the disk goes with this one
        self.file_type: FileType | None = None
        self._hash = hashlib.sha256()
        self._arriving: IO[bytes] | None = None
        if problem is None:
            with self._noting_problems():
                make_private_dir(self.path.parent)
                descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                self._arriving = os.fdopen(descriptor, "wb", buffering=0)

    @classmethod
    def from_content(cls, name: str, content: bytes) -> Self:
        """Return a file that the program itself made. Close it after use, or use it in a `with`."""
        incoming = cls(name)
        incoming.receive(content)
        incoming.arrived()
        return incoming

    @classmethod
    def from_pieces(cls, name: str, path: Path) -> Self:
        """Return a file whose bytes lie at `path` already, read once for their digest; closing it leaves them there.

        Close it after use, or use it in a `with`. Raises OSError if it cannot be read.
        """
        incoming = cls(name)
        incoming.close()
        incoming.path, incoming._is_its_own = path, False
        with path.open("rb") as file:
            incoming._hash = hashlib.file_digest(file, "sha256")
            incoming.size = file.tell()
        return incoming

    @property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal."""
        return self._hash.hexdigest()

    def receive(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self.size += len(chunk)
        if self._limit is not None and self.size > self._limit:
            self._give_up(Problem.TOO_LARGE)
        if self._arriving is None:
            return
        self._hash.update(chunk)
        with self._noting_problems():
            rest = memoryview(chunk)
            while rest:  # a disk that is nearly full takes a part
                rest = rest[self._arriving.write(rest) :]

    def arrived(self) -> None:
        """Note that there are no more bytes to come."""
        if self._arriving is not None:
            with self._noting_problems():
                self._arriving.close()  # where some network disks say that they are full
            self._arriving = None

    def open(self, *args: Any, **kwargs: Any) -> Self:
        """Open the bytes for reading from the beginning; the arguments are Django's and are ignored."""
        if self.file is not None:
            self.file.close()
        self.file = self.path.open("rb")
        return self

    def close(self) -> None:
        """Remove the bytes, unless they came in pieces. What `file_store` has stored stays in the store."""
        for file in (self.file, self._arriving):
            if file is not None:
                with contextlib.suppress(OSError):
                    file.close()
        self._arriving = None
        if self._is_its_own:
            with contextlib.suppress(OSError):
                self.path.unlink(missing_ok=True)

    def __del__(self) -> None:
        if hasattr(self, "_arriving"):
            self.close()

    @contextlib.contextmanager
    def _noting_problems(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            # No name: it may say who the evidence is about.
            logger.error("An arriving file could not be written: %s", error.strerror)
            self._give_up(problem_of(error))

    def _give_up(self, problem: Problem) -> None:
        """Drop what has arrived, at once: its space may serve the other files."""
        if self.problem is None:
            self.problem = problem
            self.close()


def problem_of(error: OSError) -> Problem:
    """Return what a disk error means for the file that was being written."""
    full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    return Problem.DISK_FULL if full else Problem.UNREADABLE


def refusal(incoming: IncomingFile) -> str | None:
    """Say why the file could not be kept; None if its bytes are here."""
    match incoming.problem:
        case None:
            return None
        case Problem.TOO_LARGE:
            return too_large(str(incoming.name), incoming.size, settings.MAX_UPLOAD_BYTES)
        case Problem.TOO_MANY:
            return (
                f"{incoming.name} was not kept: {FILES_AT_ONCE} files can be sent at once. Send the others afterwards."
            )
        case Problem.DISK_FULL:
            return (
                f"{incoming.name} was not kept: there is no room left for files on the server. "
                "Nothing of yours is lost. Tell your centre, and choose the file again when there is."
            )
        case Problem.UNREADABLE:
            return f"{incoming.name} was not kept: the server could not write it. Choose it again later."
        case Problem.SIGNED_OUT:
            return f"{incoming.name} was not kept: you were signed out. Choose it again."


def too_large(name: str, size: int, limit: int) -> str:
    """Say that a file of `size` bytes may not have more than `limit`."""
    return (
        f"{name} was not kept: it has {filesizeformat(size)}, and a file may have {filesizeformat(limit)} at most. "
        "Make it smaller, or record it as held elsewhere."
    )


def disk_has_room(size: int = 0) -> bool:
    """Whether the disk takes a file of `size` bytes and keeps its reserve, on which signing and printing go on.

    Raises OSError if it cannot be asked.
    """
    folder = Path(settings.INCOMING_DIR)
    make_private_dir(folder)
    return shutil.disk_usage(folder).free - size >= settings.DISK_RESERVE_BYTES


class HashingUploadHandler(FileUploadHandler):
    """Receives the files of a request as `IncomingFile`. settings.FILE_UPLOAD_HANDLERS names it.

    If nobody is signed in, only the names of the files are kept. A request that is cut off leaves neither
    files nor fields, because half a file would look like a whole one.
    """

    at_once = FILES_AT_ONCE
    largest: int | None = None  # bytes; None: what the site takes

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._received: list[IncomingFile] = []
        self._discards = False

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, UploadedFile]] | None:
        """Have Django parse the request, and raise UnreadablePostError when its end is missing."""
        if isinstance(input_data, _CountedBody):
            return None  # our own call below has come back: go on as usual
        self._discards = not self.is_taken()
        body: Any = _CountedBody(input_data)
        handlers = self.request.upload_handlers if self.request else [self]
        try:
            parsed = _Parser(META, body, handlers, encoding).parse()
            if body.count < content_length:
                raise UnreadablePostError("The request was cut off.")
        except BaseException:
            self.upload_interrupted()
            raise
        return parsed

    def is_taken(self) -> bool:
        """Whether the bytes of files are kept: those of somebody who is signed in."""
        user = getattr(self.request, "user", None)
        return user is not None and user.is_authenticated

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin the next file."""
        super().new_file(*args, **kwargs)
        problem = None
        if self._discards:
            problem = Problem.SIGNED_OUT
        elif len(self._received) >= self.at_once:
            problem = Problem.TOO_MANY
        elif not _disk_has_room():
            problem = Problem.DISK_FULL
        largest = min(self.largest or settings.MAX_UPLOAD_BYTES, settings.MAX_UPLOAD_BYTES)
        self._received.append(IncomingFile(self.file_name or "", self.content_type or "", problem, largest))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take the next bytes of the current file."""
        self._received[-1].receive(raw_data)

    def file_complete(self, file_size: int) -> IncomingFile:
        """Return the current file, which has arrived whole."""
        self._received[-1].arrived()
        return self._received[-1]

    def upload_interrupted(self) -> None:
        """Remove everything that has arrived."""
        for incoming in self._received:
            incoming.close()


def _disk_has_room() -> bool:
    try:
        return disk_has_room()
    except OSError:
        return True  # whoever writes the file notices, and says why


class _Parser(MultiPartParser):
    """Leaves the names of files to `clean_name`. Django reads "a&notes.pdf" as HTML and drops all blanks but one."""

    def sanitize_file_name(self, file_name: str) -> str:
        """Return the name as the person has it: browsers write three characters of it otherwise (HTML, "form-data")."""
        for written, meant in (("%22", '"'), ("%0D", "\r"), ("%0A", "\n")):
            file_name = file_name.replace(written, meant)
        return file_name


class _CountedBody:
    """A request's body that knows how much of it has been read."""

    def __init__(self, body: Any) -> None:
        self._body = body
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        data = self._body.read(size)
        self.count += len(data)
        return data


def make_private_dir(path: Path) -> None:
    """Make the folder and those above it, if they are missing, open to the owner alone."""
    if path.is_dir():
        return
    make_private_dir(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)


def sweep_incoming(*, older_than: timedelta = timedelta(days=1)) -> int:
    """Remove what requests left behind when their process was killed. Return how many files and folders there were."""
    before = time.time() - older_than.total_seconds()
    swept = 0
    for path in Path(settings.INCOMING_DIR).glob("*"):
        with contextlib.suppress(FileNotFoundError):  # its request has ended meanwhile
            if path.suffix == PART or path.stat().st_mtime > before:
                continue
            if path.is_dir():  # a picture was being covered in it
                shutil.rmtree(path)
            else:
                path.unlink()
            swept += 1
    return swept
