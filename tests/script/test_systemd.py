"""`script/systemd`: the two services, as the guide prints them, and what systemd is told by the programs in them."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.site import CHECKOUT

GUIDE = CHECKOUT / "docs" / "operators" / "running.md"


def written(checkout: Path, *arguments: str, data_dir: str) -> subprocess.CompletedProcess:
    """Run the script as it stands in `checkout`, which has nothing else."""
    (checkout / "script").mkdir(parents=True, exist_ok=True)
    shutil.copy(CHECKOUT / "script" / "systemd", checkout / "script")
    return subprocess.run(
        [checkout / "script" / "systemd", *arguments],
        env={"PATH": os.environ["PATH"], "DATA_DIR": data_dir},
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_guide_prints_what_it_writes(tmp_path):
    printed = written(tmp_path, data_dir="/var/lib/countersign").stdout
    printed = printed.replace(str(tmp_path), "/opt/countersign").replace(f"User={tmp_path.owner()}", "User=countersign")
    units = "\n".join(f"    {line}".rstrip() for line in printed.splitlines())
    assert units
    assert units in GUIDE.read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed here")
def test_systemd_has_nothing_to_say_against_them(tmp_path):
    units = tmp_path / "units"
    units.mkdir()
    written(tmp_path, str(units), data_dir="data")
    shutil.copy(CHECKOUT / "script" / "server", tmp_path / "script")
    found = subprocess.run(["systemd-analyze", "verify", *units.iterdir()], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")
    assert f"DATA_DIR={tmp_path / 'data'}\n" in (units / "countersign-worker.service").read_text()


def test_a_folder_that_systemd_would_read_otherwise_is_refused(tmp_path):
    refused = written(tmp_path, data_dir="/var/lib/50% of it")
    assert refused.returncode == 1
    assert "name the folders" in refused.stderr
    assert not refused.stdout


def test_the_worker_tells_systemd_that_it_gets_on(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(60)
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=CHECKOUT,
            env={
                "PATH": os.environ["PATH"],
                "DATA_DIR": str(tmp_path / "data"),
                "NOTIFY_SOCKET": str(tmp_path / "notify"),
            },
            stderr=subprocess.DEVNULL,
        )
        try:
            assert [systemd.recv(100) for _ in range(2)] == [b"WATCHDOG=1", b"WATCHDOG=1"]
        finally:
            worker.kill()
            worker.wait()
