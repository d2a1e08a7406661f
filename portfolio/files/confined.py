"""Runs the programs that open what strangers have sent: with limits, at low priority, without a network."""

import functools
import logging
import resource
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

logger = logging.getLogger("countersign.previews")

CRASHES = {signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE, signal.SIGTRAP}  # of its own


class Failed(Exception):
    """The program did not end well; the argument says why, in the words of made.json."""

    def __init__(self, fault: str, returncode: int | None = None) -> None:
        super().__init__(fault)
        self.fault = fault
        self.returncode = returncode  # what it ended with, if it ended; below zero the signal that ended it


def run_confined(
    command: Sequence[str],
    *,
    folder: Path,
    seconds: int,
    memory: int,
    writes: int,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run a program in a folder until it ends. Raises Failed.

    It may take so many `seconds`, by the clock and of computing. `memory` is in bytes, `writes` in bytes for each file.
    It gets nothing of our environment.
    """
    confined = [_tool("nice"), "-n", "5", *_without_network(), *_limits(seconds, memory, writes), *command]
    try:
        subprocess.run(  # noqa: S603 - programs of ours and of the system; types are ours, names are digests
            confined, check=True, env=env or {}, cwd=folder, timeout=seconds,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Failed("slow") from error
    except subprocess.CalledProcessError as error:
        raise Failed(_fault_of(error.returncode), error.returncode) from error
    except OSError as error:
        logger.warning("%s could not begin: %s", Path(command[0]).name, error.strerror)
        raise Failed("killed") from error


def _fault_of(returncode: int) -> str:
    """Say what ended a program that did not end by itself. Only the drawing itself can say that a file is damaged."""
    if returncode == -signal.SIGXCPU:
        return "slow"
    return "crashed" if -returncode in CRASHES else "killed"


def _limits(seconds: int, memory: int, writes: int) -> list[str]:
    """The command that sets limits for another, for good."""
    cpu = _within(resource.RLIMIT_CPU, seconds)
    return [
        _tool("prlimit"),
        f"--as={_within(resource.RLIMIT_AS, memory)}",
        # At the hard limit the system kills just as it does when memory is short, so the soft limit comes first.
        f"--cpu={max(1, cpu - 5)}:{cpu}",
        f"--fsize={_within(resource.RLIMIT_FSIZE, writes)}",
        "--core=0",
        f"--nofile={_within(resource.RLIMIT_NOFILE, 256)}",
    ]


def _within(what: int, most: int) -> int:
    hard = resource.getrlimit(what)[1]
    return most if hard == resource.RLIM_INFINITY else min(most, hard)


@functools.cache
def _without_network() -> tuple[str, ...]:
    """The command that takes the network from another; none where the system does not allow it."""
    for options in (("--map-current-user", "--net"), ("--net",)):
        command = (_tool("unshare"), *options)
        with_nothing_to_do = subprocess.run([*command, _tool("true")], check=False, capture_output=True)  # noqa: S603
        if with_nothing_to_do.returncode == 0:
            return command
    logger.warning("This system lets nobody run a program without a network: what opens files could reach one.")
    return ()


def _tool(name: str) -> str:
    """The path of a program that every Linux has."""
    return shutil.which(name) or name
