"""Copies the whole database to a file and back: SQLite by its backup interface, PostgreSQL by its own tools."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

PACKAGED_TOOLS = "/usr/lib/postgresql/{major}/bin"  # where Debian keeps several versions side by side
ADDRESS = (  # options that say where the database is; the driver knows others that older tools do not
    *("host", "hostaddr", "port", "dbname", "user", "options", "connect_timeout"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey"),
)
SIGNED_IN = "django_session"  # who is signed in; a copy signs everyone out


class DatabaseNotCopied(Exception):
    """The database could not be written to a file or read from one; the message is for the operator."""


@contextmanager
def snapshot() -> Iterator[str]:
    """See the database as it is now, whatever others write meanwhile, without holding them up.

    Everything read through Django's connection inside the block is from one moment. Yields the snapshot's
    name for `dump`. Do not use it inside a transaction.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("BEGIN")  # deferred, unlike Django's own: it takes no write lock
            cursor.execute("SELECT count(*) FROM sqlite_master")  # the snapshot begins with the first read
            name = ""
        else:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            name = cursor.fetchone()[0]
        try:
            yield name
        finally:
            cursor.execute("ROLLBACK")


def dump(snapshot_name: str, path: Path) -> None:
    """Write the database of the current `snapshot` to `path`, without the sessions.

    Raises DatabaseNotCopied, and OSError if the disk refuses.
    """
    if connection.vendor == "sqlite":
        _dump_sqlite(path)
    else:
        _dump_postgresql(snapshot_name, path)


def applied_migrations() -> list[str]:
    """Return the migrations that are applied to the database, as app.name, sorted."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def unknown_migrations(migrations: list[str]) -> list[str]:
    """Return those of `migrations` that this version of Countersign does not have."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    return sorted(set(migrations) - known)


def check_dump(path: Path) -> None:
    """Raise DatabaseNotCopied unless `path` holds a whole database of the kind that is in use.

    Nothing in it is run: SQLite reads it without trusting its schema, PostgreSQL's tool only lists it.
    """
    if connection.vendor == "sqlite":
        _check_sqlite(path)
    else:
        _run([_tool("pg_restore"), "--list", str(path)])


