"""The health page tells a monitor what is in order, and anyone nothing more."""

import os
import time
from collections import namedtuple
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from assessments.models import FinalForm
from background.worker import give_sign_of_life, heartbeat_file, look_at_files_when_due
from centres.models import Membership
from centres.version import VERSION
from config import health
from demo.clock import told_at
from portfolio.files.presence import SAMPLE, files_gone_in_all, some_files_gone
from portfolio.files.services import bytes_store
from portfolio.models import StoredFile, WaitingWork, WorkLane
from portfolio.models.evidence import stored_path
from portfolio.services.waiting_work import work_take
from record.keys import ensure_signing_key
from record.stamps import BACKUP, CHECKPOINT, FILES, PROOF, stamp_write
from tests.append_only import lifted
from tests.background.slow_task import write_slowly
from tests.portfolio.files.arrivals import small_disk

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path, monkeypatch) -> Path:
    """An installation that has run for an hour, with a worker that lives and a disk with room."""
    settings.DATA_DIR = tmp_path
    settings.INCOMING_DIR, settings.FILES_DIR = tmp_path / "incoming", tmp_path / "files"
    settings.KEYS_DIR, settings.DEMO = tmp_path / "keys", False
    (tmp_path / "run").mkdir()
    give_sign_of_life()
    monkeypatch.setattr(health, "STARTED", time.monotonic() - 3600)
    monkeypatch.setattr(health, "FRESH_FOR", 0.0)
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(100e9, 50e9, 50e9))
    return tmp_path


@pytest.fixture
def answer(client):
    """Asks the page without signing in."""
    return lambda: client.get("/health")


def test_all_is_well(answer):
    response = answer()

    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "version": VERSION,
        "database": "ok",
        "storage": "ok",
        "worker": "ok",
        "disk": "ok",
        "key": "ok",
        "tasks": "ok",
        "forms": "ok",
        "files": "ok",
        "backup": "ok",
        "checkpoint": "ok",
        "proof": "ok",
    }
    assert "no-cache" in response["Cache-Control"]


def test_it_leaves_no_file_behind_and_asks_the_database_little(answer, data_dir, django_assert_max_num_queries):
    with django_assert_max_num_queries(11):
        answer()

    assert list((data_dir / "incoming").iterdir()) == []
    assert [path for path in (data_dir / "files").rglob("*") if path.is_file()] == []


def test_a_database_that_does_not_answer(answer):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME TO elsewhere")

    response = answer()

    assert response.status_code == 503
    assert response.json()["status"] == "down"
    assert response.json()["database"] == "The database does not answer."
    assert response.json()["forms"] == "It cannot be asked without the database."


@pytest.mark.parametrize("folder", ["incoming", "files"])
def test_files_that_cannot_be_stored(answer, data_dir, folder):
    (data_dir / folder).write_text("a file where the folder should be")

    response = answer()

    assert response.status_code == 503
    assert response.json()["storage"] == "Files cannot be stored."
    assert str(data_dir) not in response.content.decode()


def test_a_store_without_room_is_found_as_an_upload_would_find_it(answer, settings):
    with small_disk() as disk:
        if not disk.is_mount():
            pytest.skip("no disk of its own can be mounted here")
        settings.FILES_DIR = disk / "files"
        assert answer().json()["storage"] == "ok"
        with suppress(OSError), (disk / "all").open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass

        assert answer().json()["storage"] == "Files cannot be stored."


def test_a_restore_that_was_cut_off(answer, data_dir):
    (data_dir / "run" / "restoring").write_text("/backups/monday.tar")

    response = answer()

    assert response.status_code == 503
    assert response.json()["storage"] == "A restore was cut off in the middle. Do it again."


def test_a_worker_that_gives_no_sign_of_life(answer):
    give_sign_of_life(ago=61)

    response = answer()

    assert response.status_code == 503
    assert response.json()["worker"] == "The background worker gives no sign of life."


@pytest.mark.parametrize("left", ["", "what an older worker wrote", "00000000-0000-0000-0000-000000000000 5.0"])
def test_what_is_no_sign_of_life_or_one_from_before_the_machine_was_started(answer, left):
    heartbeat_file().write_text(left)

    assert answer().json()["worker"] == "The background worker gives no sign of life."


def test_a_sign_of_life_from_the_future_is_none(answer):
    give_sign_of_life(ago=-3600)

    assert answer().json()["worker"] == "The background worker gives no sign of life."


