"""Prints many forms at once, in the background: asked for, printed form by form, packed, told of, removed.

Each form is a piece of waiting work of its own (`portfolio/services/waiting_work.py`), so that all printers of the
worker take part, others have their turns in between, and a restart goes on with what is not there yet.
"""

import errno
import logging
import shutil
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import timezone

from assessments.models import JobState, Packing, PartState, PrintJob, PrintPart, Signature
from assessments.models.print_jobs import ENDED, KEPT_FOR
from assessments.printing_many.packing import folder_of, pack, packed_path
from assessments.printing_many.selectors import may_print_many, printable_units
from assessments.recording_form.drafts import (
    READ_WITH_IT,
    draft_print,
    prints_dir,
    with_revision,
    write_whole,
)
from assessments.recording_form.services import blank_form_print, final_form_print
from centres.models import Centre, User
from portfolio.files.services import open_stored, stored_file_is_intact
from portfolio.files.uploads import disk_has_room
from portfolio.models import CandidateUnit, WaitingWork, WorkKind, WorkLane
from portfolio.services.waiting_work import ATTEMPTS_AT_MOST, Asked, work_ask, work_forget
from standards.published import published_content_named

logger = logging.getLogger("countersign.prints")

FORMS_AT_MOST = 2000  # in one job
JOBS_AT_MOST = 5  # of a person that have not ended
PART, PACK = "part", "pack"  # the first word of such work; the second is the part's key, or the uuid of the job

NOT_OPEN = "This unit is not open to you any more, or was set aside."
LOST = "The final form is not on the server as it was stored. Tell whoever runs the server."
FAILED = "It could not be printed. Whoever runs the server finds the reason in its log."
CANNOT_BE_KEPT = "It could not be kept: the server may have no room left."
NONE_PRINTED = "None of the forms could be printed."

_told: list[Callable[[PrintJob], None]] = []


def tell_with(tell: Callable[[PrintJob], None]) -> None:
    """Have this called, in its transaction, when a job is done or has failed. For apps above, when they begin."""
    _told.append(tell)


@transaction.atomic
def print_job_ask(
    *, centre: Centre, actor: User, key: UUID, units: Sequence[CandidateUnit], is_blank: bool, packing: Packing
) -> PrintJob:
    """Have the forms of these units printed, in this order; of blank ones, one for each wording of a unit.

    Asked for again with the same key, it is the job that there is. Raises PermissionDenied for units that the person
    cannot print, ValidationError with a sentence for anything else.
    """
    if not may_print_many(actor, centre):
        raise PermissionDenied
    _lock(actor.pk)
    if asked_before := PrintJob.objects.filter(uuid=key, by=actor, centre=centre).first():
        return asked_before
    if PrintJob.objects.filter(uuid=key).exists():
        raise ValidationError("Open this page again, and choose anew.")
    if refusal := why_not(len({unit.revision_id for unit in units}) if is_blank else len(units)):
        raise ValidationError(refusal)
    wanted = {unit.pk for unit in units}
    if printable_units(actor, centre).filter(pk__in=wanted).count() < len(wanted):
        raise PermissionDenied
    if PrintJob.objects.filter(by=actor).exclude(state__in=ENDED).count() >= JOBS_AT_MOST:
        raise ValidationError(f"{JOBS_AT_MOST} of your prints are not done yet. Wait for one of them, or cancel one.")
    if not disk_has_room():
        raise ValidationError("The server has no room left for prints. Tell whoever runs it.")
    job = PrintJob.objects.create(centre=centre, by=actor, uuid=key, is_blank=is_blank, packing=packing)
    if is_blank:
        revisions = dict.fromkeys(unit.revision_id for unit in units)
        parts = [PrintPart(job=job, number=number, revision_id=pk) for number, pk in enumerate(revisions, start=1)]
    else:
        parts = [PrintPart(job=job, number=number, unit=unit) for number, unit in enumerate(units, start=1)]
    PrintPart.objects.bulk_create(parts)
    _begin_next(actor.pk)
    job.refresh_from_db()
    return job


