"""Work that is done after the page has answered. Each task can run twice without harm."""

import logging
import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from django_tasks import task

from portfolio.models import StoredFile
from portfolio.models.evidence import asked_path
from portfolio.previews import KILLED_AGAIN_AFTER, is_drawn, needs_drawing, was_killed
from portfolio.services.previews import preview_make
from portfolio.uploads import make_private_dir

logger = logging.getLogger("countersign.previews")

KILLED_AT_MOST = 3  # times; from then on it is tried again when somebody looks
ASK_AGAIN_AFTER = 600  # seconds: by then the task was lost, or its worker died too often


@task(priority=-1)  # a form that somebody waits for comes first
def make_previews(stored_files: list[str], killed: int = 0) -> None:
    """Draw the first of the files with these uuids, and leave the others to a task behind what waits already.

    `killed` is how often the system has killed the drawing: it is tried again later, a few times.
    """
    first, *others = stored_files
    if others:
        make_previews.enqueue(others)
    stored_file = StoredFile.objects.select_related("centre").filter(uuid=first).first()
    if stored_file is None:
        return
    preview_make(stored_file=stored_file)
    if not needs_drawing(stored_file):
        asked_path(stored_file).unlink(missing_ok=True)
    if was_killed(stored_file) and killed < KILLED_AT_MOST:
        later = timezone.now() + timedelta(seconds=(killed + 1) * 2 * KILLED_AGAIN_AFTER)
        make_previews.using(run_after=later).enqueue([first], killed + 1)


def previews_ask(stored_files: Iterable[StoredFile]) -> None:
    """Have the previews made that are missing and were not asked for lately: one row for all of them."""
    missing = [file for file in stored_files if is_drawn(file) and needs_drawing(file) and _ask(file)]
    if missing:
        make_previews.enqueue([str(file.uuid) for file in missing])


def _ask(stored_file: StoredFile) -> bool:
    """Note that the file is asked for; return False where somebody has done so lately."""
    note: Path = asked_path(stored_file)
    try:
        if note.exists() and 0 <= time.time() - note.stat().st_mtime < ASK_AGAIN_AFTER:
            return False
        make_private_dir(note.parent)
        note.touch(mode=0o600)
    except OSError as error:  # a full disk: evidence is saved and shown without previews
        logger.error("No preview can be asked for: %s", error.strerror)
        return False
    return True
