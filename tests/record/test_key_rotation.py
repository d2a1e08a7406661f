"""A new key is introduced by the one before it, and nobody else can put one in."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from record import keys
from record.canonical import digest
from record.good_keys import good_keys
from record.keys import SigningKeyUnusable, ensure_signing_key, key_file, key_row, public_file
from record.models import CanonicalDocument, Event, EventPayload, SigningKey
from record.services import keys as rotating
from record.services.chains import head_of, site_chain
from record.services.documents import document_faults, document_freeze
from record.services.keys import key_rotate
from tests.append_only import lifted

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def frozen() -> CanonicalDocument:
    """A document that names the head of the site's chain, as those of signatures do."""
    ensure_signing_key()
    return document_freeze(document={"record": {"site": head_of(site_chain())}})


def put_in(name: str = "") -> tuple[SigningKey, Ed25519PrivateKey]:
    """A key that somebody wrote into the database, with an event of their own."""
    private_key = Ed25519PrivateKey.generate()
    return key_row(private_key.public_key().public_bytes_raw()), private_key


def test_the_new_key_signs_from_then_on_and_the_old_one_signed_for_it():
    old = ensure_signing_key()
    rotation = key_rotate()
    assert (rotation.old, ensure_signing_key()) == (old, rotation.new)
    assert frozen().key == rotation.new
    event = Event.objects.get(kind="key.rotated")
    said = json.loads(event.payload.body)
    document = CanonicalDocument.objects.get(digest=said["digest"])
    assert document.key == old
    assert json.loads(document.body)["new"] == rotation.new.fingerprint == said["new"]
    assert json.loads(document.body)["record"]["site"]["length"] == event.sequence - 1
    assert document_faults(document) == good_keys().faults == []


def test_what_the_old_key_signed_before_stays_good_and_what_it_signs_afterwards_does_not(monkeypatch):
    before = frozen()
    old = key_rotate().old
    assert document_faults(before) == []
    monkeypatch.setattr(keys, "newest_key", lambda: old)  # somebody who kept the old file
    assert document_faults(frozen()) == ["The key that signed the document had been rotated away before."]
    unplaced = document_freeze(document={})
    assert document_faults(unplaced) == ["The key that signed the document had been rotated away before."]


def test_the_public_halves_lie_beside_the_private_ones_and_one_is_enough():
    first = ensure_signing_key()
    rotation = key_rotate()
    assert public_file(first.fingerprint).read_text().startswith("-----BEGIN PUBLIC KEY-----")
    public_file(rotation.new.fingerprint).unlink()
    assert good_keys().faults == []  # the rotation introduces it
    public_file(first.fingerprint).unlink()
    faults = good_keys().faults
    assert len(faults) == 2
    assert all("stands neither in the key folder nor in a rotation" in fault for fault in faults)


def test_a_public_half_that_is_missing_beside_its_private_one_is_written_again():
    key = ensure_signing_key()
    public_file(key.fingerprint).unlink()
    assert ensure_signing_key() == key
    assert public_file(key.fingerprint).exists()


def test_a_key_that_was_put_into_the_database_is_good_for_nothing():
    ensure_signing_key()
    key, private_key = put_in()
    body = '{"format":3}'
    signature = private_key.sign(bytes.fromhex(digest(body.encode()))).hex()
    document = CanonicalDocument.objects.create(
        body=body, digest=digest(body.encode()), key=key, signature=signature, created_at=key.created_at
    )
    assert document_faults(document) == [
        "The key that signed the document is none of this installation's: no key folder and no rotation knows it."
    ]
    assert good_keys().faults == [
        f"key {key.fingerprint[:16]}: No event tells of it.",
        f"key {key.fingerprint[:16]}: Its public half stands neither in the key folder nor in a rotation that the key "
        "before it signed.",
    ]


def test_a_rotation_that_the_key_before_it_did_not_sign_introduces_nothing():
    old = ensure_signing_key()
    new = key_rotate().new
    public_file(new.fingerprint).unlink()
    document = CanonicalDocument.objects.get(key=old)
    with lifted():
        CanonicalDocument.objects.filter(pk=document.pk).update(signature="00" * 64)
    assert good_keys().faults[0].endswith("was not signed by the key before it.")
    assert new.fingerprint not in good_keys().keys
    with lifted():
        CanonicalDocument.objects.filter(pk=document.pk).delete()
    assert good_keys().faults[0].endswith("has no document.")


def test_a_key_that_was_exchanged_behind_its_event_is_named():
    key = ensure_signing_key()
    public_key = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    with lifted():
        SigningKey.objects.filter(pk=key.pk).update(public_key=public_key.hex(), fingerprint=digest(public_key))
    assert any("is not what event 1" in fault for fault in good_keys().faults)


def test_cut_off_before_the_database_knew_of_the_new_key_the_old_one_signs_and_the_file_is_taken_up(monkeypatch):
    old = ensure_signing_key()
    with monkeypatch.context() as patch:
        patch.setattr(rotating, "document_freeze", lambda document: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            key_rotate()
    (left,) = set(key_file(old).parent.glob("*.pem")) - {key_file(old)}
    assert ensure_signing_key() == old
    assert key_file(key_rotate().new) == left


def test_a_rotation_is_undone_as_a_whole(monkeypatch):
    old = ensure_signing_key()

    def fails(**said):
        raise IntegrityError("no event")

    monkeypatch.setattr(rotating, "event_add", fails)
    with pytest.raises(IntegrityError), transaction.atomic():
        key_rotate()
    assert ensure_signing_key() == old
    assert not CanonicalDocument.objects.exists()
    assert not EventPayload.objects.filter(event__kind="key.rotated").exists()


def test_two_rotations_at_once_make_one_key(monkeypatch):
    old = ensure_signing_key()
    first = keys.unused_key_file()
    key_row(first)  # the other was quicker
    monkeypatch.setattr(rotating, "ensure_signing_key", lambda: old)
    with pytest.raises(SigningKeyUnusable, match="Another rotation was made"):
        key_rotate()


def test_an_empty_key_file_is_a_sentence():
    key = ensure_signing_key()
    key_file(key).write_bytes(b"")
    with pytest.raises(SigningKeyUnusable, match="is empty: the disk was full"):
        document_freeze(document={})
    with pytest.raises(CommandError, match="is empty: the disk was full"):
        call_command("rotate_key")


def test_a_file_with_another_name_than_its_key_s_is_not_taken_up(keys_dir):
    old = ensure_signing_key()
    (keys_dir / "signing-0000000000000000.pem").write_bytes(key_file(old).read_bytes())
    (keys_dir / "signing-0000000000000000.pem").chmod(0o600)
    with pytest.raises(SigningKeyUnusable, match="does not hold the key of that name"):
        key_rotate()


def test_the_command_shows_the_fingerprints(capsys):
    old = ensure_signing_key()
    call_command("rotate_key")
    printed = capsys.readouterr().out
    assert old.fingerprint in printed
    assert ensure_signing_key().fingerprint in printed
    assert old != ensure_signing_key()