def why_not(forms: int) -> str:
    """Say why so many forms cannot be printed in one job; empty if they can."""
    if not forms:
        return "There is nobody with a unit among those you chose, so there is no form to print."
    if forms > FORMS_AT_MOST:
        return f"These are {forms:,} forms, and at most {FORMS_AT_MOST:,} are printed at once. Choose fewer."
    return ""


@transaction.atomic
def print_job_cancel(*, job: PrintJob, actor: User) -> bool:
    """Print no more of it, and remove what is there. Return whether that came in time. Raises PermissionDenied."""
    if job.by_id != actor.pk:
        raise PermissionDenied
    _lock(job.by_id)
    now = timezone.now()
    left = PrintJob.objects.filter(pk=job.pk).exclude(state__in=ENDED)
    if not left.update(state=JobState.CANCELLED, ended_at=now):
        return False
    work_forget(kind=WorkKind.PRINTING, whats=[_part_work(pk) for pk in job.parts.values_list("pk", flat=True)])
    transaction.on_commit(lambda: shutil.rmtree(folder_of(job), ignore_errors=True))
    _begin_next(job.by_id)
    return True


def part_work(work: WaitingWork, pk: int) -> None:
    """Print one form, and have all packed after the last one. It can be done twice without harm.

    What may go better another time is raised until the last attempt; then the form fails, with a sentence.
    """
    part = PrintPart.objects.filter(pk=pk).select_related("job__centre", "job__by").first()
    if part is None or part.job.state != JobState.PRINTING:
        return
    if part.state == PartState.WAITING:
        fault = ""
        try:
            if not disk_has_room():
                raise OSError(errno.ENOSPC, "No room")
            fault = _print(part)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            if work.attempts < ATTEMPTS_AT_MOST:
                raise
            logger.error("The form of part %s is given up after %s attempts", pk, work.attempts)
            fault = CANNOT_BE_KEPT if isinstance(error, OSError) else FAILED
        _note(part, fault)
    if PrintJob.objects.filter(pk=part.job_id, state=JobState.PRINTING).exists():
        _pack_if_all_there(part.job)
    else:  # it was cancelled meanwhile
        shutil.rmtree(folder_of(part.job), ignore_errors=True)


def part_give_up(pk: int) -> None:
    """Say that a form cannot be printed: the worker died of it, or beside it, each time."""
    part = PrintPart.objects.filter(pk=pk, state=PartState.WAITING).select_related("job").first()
    if part is not None and part.job.state == JobState.PRINTING:
        _note(part, FAILED)
        _pack_if_all_there(part.job)


def _note(part: PrintPart, fault: str) -> None:
    state = PartState.FAILED if fault else PartState.DONE
    PrintPart.objects.filter(pk=part.pk, state=PartState.WAITING).update(state=state, fault=fault)


def _print(part: PrintPart) -> str:
    """Leave the form in the folder of its job; or return why there is none."""
    if part.unit_id is None:
        assert part.revision  # noqa: S101 - the database keeps it so
        pdf = blank_form_print(published_content_named(part.revision).unit)
    else:
        open_to_them = printable_units(part.job.by, part.job.centre).select_related(*READ_WITH_IT)
        unit = open_to_them.filter(pk=part.unit_id).first()
        if unit is None:
            return NOT_OPEN
        form = _form_of(with_revision(unit))
        if form is None:
            return LOST
        pdf = form
    write_whole(path_of(part), pdf)
    return ""


def _form_of(unit: CandidateUnit) -> bytes | None:
    """The final form as it is kept, printed first if that was not done yet; a draft before. None if it is lost."""
    standing = Signature.objects.final().filter(unit_version__candidate_unit=unit, superseded_at__isnull=True)
    signature = standing.select_related("final_form__stored_file__centre", "document").first()
    if signature is None:
        return draft_print(unit)
    form = signature.final_form
    if form.stored_file is None:
        final_form_print(form=form)
        form.refresh_from_db()
    if form.stored_file is None or not stored_file_is_intact(form.stored_file):
        return None
    with open_stored(form.stored_file) as file:
        return file.read()


def _pack_if_all_there(job: PrintJob) -> None:
    """Two last forms may both ask for it; it waits once."""
    if not job.parts.filter(state=PartState.WAITING).exists():
        asked = [Asked(what=f"{PACK} {job.uuid}", person=job.by_id, centre=job.centre_id)]
        work_ask(kind=WorkKind.PRINTING, asked=asked, lane=WorkLane.SLOW)


