"""A backup holds everything, and a restore brings back exactly that, on both databases."""

import fcntl
import io
import json
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection

from centres import backup, databases
from centres.version import VERSION
from portfolio.files.services import file_release
from portfolio.models import StoredFile
from portfolio.models.evidence import stored_path
from record.stamps import BACKUP, stamp_read
from tests.centres.archives import list_and_add, manifest, members, put_together
from tests.centres.conftest import CONTENT

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]


def rows(dumped: str) -> dict:
    """Every row of every table but the sessions, by table and key."""
    return {
        (row["model"], row["pk"]): row["fields"] for row in json.loads(dumped) if row["model"] != "sessions.session"
    }


def all_rows() -> dict:
    out = io.StringIO()
    call_command("dumpdata", stdout=out)
    return rows(out.getvalue())


@pytest.mark.long
def test_a_restored_installation_has_the_same_rows_and_the_same_bytes(
    places, verified_unit, archive, stored, elsewhere
):
    restored = elsewhere.run("restore", str(archive))

    assert restored.returncode == 0, restored.stderr
    assert rows(elsewhere.run("dumpdata").stdout) == all_rows()
    path = elsewhere.data_dir / "files" / str(stored.centre.uuid) / stored.sha256[:2] / stored.sha256
    assert path.read_bytes() == CONTENT


@pytest.mark.long
def test_an_installation_that_was_set_up_as_the_guide_says_takes_a_backup(places, verified_unit, archive, elsewhere):
    prepared = elsewhere.run("prepare")
    assert prepared.returncode == 0, prepared.stderr

    restored = elsewhere.run("restore", str(archive))

    assert restored.returncode == 0, restored.stderr
    assert rows(elsewhere.run("dumpdata").stdout) == all_rows()


@pytest.mark.long
def test_a_restored_installation_signs_with_the_same_keys_and_keeps_them_to_itself(archive, elsewhere, settings):
    elsewhere.run("restore", str(archive))

    keys = {path.name: path for path in (elsewhere.data_dir / "keys").iterdir()}
    for path in settings.KEYS_DIR.glob("s*-*"):
        assert keys[path.name].read_bytes() == path.read_bytes()
        assert keys[path.name].stat().st_mode & 0o777 == 0o600


@pytest.mark.long
def test_a_restored_record_is_still_append_only(archive, elsewhere):
    elsewhere.run("restore", str(archive))

    changed = elsewhere.run("shell", "-c", "from record.models import Event; Event.objects.update(kind='nothing')")

    assert "record_event is append-only" in changed.stderr


@pytest.mark.long
def test_a_restore_signs_everybody_out(stored, tmp_path, elsewhere):
    SessionStore().save()
    assert Session.objects.exists()
    call_command("backup", str(tmp_path / "b.tar"), stdout=io.StringIO())

    elsewhere.run("restore", str(tmp_path / "b.tar"))

    assert Session.objects.exists()  # here everybody goes on
    counted = elsewhere.run(
        "shell", "-v0", "-c", "from django.contrib.sessions.models import Session as S; print(S.objects.count())"
    )
    assert counted.stdout.strip() == "0"


@pytest.mark.long
def test_a_restored_installation_can_be_backed_up_again(archive, elsewhere, tmp_path):
    elsewhere.run("restore", str(archive))

    again = elsewhere.run("backup", str(tmp_path / "again.tar"))

    assert again.returncode == 0, again.stderr
    assert members(tmp_path / "again.tar").keys() == members(archive).keys()


@pytest.mark.long
def test_a_backup_says_which_version_made_it(archive):
    assert manifest(archive)["version"] == VERSION


def test_a_backup_is_readable_by_its_owner_only(archive):
    assert archive.stat().st_mode & 0o777 == 0o600


def test_a_backup_does_not_replace_another(archive):
    before = archive.read_bytes()

    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", str(archive))

    assert archive.read_bytes() == before


@pytest.mark.long
def test_a_missing_file_is_named_and_the_backup_is_made_all_the_same(stored, tmp_path, elsewhere):
    stored_path(stored).unlink()

    with pytest.raises(CommandError, match=f"{stored.sha256} is missing") as refused:
        call_command("backup", str(tmp_path / "b.tar"), stdout=io.StringIO())

    assert refused.value.returncode == 2
    restored = elsewhere.run("restore", str(tmp_path / "b.tar"))
    assert restored.returncode == 0, restored.stderr
    assert f"{stored.sha256} was missing when the backup was made" in restored.stdout


