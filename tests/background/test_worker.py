"""The worker does what pages leave for later, and takes up what a dead worker left."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from assessments.models import FinalForm
from assessments.recording_form.services import ATTEMPTS, final_forms_missing
from background import worker
from background.worker import TaskWorker, heartbeat_file, silent_for, sweep_when_due, take_up_left_tasks
from portfolio.files.services import bytes_store
from portfolio.models.evidence import stored_path
from record.checkpoint_comparison import newest_checkpoint
from record.stamps import FILES, stamp_read
from tests.background.slow_task import write_slowly
from tests.site import CHECKOUT, postgresql

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True), pytest.mark.long]


DIES_PRINTING = """
import os, signal
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from assessments.recording_form import services as final_forms
final_forms.final_form_print = lambda **_: os.kill(os.getpid(), signal.SIGKILL)
from background.worker import run_worker
run_worker()
"""


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path) -> Path:
    """A DATA_DIR of its own, so that no other worker has the lock."""
    settings.DATA_DIR = tmp_path
    settings.INCOMING_DIR = tmp_path / "incoming"
    settings.FILES_DIR = tmp_path / "files"
    settings.KEYS_DIR = tmp_path / "keys"
    (tmp_path / "run").mkdir()
    return tmp_path


@pytest.fixture
def start_worker(data_dir) -> Iterator[Callable[[], subprocess.Popen]]:
    """Starts `manage.py worker` on the database of the test; all of them are gone afterwards."""
    started = []

    def start(program: str = "") -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, *(["-c", program] if program else ["manage.py", "worker"])],
            cwd=CHECKOUT,
            env=os.environ | {"DATA_DIR": str(data_dir), "DATABASE_URL": database_url()},
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with process:
            process.kill()


def database_url() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"postgresql://postgres@{connection.settings_dict['HOST'].replace('/', '%2F')}/{name}"


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


@contextmanager
def locked_or_away() -> Iterator[None]:
    """Let nobody else write to the database of the test (SQLite), or come to it (PostgreSQL)."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(name, timeout=60)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [own] = cursor.fetchone()
    with postgresql(os.environ["DATABASE_URL"]) as server:
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s", [name, own]
            )
            yield
        finally:
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def the_task() -> DBTaskResult:
    return DBTaskResult.objects.get()


def has_succeeded() -> bool:
    return the_task().status == TaskResultStatus.SUCCESSFUL


def test_a_task_whose_worker_is_killed_is_finished_by_the_next(start_worker, tmp_path):
    notes = tmp_path / "notes"
    write_slowly.enqueue(str(notes), 600)
    first = start_worker()
    wait_until(notes.exists)

    first.kill()
    first.wait()
    assert the_task().status == TaskResultStatus.RUNNING
    start_worker()

    wait_until(has_succeeded)
    assert notes.read_text() == "begun\nbegun\ndone\n"
    assert len(the_task().worker_ids) == 2


def test_a_worker_that_is_told_to_stop_finishes_its_task(start_worker, tmp_path):
    notes = tmp_path / "notes"
    write_slowly.enqueue(str(notes), 1.5)
    process = start_worker()
    wait_until(notes.exists)

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=60) == 0
    assert has_succeeded()
    assert not heartbeat_file().exists()


def test_a_worker_that_is_told_twice_stops_at_once_and_leaves_its_task_to_the_next(start_worker, tmp_path):
    notes = tmp_path / "notes"
    write_slowly.enqueue(str(notes), 600)
    process = start_worker()
    wait_until(notes.exists)

    def has_ended_when_told() -> bool:
        process.send_signal(signal.SIGTERM)  # two that come before it looks count as one
        return process.poll() is not None

    wait_until(has_ended_when_told)
    assert process.returncode == 1
    assert the_task().status == TaskResultStatus.RUNNING


def test_a_second_worker_refuses_to_start(start_worker):
    start_worker()
    wait_until(heartbeat_file().exists)

    second = start_worker()

    assert second.wait(timeout=60) == 1
    assert "A worker is running here already" in second.stderr.read()


def test_a_task_that_keeps_killing_its_worker_is_given_up():
    write_slowly.enqueue("/nowhere", 0)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, worker_ids=["a", "b", "c", "d"])

    take_up_left_tasks()
    assert the_task().status == TaskResultStatus.READY

    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, worker_ids=["a", "b", "c", "d", "e"])
    take_up_left_tasks()
    assert the_task().status == TaskResultStatus.FAILED
    assert "died 5 times" in the_task().traceback


