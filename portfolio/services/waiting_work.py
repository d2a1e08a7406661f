"""Work that pages leave for later: asked for, taken by turns, and done or tried again.

Whoever takes the next one takes it of the person who was served least recently; where that is nobody yet, of the
centre that was. So a person who asks for much waits for it alone. Each change here is one statement: two who take at
once never take the same, on either database, and nothing is locked while work is done.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import DateTimeField, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from portfolio.models import WaitingWork, WorkKind, WorkLane, WorkState
from record.prepared import prepared

ATTEMPTS_AT_MOST = 3
AGAIN_AFTER = timedelta(minutes=2)  # after the first attempt, twice as long after the second
HELD_UP_AFTER = timedelta(minutes=5)  # longer than any piece of work may take
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked for, and for whom: the primary keys of a person and of a centre."""

    what: str
    person: int
    centre: int


def work_ask(*, kind: WorkKind, asked: Iterable[Asked], lane: WorkLane = WorkLane.QUICK) -> None:
    """Have this done, but for what waits already or is just being done. It begins in this lane."""
    wanted = {one.what: one for one in asked}
    missing = sorted(wanted.keys() - set(_waiting(kind, wanted)))  # in one order, so that nobody waits for each other
    rows = [
        WaitingWork(kind=kind, what=what, person_id=wanted[what].person, centre_id=wanted[what].centre, lane=lane)
        for what in missing
    ]
    if rows:
        WaitingWork.objects.bulk_create(rows, ignore_conflicts=True)  # somebody may ask for the same just now


def work_forget(*, kind: WorkKind, whats: Collection[str]) -> None:
    """Let nobody do this any more, but for what is being done just now."""
    WaitingWork.objects.filter(kind=kind, what__in=whats, state=WorkState.WAITING).delete()


def work_take(*lanes: WorkLane, only_new: bool = False) -> WaitingWork | None:
    """Take what is next in the first of these lanes in which something is ready; None if nothing is.

    With `only_new`, nothing slow that was tried before: one taker alone does that (`left_work_take_up`).
    """
    for lane in lanes:
        while (work := _next(lane, only_new=only_new and lane == WorkLane.SLOW)) is not None:
            mine = WaitingWork.objects.filter(pk=work.pk, state=WorkState.WAITING)
            work.state, work.served_at, work.attempts = WorkState.TAKEN, timezone.now(), work.attempts + 1
            if mine.update(state=work.state, served_at=work.served_at, attempts=work.attempts):
                return work
    return None


def work_end(work: WaitingWork) -> None:
    """Note that it is done, or that nothing more can be done."""
    _taken(work).update(state=WorkState.DONE)


def work_go_on(work: WaitingWork, *, lane: WorkLane) -> None:
    """Note that it got on, and let the rest wait in this lane, behind all else of its person."""
    _taken(work).update(state=WorkState.WAITING, lane=lane, attempts=0, ready_at=timezone.now())


def work_put_off(work: WaitingWork) -> None:
    """Have it tried again in a few minutes; after the last attempt let it be."""
    if work.attempts >= ATTEMPTS_AT_MOST:
        work_end(work)
        return
    _taken(work).update(state=WorkState.WAITING, ready_at=timezone.now() + work.attempts * AGAIN_AFTER)


def work_wait(work: WaitingWork, after: timedelta) -> None:
    """Have it tried again after so long, as often as whoever does it says."""
    _taken(work).update(state=WorkState.WAITING, ready_at=timezone.now() + after)


def work_give_back(work: WaitingWork) -> None:
    """Leave it to the next who takes it, as if nobody had: that it was not done had nothing to do with it."""
    _taken(work).update(state=WorkState.WAITING, attempts=F("attempts") - 1)


def left_work_take_up() -> list[WaitingWork]:
    """Let what was being done when the worker died wait again; return what has been tried too often.

    Only a worker that has taken nothing yet may call this. What it returns is still taken: give it up and end it.
    In the slow lane one taker alone does what was tried before, so that what kills the worker takes the same others
    with it no second time.
    """
    left = WaitingWork.objects.filter(state=WorkState.TAKEN)
    left.filter(attempts__lt=ATTEMPTS_AT_MOST).update(state=WorkState.WAITING, lane=WorkLane.SLOW)
    return list(left)


def work_is_held_up() -> bool:
    """Whether something has been ready for long while nothing at all was taken."""
    long_ago = timezone.now() - HELD_UP_AFTER
    waits = WaitingWork.objects.filter(state=WorkState.WAITING, ready_at__lt=long_ago)
    return waits.exists() and not WaitingWork.objects.filter(served_at__gte=long_ago).exists()


def sweep_done_work() -> int:
    """Forget what was done more than a day ago. Return how many there were."""
    before = timezone.now() - KEPT_FOR
    return WaitingWork.objects.filter(state=WorkState.DONE, served_at__lt=before).delete()[0]


def _next(lane: WorkLane, *, only_new: bool) -> WaitingWork | None:
    ready = WaitingWork.objects.filter(state=WorkState.WAITING, lane=lane, ready_at__lte=timezone.now())
    if only_new:
        ready = ready.filter(attempts=0)
    by_turns = ready.annotate(
        person_served=_last_served(Q(person=OuterRef("person"))),
        centre_served=_last_served(Q(centre=OuterRef("centre"))),
    ).order_by(F("person_served").asc(nulls_first=True), F("centre_served").asc(nulls_first=True), "ready_at", "pk")
    return by_turns.first()


def _last_served(whose: Q) -> "Subquery[DateTimeField]":
    served = WaitingWork.objects.filter(whose, served_at__isnull=False).order_by("-served_at")
    return Subquery(served.values("served_at")[:1])


def _open() -> QuerySet[WaitingWork]:
    return WaitingWork.objects.exclude(state=WorkState.DONE)


@prepared
def _waiting(kind: str, wanted: Collection[str]) -> QuerySet[WaitingWork, str]:
    return _open().filter(kind=kind, what__in=wanted).values_list("what", flat=True)


def _taken(work: WaitingWork) -> QuerySet[WaitingWork]:
    return WaitingWork.objects.filter(pk=work.pk, state=WorkState.TAKEN)