def refuse_powerful_role() -> None:
    """Raise DatabaseNotCopied if the SQL of a backup would run with power over the whole server."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR pg_has_role(oid, 'pg_execute_server_program', 'member') "
            "OR pg_has_role(oid, 'pg_write_server_files', 'member') FROM pg_roles WHERE rolname = current_user"
        )
        if cursor.fetchone()[0]:
            raise DatabaseNotCopied(
                "DATABASE_URL signs in to PostgreSQL as a superuser, and what a backup holds would run with "
                "all its powers. Make a role that owns this database and nothing else, and restore as that."
            )


def load(path: Path) -> None:
    """Replace the database in use with the one in `path`, in one step: wholly or not at all.

    Call `check_dump` and `refuse_powerful_role` first. Raises DatabaseNotCopied.
    """
    if connection.vendor == "sqlite":
        _load_sqlite(path)
    else:
        _load_postgresql(path)


def _dump_sqlite(path: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        copy.executescript("PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON;")
        copy.execute(f"DELETE FROM {SIGNED_IN}")  # noqa: S608 - a table of ours
        copy.commit()


def _check_sqlite(path: Path) -> None:
    damaged = "The database in the backup is damaged"
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
            copy.execute("PRAGMA trusted_schema = OFF")
            strange = copy.execute(
                "SELECT name FROM sqlite_master WHERE type = 'view' OR sql LIKE 'CREATE VIRTUAL%'"
            ).fetchall()
            if strange:
                raise DatabaseNotCopied(f"The database in the backup is not Countersign's: {strange[0][0]}.")
            if copy.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                raise DatabaseNotCopied(f"{damaged}: SQLite's integrity check fails.")
            if copy.execute("PRAGMA foreign_key_check").fetchone():
                raise DatabaseNotCopied(f"{damaged}: rows point to others that are not there.")
    except sqlite3.Error as error:
        raise DatabaseNotCopied(f"{damaged}: {error}.") from error


def _load_sqlite(path: Path) -> None:
    target = Path(connection.settings_dict["NAME"])
    connection.close()
    arriving = target.with_name(f"{target.name}.restored")
    shutil.copyfile(path, arriving)
    arriving.chmod(0o600)
    _sync(arriving)
    for left in ("-wal", "-shm"):  # of the old database: SQLite would apply them to the new one
        target.with_name(target.name + left).unlink(missing_ok=True)
    arriving.replace(target)
    _sync(target.parent)


def _dump_postgresql(snapshot_name: str, path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = cursor.fetchone()[0]
    _run(
        [
            *(_tool("pg_dump"), f"--dbname={_address()}", f"--snapshot={snapshot_name}", "--format=custom"),
            *(f"--schema={schema}", "--no-owner", "--no-privileges", f"--exclude-table-data={SIGNED_IN}"),
            *("--no-password", f"--file={path}"),
        ]
    )


def _load_postgresql(path: Path) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = cursor.fetchone()[0]
        for table in [*connection.introspection.django_table_names(only_existing=True), "django_migrations"]:
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")
        cursor.execute(  # the functions behind the triggers of record.triggers, whatever they are called
            "SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace "
            "AND prorettype = 'trigger'::regtype AND proowner = current_user::regrole "
            "AND NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgfoid = pg_proc.oid) AND NOT EXISTS "
            "(SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND classid = 'pg_proc'::regclass AND deptype = 'e')"
        )
        for (function,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {connection.ops.quote_name(function)}()")
    address = _address()
    connection.close()
    _run(
        [
            *(_tool("pg_restore"), f"--dbname={address}", f"--schema={schema}", "--no-owner"),
            *("--no-privileges", "--single-transaction", "--exit-on-error", "--no-password", str(path)),
        ]
    )


def _address() -> str:
    """The address of the database for PostgreSQL's tools, without the password, which everybody could see there."""
    from django.db.backends.postgresql.psycopg_any import is_psycopg3  # noqa: PLC0415 - SQLite needs no driver

    connection.ensure_connection()
    info = connection.connection.info
    if is_psycopg3:
        from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - one of the two drivers is there

        known, written = info.get_parameters(), make_conninfo
    else:
        from psycopg2.extensions import make_dsn  # noqa: PLC0415

        known, written = info.dsn_parameters, make_dsn
    return written(**{name: known[name] for name in ADDRESS if known.get(name)})


def _tool(name: str) -> str:
    """Return the PostgreSQL program that suits the server: that of its version, or a later one in PATH."""
    connection.ensure_connection()
    major = connection.connection.info.server_version // 10000
    packaged = Path(PACKAGED_TOOLS.format(major=major)) / name
    if packaged.exists():
        return str(packaged)
    found = shutil.which(name)
    install = f"Install PostgreSQL's client programs of version {major} (Debian: postgresql-client-{major})."
    if found is None:
        raise DatabaseNotCopied(f"{name} is not on this machine. {install}")
    version = re.search(r"\) (\d+)", _run([found, "--version"]))
    if version is None or int(version[1]) < major:
        raise DatabaseNotCopied(
            f"{name} is of version {version[1] if version else 'unknown'}, too old for the server's {major}. {install}"
        )
    return found


def _run(command: list[str]) -> str:
    """Run a PostgreSQL program and return what it printed. Raises DatabaseNotCopied with its error message."""
    password = {"PGPASSWORD": connection.settings_dict["PASSWORD"]} if "--no-password" in command else {}
    done = subprocess.run(  # noqa: S603 - the program is PostgreSQL's, the arguments are ours
        command, env=os.environ | password, capture_output=True, text=True, check=False
    )
    if done.returncode:
        words = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise DatabaseNotCopied(f"{Path(command[0]).name} failed: {words[0]}")
    return done.stdout


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
