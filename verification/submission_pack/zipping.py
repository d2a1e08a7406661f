"""Writes a ZIP while it is sent: never the whole of it, nor of any file, is in memory or on the disk."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

CHUNK = 256 * 1024  # bytes
LARGE = 2**31 - 1  # from here on a ZIP needs longer fields


class Member(NamedTuple):
    """A file of the ZIP: its path in it, where it lies, and how many bytes it has."""

    path: str
    lies_at: Path
    size: int


class FileChanged(Exception):
    """A file was exchanged while it was sent: the ZIP is cut off there, so that nobody takes it for whole."""


class _Sink(io.RawIOBase):
    """Takes what the ZIP consists of, piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        piece = bytes(content)  # type: ignore[call-overload]
        self.written.append(piece)
        return len(piece)

    def take(self) -> bytes:
        """Return what was written since this was last asked."""
        taken = b"".join(self.written)
        self.written.clear()
        return taken


def zipped(members: Sequence[Member], *, at: datetime) -> Iterator[bytes]:
    """Yield the ZIP of these files, stored as they are: most are compressed already. Raises OSError, FileChanged."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as packed:
        for member in members:
            with (
                member.lies_at.open("rb") as file,
                packed.open(_info(member, at), "w", force_zip64=_is_large(member)) as put,
            ):
                left = member.size
                while chunk := file.read(min(CHUNK, left)):
                    left -= len(chunk)
                    put.write(chunk)
                    yield sink.take()
                if left or file.read(1):
                    raise FileChanged(member.path)
    yield sink.take()


def length_of(members: Sequence[Member], *, at: datetime) -> int | None:
    """Return how many bytes the ZIP has; None for one so large that its directory is written otherwise."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as packed:
        for member in members:
            packed.open(_info(member, at), "w").close()
    length = len(sink.take()) + sum(member.size for member in members)
    return length if length <= LARGE else None


def _info(member: Member, at: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(member.path, date_time=at.timetuple()[:6])
    info.external_attr = 0o644 << 16
    return info


def _is_large(member: Member) -> bool:
    return member.size > LARGE