def test_a_clock_that_goes_back_hides_no_silence(answer):
    give_sign_of_life(ago=61)
    an_hour_ahead = time.time() + 3600  # as the clock told it when it was given
    os.utime(heartbeat_file(), (an_hour_ahead, an_hour_ahead))

    assert answer().json()["worker"] == "The background worker gives no sign of life."


def test_a_worker_may_take_a_minute_to_start(answer, monkeypatch):
    heartbeat_file().unlink()
    monkeypatch.setattr(health, "STARTED", time.monotonic())

    response = answer()

    assert response.status_code == 200
    assert response.json()["worker"] == "starting"


def degraded(response, part, sentence):
    """People can work, but somebody must look: at this part, and at no other."""
    assert response.status_code == 200
    said = response.json()
    assert said.pop("status") == "degraded"
    del said["version"]
    assert said.pop(part) == sentence
    assert set(said.values()) == {"ok"}
    return True


def test_work_that_waits_too_long(answer):
    write_slowly.enqueue("/nowhere", 0)
    assert answer().json()["status"] == "ok"

    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=6))

    assert degraded(answer(), "tasks", "The background work waits longer than five minutes.")


def test_work_that_was_put_off_waits_from_then_on(answer):
    write_slowly.using(run_after=timezone.now() - timedelta(minutes=1)).enqueue("/nowhere", 0)
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=6))
    assert answer().json()["tasks"] == "ok"

    DBTaskResult.objects.update(run_after=timezone.now() - timedelta(minutes=6))
    assert degraded(answer(), "tasks", "The background work waits longer than five minutes.")


def test_drawings_that_wait_for_their_turn_are_no_fault_unless_nothing_moves(answer, candidate, centre):
    for what in ("a", "b"):
        WaitingWork.objects.create(
            kind="drawing", what=what, person=candidate, centre=centre, ready_at=timezone.now() - timedelta(minutes=20)
        )
    assert degraded(answer(), "tasks", "The background work waits longer than five minutes.")

    assert work_take(WorkLane.QUICK)
    assert answer().json()["status"] == "ok"


def test_work_that_failed_lately(answer):
    write_slowly.enqueue("/nowhere", 0)
    DBTaskResult.objects.get().set_failed(RuntimeError("no"))
    assert degraded(answer(), "tasks", "1 task failed within the last day. The log says why.")

    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(hours=25))
    assert answer().json()["tasks"] == "ok"


@pytest.mark.long
@pytest.mark.own_cast
def test_final_forms_that_were_given_up(answer, verified_unit):
    assert answer().json()["forms"] == "ok"

    FinalForm.objects.update(attempts=3)

    said = "1 final form could not be printed. The log says why; when it is mended: manage.py print_forms"
    assert degraded(answer(), "forms", said)


@pytest.mark.parametrize("how", ["missing", "of others", "empty", "damaged"])
def test_a_key_that_cannot_be_used(answer, data_dir, how):
    ensure_signing_key()
    assert answer().json()["key"] == "ok"
    [path] = (data_dir / "keys").glob("*.pem")
    match how:
        case "missing":
            path.unlink()
        case "of others":
            path.chmod(0o644)
        case "empty":
            path.write_bytes(b"")
        case "damaged":
            path.write_bytes(b"nothing of the sort")

    response = answer()

    assert response.status_code == 503
    assert "nobody can sign" in response.json()["key"]
    assert str(data_dir) not in response.content.decode()


GONE = "Stored files are gone or cut short. manage.py verify_record names them; a backup has them."


@pytest.mark.parametrize("becomes", ["gone", "cut short"])
def test_a_stored_file_that_is_gone_is_found_by_a_look_at_some(answer, centre, becomes):
    stored = bytes_store(centre=centre, content=b"Thank you.")
    assert answer().json()["files"] == "ok"

    stored_path(stored).unlink() if becomes == "gone" else stored_path(stored).write_bytes(b"Th")

    assert degraded(answer(), "files", GONE)


@pytest.mark.long
def test_each_time_it_looks_at_other_files_and_in_the_end_at_all(centre):
    for number in range(3 * SAMPLE):
        bytes_store(centre=centre, content=f"letter {number}".encode())
    stored_path(StoredFile.objects.order_by("pk")[7]).unlink()

    found = [some_files_gone() for _ in range(60)]

    assert {0, 1} == set(found)
    assert files_gone_in_all() == 1


