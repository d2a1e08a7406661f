"""Reads notices with what their sentences say."""

from datetime import datetime

from django.db.models import QuerySet

from centres.models import User
from notices.models import How, Notice, NoticeChoice, NoticeQuerySet
from record.prepared import prepared

SHOWN_AT_MOST = 5


def notices_of(person: User | int) -> NoticeQuerySet:
    """The person's notices, the newest first, with the candidates they are about and who did it."""
    return Notice.objects.filter(person=person).select_related("centre", "by", "registration__candidate")


@prepared
def newest_of(person: int, now: datetime) -> QuerySet[Notice, Notice]:
    """The newest of the person (a primary key) that they have not put away: one more than a home shows."""
    return notices_of(person).unseen().still_open(person, now)[: SHOWN_AT_MOST + 1]


def how_told(person: User) -> How:
    """How the person is told."""
    chosen = NoticeChoice.objects.filter(person=person).values_list("how", flat=True).first()
    return How(chosen or How.AT_ONCE)
