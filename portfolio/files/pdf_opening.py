"""Asks pdfium whether it opens a PDF. In a process of its own, because it opens what strangers have sent.

    python -I pdf_opening.py SOURCE

It runs with limits on memory and time, and its exit status is the answer.
"""

import enum
import os
import resource
import subprocess
import sys
from pathlib import Path

SECONDS_AT_MOST = 10
MEMORY_AT_MOST = 1024**3  # bytes
_LOCKED = {4, 5}  # a password, a way of locking that is not known (FPDF_GetLastError)


class PdfOpening(enum.IntEnum):
    """What became of opening it; also the exit status of the program, which Python itself ends with 1 and 2."""

    OPENS = 0
    LOCKED = 10
    DAMAGED = 11


def pdf_opening(path: Path) -> PdfOpening:
    """Return what becomes of opening the PDF at `path` without a password."""
    try:
        ended = subprocess.run(  # noqa: S603 - our own program, and a path of ours
            [sys.executable, "-I", __file__, str(path)],
            check=False, env={}, timeout=2 * SECONDS_AT_MOST,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return PdfOpening(ended.returncode)
    except (OSError, subprocess.TimeoutExpired, ValueError):  # ValueError: it crashed
        return PdfOpening.DAMAGED


def _opened(path: Path) -> PdfOpening:
    import pypdfium2  # noqa: PLC0415 - not in the processes that only ask

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        return PdfOpening.LOCKED if getattr(error, "err_code", None) in _LOCKED else PdfOpening.DAMAGED
    return PdfOpening.OPENS if len(document) else PdfOpening.DAMAGED


if __name__ == "__main__":
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_AT_MOST),
        (resource.RLIMIT_CPU, SECONDS_AT_MOST),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (limit, limit))
    # Nothing is put in order at the end: a damaged document may crash a library that does.
    os._exit(_opened(Path(sys.argv[1])))
