"""The site as people run it: `script/server`, with its own web server, worker, data and port."""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen
from uuid import uuid4

import psycopg2

CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, kw_only=True)
class Site:
    """A site that runs: where it answers, where it keeps its data, and what it has said so far."""

    url: str
    data_dir: Path
    settings: dict[str, str]
    process: subprocess.Popen[bytes]
    output: Path

    def said(self) -> str:
        """Return everything that the server has written to its terminal."""
        return self.output.read_text(encoding="utf-8")


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on.

    Below those that the system gives away: a server of another test would be given it before the site has it.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def fresh_clone(folder: Path) -> Path:
    """Make the folder a checkout as it is here, with nothing installed in it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (CHECKOUT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / name, folder / name)
    return folder


@contextmanager
def running_site(
    *,
    data_dir: Path,
    checkout: Path = CHECKOUT,
    cwd: Path | None = None,
    within_seconds: float = 90,
    **settings: str,
) -> Iterator[Site]:
    """Start `script/server` with these settings, wait until /health answers with 200, and stop it afterwards.

    On an embedded database unless `DATABASE_URL` is among the settings. Raises AssertionError, with what
    the server said, when it ends or does not answer in time.
    """
    port = settings.setdefault("PORT", str(free_port()))
    settings.setdefault("DATABASE_DRIVER", os.environ.get("DATABASE_DRIVER", ""))
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), **settings}
    with tempfile.NamedTemporaryFile(prefix="countersign-site-") as output:
        process = subprocess.Popen(
            [checkout / "script" / "server"],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        site = Site(
            url=f"http://127.0.0.1:{port}",
            data_dir=data_dir,
            settings=settings,
            process=process,
            output=Path(output.name),
        )
        try:
            _wait_for_health(site, within_seconds)
            yield site
        finally:
            process.terminate()
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


@contextmanager
def postgresql(url: str) -> Iterator[Any]:
    """A cursor on a connection of its own to this database, on which each statement is a transaction."""
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


@contextmanager
def postgresql_database() -> Iterator[str]:
    """Make an empty database on the PostgreSQL server of the tests; yield its URL, and drop it afterwards."""
    server = os.environ["DATABASE_URL"]
    name = f"site_{uuid4().hex}"
    with postgresql(server) as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            yield server.rpartition("/")[0] + f"/{name}"
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def create_centre(site: Site, name: str, coordinator: str, email: str) -> str:
    """Begin a centre as the operator does; return the link by which its coordinator comes in."""
    command = [sys.executable, "manage.py", "create_centre", name, "--number", "90210"]
    command += ["--coordinator-name", coordinator, "--coordinator-email", email]
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(site.data_dir), **site.settings}
    printed = subprocess.run(command, cwd=CHECKOUT, env=environment, check=True, capture_output=True, text=True)
    return link_in(printed.stdout)


def link_in(text: str) -> str:
    """The one link in a letter, or in what a command has printed."""
    [link] = re.findall(r"http://\S+", text)
    return link


def _wait_for_health(site: Site, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    answer = "no answer"
    while time.monotonic() < deadline:
        assert site.process.poll() is None, f"script/server ended:\n{site.said()}"
        try:
            with urlopen(f"{site.url}/health", timeout=5) as response:  # noqa: S310 - our own address
                response.read()
                return
        except HTTPError as error:
            answer = f"{error.code}: {error.read().decode(errors='replace')}"
        except (URLError, OSError):
            pass
        time.sleep(0.05)
    raise AssertionError(f"/health: {answer}\nscript/server said:\n{site.said()}")
