"""What a Django person types on a fresh clone works, or says in a sentence what to run instead."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.site import CHECKOUT, free_port, fresh_clone


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), "DEMO": "0", **settings}


def refusal(*command: str, data_dir: Path, checkout: Path = CHECKOUT) -> str:
    """What the command says, which ends with 1 and no traceback."""
    ended = subprocess.run(
        [sys.executable, *command],
        cwd=checkout,
        env=environment(data_dir),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert ended.stderr.count("\n") == 1
    return ended.stderr


@pytest.mark.long
def test_runserver_serves_a_site_that_it_has_prepared_once(tmp_path):
    port = free_port()
    said = tmp_path / "said"
    with said.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", str(port)],
            cwd=CHECKOUT,
            env=environment(tmp_path / "data", PORT=str(port), PYTHONUNBUFFERED="1"),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        page = answer(f"http://127.0.0.1:{port}/accounts/login/")
        assert "Sign in" in page
        [style_sheet] = [part for part in page.split('"') if "/bootstrap" in part and part.endswith(".css")]
        assert answer(f"http://127.0.0.1:{port}{style_sheet}")
    finally:
        os.killpg(server.pid, signal.SIGKILL)  # what loads the code anew is a process of its own
        server.wait()
    assert said.read_text().count("Bringing the database up to date") == 1


def answer(url: str, within_seconds: float = 120) -> str:
    deadline = time.monotonic() + within_seconds
    while time.monotonic() < deadline:
        with suppress(OSError), urlopen(url) as response:  # noqa: S310 - our own address
            return response.read().decode()
        time.sleep(0.2)
    raise AssertionError(f"{url} did not answer")


@pytest.mark.long
def test_runserver_without_the_front_end_parts_says_what_installs_them(tmp_path):
    clone = fresh_clone(tmp_path / "clone")
    said = refusal("manage.py", "runserver", data_dir=tmp_path / "data", checkout=clone)
    assert "script/setup" in said
    assert not (tmp_path / "data" / "countersign.sqlite3").exists()


def test_without_the_python_packages_it_says_what_installs_them(tmp_path):
    assert "script/setup" in refusal("-S", "manage.py", "migrate", data_dir=tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("options", [[], ["--email", "cora@example.org", "--noinput"]])
def test_createsuperuser_names_the_command_that_begins_a_centre(tmp_path, options):
    assert "manage.py create_centre" in refusal("manage.py", "createsuperuser", *options, data_dir=tmp_path)


@pytest.mark.long
def test_create_centre_before_anything_is_set_up_says_what_does_that(tmp_path):
    command = ["create_centre", "Harbour College", "--coordinator-name", "Cora", "--coordinator-email", "c@example.org"]
    said = refusal("manage.py", *command, data_dir=tmp_path)
    assert "manage.py prepare" in said
    assert "script/server" in said


def test_test_names_the_script_that_runs_the_tests(tmp_path):
    assert "script/test" in refusal("manage.py", "test", "tests.record", "--keepdb", data_dir=tmp_path)


@pytest.mark.long
def test_migrate_works_as_ever(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        cwd=CHECKOUT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Applying" in done.stdout
