"""Files for tests of uploads: real bytes, real requests, and a disk that is really full."""

import ctypes
import os
import re
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY
from PIL import Image
from weasyprint import HTML

from centres.models import User
from portfolio.files.services import bytes_store
from portfolio.models import EvidenceFile, Registration
from tests.cast import add_evidence

SAMPLES = Path(__file__).parent / "samples"
SMALL_DISK = 16 * 1024 * 1024  # bytes


def pdf(words: str = "Evidence of real work") -> bytes:
    """A real PDF document."""
    return HTML(string=f"<p>{words}</p>").write_pdf()


def picture(form: str = "JPEG", colour: str = "olive") -> bytes:
    """A real picture."""
    data = BytesIO()
    Image.new("RGB", (32, 24), colour).save(data, form)
    return data.getvalue()


def word_document(words: str = "Evidence of real work") -> bytes:
    """A real Word document."""
    document, data = docx.Document(), BytesIO()
    document.add_paragraph(words)
    document.save(data)
    return data.getvalue()


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    """A file as the test client sends it."""
    return SimpleUploadedFile(name, content, "application/octet-stream")


def as_browsers_send(said: Mapping[str, str], chosen: Mapping[str, tuple[str, bytes]]) -> bytes:
    """The body of a form with BOUNDARY, as browsers write it (HTML, "multipart/form-data"): fields, then files."""

    def quoted(name: str) -> bytes:
        return name.replace("\n", "%0A").replace("\r", "%0D").replace('"', "%22").encode()

    parts = []
    for field, words in said.items():
        lines = re.sub(r"\r\n?|\n", "\r\n", words)
        parts.append(b'form-data; name="%s"\r\n\r\n%s' % (quoted(field), lines.encode(errors="replace")))
    for field, (name, content) in chosen.items():
        kind = b"Content-Type: application/octet-stream"
        parts.append(
            b'form-data; name="%s"; filename="%s"\r\n%s\r\n\r\n%s' % (quoted(field), quoted(name), kind, content)
        )
    begin = b"--%s\r\nContent-Disposition: " % BOUNDARY.encode()
    return b"".join(begin + part + b"\r\n" for part in parts) + b"--%s--\r\n" % BOUNDARY.encode()


def file_of(registration: Registration, author: User, name: str, content: bytes, content_type: str) -> EvidenceFile:
    """A file that has arrived: the first of a new piece of the portfolio."""
    return EvidenceFile.objects.create(
        version=add_evidence(registration, author).versions.get(),
        stored_file=bytes_store(centre=registration.centre, content=content),
        name=name,
        content_type=content_type,
        position=1,
    )


def body(response: Any) -> bytes:
    """The bytes of a file as a browser receives them."""
    return b"".join(response.streaming_content)


def files_below(folder: Path) -> list[Path]:
    """Every file in the folder and below it."""
    return [path for path in Path(folder).rglob("*") if path.is_file()]


@contextmanager
def small_disk() -> Iterator[Path]:
    """A folder that takes SMALL_DISK bytes and no more, whatever is written.

    A file system of its own where this process may mount one; elsewhere the kernel's limit on what the
    process writes to a file. It is in memory, so that moving a file there means writing it.
    """
    folder = Path(tempfile.mkdtemp(prefix="countersign-small-disk-", dir="/dev/shm"))
    mounted = os.geteuid() == 0 and _mount(folder)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    if not mounted:
        resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_DISK, before[1]))
    try:
        yield folder
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", folder], check=True)
        else:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        shutil.rmtree(folder)


def _mount(folder: Path) -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    size = f"size={SMALL_DISK}".encode()
    return libc.mount(b"tmpfs", str(folder).encode(), b"tmpfs", 0, size) == 0
