"""What the tests of the record share: keys of their own, and chains with events in them."""

from pathlib import Path

import pytest
from django.db import transaction

from record.models import Chain
from record.services.events import chain_start, event_add


@pytest.fixture(autouse=True)
def keys_dir(settings, tmp_path) -> Path:
    """A folder of its own for each test's signing keys."""
    settings.KEYS_DIR = tmp_path / "keys"
    return settings.KEYS_DIR


@pytest.fixture
def chain(db) -> Chain:
    """An empty chain."""
    return chain_start()


@pytest.fixture
def five_events(chain) -> Chain:
    """A chain of five events."""
    for number in range(1, 6):
        with transaction.atomic():
            event_add(chain=chain, kind="letter.written", actor=None, payload={"number": number})
    return chain
