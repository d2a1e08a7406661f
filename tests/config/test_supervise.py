"""Programs are kept running: those that die or fall silent are replaced, and nothing outlives the supervisor."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from typing import Any

import psutil
import pytest

from tests.site import CHECKOUT

WITH_A_CHILD = """
    import signal, subprocess, sys, time
    from pathlib import Path

    child = subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(15, lambda *_: 0); "
                              "print('here', flush=True); [time.sleep(1) for _ in range(600)]"])
    while True:
        Path("sign").write_text("I get on")
        time.sleep(0.2)
"""


@contextmanager
def supervised(program: str, folder: Path, **settings: Any) -> Iterator[subprocess.Popen]:
    """Keep a program of Python running in `folder`, where its sign of life is `sign` and may be away for 3 seconds."""
    (folder / "program.py").write_text(dedent(program))
    supervisor = """
        import sys
        from pathlib import Path
        from config.supervise import Program, supervise
        supervise(Program("program", sys.executable, "program.py", sign=Path("sign"), silent_at_most=3))
    """
    process = subprocess.Popen(
        [sys.executable, "-c", dedent(supervisor)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
        **settings,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def below(process: subprocess.Popen) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def the_program(process: subprocess.Popen) -> list[psutil.Process]:
    return [one for one in psutil.Process(process.pid).children() if "program.py" in one.cmdline()]


def the_child_too(process: subprocess.Popen) -> list[psutil.Process]:
    return [child for one in the_program(process) for child in one.children()]


def stop(program: psutil.Process) -> None:
    """Wait until it has stopped: of two signals at once it might see the other first."""
    program.send_signal(signal.SIGSTOP)
    eventually(lambda: program.status() == psutil.STATUS_STOPPED)


def eventually(found: Callable[[], Any], within_seconds: float = 20) -> Any:
    deadline = time.monotonic() + within_seconds
    while time.monotonic() < deadline:
        if answer := found():
            return answer
        time.sleep(0.05)
    raise AssertionError("It did not happen in time.")


def all_ended(processes: list[psutil.Process], within_seconds: float = 5) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=within_seconds)
    return all(one.status() == psutil.STATUS_ZOMBIE for one in alive)


@pytest.mark.long
def test_a_program_that_keeps_dying_is_started_again_less_and_less_often(tmp_path):
    program = """
        import sys, time
        with open("starts", "a") as starts:
            print(time.monotonic(), file=starts)
        sys.exit(1)
    """
    starts = tmp_path / "starts"
    with supervised(program, tmp_path, preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN)):
        eventually(lambda: starts.exists() and len(starts.read_text().splitlines()) >= 4)
    at = [float(line) for line in starts.read_text().splitlines()]
    first, second, third = (later - earlier for earlier, later in pairwise(at[:4]))
    assert first >= 1
    assert second >= 2
    assert third >= 4


@pytest.mark.long
def test_a_program_that_falls_silent_is_replaced_and_all_that_it_had_begun(tmp_path):
    with supervised(WITH_A_CHILD, tmp_path) as supervisor:
        eventually(lambda: the_child_too(supervisor))
        time.sleep(4)  # longer than it may be silent: it is not
        [old] = the_program(supervisor)
        first = below(supervisor)
        stop(old)
        eventually(lambda: [one for one in the_program(supervisor) if one.pid != old.pid])
        assert all_ended(first)


def test_a_supervisor_that_is_killed_leaves_nothing_behind(tmp_path):
    with supervised(WITH_A_CHILD, tmp_path) as supervisor:
        eventually(lambda: the_child_too(supervisor))
        first = below(supervisor)
        assert len(first) == 3  # its guard too
        supervisor.kill()
        assert all_ended(first)


def test_a_program_that_dies_takes_with_it_what_it_had_begun(tmp_path):
    with supervised(WITH_A_CHILD, tmp_path) as supervisor:
        first = eventually(lambda: the_child_too(supervisor))
        the_program(supervisor)[0].kill()
        assert all_ended(first)


def test_a_program_may_finish_what_it_is_doing(tmp_path):
    program = """
        import signal, sys, time
        from pathlib import Path

        def finish(*_):
            time.sleep(2)
            Path("finished").touch()
            sys.exit()

        signal.signal(signal.SIGTERM, finish)
        Path("started").touch()
        time.sleep(600)
    """
    with supervised(program, tmp_path) as supervisor:
        eventually((tmp_path / "started").exists)
        supervisor.terminate()
        assert supervisor.wait(timeout=10) == 0
    assert (tmp_path / "finished").exists()


@pytest.mark.long
def test_a_program_that_does_not_end_is_killed_after_a_while_and_at_once_when_told_again(tmp_path):
    for times, least, most in ((1, 10, 15), (2, 0, 5)):
        with supervised(WITH_A_CHILD, tmp_path) as supervisor:
            eventually(lambda: the_child_too(supervisor))
            first = below(supervisor)
            stop(the_program(supervisor)[0])
            began = time.monotonic()
            for _ in range(times):
                supervisor.send_signal(signal.SIGINT)
                time.sleep(0.5)
            assert supervisor.wait(timeout=30) == 0
            assert least <= time.monotonic() - began <= most
            assert all_ended(first)


def test_what_programs_say_is_added_to_a_plain_file(tmp_path):
    program = """
        import sys, time
        print("said", flush=True)
        print("complained", file=sys.stderr)
        time.sleep(600)
    """
    log = tmp_path / "log"
    with log.open("w") as output:
        output.write("before\n")
        output.flush()
        with supervised(program, tmp_path, stdout=output):
            eventually(lambda: log.read_text() == "before\nsaid\ncomplained\n")


def test_what_programs_say_goes_into_a_socket(tmp_path):
    ours, theirs = socket.socketpair()
    with ours, theirs, supervised("print('said', flush=True)", tmp_path, stdout=theirs):
        ours.settimeout(20)
        assert ours.makefile().readline() == "said\n"
