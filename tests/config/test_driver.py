"""PostgreSQL's driver is psycopg2, or psycopg 3 where that is chosen or stands alone; each in a process of its own."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.db import connection

from tests.site import CHECKOUT

BOTH, NOT_2, NOT_3 = "", "sys.modules['psycopg2'] = None;", "sys.modules['psycopg'] = None;"


def used(there: str, wanted: str = "") -> str:
    """What becomes of `use_driver`: the driver that it names with the one that Django finds, or the refusal."""
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; {there} from config.driver import use_driver; driver = use_driver({wanted!r});"
            "from django.db.backends.postgresql.base import Database; print(driver, Database.__name__)",
        ],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout.strip() or said.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("there", "wanted", "driver"),
    [
        (BOTH, "", "psycopg2"),
        (BOTH, "psycopg2", "psycopg2"),
        (BOTH, "psycopg", "psycopg"),
        (NOT_2, "", "psycopg"),
        (NOT_3, "", "psycopg2"),
    ],
)
def test_django_finds_the_driver_that_is_used(there, wanted, driver):
    assert used(there, wanted) == f"{driver} {driver}"


@pytest.mark.parametrize(
    ("there", "wanted", "install"),
    [
        (NOT_2, "psycopg2", "psycopg2-binary"),
        (NOT_3, "psycopg", "'psycopg[binary]'"),
        (NOT_2 + NOT_3, "", "psycopg2-binary"),
    ],
)
def test_a_driver_that_is_not_there_is_told_with_what_to_install(there, wanted, install):
    assert f"is not installed: run .venv/bin/pip install {install}, or set" in used(there, wanted)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite needs no driver")
def test_the_tests_run_with_the_driver_that_was_asked_for():
    found: Any = connection
    assert found.Database.__name__ == (os.environ.get("DATABASE_DRIVER") or "psycopg2")
