"""The standards that come with Countersign, in the database of the tests."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from standards.content import RevisionContent
from standards.fixtures import read_fixtures
from standards.selectors import latest_revision, revision_content, unit_by_address
from standards.services.syncing import standards_sync

FIXTURES = settings.BASE_DIR / "fixtures"
B10 = FIXTURES / "nvq" / "b10.json"

Change = Callable[[str, dict[str, Any]], None]


@pytest.fixture
def b10(db: None) -> RevisionContent:
    """Unit B10 as it is published."""
    standards_sync(fixtures=read_fixtures(FIXTURES, frameworks=["nvq"]))
    revision = latest_revision(unit_by_address("nvq:B10"))
    assert revision is not None
    return revision_content(revision)


@pytest.fixture
def changed_fixtures(tmp_path: Path) -> Callable[[Change], Path]:
    """Copies the fixture of B10 into a folder, each row as `change(model, fields)` leaves it."""

    def write(change: Change) -> Path:
        rows = json.loads(B10.read_text(encoding="utf-8"))
        for row in rows:
            change(row["model"], row["fields"])
        (tmp_path / "nvq").mkdir(exist_ok=True)
        (tmp_path / "nvq" / "b10.json").write_text(json.dumps(rows), encoding="utf-8")
        return tmp_path

    return write
