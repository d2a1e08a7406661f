"""Prepares everything that a start of the site needs, in one process."""

import errno
import fcntl
import hashlib
import socket
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from centres.databases import applied_migrations, unknown_migrations
from centres.models import Centre
from centres.restore import unfinished_restore
from centres.version import VERSION
from record.keys import SigningKeyUnusable, ensure_signing_key

# Bootstrap comes in many variants. The pages use one, whole and minified, and compressing the others takes long.
UNUSED_STATIC_FILES = [
    "bootstrap-*",
    "*.rtl.*",
    "bootstrap.css*",
    "bootstrap.js*",
    "bootstrap.esm*",
    "bootstrap.min.js*",
    "browser-test-bundle.js",
    "tus.js*",
]

PREPARES = 0x436F756E74657273  # the number of PostgreSQL's lock for whoever prepares: "Counters"


class Command(BaseCommand):
    """Migrates, loads the standards, the demo and the keys, and collects static files; each where it is due.

    Run again it changes nothing; of two at once, on one DATA_DIR or one database, the second waits for the first.
    Raises CommandError with a sentence for the operator when the front-end parts, the database, the keys or the port
    cannot be had, and when a later version of Countersign has used the database.
    """

    help = "Bring the database, the standards, the keys and the static files up to date before a start."
    requires_system_checks = []  # they run at the end, when the database they look at is there

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--listen",
            nargs=2,
            metavar=("HOST", "PORT"),
            help="first refuse, in a sentence, when this is not free to listen on",
        )

    def handle(self, *args: Any, listen: tuple[str, str] | None, **options: Any) -> None:
        _refuse_missing_frontend()
        if listen:
            _refuse_taken_address(*listen)
        try:
            with self._alone_in_folder(), self._alone_in_database():
                self._prepare(options["verbosity"])
        except OperationalError as error:
            raise CommandError(f"The database does not answer as it should: {error}".strip()) from error
        except SigningKeyUnusable as error:
            raise CommandError(str(error)) from error
        self.check(databases=["default"])

    def _prepare(self, verbosity: int) -> None:
        if sentence := unfinished_restore():
            raise CommandError(sentence)
        _refuse_newer_database()
        self._migrate()
        call_command("sync_standards", verbosity=verbosity)
        call_command("standings", where_due=True)
        ensure_signing_key()
        if settings.DEMO and not Centre.objects.filter(is_demo=True).exists():
            self.stdout.write("Making the demo centre")
            call_command("demo")
        self._collect_static_files()

    @contextmanager
    def _alone_in_folder(self) -> Iterator[None]:
        """Keep every other start out of DATA_DIR. The system releases the lock however this one ends."""
        run = settings.DATA_DIR / "run"
        run.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (run / "prepare.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._say_that_it_waits()
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _alone_in_database(self) -> Iterator[None]:
        """Keep out every other start on the same PostgreSQL database, which may have another DATA_DIR.

        The lock belongs to a transaction on a connection of its own, so a connection pooler leaves it with us.
        """
        if connection.vendor != "postgresql":
            yield
            return
        with closing(connection.copy()) as holder:
            holder.set_autocommit(False)
            with holder.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [PREPARES])
                if not cursor.fetchone()[0]:
                    self._say_that_it_waits()
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PREPARES])
            yield

    def _say_that_it_waits(self) -> None:
        self.stdout.write("Another start is bringing this site up to date: waiting until it has ended")
        self.stdout.flush()

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Bringing the database up to date")
            call_command("migrate", interactive=False, verbosity=0)

    def _collect_static_files(self) -> None:
        """Copy the static files, name them by content and compress them, if they differ from last time."""
        stamp = settings.DATA_DIR / "run" / "static-files"
        state = _digest_of_static_sources()
        if (settings.STATIC_ROOT / "staticfiles.json").exists() and _read(stamp) == state:
            return
        self.stdout.write("Collecting the static files of the pages")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=UNUSED_STATIC_FILES)
        stamp.write_text(state, encoding="ascii")


def _refuse_missing_frontend() -> None:
    """Raise CommandError where what npm installs is not there: Django would go on, and every page fail."""
    if not (settings.BASE_DIR / "node_modules").is_dir():
        raise CommandError("The front-end parts are not installed: script/setup does that.")


def _refuse_newer_database() -> None:
    """Raise CommandError if the database was used by a later version of Countersign."""
    if unknown := unknown_migrations(applied_migrations()):
        raise CommandError(
            f"A later version of Countersign than {VERSION} has used this database: this one does not know "
            f"{', '.join(unknown[:3])}{' and more' if len(unknown) > 3 else ''}, and could damage what is there. "
            "Start the later version again, or restore a backup of this one's into an empty installation "
            "(docs/operators/upgrade.md). Nothing was changed."
        )


def _refuse_taken_address(host: str, port: str) -> None:
    """Raise CommandError with a sentence if no server could listen at `host`:`port` now."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host.strip("[]"), int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(
                f"Port {port} on {host} is in use already. Stop what uses it, or choose another: "
                "PORT=8001 script/server"
            ) from error
        raise CommandError(f"Cannot listen on {host}, port {port}: {error.strerror}.") from error


def _digest_of_static_sources() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(UNUSED_STATIC_FILES):
            content = Path(storage.path(path)).read_bytes()
            digest.update(f"{getattr(storage, 'prefix', '')}/{path} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii") if path.exists() else ""