def pack_work(work: WaitingWork, uuid: UUID) -> None:
    """Put what was printed into one file, and end the job. It can be done twice without harm."""
    job = PrintJob.objects.filter(uuid=uuid, state=JobState.PRINTING).select_related("centre", "by").first()
    if job is None:
        return
    if not job.parts.filter(state=PartState.DONE).exists():
        _end(job, NONE_PRINTED)
        return
    try:
        pack(job)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        if work.attempts < ATTEMPTS_AT_MOST:
            raise
        _end(job, "The forms were printed, and could not be put together: the server may have no room left.")
    else:
        _end(job, "")


def pack_give_up(uuid: UUID) -> None:
    """End the job without its file: the worker died of packing it, or beside it, each time."""
    job = PrintJob.objects.filter(uuid=uuid, state=JobState.PRINTING).select_related("centre", "by").first()
    if job is not None:
        _end(job, "The forms were printed, and putting them together failed.")


@transaction.atomic
def _end(job: PrintJob, fault: str) -> None:
    _lock(job.by_id)
    job.state, job.fault, job.ended_at = JobState.FAILED if fault else JobState.DONE, fault, timezone.now()
    now_ended = {"state": job.state, "fault": job.fault, "ended_at": job.ended_at}
    if PrintJob.objects.filter(pk=job.pk, state=JobState.PRINTING).update(**now_ended):
        for tell in _told:
            tell(job)
        transaction.on_commit(lambda: _remove_singles(job))
    else:  # it was cancelled meanwhile
        transaction.on_commit(lambda: shutil.rmtree(folder_of(job), ignore_errors=True))
    _begin_next(job.by_id)


def _begin_next(person: int) -> None:
    """Begin the job of the person that waits longest, unless one is printed. Their row is locked (`_lock`)."""
    job = PrintJob.objects.filter(by=person, state=JobState.WAITING).order_by("pk").first()
    if job is None or PrintJob.objects.filter(by=person, state=JobState.PRINTING).exists():
        return
    try:
        with transaction.atomic():
            waits = PrintJob.objects.filter(pk=job.pk, state=JobState.WAITING)
            begun = waits.update(state=JobState.PRINTING, began_at=timezone.now())
    except IntegrityError:  # SQLite locks no rows: somebody began one just now
        return
    if begun:
        _ask_for_parts(job)


def _ask_for_parts(job: PrintJob) -> None:
    missing = job.parts.filter(state=PartState.WAITING).order_by("number").values_list("pk", flat=True)
    asked = [Asked(what=_part_work(pk), person=job.by_id, centre=job.centre_id) for pk in missing]
    work_ask(kind=WorkKind.PRINTING, asked=asked, lane=WorkLane.SLOW)


def _lock(person: int) -> None:
    """What begins and ends a person's jobs goes one after the other."""
    list(User.objects.filter(pk=person).select_for_update(no_key=True).values_list("pk"))


def _part_work(pk: int) -> str:
    return f"{PART} {pk}"


def path_of(part: PrintPart) -> Path:
    """Where one form of a job lies."""
    return folder_of(part.job) / f"{part.number}.pdf"


def _remove_singles(job: PrintJob) -> None:
    """Remove what was packed, and keep the file."""
    for path in folder_of(job).glob("*"):  # half a file too, of a worker that died
        if path != packed_path(job):
            path.unlink(missing_ok=True)


def sweep_prints(*, left_for: timedelta = timedelta(days=1)) -> int:
    """Remove jobs that ended a week ago, with their files, and folders without a job. Return how many.

    Whatever became of its work, a job that has not ended goes on.
    """
    for job in PrintJob.objects.filter(state=JobState.PRINTING):
        _ask_for_parts(job)
        _pack_if_all_there(job)
    old = PrintJob.objects.filter(ended_at__lt=timezone.now() - KEPT_FOR)
    swept = old.count()
    old.delete()
    kept = {str(uuid) for uuid in PrintJob.objects.values_list("uuid", flat=True)}
    before = (timezone.now() - left_for).timestamp()
    for folder in (prints_dir() / "jobs").glob("*"):
        if folder.name not in kept and folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)
    return swept
