"""One key for one installation: made once, kept from others, never replaced in silence."""

import hashlib
import stat
import threading

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import connection, transaction

from record.keys import SigningKeyUnusable, ensure_signing_key, key_file, sign, verify
from record.models import SigningKey

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

DIGEST = hashlib.sha256(b"a document").hexdigest()


def test_the_first_use_makes_a_key_that_only_its_owner_reads(keys_dir):
    key = ensure_signing_key()
    file = keys_dir / f"signing-{key.fingerprint[:16]}.pem"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys_dir.stat().st_mode) == 0o700
    assert hashlib.sha256(bytes.fromhex(key.public_key)).hexdigest() == key.fingerprint


def test_the_same_key_serves_ever_after(keys_dir):
    assert ensure_signing_key() == ensure_signing_key()
    assert len(list(keys_dir.glob("*.pem"))) == SigningKey.objects.count() == 1


def test_a_key_whose_row_was_rolled_back_is_taken_up_again(keys_dir):
    with transaction.atomic():
        file = key_file(ensure_signing_key())
        transaction.set_rollback(True)
    assert key_file(ensure_signing_key()) == file


def test_a_signature_is_verified_with_the_public_key_alone():
    key, signature = sign(DIGEST)
    key_file(key).unlink()
    assert verify(key, DIGEST, signature)


def test_a_signature_does_not_fit_another_digest():
    key, signature = sign(DIGEST)
    assert not verify(key, hashlib.sha256(b"another").hexdigest(), signature)


@pytest.mark.parametrize("signature", ["", "00" * 64, "no signature", "00" * 63], ids=repr)
def test_what_is_no_signature_is_not_verified(signature):
    assert not verify(ensure_signing_key(), DIGEST, signature)


@pytest.mark.parametrize("digest", ["", "abcd", "no digest"], ids=repr)
def test_only_a_digest_is_signed(digest):
    with pytest.raises(ValueError, match=r"digest|hexadecimal"):
        sign(digest)


def test_a_lost_key_is_reported_and_not_replaced(keys_dir):
    key_file(ensure_signing_key()).unlink()
    with pytest.raises(SigningKeyUnusable, match="Restore it from the keys of your last backup"):
        ensure_signing_key()
    assert list(keys_dir.glob("*.pem")) == []


def test_a_key_that_others_can_read_is_refused():
    file = key_file(ensure_signing_key())
    file.chmod(0o640)
    with pytest.raises(SigningKeyUnusable, match="can be read by others") as refusal:
        sign(DIGEST)
    assert f"chmod 600 {file}" in str(refusal.value)


def test_another_key_in_the_place_of_the_right_one_is_refused():
    other = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key_file(ensure_signing_key()).write_bytes(other)
    with pytest.raises(SigningKeyUnusable, match="another key than the one the database knows"):
        sign(DIGEST)


@pytest.mark.parametrize("content", [b"spoilt", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_spoilt_key_file_is_reported(content):
    key_file(ensure_signing_key()).write_bytes(content)
    with pytest.raises(SigningKeyUnusable, match="is not a private key of Countersign"):
        sign(DIGEST)


@pytest.mark.django_db(transaction=True)
def test_two_that_start_together_end_with_one_key(keys_dir):
    found, ready = [], threading.Barrier(6)

    def start():
        ready.wait()
        try:
            found.append(ensure_signing_key().fingerprint)
        finally:
            connection.close()

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == SigningKey.objects.count() == len(list(keys_dir.glob("*.pem"))) == 1
