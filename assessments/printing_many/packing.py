"""Has the forms of a job packed into one file, by a program of its own."""

import json
import secrets
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from assessments.models import Packing, PartState, PrintJob
from assessments.printing_many.selectors import called, candidate_of, parts_named
from assessments.recording_form.drafts import prints_dir
from printing.sending import file_name

SECONDS_AT_MOST = 270  # less than a piece of work may take


class PackingFailed(Exception):
    """The forms could not be put into one file."""


def packed_path(job: PrintJob) -> Path:
    """Where the file of a job lies."""
    return folder_of(job) / f"forms.{Packing(job.packing).value}"


def folder_of(job: PrintJob) -> Path:
    """Where the forms of a job lie, and the file that comes of them."""
    return prints_dir() / "jobs" / str(job.uuid)


def pack(job: PrintJob) -> None:
    """Put all forms that were printed into the file of the job. Raises PackingFailed."""
    folder, ready = folder_of(job), packed_path(job)
    new = folder / f".{secrets.token_hex(8)}{ready.suffix}"
    parts = [
        {
            "path": str(folder / f"{part.number}.pdf"),
            "group": candidate_of(part),
            "called": called(part),
            "file_name": file_name(f"{candidate_of(part)} {called(part)}"),
        }
        for part in parts_named(job).filter(state=PartState.DONE)
    ]
    try:
        subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-E", "-s", "-m", "printing.packing", str(new)],
            cwd=settings.BASE_DIR, check=True, env={}, timeout=SECONDS_AT_MOST,
            input=json.dumps({"title": title_of(job), "parts": parts}).encode(),
        )  # fmt: skip
        new.replace(ready)
    except (OSError, subprocess.SubprocessError) as error:
        raise PackingFailed from error
    finally:
        new.unlink(missing_ok=True)


def title_of(job: PrintJob) -> str:
    """What the file is called."""
    what = "Blank recording forms" if job.is_blank else "Recording forms"
    return f"{what}, {job.centre}, {job.asked_at:%Y-%m-%d}"
