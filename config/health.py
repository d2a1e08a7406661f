"""The page that a monitor asks: is all that Countersign stands on in order?"""

import secrets
import shutil
import time
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from assessments.worker import silent_for
from centres.restore import unfinished_restore

OK = "ok"
STARTING = "starting"
LOW = "Less than 5% of the disk is free."  # a warning: there is room yet

STARTED = time.monotonic()
STARTING_FOR = 60  # seconds in which the worker may not have given its first sign of life
SILENT_AT_MOST = 60  # seconds between two of them
WAITING_AT_MOST = timedelta(minutes=5)  # of a task that is ready
LEAST_FREE = 500_000_000  # bytes
LEAST_FREE_SHARE = 0.05


@never_cache
@login_not_required
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all is well, else 503; each part says "ok", or in a sentence what is wrong with it.

    Names no path, person or setting: anyone may ask.
    """
    parts = {"database": _database(), "storage": _storage(), "worker": _worker(), "disk": _disk()}
    well = all(part in {OK, STARTING, LOW} for part in parts.values())
    return JsonResponse({"status": OK if well else "failing"} | parts, status=200 if well else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
    except DatabaseError:
        return "The database does not answer."
    return OK


def _storage() -> str:
    """Write, read and delete a small file where uploads arrive."""
    if unfinished_restore():
        return "A restore was cut off in the middle. Do it again."
    content = secrets.token_bytes(16)
    path = settings.INCOMING_DIR / f"health-{content.hex()}"
    try:
        settings.INCOMING_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            path.write_bytes(content)
            found = path.read_bytes()
        finally:
            path.unlink(missing_ok=True)
    except OSError:
        return "Files cannot be stored."
    return OK if found == content else "A stored file comes back changed."


def _worker() -> str:
    problem = ""
    if silent_for() > SILENT_AT_MOST:
        problem = "The background worker gives no sign of life."
    else:
        try:
            if DBTaskResult.objects.ready().filter(enqueued_at__lt=timezone.now() - WAITING_AT_MOST).exists():
                problem = "The background work waits longer than five minutes."
        except DatabaseError:
            problem = "The background worker cannot be asked without the database."
    if problem and time.monotonic() - STARTED < STARTING_FOR:
        return STARTING
    return problem or OK


def _disk() -> str:
    try:
        disk = shutil.disk_usage(settings.DATA_DIR)
    except OSError:
        return "The disk cannot be asked."
    if disk.free < LEAST_FREE:
        return "Less than 500 MB of the disk are free."
    return LOW if disk.free < LEAST_FREE_SHARE * disk.total else OK
