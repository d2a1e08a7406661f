"""The background worker: does the tasks, takes up what a dead worker left, sweeps daily, gives signs of life.

Beside the tasks, `background.takers` do the waiting work.

There is one worker for each installation. For its sign of life it writes to DATA_DIR/run/worker how long the machine
has been running, which no change of the clock affects. `config.health` reads it with `silent_for`.
"""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from gunicorn.systemd import sd_notify  # type: ignore[import-untyped]

from assessments.home.report import reports_make, sweep_reports
from assessments.printing_many.services import sweep_prints
from assessments.recording_form.drafts import sweep_drafts
from background.takers import Takers
from centres.candidate_numbers.services import sweep_codes
from centres.corrections.services import sweep_corrections
from centres.invitations.services import sweep_invitations
from centres.sign_in.log import sweep_sign_ins
from centres.sign_in.tries import sweep_tries
from notices.near_dates import cases_due_tell, due_tell, samples_due_tell, staff_due_tell, targets_tell
from notices.services import letters_ask, letters_make, sweep_notices
from portfolio.files.arriving import sweep_arriving
from portfolio.files.drawing import sweep_previews
from portfolio.files.presence import files_gone_in_all
from portfolio.files.services import sweep_staged, sweep_unreferenced
from portfolio.files.uploads import sweep_incoming
from portfolio.importing.services import sweep_imports
from portfolio.registrations.standing import suspensions_end
from portfolio.services.waiting_work import sweep_done_work
from portfolio.testimony.request_letters import request_letters_ask
from record.services.checkpoints import checkpoint_make
from record.stamps import FILES, stamp_read, stamp_write
from verification.submission_pack.services import sweep_packs

logger = logging.getLogger("countersign.worker")

NICE = 5  # how much the worker, and all that it begins, gives way to the pages
TASKS_AT_ONCE = 20
PAUSE = 0.5  # seconds between two looks at the queue
BEAT_EVERY = 5  # seconds between two signs of life
IDLE_AT_MOST = 30  # seconds between two rounds of the loop, when it does no task
TASK_AT_MOST = 300  # seconds that one task may take before the worker counts as stuck
SWEEPS_AT_MOST = 3600  # seconds that the daily work may take, all of it together
ATTEMPTS_AT_MOST = 5  # a task whose workers died so often is given up: it may be what kills them
SWEEP_EVERY = 24 * 3600  # seconds
REPORTS_EVERY = 60.0  # seconds between two looks whether the reports of this quarter of an hour are made
LETTERS_EVERY = 30.0  # seconds, so that what happens at once goes in one letter
LOOK_AT_FILES_EVERY = timedelta(days=1)
LOOK_AGAIN_AFTER = timedelta(minutes=10)  # when some were gone: somebody brings them back just now


class AnotherWorker(Exception):
    """A worker is already running in this installation."""


class WorkerDied(Exception):
    """The reason for failure of a task that was given up."""


class TaskWorker(Worker):
    """Does all tasks that are ready, again and again, until it is told to stop.

    After a first TERM the present task is finished. A second ends it, and the next worker takes it up again.
    """

    def __init__(self) -> None:
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=PAUSE,
            batch=True,  # `run` returns when nothing is left to do
            backend_name="default",
            startup_delay=False,
            max_tasks=TASKS_AT_ONCE,  # then letters, sweeps and the beat have their turn
            worker_id=get_random_string(32),
        )
        self.round_began = time.monotonic()
        self.is_sweeping = False
        self.tasks_done = 0
        self.letters_at = -LETTERS_EVERY
        self.reports_at = -REPORTS_EVERY
        self.takers = Takers()
        logging.getLogger("django_tasks_db").setLevel(logging.WARNING)  # it would log a greeting at every round

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Stop after the present task; asked again, stop at once (django-tasks would note a failure)."""
        if not self.running:
            os._exit(1)
        self.running = False

    def work(self) -> None:
        """Do what there is to do until TERM; ask again if the database is locked or away."""
        look_for_left_tasks = True
        while self.running:
            self.round_began = time.monotonic()
            try:
                if look_for_left_tasks:
                    take_up_left_tasks()
                    look_for_left_tasks = False
                self.takers.begin()
                self._do_daily_work()
                self.max_tasks = self.tasks_done + TASKS_AT_ONCE
                self.run()
            except (OperationalError, InterfaceError) as error:
                logger.warning("The database does not answer, trying again: %s", str(error).strip())
                connection.close()
                look_for_left_tasks = True
            if self.running:
                time.sleep(PAUSE)
        self.takers.end()

    def _do_daily_work(self) -> None:
        self.is_sweeping = True
        try:
            sweep_when_due()
            look_at_files_when_due()
            self._write_letters()
            self._make_reports()
        finally:
            self.is_sweeping = False
            self.round_began = time.monotonic()

    def _write_letters(self) -> None:
        """Twice a minute, make letters of what people are to be told, and have those sent whose turn it is."""
        if time.monotonic() - self.letters_at < LETTERS_EVERY:
            return
        self.letters_at = time.monotonic()
        letters_make()
        letters_ask()
        request_letters_ask()

    def _make_reports(self) -> None:
        """Every quarter of an hour, count how each centre stands."""
        if time.monotonic() - self.reports_at < REPORTS_EVERY:
            return
        self.reports_at = time.monotonic()
        reports_make()

    def run_task(self, db_task_result: DBTaskResult) -> None:
        """Do one task."""
        self.round_began = time.monotonic()
        self.tasks_done += 1
        super().run_task(db_task_result)
        self.round_began = time.monotonic()

    def gets_on(self) -> bool:
        """Whether the loop goes on, stuck neither in a task nor between two, and so do the takers."""
        limit = SWEEPS_AT_MOST if self.is_sweeping else TASK_AT_MOST if self.running_task else IDLE_AT_MOST
        return time.monotonic() - self.round_began < limit and self.takers.get_on()


def run_worker() -> None:
    """Do the tasks of this installation until TERM. Raises AnotherWorker."""
    with _alone():
        os.nice(NICE)
        worker = TaskWorker()
        worker.configure_signals()
        threading.Thread(target=_beat, args=[worker], daemon=True).start()
        worker.work()
        heartbeat_file().unlink(missing_ok=True)


def heartbeat_file() -> Path:
    """The file that holds the worker's last sign of life."""
    return Path(settings.DATA_DIR / "run" / "worker")


