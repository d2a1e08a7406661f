"""Keeps the web server and the worker running, for `script/server`.

    python -m config.supervise         both, until TERM or INT
    python -m config.supervise web     becomes this one, for a service manager that looks after it itself

Each program has a process group of its own, and in it a guard: a shell that waits at the end of a pipe whose other
end only the supervisor has. However the supervisor ends, the pipe breaks, and the guard kills its whole group: the
processes of the web server, a print, the drawing of a preview. Programs write to the output that the supervisor was
given, whatever it is; nothing stands between that could break.
"""

import fcntl
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TextIO

SILENT_AT_MOST = 60  # seconds between two signs of life
GRACE = 10  # seconds that programs have to end when they are told to
STEADY_AFTER = 60  # seconds after which a program that dies was no failed start
PAUSE, PAUSE_AT_MOST = 1, 30  # seconds before a program is started again: twice as many after each failed start
LOOK_EVERY = 1  # seconds
GUARD = ["/bin/sh", "-c", "read -r _; kill -KILL 0"]


class Program:
    """A program that is kept running. Where it has a `sign`, it writes that file anew as long as it gets on."""

    def __init__(self, name: str, *command: str, sign: Path | None = None, silent_at_most: float = SILENT_AT_MOST):
        self.name = name
        self.command = command
        self.sign = sign
        self.silent_at_most = silent_at_most
        self.pids: tuple[int, ...] = ()  # of the guard, which is the number of the group too, and its own
        self.began = self.due = self.heard = float("-inf")
        self.pause = PAUSE
        self.last_sign: tuple[int, int] | None = None

    def look_after(self, lifeline: int) -> None:
        """Start it when it is due; kill it when it has fallen silent."""
        now = time.monotonic()
        if not self.pids:
            if now >= self.due:
                self.began = self.heard = now
                self._start(lifeline)
            return
        if (sign := self._read_sign()) != self.last_sign:
            self.last_sign, self.heard = sign, now
        if self.sign and now - self.heard > self.silent_at_most:
            say(f"The {self.name} gave no sign of life for {self.silent_at_most:.0f} seconds.")
            self.heard = now
            self.kill()

    def _start(self, lifeline: int) -> None:
        no_input = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
        one_output = (os.POSIX_SPAWN_DUP2, 1, 2)
        try:
            guard = os.posix_spawn(
                GUARD[0], GUARD, {}, file_actions=[(os.POSIX_SPAWN_DUP2, lifeline, 0)], setpgroup=0, setsigmask=[]
            )
            self.pids = (guard,)
            program = os.posix_spawn(
                self.command[0], self.command, os.environ,
                file_actions=[no_input, one_output], setpgroup=guard, setsigmask=[],
            )  # fmt: skip
            self.pids = (guard, program)
        except OSError as error:
            say(f"The {self.name} cannot be started: {error.strerror}.")
            self.kill()

    def _read_sign(self) -> tuple[int, int] | None:
        if self.sign is None:
            return None
        try:
            found = self.sign.stat()
        except OSError:
            return self.last_sign
        return found.st_ino, found.st_mtime_ns

    def start_again(self) -> None:
        """Set when it is started again, now that it has ended."""
        now = time.monotonic()
        self.pause = PAUSE if now - self.began >= STEADY_AFTER else self.pause
        self.due = now + self.pause
        say(f"The {self.name} has ended, and is started again in {self.pause} s.")
        self.pause = min(2 * self.pause, PAUSE_AT_MOST)

    def tell_to_end(self) -> None:
        """Let it finish what it is doing."""
        for pid in self.pids[1:]:
            os.kill(pid, signal.SIGTERM)

    def kill(self) -> None:
        """End it and all that it has begun, at once."""
        for group in self.pids[:1]:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)


def supervise(*programs: Program) -> None:
    """Keep the programs running until TERM, INT or a terminal that is closed; then end them, all at once.

    Who says it again, or waits for ten seconds, has them killed.
    """
    heard = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT}
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as nohup has it
        heard.add(signal.SIGHUP)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # who was started with it ignored never hears of a death
    signal.pthread_sigmask(signal.SIG_BLOCK, heard)
    lifeline, _held_open = os.pipe()

    told = None
    while told in {None, signal.SIGCHLD}:
        for program in programs:
            program.look_after(lifeline)
        told = _wait(heard, LOOK_EVERY)
        for program in _ended(programs):
            program.start_again()

    for program in programs:
        program.tell_to_end()
    end = time.monotonic() + GRACE
    told = None
    while told in {None, signal.SIGCHLD} and any(program.pids for program in programs) and time.monotonic() < end:
        told = _wait(heard, LOOK_EVERY)
        _ended(programs)
    for program in programs:
        program.kill()


def _wait(heard: set[signal.Signals], seconds: float) -> int | None:
    """Return the signal that came meanwhile."""
    told = signal.sigtimedwait(heard, seconds)
    return told and told.si_signo


def _ended(programs: tuple[Program, ...]) -> list[Program]:
    """Return the programs that have ended, with nothing left of what they had begun.

    Their group is killed before the system may give its number to others.
    """
    ended = []
    with suppress(ChildProcessError):
        while found := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            for program in programs:
                if found.si_pid in program.pids:
                    program.kill()
                    program.pids = ()
                    ended.append(program)
            os.waitpid(found.si_pid, 0)
    return ended


def say(sentence: str) -> None:
    """Tell whoever reads the output, if anybody does."""
    with suppress(OSError):
        os.write(1, f"{sentence}\n".encode())


def _the_only_one(run: Path) -> TextIO:
    """Take the lock of which a DATA_DIR has one, held as long as the file is open. Ends with a sentence where it is."""
    lock = (run / "server.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit("Countersign runs on this DATA_DIR already. Stop that one first, or give another DATA_DIR.")
    return lock


def main() -> None:
    """Supervise both programs, or become the one that is named."""
    run = Path(os.environ["DATA_DIR"]) / "run"
    web = Program("web server", sys.executable, "-m", "gunicorn", "--config=python:config.gunicorn", "config.wsgi")
    worker = Program("worker", sys.executable, "manage.py", "worker", sign=run / "worker")
    match sys.argv[1:]:
        case ["worker"]:  # has a lock of its own
            os.execv(worker.command[0], worker.command)  # noqa: S606 - our own program
        case ["web"]:
            with _the_only_one(run) as lock:
                os.set_inheritable(lock.fileno(), True)
                os.execv(web.command[0], web.command)  # noqa: S606 - our own program
        case _:
            with _the_only_one(run):
                supervise(web, worker)


if __name__ == "__main__":
    main()
