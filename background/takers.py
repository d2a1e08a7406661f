"""Those who do the waiting work: several at once, each a thread of the worker, as many as the settings say.

What takes long they have done by processes of their own, which have limits of their own. Some of them do quick work
alone, so slow work never keeps all, and what somebody asks for now begins within seconds.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from assessments.printing_many.tasks import print_work, printing_give_up
from notices.services import letter_give_up, letter_work
from portfolio.files.tasks import draw, drawing_give_up
from portfolio.importing.services import import_give_up, import_work
from portfolio.models import WaitingWork, WorkKind, WorkLane
from portfolio.services.waiting_work import (
    left_work_take_up,
    work_end,
    work_give_back,
    work_put_off,
    work_take,
)
from portfolio.testimony.request_letters import request_letter_give_up, request_letter_work
from printing.pdf import presses_at_once
from verification.submission_pack.services import pack_give_up, pack_work

logger = logging.getLogger("countersign.worker")

PAUSE = 0.5  # seconds between two looks at what waits
PIECE_AT_MOST = 300  # seconds that one piece of work may take before its taker counts as stuck
END_AT_MOST = 5  # seconds that the present work is waited for in the end


@dataclass(frozen=True, kw_only=True)
class Doing:
    """How a kind of work is done, and what is said where it is given up. `do` notes itself how far it came."""

    do: Callable[[WaitingWork], None]
    give_up: Callable[[WaitingWork], None]


KINDS = {
    WorkKind.DRAWING: Doing(do=draw, give_up=drawing_give_up),
    WorkKind.LETTER: Doing(do=letter_work, give_up=letter_give_up),
    WorkKind.REQUEST: Doing(do=request_letter_work, give_up=request_letter_give_up),
    WorkKind.IMPORT: Doing(do=import_work, give_up=import_give_up),
    WorkKind.PRINTING: Doing(do=print_work, give_up=printing_give_up),
    WorkKind.PACK: Doing(do=pack_work, give_up=pack_give_up),
}


class Taker:
    """Takes one piece of work after another from its lanes, until it is told to stop."""

    def __init__(self, *lanes: WorkLane, only_new: bool = False) -> None:
        self.lanes = lanes
        self.only_new = only_new
        self.running = True
        self.work: WaitingWork | None = None  # that it does just now
        self.round_began = time.monotonic()

    def gets_on(self) -> bool:
        """Whether it is not stuck."""
        return time.monotonic() - self.round_began < PIECE_AT_MOST

    def take_turns(self) -> None:
        """Do what waits; ask again if the database is locked or away."""
        while self.running:
            self.round_began = time.monotonic()
            try:
                if not self.do_next():
                    time.sleep(PAUSE)
            except (OperationalError, InterfaceError) as error:
                logger.warning("The database does not answer, trying again: %s", str(error).strip())
                connection.close()
                time.sleep(PAUSE)
        connection.close()

    def give_back(self) -> None:
        """Leave to others what it could not end."""
        if self.work is not None:
            work_give_back(self.work)
            self.work = None

    def do_next(self) -> bool:
        """Do the next piece; return False where nothing waits."""
        self.give_back()  # of which the database lost track
        self.work = work = work_take(*self.lanes, only_new=self.only_new)
        if work is None:
            return False
        try:
            KINDS[WorkKind(work.kind)].do(work)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("%s failed", work)
            work_put_off(work)
        self.work = None
        return True


def all_takers() -> list[Taker]:
    """As many for quick work alone and for any as the settings say. One alone of these does what was tried before."""
    quick = [Taker(WorkLane.QUICK) for _ in range(settings.QUICK_WORKERS)]
    any_work = [Taker(WorkLane.QUICK, WorkLane.SLOW, only_new=place > 0) for place in range(settings.SLOW_WORKERS)]
    return quick + any_work


class Takers:
    """All takers of the worker."""

    def __init__(self) -> None:
        self.takers: list[Taker] = []
        self.threads: list[threading.Thread] = []

    def begin(self) -> None:
        """Take up what a dead worker left, and begin, unless they have begun."""
        if self.takers:
            return
        for work in left_work_take_up():
            _give_up(work)
        presses_at_once(settings.QUICK_WORKERS + settings.SLOW_WORKERS + 1)  # and one for the tasks
        self.takers = all_takers()
        self.threads = [threading.Thread(target=taker.take_turns, daemon=True) for taker in self.takers]
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        """Let them end what they do if that is soon, and leave it to the next worker if not."""
        for taker in self.takers:
            taker.running = False
        until = time.monotonic() + END_AT_MOST
        for thread in self.threads:
            thread.join(max(0, until - time.monotonic()))
        with contextlib.suppress(OperationalError, InterfaceError):  # then the next worker finds it as this one left it
            for taker in self.takers:
                taker.give_back()

    def get_on(self) -> bool:
        """Whether none of them is stuck."""
        return all(taker.gets_on() for taker in self.takers)


def _give_up(work: WaitingWork) -> None:
    logger.error("%s is given up: the worker died %s times while it was done", work, work.attempts)
    try:
        KINDS[WorkKind(work.kind)].give_up(work)
    except OSError:
        logger.exception("Nobody could be told that %s is given up", work)
    work_end(work)
