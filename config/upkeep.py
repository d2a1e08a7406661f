"""What somebody must look after while pages still work: failed forms, tasks and files, and overdue jobs."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from assessments.recording_form.services import final_forms_missing
from centres.models import Membership
from config.findings import COUNTED_AT_MOST, OK, Finding, counted, degraded
from portfolio.files.presence import some_files_gone
from portfolio.services.waiting_work import work_is_held_up
from record.stamps import BACKUP, CHECKPOINT, FILES, PROOF, stamp_read

FAILED_WITHIN = timedelta(days=1)  # after that somebody has read it in the log, or it has happened again
WAITING_AT_MOST = timedelta(minutes=5)  # of a task that is ready
# Backups and checkpoints are made daily, the proof weekly. One that is late by the same time again, or by a day, is
# not merely late by chance. A new installation has as long for its first.
BACKUP_AT_MOST = timedelta(days=2)
CHECKPOINT_AT_MOST = timedelta(days=2)
PROOF_AT_MOST = timedelta(days=8)
FILES_AT_MOST = timedelta(days=2)  # the worker looks every day
AHEAD_AT_MOST = timedelta(days=1)  # a note from a later time was made with a wrong clock: it tells nothing


def tasks() -> Finding:
    """Background work that failed, or that nobody gets to. That people's drawings wait for their turn is no fault."""
    now = timezone.now()
    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=now - WAITING_AT_MOST)
    # A task that was put off has been ready only since that time.
    late = waiting.exclude(run_after__gt=now - WAITING_AT_MOST, run_after__lt=get_date_max())
    if late.exists() or work_is_held_up():
        return degraded("The background work waits longer than five minutes.")
    failed = DBTaskResult.objects.failed().filter(finished_at__gt=now - FAILED_WITHIN)[:COUNTED_AT_MOST].count()
    if failed:
        return degraded(f"{counted(failed, 'task', 'tasks')} failed within the last day. The log says why.")
    return OK


def forms() -> Finding:
    """Final forms that were given up, or that are late."""
    missing = final_forms_missing()[:COUNTED_AT_MOST].count()
    if missing:
        return degraded(
            f"{counted(missing, 'final form', 'final forms')} could not be printed. The log says why; when it is "
            "mended: manage.py print_forms"
        )
    return OK


def files() -> Finding:
    """Stored files whose bytes are gone: a few are looked at now, all by the worker every day."""
    last = stamp_read(FILES)
    if last and last.faults:
        gone = counted(min(last.faults, COUNTED_AT_MOST), "stored file is", "stored files are")
        return degraded(f"{gone} gone or cut short. manage.py verify_record names them; a backup has them.")
    if some_files_gone():
        return degraded("Stored files are gone or cut short. manage.py verify_record names them; a backup has them.")
    if last and not _is_recent(last.at, FILES_AT_MOST):
        return degraded("Nobody has looked for two days whether all stored files are there: the worker does.")
    return OK


def backup() -> Finding:
    """The age of the last backup, and whether it was whole."""
    return _regular(
        BACKUP,
        at_most=BACKUP_AT_MOST,
        never="No backup was ever made here.",
        old="The last backup is older than two days.",
        faulty="The last backup lacks files that are missing or damaged. manage.py verify_record names them.",
    )


def checkpoint() -> Finding:
    """The age of the last checkpoint of the record."""
    return _regular(
        CHECKPOINT,
        at_most=CHECKPOINT_AT_MOST,
        never="No checkpoint of the record was ever written here.",
        old="The last checkpoint of the record is older than two days.",
        faulty="The last checkpoint of the record could not be kept everywhere it should.",
    )


def proof() -> Finding:
    """The age of the last proof of the record, and what it found."""
    return _regular(
        PROOF,
        at_most=PROOF_AT_MOST,
        never="The record was never proved here. manage.py verify_record does it.",
        old="The last proof of the record is older than eight days. manage.py verify_record does it.",
        faulty="The last proof of the record found faults. manage.py verify_record names them.",
    )


def _regular(name: str, *, at_most: timedelta, never: str, old: str, faulty: str) -> Finding:
    """A job that must be done regularly, once there is a real centre: a demo has nothing to lose."""
    last = stamp_read(name)
    if last and last.faults:
        return degraded(faulty)
    if last and _is_recent(last.at, at_most):
        return OK
    began = _began()
    if began is None or _is_recent(began, at_most):
        return OK
    return degraded(old if last else never)


def _is_recent(at: datetime, at_most: timedelta) -> bool:
    return -AHEAD_AT_MOST < timezone.now() - at < at_most


def _began() -> datetime | None:
    """When the first real centre began; None if there is none."""
    if settings.DEMO:
        return None
    real = Membership.objects.filter(centre__is_demo=False).order_by("pk")
    return real.values_list("began_at", flat=True).first()
