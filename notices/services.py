"""Writes notices, makes letters of them in bulk, and sends letters until they go."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from centres.models import Centre, User
from notices.models import How, Letter, Notice, NoticeChoice, NoticeKind
from notices.telling import About
from notices.words import said_by_letter
from portfolio.models import WaitingWork, WorkKind, WorkLane
from portfolio.services.mail import mail_not_sent, mail_try
from portfolio.services.waiting_work import Asked, work_ask, work_end

MORNING = datetime.time(7)  # when the letters of a day are made, by the clock of the centre
NOT_SENT_AFTER = datetime.timedelta(days=2)  # what is older is news to nobody, after a choice was changed, say
KEPT_FOR = datetime.timedelta(days=365)
LINES_AT_MOST = 20  # notices that a letter names


class Told(NamedTuple):
    """What somebody is told: that `by` did this, and where to look."""

    kind: NoticeKind
    person: User
    by: User | None
    about: About


def notices_write(told: Iterable[Told]) -> None:
    """Write these notices, in the transaction of what they tell of."""
    now = timezone.now()
    Notice.objects.bulk_create(
        Notice(
            person=one.person,
            centre=one.about.centre,
            kind=one.kind,
            registration=one.about.registration,
            about=one.about.words,
            path=one.about.path,
            by=one.by,
            made_at=now,
        )
        for one in told
    )


def notices_put_away(*, person: User, until: datetime.datetime) -> int:
    """Note that the person has seen all notices up to this moment; return how many were new."""
    new = Notice.objects.unseen().filter(person=person, made_at__lte=until)
    return new.update(seen_at=timezone.now())


def notices_settle(*, person: User, path: str) -> None:
    """Put away what the person was told of this page: they have done there what was to be done."""
    Notice.objects.unseen().filter(person=person, path=path).update(seen_at=timezone.now())


def notice_choice_set(*, person: User, how: How) -> None:
    """Tell the person by e-mail at once, once a day, or in the site alone."""
    NoticeChoice.objects.update_or_create(person=person, defaults={"how": How(how)})


@transaction.atomic
def letters_make(now: datetime.datetime | None = None) -> int:
    """Make a letter for each person and centre with notices that are due; return how many. The worker alone calls it.

    However many people there are, it takes four queries. Nobody gets letters of a demo.
    """
    now = now or timezone.now()
    without = Notice.objects.filter(
        letter__isnull=True, seen_at__isnull=True, centre__is_demo=False, made_at__gt=now - NOT_SENT_AFTER
    )
    wanted = without.exclude(person__notice_choice__how=How.SITE_ONLY).exclude(person__is_active=False)
    wanted = wanted.exclude(person__password__startswith=UNUSABLE_PASSWORD_PREFIX)  # they have their invitation
    wanted = wanted.exclude(person__email="")  # they sign in with a number, and are told in the site alone
    rows = wanted.order_by("pk").values_list(
        "pk", "person", "centre", "centre__time_zone", "person__notice_choice__how", "made_at"
    )
    due: dict[tuple[int, int], list[int]] = {}
    for pk, person, centre, zone, how, made_at in rows:
        if how != How.DAILY or made_at < last_morning(now, zone):
            due.setdefault((person, centre), []).append(pk)
    letters = Letter.objects.bulk_create(
        Letter(person_id=person, centre_id=centre, made_at=now, next_try_at=now) for person, centre in due
    )
    carried = [Notice(pk=pk, letter=letter) for letter, pks in zip(letters, due.values(), strict=True) for pk in pks]
    Notice.objects.bulk_update(carried, ["letter"], batch_size=1000)
    return len(letters)


def last_morning(now: datetime.datetime, zone: str) -> datetime.datetime:
    """The last seven o'clock in this time zone."""
    here = now.astimezone(ZoneInfo(zone))
    morning = datetime.datetime.combine(here.date(), MORNING, here.tzinfo)
    return morning if morning <= here else morning - datetime.timedelta(days=1)


def letters_ask() -> None:
    """Have the letters sent whose turn it is. They wait in the slow lane: a slow mail server keeps nobody's photo."""
    asked = [
        Asked(what=str(uuid), person=person, centre=centre)
        for uuid, person, centre in Letter.objects.due().values_list("uuid", "person", "centre")[:500]
    ]
    if asked:
        work_ask(kind=WorkKind.LETTER, asked=asked, lane=WorkLane.SLOW)


def letter_work(work: WaitingWork) -> None:
    """Send the letter that this work names, or note when it is tried again."""
    letter = Letter.objects.waiting().filter(uuid=UUID(work.what)).select_related("person", "centre").first()
    if letter is not None:
        letter_send(letter)
    work_end(work)


def letter_give_up(work: WaitingWork) -> None:
    """Note that the letter cannot be sent: the worker died of it, or beside it, each time."""
    letter = Letter.objects.waiting().filter(uuid=UUID(work.what)).first()
    if letter is not None:
        mail_not_sent(letter, "The server stopped each time it was sent.", is_final=True)


def letter_send(letter: Letter) -> None:
    """Send it, or note when it is tried again."""
    mail_try(letter, _message(letter))


def sweep_notices() -> int:
    """Forget notices and letters that are older than a year; return how many notices that were."""
    before = timezone.now() - KEPT_FOR
    count = Notice.objects.filter(made_at__lt=before).delete()[0]
    Letter.objects.filter(made_at__lt=before).delete()
    return count


def undelivered(centre: Centre) -> list[Letter]:
    """The letters to people of the centre that its coordinator is shown."""
    return list(Letter.objects.undelivered().filter(centre=centre).select_related("person")[:20])


def _message(letter: Letter) -> EmailMessage:
    notices = list(letter.notices.order_by("pk")[:LINES_AT_MOST])
    number = letter.notices.count()
    context = {
        "name": letter.person.name,
        "centre": letter.centre.name,
        "lines": [
            (said_by_letter(one), settings.SITE_URL + reverse("notices:notice", args=[one.uuid])) for one in notices
        ],
        "more": max(0, number - LINES_AT_MOST),
        "number": number,
        "all": settings.SITE_URL + reverse("notices:notices"),
    }
    return EmailMessage(
        subject=" ".join(render_to_string("notices/email/letter_subject.txt", context).split()),
        body=render_to_string("notices/email/letter.txt", context),
        to=[letter.person.email],
    )
