"""Work that is done after the page has answered. Each task can run twice without harm."""

import os
import time
from collections.abc import Iterable
from pathlib import Path

from django_tasks import task

from portfolio.models import StoredFile
from portfolio.models.evidence import previews_path
from portfolio.previews import is_drawn, needs_drawing
from portfolio.services.previews import preview_make
from portfolio.uploads import make_private_dir

ASK_AGAIN_AFTER = 600  # seconds: by then the task was lost, or its worker died too often


@task()
def make_previews(stored_files: list[str]) -> None:
    """Draw the first of the files with these uuids, and leave the others to a task behind what waits already."""
    first, *others = stored_files
    stored_file = StoredFile.objects.select_related("centre").filter(uuid=first).first()
    if stored_file is not None:
        preview_make(stored_file=stored_file)
        if not needs_drawing(stored_file):
            _asked(stored_file).unlink(missing_ok=True)
    if others:
        make_previews.enqueue(others)


def previews_ask(stored_files: Iterable[StoredFile]) -> None:
    """Have the previews made that are missing and were not asked for lately: one row for all of them."""
    missing = [file for file in stored_files if is_drawn(file) and needs_drawing(file) and _ask(file)]
    if missing:
        make_previews.enqueue([str(file.uuid) for file in missing])


def _ask(stored_file: StoredFile) -> bool:
    """Note that the file is asked for; return False where somebody has done so lately."""
    note = _asked(stored_file)
    try:
        if time.time() - note.stat().st_mtime < ASK_AGAIN_AFTER:
            return False
    except FileNotFoundError:
        make_private_dir(note.parent)
    note.touch(mode=0o600)
    os.utime(note)
    return True


def _asked(stored_file: StoredFile) -> Path:
    folder = Path(previews_path(stored_file))
    return folder.with_name(f"{folder.name}.asked")
