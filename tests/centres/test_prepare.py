"""A start brings the site up to date: once, however many begin together, and never a database that is newer."""

import fcntl
import subprocess
import sys
import threading
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from centres.management.commands.prepare import PREPARES
from tests.at_once import at_once
from tests.site import CHECKOUT

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def here(settings, tmp_path):
    """The installation of the test as a start finds it, with nothing to collect."""
    settings.DATA_DIR, settings.DEMO = tmp_path, False
    settings.KEYS_DIR, settings.STATIC_ROOT = tmp_path / "keys", tmp_path / "static"
    return tmp_path


@pytest.mark.long
def test_two_first_starts_at_once_set_one_site_up(elsewhere):
    ended = at_once(lambda: elsewhere.run("prepare"), lambda: elsewhere.run("prepare"))

    assert [one.returncode for one in ended] == [0, 0], ended
    said = "".join(one.stdout for one in ended)
    assert said.count("Bringing the database up to date") == 1
    assert said.count("Collecting the static files") == 1
    assert len(list((elsewhere.data_dir / "keys").glob("signing-*.pem"))) == 1


@pytest.mark.long
def test_a_start_waits_for_another_on_the_same_folder(here, capsys):
    (here / "run").mkdir()
    with (here / "run" / "prepare.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert_waits_until(lambda: fcntl.flock(lock, fcntl.LOCK_UN), capsys)


@pytest.mark.long
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="two installations share a server's database only")
def test_a_start_waits_for_another_on_the_same_database(here, capsys):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARES])
    assert_waits_until(other.close, capsys)


def assert_waits_until(ends, capsys):
    """A start has not ended while the other has not, and says why."""
    done = threading.Event()

    def start() -> None:
        at_once(lambda: call_command("prepare"))
        done.set()

    thread = threading.Thread(target=start)
    thread.start()
    deadline = time.monotonic() + 20
    said = ""
    while "Another start is bringing this site up to date" not in said:
        said += capsys.readouterr().out
        assert time.monotonic() < deadline, said
        time.sleep(0.05)
    assert not done.is_set()
    ends()
    thread.join(timeout=60)
    assert done.is_set()


def test_an_older_version_does_not_start_on_a_newer_database(here):
    MigrationRecorder(connection).record_applied("assessments", "0999_what_is_to_come")
    try:
        with pytest.raises(CommandError, match=r"A later version .* does not know assessments\.0999_what"):
            call_command("prepare")
    finally:
        MigrationRecorder(connection).record_unapplied("assessments", "0999_what_is_to_come")
    assert not (here / "keys").exists()


def test_a_second_server_on_one_folder_is_told_so(tmp_path):
    (tmp_path / "run").mkdir()
    with (tmp_path / "run" / "server.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended = subprocess.run(
            [sys.executable, "-m", "config.supervise"],
            cwd=CHECKOUT,
            env={"DATA_DIR": str(tmp_path), "HOST": "127.0.0.1", "PORT": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert ended.returncode == 1
    assert "Countersign runs on this DATA_DIR already." in ended.stderr
