"""A checkpoint says how far every chain had come; what was there then and is not now is named."""

import re
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from record import checkpoint_comparison as against
from record.checkpoint_comparison import against_faults, newest_checkpoint
from record.checkpoints import (
    Head,
    checkpoint_read,
    checkpoint_text,
    head_read,
    merkle_root,
    origin_of,
    root_of,
)
from record.good_keys import good_keys
from record.keys import ensure_signing_key, key_file, verify_bytes
from record.models import Chain, ChainKind, Event, EventPayload
from record.services.chains import site_chain
from record.services.checkpoints import checkpoint_make, checkpoint_write, heads_now
from record.services.events import chain_start, event_add
from record.services.keys import key_rotate
from record.signed_notes import note_read, note_write
from record.stamps import CHECKPOINT, stamp_read
from tests.append_only import lifted

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

# The vectors of Certificate Transparency for RFC 6962.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path) -> Path:
    """A place of its own for the stamps."""
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def note(five_events) -> Path:
    """A checkpoint, after which things went on."""
    add(site_chain())
    path = checkpoint_write()
    add(five_events)
    add(chain_start(ChainKind.CENTRE))
    return path


def add(chain: Chain) -> None:
    with transaction.atomic():
        event_add(chain=chain, kind="claim.added", actor=None, payload={})


def faults(path: Path) -> list[str]:
    return list(against_faults(path, good_keys()))


def cut(chain: Chain, length: int) -> None:
    """Take the end off a chain and set its head back, so that it agrees with itself."""
    with lifted():
        EventPayload.objects.filter(event__chain=chain, event__sequence__gt=length).delete()
        Event.objects.filter(chain=chain, sequence__gt=length).delete()
        head = chain.events.get(sequence=length).digest if length else "0" * 64
        Chain.objects.filter(pk=chain.pk).update(length=length, head=head)


# --- What is written --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", range(9))
def test_the_root_is_that_of_rfc_6962(size):
    assert merkle_root([bytes.fromhex(leaf) for leaf in LEAVES[:size]]).hex() == ROOTS[size]


def test_it_is_a_signed_note_of_c2sp_with_its_lines_beside_it(note, five_events, checkpoints_dir):
    read = note_read(note.read_text())
    lines = note.with_suffix(".heads").read_text().splitlines()
    site = str(site_chain().uuid)
    origin, size, _, at = read.text.removesuffix("\n").split("\n")
    assert note.parent == checkpoints_dir
    assert (origin, int(size)) == (f"countersign/{site}", len(lines))
    assert lines == sorted(lines)
    assert {line.split()[0] for line in lines} == {site, str(five_events.uuid)}
    assert re.fullmatch(r"time \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", at)
    assert checkpoint_read(read.text).root == root_of([head_read(line) for line in lines])
    (signed,) = read.signatures
    assert signed.name == origin
    assert verify_bytes(ensure_signing_key().public_key, read.text.encode(), signed.signature)


def test_it_is_its_owner_s_alone_and_leaves_a_stamp(note, data_dir):
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    left = stamp_read(CHECKPOINT)
    assert left is not None
    assert f"time {left.at:%Y-%m-%dT%H:%M:%SZ}\n" in note.read_text()


