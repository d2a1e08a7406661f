"""Prints are made by a process of its own, which pages do not wait for and whose end takes nobody along."""

import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from printing import pdf
from printing.errors import PrintError
from printing.pdf import _Press
from tests.site import CHECKOUT

PAGE = "<!doctype html><html lang=en><title>A page</title><p>A page"
SLOW = "<!doctype html><html lang=en><title>A book</title>" + "<p>A line of a long book" * 50_000


@pytest.fixture
def press():
    """A press of this test alone, warm."""
    one = _Press()
    assert one.pdf(PAGE, "unit.css").startswith(b"%PDF-")
    yield one
    one.stop()


def process_of(press: _Press) -> psutil.Process:
    assert press.process is not None
    return psutil.Process(press.process.pid)


@pytest.mark.long
def test_it_goes_on_with_the_next_print_and_makes_the_same_bytes(press):
    first = process_of(press).pid
    assert press.pdf(PAGE, "unit.css") == press.pdf(PAGE, "unit.css")
    with pytest.raises(PrintError, match="may not load file:///etc/passwd"):
        press.pdf(f'{PAGE}<img alt="" src="file:///etc/passwd">', "unit.css")
    assert press.pdf(PAGE, "unit.css").startswith(b"%PDF-")
    assert process_of(press).pid == first


@pytest.mark.long
def test_it_yields_to_pages_and_knows_no_setting_of_ours(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    one = _Press()
    try:
        one.pdf(PAGE, "unit.css")
        process = process_of(one)
        assert process.nice() > psutil.Process().nice()
        assert "DATABASE_URL" not in process.environ()
    finally:
        one.stop()


@pytest.mark.long
def test_one_that_is_killed_fails_its_print_and_the_next_is_made(press):
    victim = process_of(press)
    threading.Timer(0.3, victim.send_signal, [signal.SIGKILL]).start()
    with pytest.raises(PrintError, match="was ended before the print was done"):
        press.pdf(SLOW, "unit.css")

    assert press.pdf(PAGE, "unit.css").startswith(b"%PDF-")
    process_of(press).kill()  # and between two
    psutil.wait_procs([process_of(press)], timeout=10)
    assert press.pdf(PAGE, "unit.css").startswith(b"%PDF-")


@pytest.mark.long
def test_a_print_without_end_is_ended(press, monkeypatch):
    monkeypatch.setattr(pdf, "SECONDS_AT_MOST", 0.5)
    with pytest.raises(PrintError, match="it took too long"):
        press.pdf(SLOW, "unit.css")


@pytest.mark.long
def test_it_ends_with_whoever_gives_the_jobs_whatever_it_is_doing(tmp_path):
    program = tmp_path / "gives.py"
    program.write_text(
        "import sys, threading, time; sys.path.insert(0, sys.argv[1])\n"
        "from django.conf import settings; from pathlib import Path\n"
        "settings.configure(BASE_DIR=Path(sys.argv[1]))\n"
        "from printing.pdf import _Press\n"
        f"press = _Press(); press.pdf({PAGE!r}, 'unit.css')\n"
        f"threading.Thread(target=press.pdf, args=[{SLOW[:60]!r} + '<p>A line of a long book' * 50_000, 'unit.css'])"
        ".start()\n"
        "time.sleep(0.5); print(press.process.pid, flush=True); time.sleep(600)\n",
        encoding="utf-8",
    )
    with subprocess.Popen([sys.executable, program, CHECKOUT], stdout=subprocess.PIPE, text=True) as giver:
        assert giver.stdout
        process = psutil.Process(int(giver.stdout.readline()))
        assert process.is_running()
        os.kill(giver.pid, signal.SIGKILL)

    _, alive = psutil.wait_procs([process], timeout=10)
    deadline = time.monotonic() + 10
    while [one for one in alive if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
