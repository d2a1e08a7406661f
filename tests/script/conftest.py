"""All that starts the whole site by its scripts is slow by nature."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder `long`."""
    for item in items:
        if item.path.parent.name == "script":
            item.add_marker(pytest.mark.long)