@pytest.mark.long
def test_when_it_was_made_and_what_it_lacks_is_noted(stored, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    call_command("backup", str(tmp_path / "a.tar"), stdout=io.StringIO())
    first = stamp_read(BACKUP)
    assert first is not None
    assert first.faults == 0

    with pytest.raises(CommandError):
        call_command("backup", str(tmp_path / "a.tar"))  # not made: the note stays
    assert stamp_read(BACKUP) == first

    stored_path(stored).unlink()
    with pytest.raises(CommandError):
        call_command("backup", str(tmp_path / "b.tar"), stdout=io.StringIO())
    second = stamp_read(BACKUP)
    assert second is not None
    assert second.faults == 1


@pytest.mark.long
def test_a_damaged_file_is_named_and_kept_as_it_is(stored, tmp_path, elsewhere):
    stored_path(stored).write_bytes(CONTENT[:-1] + b"?")

    with pytest.raises(CommandError, match=f"{stored.sha256} is damaged"):
        call_command("backup", str(tmp_path / "b.tar"), stdout=io.StringIO())

    restored = elsewhere.run("restore", str(tmp_path / "b.tar"))
    assert f"{stored.sha256} was damaged when the backup was made" in restored.stdout


@pytest.mark.long
def test_a_file_that_is_removed_while_the_backup_runs_leaves_no_gap(stored, tmp_path, monkeypatch):
    dump, dumped = databases.dump, []

    def dump_then_release(name: str, path: Path) -> None:
        dump(name, path)
        dumped.append(path)

    def released_after_the_first_dump(archive, name: str, path: Path) -> tuple[str, bool]:
        if len(dumped) == 1 and name.endswith(stored.sha256):
            file_release(stored_file=stored)
        return add(archive, name, path)

    add = backup._Archive.add
    monkeypatch.setattr(databases, "dump", dump_then_release)
    monkeypatch.setattr(backup._Archive, "add", released_after_the_first_dump)
    call_command("backup", str(tmp_path / "b.tar"), stdout=io.StringIO())

    assert len(dumped) == 2  # the database was copied again, without the row
    assert not StoredFile.objects.filter(pk=stored.pk).exists()
    assert not any(name.endswith(stored.sha256) for name in members(tmp_path / "b.tar"))
    assert manifest(tmp_path / "b.tar")["missing"] == []


def test_a_backup_that_is_cut_off_leaves_nothing(stored, tmp_path, monkeypatch):
    def disk_is_full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup._Archive, "add_keys", disk_is_full)
    (tmp_path / "backups").mkdir()

    with pytest.raises(CommandError, match="No space left on device"):
        call_command("backup", str(tmp_path / "backups" / "b.tar"))

    assert list((tmp_path / "backups").iterdir()) == []


@pytest.mark.long
def test_an_installation_with_people_is_not_overwritten(archive, elsewhere):
    elsewhere.run("restore", str(archive))

    again = elsewhere.run("restore", str(archive))

    assert again.returncode == 1
    assert "has people in it" in again.stderr


@pytest.mark.long
def test_a_restore_that_is_cut_off_says_what_to_do_and_can_be_done_again(archive, elsewhere):
    elsewhere.data_dir.mkdir()
    cut_off = elsewhere.run(
        "shell",
        "-c",
        "import os, pathlib; from centres import databases, restore\n"
        "databases.load = lambda path: os._exit(9)\n"
        f"restore.restore_backup(pathlib.Path({str(archive)!r}))",
    )
    assert cut_off.returncode == 9

    worker = elsewhere.run("worker")
    assert worker.returncode == 1
    assert f"Do it again: manage.py restore {archive}" in worker.stderr

    restored = elsewhere.run("restore", str(archive))
    assert restored.returncode == 0, restored.stderr
    assert rows(elsewhere.run("dumpdata").stdout) == all_rows()


@pytest.mark.long
@pytest.mark.parametrize("program", ["server", "worker"])
def test_a_restore_waits_for_nobody_who_is_running(archive, elsewhere, program):
    (elsewhere.data_dir / "run").mkdir(parents=True)
    with (elsewhere.data_dir / "run" / f"{program}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = elsewhere.run("restore", str(archive))

    assert refused.returncode == 1
    assert "Countersign is running here. Stop it, then restore." in refused.stderr


@pytest.mark.long
def test_a_database_that_is_damaged_is_refused_before_anything_is_put_in_place(archive, tmp_path, elsewhere):
    name = backup.DATABASE_MEMBERS[connection.vendor]

    content, listed = members(archive), manifest(archive)
    list_and_add(content, listed, name, content[name][:100] + bytes(4000))
    del content["manifest.json"]

    refused = elsewhere.run("restore", str(put_together(tmp_path / "spoilt.tar", content, listed)))

    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert not (elsewhere.data_dir / "run" / "restoring").exists()
    assert not (elsewhere.data_dir / "files").exists()


@pytest.mark.long
def test_an_older_backup_is_brought_up_to_date(stored, tmp_path, elsewhere):
    call_command("migrate", "account", "0008", verbosity=0)
    try:
        call_command("backup", str(tmp_path / "b.tar"), stdout=io.StringIO())
    finally:
        call_command("migrate", "account", verbosity=0)

    restored = elsewhere.run("restore", str(tmp_path / "b.tar"))

    assert restored.returncode == 0, restored.stderr
    assert elsewhere.run("migrate", "--check").returncode == 0
    assert rows(elsewhere.run("dumpdata").stdout) == all_rows()
