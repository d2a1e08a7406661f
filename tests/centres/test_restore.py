"""A backup is believed only when all of it fits its own list; nothing else is taken for one."""

import hashlib
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from centres.backup import DATABASE_MEMBERS, FORMAT
from centres.restore import RestoreRefused, read_backup
from centres.version import VERSION
from tests.centres.archives import list_and_add, put_together

pytestmark = pytest.mark.sqlite

CONTENT = b"%PDF-1.7 what was seen at the counter"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
STORED = f"files/0f0e0d0c-0b0a-4908-8706-050403020100/{SHA256[:2]}/{SHA256}"


@pytest.fixture
def forged(tmp_path) -> Callable[..., Path]:
    """Makes a good backup, after `change(content, manifest)` has been at it."""

    def forge(change: Callable[[dict, dict], object] = lambda c, m: None, *extra: tarfile.TarInfo) -> Path:
        content: dict[str, bytes] = {}
        manifest = {
            "format": FORMAT,
            "version": "9.9.1",
            "made_at": "2026-11-22T09:30:00Z",
            "database": connection.vendor,
            "migrations": ["centres.0001_initial"],
            "members": {},
            "damaged": [],
            "missing": [],
        }
        list_and_add(content, manifest, STORED, CONTENT)
        list_and_add(content, manifest, "keys/secret-key", b"a secret")
        list_and_add(content, manifest, DATABASE_MEMBERS[connection.vendor], b"all rows")
        change(content, manifest)
        return put_together(tmp_path / "forged.tar", content, manifest, *extra)

    return forge


def refusal(path: Path, into: Path) -> str:
    into.mkdir()
    with pytest.raises(RestoreRefused) as refused:
        read_backup(path, into=into)
    return str(refused.value)


def test_an_unchanged_copy_is_taken(forged, tmp_path):
    (tmp_path / "into").mkdir()
    assert read_backup(forged(), into=tmp_path / "into").missing == []


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "/outside",
        "keys/../../outside",
        "files/../keys/secret-key",
        "keys/authorized_keys",
        "run/cache/code.djcache",
        "countersign.sqlite3",
        "files/" + "a" * 64,
        "files/00000000-0000-4000-8000-000000000000/ab/" + "cd" * 32,
        "./keys/secret-key",
    ],
)
def test_a_name_that_no_backup_has_is_refused_even_when_it_is_listed(forged, tmp_path, name):
    path = forged(lambda content, manifest: list_and_add(content, manifest, name, b"x"))

    assert "something that no backup of Countersign does" in refusal(path, tmp_path / "into")
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_links_devices_and_folders_are_refused(forged, tmp_path, kind):
    info = tarfile.TarInfo("keys/signing-0123456789abcdef.pem")
    info.type, info.linkname = kind, "/etc/passwd"

    assert "something that no backup of Countersign does" in refusal(
        forged(lambda content, manifest: None, info), tmp_path / "into"
    )


def test_a_file_that_is_not_in_the_list_is_refused(forged, tmp_path):
    path = forged(lambda content, manifest: manifest["members"].pop("keys/secret-key"))

    assert "differ, first in 'keys/secret-key'" in refusal(path, tmp_path / "into")


def test_a_listed_file_that_is_not_there_is_refused(forged, tmp_path):
    path = forged(lambda content, manifest: content.pop("keys/secret-key"))

    assert "differ, first in 'keys/secret-key'" in refusal(path, tmp_path / "into")


def test_a_size_that_lies_is_refused(forged, tmp_path):
    path = forged(lambda content, manifest: manifest["members"]["keys/secret-key"].update(size=10**15))

    assert "differ, first in 'keys/secret-key'" in refusal(path, tmp_path / "into")


def test_a_file_that_is_there_twice_is_refused(forged, tmp_path):
    info = tarfile.TarInfo("keys/secret-key")

    assert "twice" in refusal(forged(lambda content, manifest: None, info), tmp_path / "into")


def test_one_changed_byte_is_refused(forged, tmp_path):
    archive = forged()
    whole = archive.read_bytes()
    place = whole.index(CONTENT)
    archive.write_bytes(whole[:place] + b"!" + whole[place + 1 :])

    assert f"{SHA256} was damaged since" in refusal(archive, tmp_path / "into")


def test_evidence_under_the_name_of_other_evidence_is_refused(forged, tmp_path):
    path = forged(lambda content, manifest: list_and_add(content, manifest, STORED, b"something else"))

    assert f"{SHA256} was damaged since" in refusal(path, tmp_path / "into")


def test_a_backup_whose_end_is_missing_is_refused(forged, tmp_path):
    archive = forged()
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])

    assert "its end is missing" in refusal(archive, tmp_path / "into")


def test_what_is_no_backup_is_refused(tmp_path):
    path = tmp_path / "holiday.jpg"
    path.write_bytes(b"\xff\xd8\xff" * 1000)

    assert "no backup of Countersign" in refusal(path, tmp_path / "into")


def test_a_backup_of_a_newer_version_is_refused(forged, tmp_path):
    path = forged(lambda content, manifest: manifest["migrations"].append("portfolio.0999_later"))

    said = refusal(path, tmp_path / "into")
    assert "made by Countersign 9.9.1, which knows portfolio.0999_later, and this is Countersign " + VERSION in said


def test_a_backup_in_another_format_is_refused(forged, tmp_path):
    path = forged(lambda content, manifest: manifest.update(format=FORMAT + 1))

    assert f"made by Countersign 9.9.1 in format {FORMAT + 1}" in refusal(path, tmp_path / "into")


def test_a_backup_from_before_there_were_versions_is_taken(forged, tmp_path):
    (tmp_path / "into").mkdir()
    path = forged(lambda content, manifest: manifest.pop("version"))

    assert read_backup(path, into=tmp_path / "into").version == "before 0.1.0"


def test_a_backup_of_the_other_database_is_refused(forged, tmp_path):
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    path = forged(lambda content, manifest: manifest.update(database=other))

    assert "Set DATABASE_URL to one of the same kind." in refusal(path, tmp_path / "into")


def test_a_list_that_is_not_ours_is_refused(forged, tmp_path):
    path = forged(lambda content, manifest: manifest.update(members=["keys/secret-key"]))

    assert "cannot be read" in refusal(path, tmp_path / "into")
