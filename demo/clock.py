"""Sets the time at which the demo's stories happen: in the past, step by step, as they would have."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portfolio.models import WaitingWork


@contextmanager
def told_at(moment: datetime) -> Iterator[None]:
    """Let it be `moment` for the services that run here, and only for them.

    All of them ask `django.utils.timezone.now`. For a process that does nothing else meanwhile, such as
    the command that makes the demo: the time is changed for every thread of it.
    """
    really = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = really


@contextmanager
def tasks_wait_since(moment: datetime) -> Iterator[None]:
    """Let the work that is ordered here wait since `moment`, whenever the stories say that it was: none is late."""
    ready = DBTaskResult.objects.ready()
    before = list(ready.values_list("pk", flat=True))
    yield
    ready.exclude(pk__in=before).update(enqueued_at=moment)
    WaitingWork.objects.filter(ready_at__lt=moment).update(ready_at=moment)
