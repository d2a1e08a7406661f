"""Work that is done after the page has answered. Each task can run twice without harm."""

import contextlib
import logging
import time
from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from portfolio.files.drawing import preview_make
from portfolio.files.previews import KILLED_AGAIN_AFTER, is_drawn, needs_drawing, was_killed
from portfolio.files.uploads import make_private_dir
from portfolio.models import EvidenceFile
from portfolio.models.evidence import asked_path

logger = logging.getLogger("countersign.previews")

KILLED_AT_MOST = 3  # times; after that it is tried again when somebody looks
ASK_AGAIN_AFTER = 600  # seconds: by then the task was lost, or its worker died too often


@task(priority=-1)  # a form that somebody waits for comes first
def make_previews(wanted: list[tuple[str, str]], killed: int = 0) -> None:
    """Draw the first of these, and leave the others to a new task at the end of the queue.

    Each is the uuid of a stored file and the type that it is drawn as. Any file of a piece with these bytes and this
    type will do, so that removing one of them leaves no other without its pictures. `killed` is how often the system
    has killed the drawing, which is tried again later, a few times. A copy of a film is made in parts, and the next one
    waits at the end of the queue, too.
    """
    first, *others = wanted
    if others:
        make_previews.enqueue(others)
    uuid, content_type = first
    uses = EvidenceFile.objects.filter(stored_file__uuid=uuid, content_type=content_type).not_removed()
    file = uses.select_related("stored_file__centre").first()
    if file is None:
        return
    if preview_make(file=file):
        with contextlib.suppress(OSError):
            asked_path(file).touch(mode=0o600)  # so that nobody else has it begun anew
        make_previews.enqueue([first], killed)
        return
    if not needs_drawing(file):
        asked_path(file).unlink(missing_ok=True)
    if was_killed(file) and killed < KILLED_AT_MOST:
        later = timezone.now() + timedelta(seconds=(killed + 1) * 2 * KILLED_AGAIN_AFTER)
        make_previews.using(run_after=later).enqueue([first], killed + 1)


def previews_ask(files: Iterable[EvidenceFile]) -> None:
    """Have the previews made that are missing and were not asked for lately, with one task for all of them."""
    missing = [file for file in files if is_drawn(file) and needs_drawing(file) and _ask(file)]
    if missing:
        make_previews.enqueue([(str(file.stored_file.uuid), file.content_type) for file in missing])


def _ask(file: EvidenceFile) -> bool:
    """Note that the file is asked for; return False where somebody has done so lately."""
    note = asked_path(file)
    try:
        if note.exists() and 0 <= time.time() - note.stat().st_mtime < ASK_AGAIN_AFTER:
            return False
        make_private_dir(note.parent)
        note.touch(mode=0o600)
    except OSError as error:  # a full disk: evidence is saved and shown without previews
        logger.error("No preview can be asked for: %s", error.strerror)
        return False
    return True
