"""Which of PostgreSQL's two drivers the site uses: psycopg2, or psycopg 3 if that is chosen or is the only one."""

import sys
from importlib.util import find_spec
from types import ModuleType

from django.core.exceptions import ImproperlyConfigured

PACKAGES = {"psycopg2": "psycopg2-binary", "psycopg": "'psycopg[binary]'"}
DRIVERS = tuple(PACKAGES)  # the first that is installed


def use_driver(wanted: str = "") -> str:
    """Let Django find the `wanted` driver, by default the first that is installed, and return its name.

    Call it before Django connects. If both are installed, Django takes psycopg 3. To have it take the other, the import
    of psycopg 3 is made to fail in this process, as if it were not installed. Raises ImproperlyConfigured if the
    driver is not there.
    """
    installed = [name for name in DRIVERS if find_spec(name)]
    if not installed or (wanted and wanted not in installed):
        missing = wanted or DRIVERS[0]
        raise ImproperlyConfigured(
            f"PostgreSQL's driver {missing} is not installed: run .venv/bin/pip install {PACKAGES[missing]}, "
            "or set DATABASE_DRIVER otherwise."
        )
    driver = wanted or installed[0]
    if driver == "psycopg2":
        modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]
        modules["psycopg"] = None  # so Python says that a module is not to be had
    return driver
