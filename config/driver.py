"""Which of PostgreSQL's two drivers the site uses: psycopg2, or psycopg 3 where that is chosen or stands alone."""

import sys
from importlib.util import find_spec
from types import ModuleType

from django.core.exceptions import ImproperlyConfigured

PACKAGES = {"psycopg2": "psycopg2-binary", "psycopg": "'psycopg[binary]'"}
DRIVERS = tuple(PACKAGES)  # the first that is installed


def use_driver(wanted: str = "") -> str:
    """Let Django find the driver that is `wanted`, by default the first that is installed, and return its name.

    Call it before Django connects. Of two that are installed Django takes psycopg 3; for the other to be used, the
    import of psycopg 3 fails from then on in this process, as where it is not installed. Raises ImproperlyConfigured
    where the driver is not there.
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
