"""Makes submission packs in the background, file by file; hands them out; removes them after a week."""

import logging
import shutil
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import timezone

from assessments.recording_form.drafts import prints_dir
from centres.models import User
from portfolio.files.uploads import disk_has_room
from portfolio.models import Registration, RemovedFile, WaitingWork, WorkKind, WorkLane
from portfolio.models.evidence import stored_path
from portfolio.services.waiting_work import ATTEMPTS_AT_MOST, Asked, work_ask, work_end, work_forget, work_go_on
from record.models import Chain, Event
from record.proof import ERASURES
from record.services.events import event_add
from verification.models import PackFile, PackFileState, PackState, SubmissionPack
from verification.models.packs import KEPT_FOR
from verification.submission_pack.closing import close
from verification.submission_pack.contents import contents_of
from verification.submission_pack.making import folder_of, make, path_of
from verification.submission_pack.manifest import MANIFEST
from verification.submission_pack.permissions import may_take_pack
from verification.submission_pack.zipping import Member

logger = logging.getLogger("countersign.packs")

STEP = 20  # seconds of making, then others have their turn
BEGUN_AT_MOST = 3  # how often it is made anew because the portfolio changed meanwhile
FAILED = "The pack could not be made. Whoever runs the server finds the reason in its log."
ANEW = "Have it made anew."

_told: list[Callable[[SubmissionPack], None]] = []


class NotMade(Exception):
    """Something could not be made; the message says where it went wrong, and quotes nothing of the record."""


def tell_of_packs_with(tell: Callable[[SubmissionPack], None]) -> None:
    """Have this called, in its transaction, when a pack is done or has failed. For apps above, when they begin."""
    _told.append(tell)


@transaction.atomic
def pack_ask(*, registration: Registration, actor: User) -> SubmissionPack:
    """Have a pack of the portfolio made for this person; the one that is being made, if there is one.

    One that is there already stays until it is done. Raises PermissionDenied, and ValidationError with a sentence.
    """
    if not may_take_pack(actor, registration):
        raise PermissionDenied
    if not disk_has_room():
        raise ValidationError("The server has no room left for a pack. Tell whoever runs it.")
    try:
        with transaction.atomic():
            pack = SubmissionPack.objects.create(registration=registration, by=actor, events=0)
    except IntegrityError:  # one is being made already
        return SubmissionPack.objects.get(registration=registration, by=actor, state=PackState.MAKING)
    _begin(pack)
    work_ask(kind=WorkKind.PACK, asked=[_asked(pack)], lane=WorkLane.SLOW)
    return pack


def _begin(pack: SubmissionPack) -> None:
    pack.events = Chain.objects.get(pk=pack.registration.chain_id).length
    pack.save(update_fields=["events", "begun"])
    pack.files.all().delete()
    files = []
    for number, part in enumerate(contents_of(pack.registration, pack.by), start=1):
        row = PackFile(
            pack=pack,
            number=number,
            path=part.path,
            what=part.what,
            version=part.version,
            evidence_file=part.evidence_file,
        )
        if part.evidence_file and part.evidence_file.removal_pk:
            stored = part.evidence_file.stored_file
            row.state, row.sha256, row.size = PackFileState.REMOVED, stored.sha256, stored.size
        files.append(row)
    PackFile.objects.bulk_create(files)


def pack_cancel(*, pack: SubmissionPack, actor: User) -> bool:
    """Make no more of it, and remove what is there. Return whether that came in time. Raises PermissionDenied."""
    if pack.by_id != actor.pk:
        raise PermissionDenied
    ended = _end(pack, PackState.CANCELLED)
    if ended:
        work_forget(kind=WorkKind.PACK, whats=[str(pack.uuid)])
    return ended


def pack_work(work: WaitingWork) -> None:
    """Make what is next of a pack, for a while; in the end close it. It can be done twice without harm."""
    pack = _being_made(UUID(work.what))
    if pack is None:
        work_end(work)
        return
    until = time.monotonic() + STEP
    for file in _waiting(pack):
        _make(file, work)
        if time.monotonic() > until:
            work_go_on(work, lane=WorkLane.SLOW)
            return
    if _has_changed(pack) and pack.begun < BEGUN_AT_MOST:
        pack.begun += 1
        with transaction.atomic():
            _begin(pack)
        work_go_on(work, lane=WorkLane.SLOW)
        return
    try:
        pack.ended_at = timezone.now()
        close(pack)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if work.attempts < ATTEMPTS_AT_MOST:
            raise _said(error) from None
        _end(pack, PackState.FAILED, FAILED)
    else:
        _end(pack, PackState.DONE)
    work_end(work)


def _make(file: PackFile, work: WaitingWork) -> None:
    """Make one file; after the last attempt go on without it."""
    try:
        make(file)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if work.attempts < ATTEMPTS_AT_MOST:
            raise _said(error) from None
        logger.error("A file of pack %s is given up after %s attempts", file.pack.uuid, work.attempts)
        file.state = PackFileState.FAILED
    waits = PackFile.objects.filter(pk=file.pk, state=PackFileState.WAITING)
    waits.update(state=file.state, sha256=file.sha256, size=file.size)


