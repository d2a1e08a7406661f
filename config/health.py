"""The page that a monitor asks: does everything that Countersign needs work, and does somebody have to look?"""

import secrets
import shutil
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from background.worker import silent_for
from centres.restore import unfinished_restore
from centres.version import VERSION
from config import upkeep
from config.findings import OK, STARTING, Finding, Level, degraded, down
from config.supervise import SILENT_AT_MOST
from portfolio.files.services import store_try
from portfolio.files.uploads import disk_has_room
from record.keys import SigningKeyUnusable, ensure_signing_key
from record.models import SigningKey

STARTED = time.monotonic()
STARTING_FOR = 60  # seconds in which the worker may not have given its first sign of life
LEAST_FREE = 500_000_000  # bytes
LEAST_FREE_SHARE = 0.05
FRESH_FOR = 1.0  # seconds for which an answer is given again: anyone may ask as often as they like
UNASKED = down("It cannot be asked without the database.")


@never_cache
@login_not_required
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 if people can work, else 503. Each part says "ok", or in a sentence what is wrong.

    `status` is "ok", "degraded" (people can work, but somebody must look) or "down"; `version` is that of
    Countersign. Names no path, person or setting: anyone may ask.
    """
    found = _ANSWER.asked()
    worst = max(finding.level for finding in found.values())
    parts = {name: finding.words for name, finding in found.items()}
    return JsonResponse({"status": worst.word, "version": VERSION} | parts, status=503 if worst == Level.DOWN else 200)


class _Answer:
    """What was found, kept for a moment. Whoever asks meanwhile waits and gets the same answer."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.found: dict[str, Finding] = {}
        self.at = float("-inf")

    def asked(self) -> dict[str, Finding]:
        """Check each part, unless that was done just now."""
        with self.lock:
            if time.monotonic() - self.at >= FRESH_FOR:
                self.found = look()
                self.at = time.monotonic()
            return self.found


_ANSWER = _Answer()


def look() -> dict[str, Finding]:
    """Check each part. Those that need the database are checked only if it answers, because failing may take long."""
    found = {"database": _database(), "storage": _storage(), "worker": _worker(), "disk": _disk()}
    answers = found["database"] == OK
    return found | {name: _asked(part) if answers else UNASKED for name, part in ASKING.items()}


def _asked(part: Callable[[], Finding]) -> Finding:
    try:
        return part()
    except DatabaseError:
        return UNASKED


def _database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
    except DatabaseError:
        return down("The database does not answer.")
    return OK


def _storage() -> Finding:
    """Store a small file as an upload is stored, read it and remove it."""
    if unfinished_restore():
        return down("A restore was cut off in the middle. Do it again.")
    try:
        return OK if store_try(secrets.token_bytes(16)) else down("A stored file comes back changed.")
    except OSError:
        return down("Files cannot be stored.")


def _worker() -> Finding:
    if silent_for() <= SILENT_AT_MOST:
        return OK
    return STARTING if _starts() else down("The background worker gives no sign of life.")


def _disk() -> Finding:
    try:
        disk = shutil.disk_usage(settings.DATA_DIR)
        takes_files = disk_has_room()
    except OSError:
        return down("The disk cannot be asked.")
    if disk.free < LEAST_FREE:
        return down("Less than 500 MB of the disk are free.")
    if not takes_files:
        return degraded("Files are refused: the disk has less room than its reserve. Signing and all else go on.")
    return degraded("Less than 5% of the disk is free.") if disk.free < LEAST_FREE_SHARE * disk.total else OK


def _key() -> Finding:
    """Check the key that signs; an installation that never started has none yet."""
    try:
        if SigningKey.objects.exists():
            ensure_signing_key()
    except (SigningKeyUnusable, OSError):
        return down("The key that signs is missing or cannot be used: nobody can sign. manage.py prepare says why.")
    return OK


def _tasks() -> Finding:
    """Check the tasks. What waited while the site was down is no fault: the worker gets to it."""
    found = upkeep.tasks()
    return STARTING if found != OK and _starts() else found


def _starts() -> bool:
    return time.monotonic() - STARTED < STARTING_FOR


ASKING: dict[str, Callable[[], Finding]] = {
    "key": _key,
    "tasks": _tasks,
    "forms": upkeep.forms,
    "files": upkeep.files,
    "backup": upkeep.backup,
    "checkpoint": upkeep.checkpoint,
    "proof": upkeep.proof,
}
