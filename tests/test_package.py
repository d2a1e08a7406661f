"""`pip install .` gives all that the site is made of, and the command `countersign`."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from centres.version import VERSION

NO_PART_OF_IT = {"bench", "tests"}


def test_each_folder_with_code_is_part_of_the_package():
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    included = {name.removesuffix("*") for name in project["tool"]["setuptools"]["packages"]["find"]["include"]}

    with_code = {path.parent.name for path in settings.BASE_DIR.glob("[!.]*/__init__.py")}
    assert with_code - NO_PART_OF_IT <= included


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The folder into which the package was installed, without what it needs: that is here."""
    checkout, folder = tmp_path_factory.mktemp("checkout") / "countersign", tmp_path_factory.mktemp("installed")
    left_out = shutil.ignore_patterns(".*", "__pycache__", "build", "*.egg-info", "data", "tests")
    shutil.copytree(settings.BASE_DIR, checkout, ignore=left_out)
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"),
            *("--target", folder, checkout),
        ],
        check=True,
    )
    return folder


@pytest.mark.long
def test_the_installed_command_sets_up_a_site_prints_and_checks_the_record(installed, tmp_path):
    def countersign(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, installed / "bin" / "countersign", *arguments],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(installed), "DATA_DIR": str(tmp_path), "DEMO": "0"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert countersign("--version") == f"Countersign {VERSION}\n"
    assert "68 of nos" in countersign("prepare")
    assert "0 faults" in countersign("verify_record")
    countersign("print_blank", "nvq:B10", "--output=form.pdf")
    assert (tmp_path / "form.pdf").read_bytes().startswith(b"%PDF")
    assert not (installed / "tests").exists()
