"""Reads notices with what their sentences say."""

from centres.models import User
from notices.models import How, Notice, NoticeChoice, NoticeQuerySet


def notices_of(person: User) -> NoticeQuerySet:
    """The person's notices, the newest first, with the candidates they are about and who did it."""
    return Notice.objects.filter(person=person).select_related("centre", "by", "registration__candidate")


def how_told(person: User) -> How:
    """How the person is told."""
    chosen = NoticeChoice.objects.filter(person=person).values_list("how", flat=True).first()
    return How(chosen or How.AT_ONCE)
