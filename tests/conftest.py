"""What every test stands on. Fixtures of an app live in the conftest.py beside its tests."""

import os
from pathlib import Path

from tests import environment

environment.prepare()

import django  # noqa: E402 - the settings are read from here on
import pytest  # noqa: E402
from django.conf import settings  # noqa: E402

# Signing in a hundred times must not take a minute, and no page needs its files collected first.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.STORAGES = settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
IS_SQLITE = os.environ.get("TEST_DATABASE") == "sqlite"
if IS_SQLITE:
    # A file, as in the product: a database in memory locks differently.
    settings.DATABASES["default"]["TEST"] = {"NAME": settings.DATA_DIR / "test.sqlite3"}
django.setup()
# A worker of pytest-xdist that inherits it reads the settings before it has its own place for them.
del os.environ["DJANGO_SETTINGS_MODULE"]

from portfolio.registrations.choosing import forget_rules  # noqa: E402
from standards.catalogue import forget_catalogue  # noqa: E402
from standards.published import forget_published  # noqa: E402
from tests.append_only import flush_past_append_only  # noqa: E402, F401
from tests.migrated import migrated_file, template_database  # noqa: E402

pytest_plugins = ["tests.cast", "tests.snapshots", "tests.portfolio.qualified"]


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """On SQLite the test database lies there already; it goes with DATA_DIR."""
    return IS_SQLITE


@pytest.fixture(scope="session")
def django_db_createdb() -> bool:
    return False


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Begin with all migrations done."""
    test = settings.DATABASES["default"]["TEST"]
    if IS_SQLITE:
        migrated_file(Path(test["NAME"]))
    else:
        test["TEMPLATE"] = template_database()


@pytest.fixture(autouse=True)
def wordings_unread() -> None:
    """A process of the product sees one database; here each test publishes its own standards."""
    forget_published()
    forget_catalogue()
    forget_rules()


@pytest.fixture(autouse=True)
def checkpoints_dir(settings, tmp_path) -> Path:
    """A folder of its own for each test's checkpoints: each has a record of its own."""
    settings.CHECKPOINTS_DIR = tmp_path / "checkpoints"
    return settings.CHECKPOINTS_DIR


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what starts whole sites: it waits a lot, and must not be what one process is left with in the end."""
    items.sort(key=lambda item: item.path.parent.name not in {"browser", "script"})