def pack_give_up(work: WaitingWork) -> None:
    """End a pack of which the worker died each time, or beside it."""
    if pack := _being_made(UUID(work.what)):
        _end(pack, PackState.FAILED, FAILED)


def _said(error: Exception) -> NotMade:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return NotMade(f"{type(error).__name__} in {place.filename}, line {place.lineno}")


def _being_made(uuid: UUID) -> SubmissionPack | None:
    packs = SubmissionPack.objects.select_related("registration__centre", "registration__candidate", "by")
    return packs.filter(uuid=uuid, state=PackState.MAKING).first()


def _waiting(pack: SubmissionPack) -> list[PackFile]:
    rows = pack.files.filter(state=PackFileState.WAITING).select_related("evidence_file__stored_file__centre")
    files = list(rows.order_by("number"))
    for file in files:
        file.pack = pack
    return files


def _has_changed(pack: SubmissionPack) -> bool:
    """Whether a person has done something in the portfolio since: that a form was printed changes nothing."""
    since = Event.objects.filter(chain=pack.registration.chain_id, sequence__gt=pack.events, actor__isnull=False)
    return since.exclude(kind="pack.taken").exists()


@transaction.atomic
def _end(pack: SubmissionPack, state: PackState, fault: str = "") -> bool:
    """End it, unless it has ended; return whether that came in time. What is left over of it goes."""
    pack.state, pack.fault, pack.ended_at = state, fault, pack.ended_at or timezone.now()
    said = {"state": state, "fault": fault, "ended_at": pack.ended_at}
    ended = bool(SubmissionPack.objects.filter(pk=pack.pk, state=PackState.MAKING).update(**said))
    if ended and state != PackState.CANCELLED:
        for tell in _told:
            tell(pack)
    if ended and state != PackState.DONE:
        transaction.on_commit(lambda: shutil.rmtree(folder_of(pack), ignore_errors=True))
    return ended


# --- Taking it away ---------------------------------------------------------------------------------


@transaction.atomic
def pack_take(*, pack: SubmissionPack, actor: User) -> list[Member]:
    """Return what the ZIP consists of, and write down that the person took it away.

    Raises PermissionDenied, and ValidationError with a sentence where something of it is not there any more.
    """
    registration = pack.registration
    if pack.by_id != actor.pk or not may_take_pack(actor, registration) or pack.state != PackState.DONE:
        raise PermissionDenied
    _refuse_outdated(pack)
    files = list(pack.files.filter(state=PackFileState.DONE).select_related("evidence_file__stored_file__centre"))
    members = []
    for file in files:
        file.pack = pack
        lies_at = stored_path(file.evidence_file.stored_file) if file.evidence_file else path_of(file)
        if not _is_there(lies_at, file.size):
            raise ValidationError(f"{file.path} is not on the server any more as it was. {ANEW}")
        members.append(Member(path=file.path, lies_at=lies_at, size=file.size))
    manifest = next(file for file in files if file.path == MANIFEST)
    event_add(
        chain=registration.chain,
        kind="pack.taken",
        actor=actor.uuid,
        payload={"pack": str(pack.uuid), "manifest": manifest.sha256, "files": len(files)},
    )
    return members


def _refuse_outdated(pack: SubmissionPack) -> None:
    """Nothing is handed out that was removed or erased since. Raises ValidationError."""
    removed = RemovedFile.objects.filter(evidence__registration=pack.registration, removed_at__gte=pack.asked_at)
    erased = Event.objects.filter(chain=pack.registration.chain_id, kind__in=ERASURES, happened_at__gte=pack.asked_at)
    if removed.exists() or erased.exists():
        raise ValidationError(f"Something was removed from the portfolio since this pack was made. {ANEW}")


def _is_there(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def sweep_packs(*, left_for: timedelta = timedelta(days=1)) -> int:
    """Remove packs that ended a week ago, and folders without one; have those made on that nobody works at.

    Return how many packs were removed.
    """
    making = SubmissionPack.objects.filter(state=PackState.MAKING).select_related("registration")
    work_ask(kind=WorkKind.PACK, asked=[_asked(pack) for pack in making], lane=WorkLane.SLOW)
    old = SubmissionPack.objects.filter(ended_at__lt=timezone.now() - KEPT_FOR)
    swept = old.count()
    old.delete()
    kept = {str(uuid) for uuid in SubmissionPack.objects.values_list("uuid", flat=True)}
    before = (timezone.now() - left_for).timestamp()
    for folder in (prints_dir() / "packs").glob("*"):
        if folder.name not in kept and folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)
    return swept


def _asked(pack: SubmissionPack) -> Asked:
    return Asked(what=str(pack.uuid), person=pack.by_id, centre=pack.registration.centre_id)
