"""What the tests of the portfolio share."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def folders(settings, tmp_path: Path) -> Path:
    """Folders of its own for each test's files."""
    settings.FILES_DIR = tmp_path / "files"
    settings.INCOMING_DIR = tmp_path / "incoming"
    settings.PREVIEWS_DIR = tmp_path / "previews"
    return tmp_path
