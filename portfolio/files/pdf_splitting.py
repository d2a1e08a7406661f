"""Has PDFs made of ranges of pages of a stored PDF."""

import contextlib
import secrets
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat

from portfolio.files.confined import Failed, run_confined
from portfolio.files.pdf_parts import DAMAGED, UNWRITTEN
from portfolio.files.services import BytesLost, open_intact
from portfolio.files.uploads import make_private_dir
from portfolio.models import StoredFile
from portfolio.models.evidence import previews_path

PROGRAM = settings.BASE_DIR / "portfolio" / "files" / "pdf_parts.py"
SECONDS_AT_MOST = 60  # for all parts
MEMORY_AT_MOST = 2 * 1024**3  # bytes


@contextlib.contextmanager
def pdf_parts(stored_file: StoredFile, ranges: Sequence[tuple[int, int]]) -> Iterator[list[Path]]:
    """Give a PDF for each range of pages (first and last, from 1), in their order, until the `with` ends.

    Raises ValidationError, with a sentence, if they cannot be made.
    """
    # Beside the previews, where what a crash leaves is swept up.
    folder = previews_path(stored_file).with_name(f".{secrets.token_hex(8)}")
    try:
        make_private_dir(folder)
        with open_intact(stored_file) as source:
            run_confined(
                [sys.executable, "-I", str(PROGRAM), source.name, str(folder), *(f"{a}-{b}" for a, b in ranges)],
                folder=folder, seconds=SECONDS_AT_MOST, memory=MEMORY_AT_MOST, writes=_largest(stored_file),
            )  # fmt: skip
        yield [folder / f"{number}.pdf" for number, _ in enumerate(ranges, start=1)]
    except BytesLost as error:
        raise ValidationError(
            "The content of this file is not on the server as it was stored, so it cannot be split. "
            "Please tell your centre's coordinator: it can be brought back from a backup."
        ) from error
    except Failed as why:
        raise ValidationError(_sentence(why, stored_file)) from why
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _largest(stored_file: StoredFile) -> int:
    """The size in bytes that a part may have: what any file may, or this one has already."""
    return max(settings.MAX_UPLOAD_BYTES, stored_file.size)


def _sentence(why: Failed, stored_file: StoredFile) -> str:
    match why.returncode, why.fault:
        case int(status), _ if status == DAMAGED:
            return "These pages cannot be taken out of the file: it may be damaged, or have a password."
        case int(status), _ if status == UNWRITTEN:
            largest = filesizeformat(_largest(stored_file))
            return f"The parts could not be kept: the server has no room for them, or one is larger than {largest}."
        case _, "slow":
            return "Taking these pages out took too long. Try it with fewer parts."
    return "These pages could not be taken out just now. Try it again, or with fewer parts."