def test_a_worker_outlives_a_database_that_is_locked_or_away(tmp_path, monkeypatch):
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
    task_worker = TaskWorker()
    warned = threading.Event()
    monkeypatch.setattr(worker.logger, "warning", lambda *_: warned.set())

    def work() -> None:
        try:
            task_worker.work()
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        wait_until((tmp_path / "run" / "swept").exists)
        with locked_or_away():
            assert warned.wait(60)
        write_slowly.enqueue(str(tmp_path / "notes"), 0)
        wait_until(has_succeeded)
    finally:
        task_worker.running = False
        thread.join(timeout=30)
    assert not thread.is_alive()


def test_a_worker_that_hangs_falls_silent_while_its_process_lives(start_worker, tmp_path):
    process = start_worker()
    wait_until(lambda: silent_for() < worker.BEAT_EVERY)

    process.send_signal(signal.SIGSTOP)
    before = silent_for()
    time.sleep(worker.BEAT_EVERY + 1)

    assert silent_for() > before + worker.BEAT_EVERY
    assert process.poll() is None


def test_a_form_whose_worker_is_killed_each_time_is_given_up_aloud(start_worker, verified_unit, monkeypatch):
    """Three workers die of it; the fourth says so, and goes on."""
    for attempt in range(1, ATTEMPTS + 1):
        process = start_worker(DIES_PRINTING)
        assert process.wait(timeout=60) == -signal.SIGKILL
        assert FinalForm.objects.get().attempts == attempt

    last = start_worker(DIES_PRINTING)

    wait_until(lambda: not DBTaskResult.objects.running().exists() and not DBTaskResult.objects.ready().exists())
    last.terminate()
    assert "is given up after 3 attempts" in last.communicate(timeout=60)[1]
    assert final_forms_missing().count() == 1


def test_a_stuck_worker_gives_no_sign_of_life():
    task_worker = TaskWorker()
    assert task_worker.gets_on()

    task_worker.round_began -= worker.IDLE_AT_MOST + 1
    assert not task_worker.gets_on()

    task_worker.is_sweeping = True  # and the daily work longer than both
    assert task_worker.gets_on()
    task_worker.is_sweeping = False

    task_worker.running_task = True  # a task may take longer than a look at the queue
    assert task_worker.gets_on()
    task_worker.round_began -= worker.TASK_AT_MOST
    assert not task_worker.gets_on()


def test_a_daily_sweep_removes_what_nobody_needs_any_more_once_a_day(data_dir):
    def expired_session() -> None:
        session = SessionStore()
        session.set_expiry(-1)
        session.save()

    expired_session()
    left = data_dir / "incoming" / "left-by-a-dead-request"
    left.parent.mkdir()
    left.write_bytes(b"half a photo")
    os.utime(left, (0, 0))

    sweep_when_due()
    assert not Session.objects.exists()
    assert not left.exists()
    assert newest_checkpoint()

    expired_session()
    sweep_when_due()
    assert Session.objects.exists()  # until tomorrow

    os.utime(data_dir / "run" / "swept", (0, time.time() + worker.SWEEP_EVERY))  # the clock went back since
    sweep_when_due()
    assert not Session.objects.exists()
    expired_session()

    os.utime(data_dir / "run" / "swept", (0, time.time() - worker.SWEEP_EVERY - 1))
    sweep_when_due()
    assert not Session.objects.exists()


def test_a_worker_looks_at_all_files_when_it_starts_and_says_how_many_are_gone(start_worker, centre):
    stored = bytes_store(centre=centre, content=b"Thank you.")
    stored_path(stored).unlink()

    process = start_worker()
    wait_until(lambda: stamp_read(FILES) is not None)

    last = stamp_read(FILES)
    assert last is not None
    assert last.faults == 1
    process.terminate()
    assert "Stored files are gone or cut short: 1." in process.communicate(timeout=60)[1]


def test_a_sweep_that_fails_holds_up_no_other(data_dir, monkeypatch):
    session = SessionStore()
    session.set_expiry(-1)
    session.save()

    def fails() -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(worker, "SWEEPS", [fails, *worker.SWEEPS])
    sweep_when_due()

    assert not Session.objects.exists()
