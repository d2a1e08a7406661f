"""`script/server`: what a person relies on who starts, stops and restarts it."""

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from tests.site import CHECKOUT, Site, free_port, fresh_clone, postgresql_database, running_site


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("first") / "data"
    with running_site(data_dir=data_dir, DEMO="0"):
        pass
    return data_dir


@pytest.fixture
def started_before(first_start: Path, tmp_path: Path) -> Path:
    """A data folder that a site has been started on."""
    return shutil.copytree(first_start, tmp_path / "data")


def test_a_second_start_repeats_nothing(started_before: Path):
    with running_site(data_dir=started_before, DEMO="0") as site:
        said = site.said()
    for step in ("Installing", "Bringing the database up to date", "Collecting the static files"):
        assert step not in said


@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "TERM"])
def test_it_ends_and_leaves_nothing_running(started_before: Path, with_signal: signal.Signals):
    with running_site(data_dir=started_before, DEMO="0") as site:
        supervisor = psutil.Process(site.process.pid)
        below = supervisor.children(recursive=True)
        supervisor.send_signal(with_signal)
        assert site.process.wait(timeout=60) == 0
        _, alive = psutil.wait_procs(below, timeout=10)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []


def test_programs_that_die_are_started_again(started_before: Path):
    with running_site(data_dir=started_before, DEMO="0") as site:
        for program in ("gunicorn", "worker"):
            victim = _child(site, program)
            assert victim
            os.kill(victim, signal.SIGKILL)
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline and _child(site, program) in (0, victim):
                time.sleep(0.1)
            assert _child(site, program) not in (0, victim)


def test_a_worker_that_hangs_is_replaced_within_two_minutes(started_before: Path):
    with running_site(data_dir=started_before, DEMO="0") as site:
        hangs = _child(site, "worker")
        os.kill(hangs, signal.SIGSTOP)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and _child(site, "worker") in (0, hangs):
            time.sleep(1)
        assert _child(site, "worker") not in (0, hangs)
        assert "The worker gave no sign of life for 60 seconds." in site.said()


def test_it_leaves_nothing_running_when_it_is_killed(started_before: Path):
    with running_site(data_dir=started_before, DEMO="0") as site:
        deadline = time.monotonic() + 30  # the first of the two that gunicorn begins answers before the second is there
        while time.monotonic() < deadline:
            below = psutil.Process(site.process.pid).children(recursive=True)
            if len(webs := [process for process in below if "gunicorn" in process.cmdline()]) == 3:
                break
        assert len(webs) == 3
        os.kill(_child(site, "worker"), signal.SIGSTOP)
        site.process.kill()
        _, alive = psutil.wait_procs(below, timeout=5)
        assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []
    with running_site(data_dir=started_before, DEMO="0"):
        pass


def test_it_goes_on_and_ends_as_it_should_when_nobody_reads_what_it_says(started_before: Path):
    port = free_port()
    settings = {"PATH": os.environ["PATH"], "DATA_DIR": str(started_before), "PORT": str(port), "DEMO": "0"}
    process = subprocess.Popen([CHECKOUT / "script" / "server"], env=settings, stdout=subprocess.PIPE)
    assert process.stdout
    try:
        process.stdout.readline()
        process.stdout.close()  # as in: script/server | head -1
        for _ in range(2):
            assert _answers(port)
        below = psutil.Process(process.pid).children(recursive=True)
        assert below
    finally:
        process.terminate()
        process.wait(timeout=60)
    _, alive = psutil.wait_procs(below, timeout=10)
    assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []


def test_two_sites_run_side_by_side(first_start: Path, tmp_path: Path):
    one_data, two_data = (shutil.copytree(first_start, tmp_path / name) for name in ("one", "two"))
    with running_site(data_dir=one_data, DEMO="0") as one, running_site(data_dir=two_data, DEMO="0") as two:
        for site in (one, two):
            with urlopen(f"{site.url}/health") as answer:  # noqa: S310
                assert answer.status == 200


def test_a_postgresql_url_is_all_it_takes_to_run_on_postgresql(tmp_path: Path):
    with postgresql_database() as url, running_site(data_dir=tmp_path / "data", DATABASE_URL=url, DEMO="0"):
        pass
    assert not list(tmp_path.rglob("*.sqlite3"))


def test_a_port_in_use_is_named_in_one_sentence(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = _fails_to_start(tmp_path, PORT=port, DATA_DIR=str(tmp_path / "data"))
    assert f"Port {port} on 127.0.0.1 is in use already." in said
    assert not (tmp_path / "data" / "countersign.sqlite3").exists()


def test_an_unsafe_setting_is_named_in_one_sentence(tmp_path: Path):
    said = _fails_to_start(
        tmp_path, SITE_URL="http://example.org", DATA_DIR=str(tmp_path / "data"), PORT=str(free_port())
    )
    assert "SITE_URL is 'http://example.org'" in said
    assert "Traceback" not in said


def test_a_data_folder_that_cannot_be_used_is_named_in_one_sentence(tmp_path: Path):
    (tmp_path / "file").touch()
    said = _fails_to_start(tmp_path, DATA_DIR=str(tmp_path / "file" / "data"), PORT=str(free_port()))
    assert f"Nothing can be kept in {tmp_path / 'file' / 'data'}: Not a directory." in said
    assert "Traceback" not in said


def test_it_starts_from_any_folder_in_a_path_with_spaces_with_relative_data_and_no_home(
    first_start: Path, tmp_path: Path
):
    checkout = fresh_clone(tmp_path / "a checkout")
    for installed in (".venv", "node_modules"):
        (checkout / installed).symlink_to(CHECKOUT / installed)
    shutil.copytree(first_start, tmp_path / "my data")
    with running_site(data_dir=Path("my data"), checkout=checkout, cwd=tmp_path, DEMO="0"):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {"a checkout", "my data"}


def _fails_to_start(cwd: Path, **settings: str) -> str:
    ended = subprocess.run(
        [CHECKOUT / "script" / "server"],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1
    return ended.stdout + ended.stderr


def _answers(port: int, within_seconds: float = 90) -> bool:
    deadline = time.monotonic() + within_seconds
    while time.monotonic() < deadline:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/health") as answer:
            return answer.status == 200
        time.sleep(0.1)
    return False


def _child(site: Site, program: str) -> int:
    """Return the process id of what the supervisor runs under this name now; 0 for none."""
    for process in psutil.Process(site.process.pid).children():
        with suppress(psutil.NoSuchProcess):  # a zombie, about to be reaped, counts as gone too
            if program in process.cmdline():
                return process.pid
    return 0
