"""`script/setup`: what is missing is said before anything is installed, and `--no-install` installs nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.site import CHECKOUT, fresh_clone

COMMANDS = ["bash", "cat", "dirname", "env", "find", "flock", "grep", "sh"]
NOTED = '#!/bin/sh\necho "$(basename "$0") $*"\n'


@pytest.fixture
def lacks_poppler(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine without poppler-utils, whose apt-get only tells what it was asked for."""
    commands = tmp_path / "bin"
    commands.mkdir()
    for name in [*COMMANDS, "basename", "chromium"]:
        (commands / name).symlink_to(shutil.which(name) or name)
    (commands / "python3").symlink_to(Path(sys.executable).resolve())
    for name, script in {
        "id": "#!/bin/sh\necho 0\n",
        "dpkg": "#!/bin/sh\n",
        "apt-get": NOTED + "exit 100\n",
    }.items():
        (commands / name).write_text(script)
        (commands / name).chmod(0o755)
    return {"PATH": str(commands)}


def set_up(*arguments: str, checkout: Path = CHECKOUT, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [checkout / "script" / "setup", *arguments],
        env={"PATH": os.environ["PATH"], **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )


def test_where_all_is_there_it_says_nothing():
    ended = set_up("--tests", "--no-install")
    assert (ended.returncode, ended.stdout) == (0, "")


def test_on_a_fresh_clone_it_says_what_is_missing_and_leaves_it_so(tmp_path):
    clone = fresh_clone(tmp_path / "clone")
    before = sorted(clone.rglob("*"))
    ended = set_up("--no-install", checkout=clone)
    assert ended.returncode == 1
    assert ".venv lacks the Python packages of requirements.txt." in ended.stdout
    assert "node_modules lacks the front-end parts of package-lock.json." in ended.stdout
    assert ended.stdout.endswith("script/setup installs what is missing.\n")
    assert sorted(clone.rglob("*")) == before


def test_without_leave_to_install_it_only_says_which_debian_packages_are_missing(lacks_poppler):
    ended = set_up("--tests", "--no-install", **lacks_poppler)
    assert ended.returncode == 1
    assert "  poppler-utils: reads printed forms in the tests\n" in ended.stdout
    assert "apt-get" not in ended.stdout


def test_it_says_which_debian_packages_are_missing_and_why_before_it_installs_them(lacks_poppler):
    ended = set_up("--tests", **lacks_poppler)
    assert ended.returncode == 1
    said, _, asked = ended.stdout.partition("apt-get -qq update\n")
    assert "  poppler-utils: reads printed forms in the tests\n" in said
    assert "apt-get could not install them" in asked
