"""The health page tells a monitor what is in order, and anyone nothing more."""

import os
import time
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from assessments.worker import give_sign_of_life, heartbeat_file
from config import health
from tests.assessments.slow_task import write_slowly

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path, monkeypatch) -> Path:
    """An installation that has run for an hour, with a worker that lives and a disk with room."""
    settings.DATA_DIR = tmp_path
    settings.INCOMING_DIR = tmp_path / "incoming"
    (tmp_path / "run").mkdir()
    give_sign_of_life()
    monkeypatch.setattr(health, "STARTED", time.monotonic() - 3600)
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
        "database": "ok",
        "storage": "ok",
        "worker": "ok",
        "disk": "ok",
    }
    assert "no-cache" in response["Cache-Control"]


def test_it_leaves_no_file_behind_and_asks_the_database_little(answer, data_dir, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        answer()

    assert list((data_dir / "incoming").iterdir()) == []


def test_a_database_that_does_not_answer(answer):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME TO elsewhere")

    response = answer()

    assert response.status_code == 503
    assert response.json()["status"] == "failing"
    assert response.json()["database"] == "The database does not answer."


def test_files_that_cannot_be_stored(answer, data_dir):
    (data_dir / "incoming").write_text("a file where the folder should be")

    response = answer()

    assert response.status_code == 503
    assert response.json()["storage"] == "Files cannot be stored."
    assert str(data_dir) not in response.content.decode()


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


def test_work_that_waits_too_long(answer):
    write_slowly.enqueue("/nowhere", 0)
    assert answer().status_code == 200

    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=6))

    response = answer()
    assert response.status_code == 503
    assert response.json()["worker"] == "The background work waits longer than five minutes."


def test_a_disk_that_is_full(answer, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(1e9, 6e8, 4e8))

    response = answer()

    assert response.status_code == 503
    assert response.json()["disk"] == "Less than 500 MB of the disk are free."


def test_a_disk_that_is_nearly_full_is_a_warning(answer, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(100e9, 96e9, 4e9))

    response = answer()

    assert response.status_code == 200
    assert response.json()["disk"] == "Less than 5% of the disk is free."


def test_it_only_answers_questions(client):
    assert client.post("/health").status_code == 405