def test_what_cannot_be_written_whole_is_not_there(five_events, checkpoints_dir, monkeypatch):
    def full(descriptor):
        raise OSError("No space left on device")

    monkeypatch.setattr("record.durable.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        checkpoint_write()
    assert list(checkpoints_dir.glob("*")) == list(checkpoints_dir.glob(".*")) == []


def test_it_is_mailed_where_a_setting_says(five_events, settings, mailoutbox):
    checkpoint_make()
    assert mailoutbox == []
    settings.CHECKPOINT_MAIL_TO = ["ann@board.example", "bo@body.example"]
    note = checkpoint_make()
    (message,) = mailoutbox
    assert message.to == settings.CHECKPOINT_MAIL_TO
    assert note.read_text() in message.body
    assert [name for name, _, _ in message.attachments] == [note.name, note.with_suffix(".heads").name]


def test_the_command_writes_mails_and_says_where(five_events, settings, mailoutbox, capsys):
    settings.CHECKPOINT_MAIL_TO = ["ann@board.example"]
    call_command("checkpoint")
    printed = capsys.readouterr().out
    note = newest_checkpoint()
    assert note
    assert note.read_text() in printed
    assert str(note) in printed
    assert f"Verifier key: countersign/{site_chain().uuid}+" in printed
    assert len(mailoutbox) == 1


def test_a_mail_server_that_is_away_costs_no_checkpoint(five_events, settings, checkpoints_dir):
    settings.CHECKPOINT_MAIL_TO = ["ann@board.example"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(CommandError, match="It is written, and the mail server did not take it"):
        call_command("checkpoint")
    assert newest_checkpoint()


# --- What is compared -------------------------------------------------------------------------------------


def test_a_record_that_went_on_agrees_with_what_was_kept(note):
    assert faults(note) == faults(note.with_suffix(".heads")) == []
    assert newest_checkpoint() == note
    later = checkpoint_write()
    assert newest_checkpoint() == later
    assert faults(note) == faults(later) == []


def test_a_chain_that_was_cut_at_its_end_is_named(note, five_events):
    cut(five_events, 4)
    assert faults(note) == [
        f"chain {five_events.uuid}: It had 5 events, and has 4: its end was cut off, or the database was put back."
    ]


def test_a_chain_that_was_written_anew_is_named(note, five_events):
    cut(five_events, 2)
    for _ in range(4):
        add(five_events)
    assert faults(note) == [
        f"chain {five_events.uuid}: event 5 is not the one whose digest was kept: the record was written anew."
    ]


def test_a_chain_that_is_gone_is_named(note, five_events):
    cut(five_events, 0)
    with lifted():
        Chain.objects.filter(pk=five_events.pk).delete()
    assert faults(note) == [f"chain {five_events.uuid}: It had 5 events, and is gone."]


def test_lines_that_were_changed_do_not_give_the_root(note, five_events):
    heads = note.with_suffix(".heads")
    cut(five_events, 4)
    five_events.refresh_from_db()
    kept = heads.read_text()
    heads.write_text(re.sub(f"{five_events.uuid} .*", f"{five_events.uuid} 4 {five_events.head}", kept))
    assert (
        faults(note)
        == faults(heads)
        == ["checkpoint: Its lines are not those that were signed: the root over them is another."]
    )
    heads.write_text("".join(line for line in kept.splitlines(True) if str(five_events.uuid) not in line))
    assert faults(note) == ["checkpoint: Its lines are not those that were signed: the root over them is another."]


def test_a_note_that_was_changed_is_named(note):
    content = note.read_text()
    note.write_text(content.replace("\ntime 2", "\ntime 3"))
    assert faults(note) == ["checkpoint: Its signature does not belong to what it says."]
    note.write_text(content[: content.index("— ")] + "— somebody.example AAAAAAE=\n")
    assert faults(note) == ["checkpoint: No key of this installation has signed it."]


def test_a_note_without_its_lines_says_so_and_is_found_in_the_folder(note, tmp_path, checkpoints_dir):
    mailed = tmp_path / note.name
    mailed.write_text(note.read_text())
    assert faults(mailed) == []  # the lines lie in the folder of checkpoints
    note.with_suffix(".heads").unlink()
    assert [fault[:43] for fault in faults(mailed)] == ["checkpoint: The file with its lines is not "]


def test_a_checkpoint_of_another_site_is_named(note):
    with lifted():
        Chain.objects.filter(kind=ChainKind.SITE).update(kind=ChainKind.CENTRE)
    add(site_chain())
    assert "which is not this site" in faults(note)[0]


def test_an_old_key_is_good_for_a_checkpoint_before_its_rotation_and_for_none_after(note):
    old = key_rotate().old
    assert faults(note) == []
    # Somebody who kept the old key signs what stands now.
    heads, origin = heads_now(), origin_of(site_chain().uuid)
    text = checkpoint_text(origin=origin, heads=heads, at=timezone.now())
    forged = note.with_name("checkpoint-forged.note")
    private_key = load_pem_private_key(key_file(old).read_bytes(), password=None)
    assert isinstance(private_key, Ed25519PrivateKey)
    signature = private_key.sign(text.encode())
    forged.write_text(note_write(text, name=origin, public_key=bytes.fromhex(old.public_key), signature=signature))
    forged.with_suffix(".heads").write_text("".join(f"{head}\n" for head in heads))
    assert faults(forged) == ["checkpoint: The key that signed it had been rotated away before."]


@pytest.mark.parametrize("text", ["", "a\n", "a\nb\nc\n", "a\n01\nAAAA\n", "a\n1\n!\n", "a\n1\nAAAA\n\n"])
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(ValueError, match="no checkpoint"):
        checkpoint_read(text)


@pytest.mark.parametrize("line", ["", "a 1 b", f"{'0' * 36} 1 {'0' * 64}", f"{Chain().uuid} -1 {'0' * 64}"])
def test_what_is_no_line_is_refused(line):
    with pytest.raises(ValueError, match="no line of chain heads"):
        head_read(line)


def test_many_chains_are_compared_in_batches(five_events, monkeypatch):
    for _ in range(4):
        add(chain_start())
    note = checkpoint_write()
    monkeypatch.setattr(against, "BATCH", 2)
    assert faults(note) == []
    gone = str(five_events.uuid)
    cut(five_events, 0)
    assert [fault.split(":")[0] for fault in faults(note)] == [f"chain {gone}"]
    assert head_read(str(Head(chain=gone, length=3, digest="a" * 64))).length == 3
