"""The secret of an installation is made once, and never silently made anew."""

import os
import stat
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.secrets import secret_key
from tests.at_once import at_once
from tests.site import CHECKOUT


def test_it_is_made_at_the_first_start_for_its_owner_only_and_stays(tmp_path):
    path = tmp_path / "keys" / "secret-key"
    key = secret_key(path)

    assert len(key) >= 50
    assert secret_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["secret-key"]


def test_two_that_start_together_end_with_one(tmp_path):
    for place in range(20):
        path = tmp_path / str(place) / "secret-key"
        assert len(set(at_once(*[lambda path=path: secret_key(path)] * 4))) == 1


def test_what_a_process_left_that_died_while_it_made_one_is_no_hindrance(tmp_path):
    (tmp_path / ".secret-key.new").write_text("half a k")
    assert len(secret_key(tmp_path / "secret-key")) >= 50


@pytest.mark.parametrize("content", ["", " \n"])
def test_an_empty_one_is_a_sentence(tmp_path, content):
    path = tmp_path / "secret-key"
    path.write_text(content)
    with pytest.raises(ImproperlyConfigured, match=f"{path} is empty. Restore it from the keys of your last backup"):
        secret_key(path)
    assert path.read_text() == content


def test_a_start_with_an_empty_one_ends_with_the_sentence_alone(tmp_path):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "secret-key").touch()
    ended = subprocess.run(
        [sys.executable, "manage.py", "prepare"],
        cwd=CHECKOUT,
        env=os.environ | {"DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "secret-key is empty." in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
