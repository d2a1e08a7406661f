"""What the tests of backup and restore share: something to back up, and a place to restore it to."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from portfolio.files.services import bytes_store
from portfolio.models import StoredFile
from record.keys import ensure_signing_key
from tests.centres.installation import Installation

CONTENT = b"%PDF-1.7 what was seen at the counter" * 5000


@pytest.fixture
def places(settings, tmp_path) -> None:
    """Keys and files of its own for each test."""
    settings.KEYS_DIR = tmp_path / "keys"
    settings.FILES_DIR = tmp_path / "files"
    settings.KEYS_DIR.mkdir(mode=0o700)
    (settings.KEYS_DIR / "secret-key").write_text(settings.SECRET_KEY)
    ensure_signing_key()


@pytest.fixture
def stored(places, centre) -> StoredFile:
    """A stored file of the centre."""
    return bytes_store(centre=centre, content=CONTENT)


@pytest.fixture
def archive(stored, tmp_path) -> Path:
    """A backup of all that."""
    path = tmp_path / "backup.tar"
    call_command("backup", str(path), stdout=io.StringIO())
    return path


@pytest.fixture
def elsewhere(tmp_path) -> Iterator[Installation]:
    """An empty installation of the same kind, on a database of its own."""
    installation = Installation(tmp_path / "elsewhere")
    yield installation
    installation.drop()
