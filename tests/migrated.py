"""A database with all migrations: made once, and again when they change, since that takes longer than most tests.

Kept in pytest's cache. PostgreSQL copies each test database from one that is filled from there, SQLite copies the file.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2

CHECKOUT = Path(__file__).resolve().parent.parent
KEPT = CHECKOUT / ".pytest_cache" / "migrated"
TEMPLATE = "migrated"


def template_database() -> str:
    """Return the name of a migrated database on the server of DATABASE_URL, made if it is not there."""
    url = os.environ["DATABASE_URL"]
    with _one_at_a_time(), closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
            if cursor.fetchone():
                return TEMPLATE
            cursor.execute(f"CREATE DATABASE {TEMPLATE}")
        own = url.rpartition("/")[0] + f"/{TEMPLATE}"
        kept = _kept("sql")
        if kept.exists():
            _run("psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={kept}", own)
        else:
            _run(sys.executable, "manage.py", "migrate", "--verbosity=0", DATABASE_URL=own)
            _run("pg_dump", "--no-owner", f"--file={_part(kept)}", own)
            _keep(kept, _part(kept))
    return TEMPLATE


def migrated_file(at: Path) -> None:
    """Put a migrated SQLite database there."""
    kept = _kept("sqlite3")
    with _one_at_a_time():
        if not kept.exists():
            folder = _part(kept)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _run(sys.executable, "manage.py", "migrate", "--verbosity=0", DATA_DIR=str(folder), DATABASE_URL="")
            _keep(kept, folder / "countersign.sqlite3")  # closed, so all of it is in this one file
            shutil.rmtree(folder)
    shutil.copy(kept, at)


def _kept(ending: str) -> Path:
    """Where the database of these migrations is kept: named by a digest of all that makes it."""
    made_by = sorted(
        [*CHECKOUT.glob("*/migrations/*.py"), *CHECKOUT.glob("record/*.py"), CHECKOUT / "requirements.txt"]
    )
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in made_by)).hexdigest()
    return KEPT / f"{digest[:16]}.{ending}"


def _keep(kept: Path, made: Path) -> None:
    """Keep what was made, in place of what earlier migrations made."""
    for old in KEPT.glob(f"*{kept.suffix}"):
        old.unlink()
    made.replace(kept)


def _part(kept: Path) -> Path:
    return kept.with_name(f"{kept.name}.part")


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """While one process of the tests makes it, the others wait."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(*command: str, **environment: str) -> None:
    subprocess.run(command, cwd=CHECKOUT, env=os.environ | environment, check=True, capture_output=True)
