"""When something last happened is a note of one line that any program can read."""

import re
import stat
from datetime import timedelta

import pytest
from django.utils import timezone

from record.stamps import BACKUP, PROOF, stamp_read, stamp_write


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_it_is_a_time_in_utc_and_the_number_of_faults(data_dir):
    stamp_write(PROOF, faults=3)

    path = data_dir / "run" / "last-proof"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ 3\n", path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o644  # another user may have made the backup
    read = stamp_read(PROOF)
    assert read is not None
    assert read.faults == 3
    assert timezone.now() - read.at < timedelta(seconds=20)


def test_a_time_alone_is_enough(data_dir):
    (data_dir / "run").mkdir()
    (data_dir / "run" / "last-backup").write_text("2026-11-22T02:15:00Z")
    read = stamp_read(BACKUP)
    assert read is not None
    assert (read.at.isoformat(), read.faults) == ("2026-11-22T02:15:00+00:00", 0)


@pytest.mark.parametrize("left", [None, "", "yesterday", "2026-11-22T02:15:00Z many"])
def test_what_cannot_be_read_is_none(data_dir, left):
    (data_dir / "run").mkdir()
    if left is not None:
        (data_dir / "run" / "last-backup").write_text(left)
    assert stamp_read(BACKUP) is None


def test_a_note_that_cannot_be_written_hinders_nothing(data_dir, caplog):
    (data_dir / "run").write_text("in the way")
    stamp_write(BACKUP)
    assert "could not be noted as last-backup" in caplog.text
