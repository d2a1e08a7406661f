"""Checks a file and keeps it, begins and stops an import, and does its rows, slice by slice, as waiting work.

Each row is a transaction of its own, which also notes on the row what came of it. So whatever ends the worker, the next
one goes on with the first row that was not done; a row that is refused takes no other with it; and nobody who presses
something meanwhile waits for more than one row.
"""

import time
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import timezone

from centres.models import Centre, User
from centres.permissions import may_coordinate
from portfolio.files.uploads import IncomingFile, refusal
from portfolio.importing.checking import in_order, known_headings, sheet_check
from portfolio.importing.known import KnownHere
from portfolio.importing.letters import import_letters_work
from portfolio.importing.reading import sheet_read
from portfolio.importing.rows import look_again, row_do
from portfolio.models import Import, ImportRow, ImportRowState, ImportState, WaitingWork, WorkKind, WorkLane
from portfolio.models.importing import SENTENCE_AT_MOST
from portfolio.services.waiting_work import ATTEMPTS_AT_MOST, Asked, work_ask, work_end, work_go_on

A_WHILE = 60.0  # seconds, after which a piece of work lets others have their turn
SLICE = 50  # rows that are done before others have their turn
KEPT_FOR = timedelta(days=30)


def import_check(*, centre: Centre, actor: User, incoming: IncomingFile) -> Import:
    """Read a file, check every cell of it, and keep it to be started or to be mended. Nothing else is changed.

    Raises PermissionDenied unless `actor` coordinates the centre; ValidationError, with a sentence for each thing that
    is wrong, for what is no table of the right columns within the limits.
    """
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    if (why := refusal(incoming)) is not None:
        raise ValidationError(why)
    checked = sheet_check(sheet_read(incoming.path, known=known_headings()), KnownHere.of(centre))
    with transaction.atomic():
        row = Import(
            centre=centre,
            by=actor,
            name=str(incoming.name)[:200],
            sha256=incoming.sha256,
            faults=checked.faults,
            sentence=checked.sentence,
            checked_at=timezone.now(),
        )
        row.full_clean()
        row.save()
        ImportRow.objects.bulk_create(
            (
                ImportRow(
                    of=row,
                    number=one.number,
                    position=position,
                    cells=one.cells,
                    said=one.said,
                    faults=one.faults,
                    sentence=one.sentence[:SENTENCE_AT_MOST],
                )
                for position, one in enumerate(in_order(checked.rows))
            ),
            batch_size=500,
        )
    return row


@transaction.atomic
def import_start(*, of: Import, actor: User) -> None:
    """Begin an import, in the name of `actor`. One that has begun goes on as it was.

    Raises PermissionDenied unless `actor` coordinates the centre, ValidationError while a cell must be mended, and
    while another import of the centre is running.
    """
    row = _locked(of, actor)
    if row.state != ImportState.CHECKED:
        return
    if row.faults:
        raise ValidationError("Nothing starts before every cell is right. Mend the file, and choose it again.")
    row.state, row.by, row.started_at = ImportState.RUNNING, actor, timezone.now()
    row.full_clean()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # somebody else started one at this moment
        raise ValidationError("Another import is running. Start this one when it has ended.") from error
    asked = Asked(what=str(row.uuid), person=actor.pk, centre=row.centre_id)
    work_ask(kind=WorkKind.IMPORT, asked=[asked], lane=WorkLane.SLOW)


@transaction.atomic
def import_stop(*, of: Import, actor: User) -> None:
    """Stop a running import after the row that is being done; what was done stays. One that has ended stays so.

    Raises PermissionDenied unless `actor` coordinates the centre.
    """
    row = _locked(of, actor)
    if row.state == ImportState.RUNNING:
        _end(row, ImportState.STOPPED, f"{actor} stopped it.")


def import_work(work: WaitingWork) -> None:
    """Do the next rows of the import that this work names, and once all are done tell people by e-mail."""
    row = Import.objects.select_related("centre__chain", "by").filter(uuid=UUID(work.what)).first()
    if row is None:
        work_end(work)
    elif row.state == ImportState.RUNNING:
        _slice_do(row, work)
        work_go_on(work, lane=WorkLane.SLOW)
    else:
        import_letters_work(row, work)


def import_give_up(work: WaitingWork) -> None:
    """Say on its page that it could not go on: the worker died of it, or beside it, each time."""
    row = Import.objects.filter(uuid=UUID(work.what), state=ImportState.RUNNING).first()
    if row is not None:
        _end(row, ImportState.STOPPED, "The server stopped each time it went on. Choose the file again.")


def sweep_imports() -> int:
    """Forget imports a month after their end, or after they were checked. Return how many there were."""
    before = timezone.now() - KEPT_FOR
    ended = Import.objects.filter(ended_at__lt=before)
    never_begun = Import.objects.filter(state=ImportState.CHECKED, checked_at__lt=before)
    count = ended.count() + never_begun.count()
    ended.delete()
    never_begun.delete()
    return count


def _locked(of: Import, actor: User) -> Import:
    row = Import.objects.select_for_update(no_key=True, of=("self",)).select_related("centre").get(pk=of.pk)
    if not may_coordinate(actor, row.centre):
        raise PermissionDenied
    return row


def _end(row: Import, state: ImportState, sentence: str = "") -> None:
    Import.objects.filter(pk=row.pk, state=ImportState.RUNNING).update(
        state=state, ended_at=timezone.now(), sentence=sentence or row.sentence
    )


def _slice_do(row: Import, work: WaitingWork) -> None:
    """Do the next rows, or note that all are done. What fails for no reason of its own is given up in the end."""
    look_again()
    waiting = row.rows.filter(state=ImportRowState.WAITING).order_by("position")
    pks = list(waiting.values_list("pk", flat=True)[:SLICE])
    if not pks:
        _end(row, ImportState.DONE)
    try:
        until = time.monotonic() + A_WHILE
        for pk in pks:
            if not _row_do(row, pk) or time.monotonic() > until:
                break
    except (OperationalError, InterfaceError):
        raise  # the taker waits for the database
    except Exception:
        if work.attempts >= ATTEMPTS_AT_MOST:
            import_give_up(work)
        raise


def _row_do(of: Import, pk: int) -> bool:
    """Do one row and note what came of it; return False once the import is running no more."""
    try:
        with transaction.atomic():
            if not _still_runs(of):
                return False
            row = ImportRow.objects.get(pk=pk)
            if row.state != ImportRowState.WAITING:
                return True
            made = row_do(row, centre=of.centre, actor=of.by)
            row.state = ImportRowState.DONE if made.sentences else ImportRowState.SAME
            row.sentence = " ".join(filter(None, (*made.sentences, made.left_alone)))[:SENTENCE_AT_MOST]
            row.registration, row.to_invite = made.registration, made.membership
            row.save(update_fields=["state", "sentence", "registration", "to_invite"])
    except PermissionDenied:
        _end(of, ImportState.STOPPED, f"{of.by} does not coordinate the centre any more.")
        return False
    except ValidationError as refused:
        why = " ".join(refused.messages)[:SENTENCE_AT_MOST]
        ImportRow.objects.filter(pk=pk).update(state=ImportRowState.FAILED, sentence=why)
    return True


def _still_runs(of: Import) -> bool:
    """Whether nobody has stopped it. Whoever stops it waits for the row that is being done."""
    running = Import.objects.select_for_update(no_key=True).filter(pk=of.pk, state=ImportState.RUNNING)
    return running.values_list("pk", flat=True).first() is not None
