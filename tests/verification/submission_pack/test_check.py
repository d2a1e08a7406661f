"""The checker of submission packs: what it finds in one that is whole, and in one that somebody changed."""

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from record.checkpoints import merkle_path, merkle_root
from record.keys import ensure_signing_key
from record.services.keys import key_rotate
from tests.verification.submission_pack.conftest import unpacked
from verification.submission_pack import check
from verification.submission_pack.check import ORDER, is_signed, main

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def said(capsys) -> Callable[..., tuple[int, str]]:
    """How the checker ends, and what it says."""

    def act(*arguments: object) -> tuple[int, str]:
        ended = main([str(one) for one in arguments])
        return ended, capsys.readouterr().out

    return act


def test_a_pack_is_checked_without_the_site_as_zip_and_as_folder(whole, coordinator, take, said, tmp_path):
    pack = take(whole, coordinator)
    key = ensure_signing_key().fingerprint

    ended, words = said(pack, "--key", key)
    assert (ended, "FALSE" in words, "NOT CHECKED" in words) == (0, False, False), words
    assert "The checkpoint of the site holds the first" in words
    assert "3 signed documents and their signatures were looked at" in words
    ended, words = said(pack)
    assert ended == 2
    assert f"MANIFEST is signed by the key {key}. Compare this" in words
    assert said(pack, "--key", "0" * 64)[0] == 1

    alone = subprocess.run(  # as somebody who has nothing but the pack
        [sys.executable, "-I", "-S", unpacked(pack) / "check.py", "--key", key[:16]],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (alone.returncode, alone.stderr) == (0, ""), alone.stdout
    assert alone.stdout.endswith("All is as the centre made it.\n")


def _rewrite(path: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        [file] = folder.glob(path)
        file.write_bytes(change(file.read_bytes()))

    return act


def _forge(folder: Path) -> None:
    """Sign the manifest anew with a key of one's own, as whoever changed a file would."""
    rows = json.loads((folder / "record/signatures.json").read_bytes())
    rows[0]["signature"] = "00" * 64
    (folder / "record/signatures.json").write_text(json.dumps(rows))


CHANGES = {
    "a file changed": (_rewrite("evidence/002-1*", lambda content: content + b"."), "Changed: evidence/002-1"),
    "a file gone": (lambda folder: next(folder.glob("evidence/002-2*")).unlink(), "Missing: evidence/002-2"),
    "a file too many": (lambda folder: (folder / "more.txt").write_text("more"), "Too many: more.txt"),
    "a signature forged": (_forge, "The signature under record/documents/001 B10 submission.json is false"),
    "a document changed": (
        _rewrite("record/documents/002*", lambda body: body.replace(b"Sound work.", b"Poor work..")),
        "is not the document that was signed",
    ),
    "an event changed": (
        _rewrite("record/chain.jsonl", lambda chain: chain.replace(b"unit.submitted", b"unit.submittee")),
        "of the chain was changed",
    ),
    "an event's words changed": (
        _rewrite("record/chain.jsonl", lambda chain: chain.replace(b"A letter to a", b"A letter to m")),
        "tells was changed",
    ),
    "the chain cut": (
        _rewrite("record/chain.jsonl", lambda chain: b"".join(chain.splitlines(keepends=True)[:-1])),
        "The chain does not end where it says",
    ),
    "the list changed": (
        _rewrite("MANIFEST", lambda text: text.replace(b"made 2", b"made 1")),
        "The signature of MANIFEST is false",
    ),
    "the checkpoint changed": (
        _rewrite("record/checkpoint.json", lambda proof: proof.replace(b'"path": [', b'"path": ["00" ')),
        "cannot be read (checkpoint)",
    ),
    "a chain that is none": (_rewrite("record/chain.jsonl", lambda _: b"[]"), "cannot be read (chain)"),
}


def test_what_was_changed_is_named(whole, coordinator, take, said, tmp_path):
    """One pack, changed in each way in turn: the checker names the very thing, and ends with 1."""
    folder, key = unpacked(take(whole, coordinator)), ensure_signing_key().fingerprint
    for what, (change, expected) in CHANGES.items():
        copy = tmp_path / what
        shutil.copytree(folder, copy)
        change(copy)
        ended, words = said(copy, "--key", key)
        assert (ended, expected in words) == (1, True), f"{what}: {words}"


def test_what_it_does_not_know_it_says(whole, coordinator, take, said, tmp_path, monkeypatch):
    pack = take(whole, coordinator)
    folder = unpacked(pack)
    (tmp_path / "letter.txt").write_text("no pack")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("a", "b")
    for no_pack in (tmp_path / "letter.txt", tmp_path / "other.zip", tmp_path / "nowhere"):
        ended, words = said(no_pack)
        assert (ended, words[:12]) == (2, "NOT CHECKED:"), words

    monkeypatch.setattr(check, "DOCUMENTS", {99})
    ended, words = said(folder, "--key", ensure_signing_key().fingerprint)
    assert (ended, "is of format 5, which this checker does not know" in words) == (2, True), words

    _rewrite("MANIFEST", lambda text: text.replace(b"format 1", b"format 2"))(folder)
    ended, words = said(folder)
    assert (ended, "This checker knows packs of format 1" in words) == (2, True), words


def test_a_file_that_lies_twice_in_the_zip_is_named(whole, coordinator, take, said):
    pack = take(whole, coordinator)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(pack, "a") as opened:
        opened.writestr("MANIFEST", opened.read("MANIFEST"))
    ended, words = said(pack, "--key", ensure_signing_key().fingerprint)
    assert (ended, "Too many: MANIFEST" in words) == (1, True), words


def test_what_was_signed_before_the_key_was_replaced_stays_true(whole, coordinator, take, said):
    key_rotate()
    pack = take(whole, coordinator)
    ended, words = said(pack, "--key", ensure_signing_key().fingerprint)
    assert (ended, "4 signed documents" in words) == (0, True), words


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=80), st.binary(min_size=32, max_size=32), st.integers(0, 63))
def test_its_signatures_are_those_of_the_library(content, seed, place):
    """Ed25519 as in RFC 8032, written again in the checker: good ones are good, and no changed bit is."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(content)
    assert is_signed(public, content, signature)
    assert not is_signed(public, content + b".", signature)
    bent = bytearray(signature)
    bent[place] ^= 1
    assert not is_signed(public, content, bytes(bent))
    more = int.from_bytes(signature[32:], "little") + ORDER  # the same sum, which RFC 8032 (5.1.7) refuses
    assert not is_signed(public, content, signature[:32] + more.to_bytes(32, "little"))


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=20), st.integers(0, 19))
def test_its_way_up_the_tree_is_that_of_the_checkpoints(leaves, place):
    place %= len(leaves)
    proof = {"index": place, "path": [beside.hex() for beside in merkle_path(leaves, place)]}
    leaf = hashlib.sha256(b"\0" + leaves[place]).digest()
    assert check._path_root(leaf, proof, len(leaves)) == merkle_root(leaves)