def test_the_workers_daily_look_at_all_files_is_told(answer, centre):
    stored = bytes_store(centre=centre, content=b"Thank you.")
    look_at_files_when_due()
    assert answer().json()["files"] == "ok"

    stored_path(stored).rename(stored_path(stored).with_name("elsewhere"))
    look_at_files_when_due()  # not again on the same day
    assert answer().json()["files"] == GONE  # by the look at some

    noted(FILES, timedelta(days=1, hours=1))
    look_at_files_when_due()
    said = "1 stored file is gone or cut short. manage.py verify_record names them; a backup has them."
    assert degraded(answer(), "files", said)

    stored_path(stored).with_name("elsewhere").rename(stored_path(stored))
    noted(FILES, timedelta(minutes=11), faults=1)  # brought back: it is looked at again within minutes
    look_at_files_when_due()
    assert answer().json()["files"] == "ok"


def test_files_that_nobody_looks_at_any_more(answer):
    noted(FILES, timedelta(days=3))

    said = "Nobody has looked for two days whether all stored files are there: the worker does."
    assert degraded(answer(), "files", said)


def noted(name, ago, faults=0):
    """A note that it happened so long ago."""
    with told_at(timezone.now() - ago):
        stamp_write(name, faults=faults)


REGULAR = [
    (BACKUP, "backup", timedelta(days=2), "No backup was ever made here.", "The last backup is older than two days."),
    (
        CHECKPOINT,
        "checkpoint",
        timedelta(days=2),
        "No checkpoint of the record was ever written here.",
        "The last checkpoint of the record is older than two days.",
    ),
    (
        PROOF,
        "proof",
        timedelta(days=8),
        "The record was never proved here. manage.py verify_record does it.",
        "The last proof of the record is older than eight days. manage.py verify_record does it.",
    ),
]


@pytest.fixture
def all_done():
    """Backup, checkpoint and proof of this hour."""
    for name, *_ in REGULAR:
        noted(name, timedelta(hours=1))


def the_centre_came(ago):
    with lifted():
        Membership.objects.update(began_at=timezone.now() - ago)


@pytest.mark.parametrize(("name", "part", "at_most", "never", "old"), REGULAR)
def test_what_has_to_be_done_regularly(answer, centre, all_done, settings, name, part, at_most, never, old):
    path = settings.DATA_DIR / "run" / name
    assert answer().json()["status"] == "ok"

    path.unlink()
    assert answer().json()[part] == "ok"  # the centre is new
    the_centre_came(at_most + timedelta(hours=1))
    assert degraded(answer(), part, never)

    noted(name, at_most - timedelta(hours=1))
    assert answer().json()["status"] == "ok"
    noted(name, at_most + timedelta(hours=1))
    assert degraded(answer(), part, old)
    noted(name, timedelta(days=-3))  # under a clock that was ahead
    assert degraded(answer(), part, old)
    path.write_text("no time at all")
    assert degraded(answer(), part, never)


@pytest.mark.parametrize(("name", "part"), [(row[0], row[1]) for row in REGULAR])
def test_what_was_done_with_faults(answer, name, part):
    noted(name, timedelta(hours=1), faults=2)

    assert answer().json()["status"] == "degraded"
    assert answer().json()[part].startswith("The last ")


def test_a_demo_has_nothing_to_lose(answer, centre, settings):
    the_centre_came(timedelta(days=100))
    assert answer().json()["status"] == "degraded"

    settings.DEMO = True

    assert answer().json()["status"] == "ok"


def test_who_asks_without_end_gets_the_same_answer_for_a_moment(answer, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(health, "FRESH_FOR", 60.0)
    monkeypatch.setattr(health, "_ANSWER", health._Answer())
    answer()

    with django_assert_num_queries(0):
        assert answer().json()["status"] == "ok"


def test_a_disk_that_is_full(answer, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(1e9, 6e8, 4e8))

    response = answer()

    assert response.status_code == 503
    assert response.json()["disk"] == "Less than 500 MB of the disk are free."


def test_a_disk_with_less_than_its_reserve_says_that_files_are_refused(answer, monkeypatch, settings):
    settings.DISK_RESERVE_BYTES = 60 * 10**9
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(100e9, 41e9, 59e9))
    assert degraded(
        answer(), "disk", "Files are refused: the disk has less room than its reserve. Signing and all else go on."
    )


def test_a_disk_that_is_nearly_full_is_a_warning(answer, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(100e9, 96e9, 4e9))

    response = answer()

    assert degraded(response, "disk", "Less than 5% of the disk is free.")


def test_it_only_answers_questions(client):
    assert client.post("/health").status_code == 405
