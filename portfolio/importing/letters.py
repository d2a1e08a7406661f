"""Tells people by e-mail of roles that an import gave them: after its rows, and again until the mail server takes it.

Who comes in by an invitation has that letter instead (`centres/invitations/tasks.py`).
"""

import logging
import time
from smtplib import SMTPRecipientsRefused

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from centres.services.people import invitation_send
from portfolio.models import Import, ImportRow, WaitingWork, WorkKind, WorkLane
from portfolio.models.importing import SENTENCE_AT_MOST
from portfolio.services.mail import GIVEN_UP_AFTER, is_refused_for_good, pause_after
from portfolio.services.waiting_work import Asked, work_ask, work_end, work_go_on, work_wait

logger = logging.getLogger("countersign.imports")

A_WHILE = 60.0  # seconds, after which others have their turn
SLICE = 50  # e-mails that are sent before others have their turn
REFUSED = "The mail server refused their address, so tell them yourself."


def to_tell(of: Import) -> QuerySet[ImportRow]:
    """The rows whose people have to be told still."""
    return of.rows.filter(to_invite__isnull=False).order_by("position")


def telling_is_given_up(of: Import) -> bool:
    """Whether no e-mail of it is tried any more, by the rule of all letters."""
    return of.ended_at is not None and timezone.now() - of.ended_at >= GIVEN_UP_AFTER


def import_letters_ask() -> None:
    """Have the letters sent that wait and for which nothing asks, as after a worker that died of one."""
    waiting = ImportRow.objects.filter(of=OuterRef("pk"), to_invite__isnull=False)
    ended = Import.objects.filter(Exists(waiting), ended_at__gt=timezone.now() - GIVEN_UP_AFTER)
    asked = [
        Asked(what=str(uuid), person=person, centre=centre)
        for uuid, person, centre in ended.values_list("uuid", "by", "centre")
    ]
    if asked:
        work_ask(kind=WorkKind.IMPORT, asked=asked, lane=WorkLane.SLOW)


def import_letters_work(of: Import, work: WaitingWork) -> None:
    """Send the next letters; what is not taken is tried again later, until it is given up."""
    if telling_is_given_up(of):
        work_end(work)
    elif _send_next(of):
        work_go_on(work, lane=WorkLane.SLOW)
    elif to_tell(of).exists():
        work_wait(work, pause_after(work.attempts))
    else:
        work_end(work)


def _send_next(of: Import) -> int:
    """Send some; return how many need no further try. One that is refused for now holds up nobody behind it."""
    if of.centre.is_demo:  # nobody gets letters of a demo
        return to_tell(of).update(to_invite=None)
    ended, until = 0, time.monotonic() + A_WHILE
    for one in to_tell(of).select_related("to_invite__user", "to_invite__centre"):
        if one.to_invite is None:
            continue
        if ended == SLICE or time.monotonic() > until:
            break
        try:
            invitation_send(membership=one.to_invite)
        except (SMTPRecipientsRefused, ValueError) as error:
            logger.warning("A letter to row %s was refused: %s", one.uuid, type(error).__name__)
            if isinstance(error, SMTPRecipientsRefused) and not is_refused_for_good(error):
                continue
            one.sentence = f"{one.sentence} {REFUSED}".strip()[:SENTENCE_AT_MOST]
        except OSError as error:  # as smtplib's errors are
            logger.warning("A letter to row %s could not be sent: %s", one.uuid, type(error).__name__)
            break
        ImportRow.objects.filter(pk=one.pk).update(to_invite=None, sentence=one.sentence)
        ended += 1
    return ended
