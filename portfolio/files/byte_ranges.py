"""Which part of a file a request wants: one range of bytes (RFC 9110, section 14). Players seek by it."""

import re
from collections.abc import Iterator
from typing import BinaryIO

# A part is sent in one go and the player asks for the next, so a paused film holds no thread of ours.
PART_AT_MOST = 1024 * 1024  # bytes
CHUNK = 64 * 1024  # bytes

_ONE_RANGE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*")


class Unsatisfiable(Exception):
    """The range is beyond the end of the file."""


def wanted_range(header: str, size: int) -> range | None:
    """Return the bytes that a Range header asks for of a file of `size` bytes, at most PART_AT_MOST of them.

    None if the answer is the whole file: no header, another unit, several ranges, or nonsense. Raises
    Unsatisfiable.
    """
    match = _ONE_RANGE.fullmatch(header.strip())
    if match is None or len(header) > 100:
        return None
    first, last = match.groups()
    if first:
        start = int(first)
        end = min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    elif last:
        start, end = max(0, size - int(last)), size
    else:
        return None
    if start >= end:
        raise Unsatisfiable
    return range(start, min(end, start + PART_AT_MOST))


class FilePart:
    """Some bytes of an open file, read as they are sent; the response closes it."""

    def __init__(self, file: BinaryIO, part: range) -> None:
        self._file, self._part = file, part

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(self._part.start)
        left = len(self._part)
        while left and (chunk := self._file.read(min(left, CHUNK))):
            left -= len(chunk)
            yield chunk

    def close(self) -> None:
        """Close the file."""
        self._file.close()