def give_sign_of_life(*, ago: float = 0) -> None:
    """Write a sign of life, as of so many seconds ago."""
    new = heartbeat_file().with_name("worker.new")
    new.write_text(f"{_this_boot()} {time.clock_gettime(time.CLOCK_BOOTTIME) - ago:.3f}", encoding="ascii")
    new.replace(heartbeat_file())


def silent_for() -> float:
    """The seconds since the last sign of life; infinite if there is none since the machine started."""
    try:
        boot, at = heartbeat_file().read_text(encoding="ascii").split()
        silent = time.clock_gettime(time.CLOCK_BOOTTIME) - float(at)
    except (OSError, ValueError):
        return float("inf")
    return silent if boot == _this_boot() and silent >= 0 else float("inf")


def _this_boot() -> str:
    """An id of this run of the machine: its seconds can only be compared within one run."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


@transaction.atomic
def take_up_left_tasks() -> None:
    """Make ready again the tasks that a worker was doing when it died; only the worker itself may call this."""
    for task in DBTaskResult.objects.running().select_for_update():
        attempts = len(task.worker_ids)
        if attempts >= ATTEMPTS_AT_MOST:
            logger.error("%s %s given up: its worker died %s times", task.task_name, task.pk, attempts)
            task.set_failed(WorkerDied(f"The worker died {attempts} times while it did this."))
        else:
            logger.warning("%s %s is taken up again", task.task_name, task.pk)
            task.status = TaskResultStatus.READY
            task.started_at = None
            task.save(update_fields=["status", "started_at"])


def sweep_when_due() -> None:
    """Once a day, remove what nobody needs any more, and write a checkpoint. If one job fails, the others go on."""
    stamp = Path(settings.DATA_DIR / "run" / "swept")
    if stamp.exists() and 0 <= time.time() - stamp.stat().st_mtime < SWEEP_EVERY:  # before 0: the clock went back
        return
    stamp.touch()
    for sweep in SWEEPS:
        try:
            sweep()
        except Exception:
            logger.exception("A daily sweep failed")


def look_at_files_when_due() -> None:
    """Once a day, check that every stored file is there, and note how many are not; `config.health` reports it."""
    last = stamp_read(FILES)
    if last is not None:
        every = LOOK_AGAIN_AFTER if last.faults else LOOK_AT_FILES_EVERY
        if timedelta(0) <= timezone.now() - last.at < every:
            return
    gone = files_gone_in_all()
    if gone:
        logger.error("Stored files are gone or cut short: %s. manage.py verify_record names them", gone)
    stamp_write(FILES, faults=gone)


def _sweep_sessions() -> None:
    call_command("clearsessions")


def _sweep_tasks() -> None:
    call_command("prune_db_task_results", queue_name="*", verbosity=0)  # two weeks after they ended


SWEEPS: list[Callable[[], object]] = [
    sweep_incoming,
    sweep_arriving,
    sweep_staged,
    sweep_unreferenced,
    sweep_previews,
    sweep_done_work,
    sweep_imports,
    sweep_drafts,
    sweep_prints,
    sweep_packs,
    sweep_reports,
    sweep_notices,
    sweep_tries,
    sweep_sign_ins,
    sweep_corrections,
    sweep_invitations,
    sweep_codes,
    due_tell,
    samples_due_tell,
    cases_due_tell,
    suspensions_end,
    staff_due_tell,
    targets_tell,
    _sweep_sessions,
    _sweep_tasks,
    checkpoint_make,
]


def _beat(worker: TaskWorker) -> None:
    while True:
        try:
            if worker.gets_on():
                give_sign_of_life()
                sd_notify("WATCHDOG=1", logger)  # to systemd, where that started it
        except OSError as error:
            logger.warning("No sign of life could be given: %s", error)
        time.sleep(BEAT_EVERY)


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the installation's one worker lock; the system releases it however the worker ends."""
    run = Path(settings.DATA_DIR / "run")
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (run / "worker.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AnotherWorker from error
        yield
