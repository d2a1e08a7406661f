"""What the tests of testimony share."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nobody_has_sent_anything_yet():
    """Each test begins a minute of its own: all of them send from one address."""
    cache.clear()
