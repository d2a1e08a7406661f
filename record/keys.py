"""The Ed25519 key with which this installation signs: private half in a file, public half in the database.

Beside the private half (signing-….pem) is the public one (signing-….pub), which proves that the key is good
(`record.good_keys`). The newest key in the database signs; `record.services.keys` replaces it.
"""

import contextlib
import fcntl
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from record.canonical import digest as sha256
from record.durable import write_durably
from record.models import SigningKey
from record.services.chains import chains_lock, site_chain
from record.services.events import event_add


class SigningKeyUnusable(Exception):
    """The private key is missing, unsafe or wrong; the message tells the operator what to do."""


def ensure_signing_key() -> SigningKey:
    """Return the key that signs now; make one if this installation has none yet.

    The newest key in the database signs. If the database has none, a key in KEYS_DIR is taken before a new one is
    made, so two processes that start together get the same key. Raises SigningKeyUnusable if the private half
    cannot be used. A new key is never made in its place, since that would hide that the old one is lost.
    """
    if key := newest_key():
        _keep_public_half(_private_key(key))
        return key
    with _locked(_keys_dir()):  # released before the database is asked for a lock
        if key := newest_key():  # another process has made one meanwhile
            return key
        public_key = _unused_key_file()
    with transaction.atomic():
        (site,) = chains_lock(site_chain())
        if key := newest_key():
            return key
        key = key_row(public_key)
        event_add(
            chain=site,
            kind="key.made",
            actor=None,
            payload={"fingerprint": key.fingerprint, "public_key": key.public_key},
        )
    return key


def newest_key() -> SigningKey | None:
    """Return the key that signs now; None if there is none yet."""
    return SigningKey.objects.order_by("pk").last()


def key_row(public_key: bytes) -> SigningKey:
    """Add the public half of a key to the database. The caller must tell of it in the site's chain."""
    return SigningKey.objects.create(
        fingerprint=sha256(public_key), public_key=public_key.hex(), created_at=timezone.now()
    )


def unused_key_file() -> bytes:
    """Return the public half of a key whose file the database does not know yet; make a key if there is none.

    Such a file may be there because the machine stopped before the database had the key: it is used then.
    Raises SigningKeyUnusable for a file that cannot be used.
    """
    with _locked(_keys_dir()):
        return _unused_key_file()


def _unused_key_file() -> bytes:
    """The same, for whoever has locked the folder."""
    known = {key_file(key).name for key in SigningKey.objects.all()}
    lying = sorted(path for path in _keys_dir().glob("signing-*.pem") if path.name not in known)
    private_key = _read(lying[0]) if lying else Ed25519PrivateKey.generate()
    public_key = private_key.public_key().public_bytes_raw()
    path = _keys_dir() / f"signing-{sha256(public_key)[:16]}.pem"
    if lying and lying[0] != path:
        raise SigningKeyUnusable(f"{lying[0]} does not hold the key of that name. Move it out of the folder.")
    _keep_public_half(private_key)
    if not lying:
        write_durably(path, private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return public_key


def sign(digest: str) -> tuple[SigningKey, str]:
    """Sign the 32 bytes of a hexadecimal SHA-256 digest; return the key and the signature in hexadecimal.

    Raises ValueError for anything but such a digest, and SigningKeyUnusable as `ensure_signing_key` does.
    """
    content = bytes.fromhex(digest)
    if len(content) != 32:
        raise ValueError("What is signed is a SHA-256 digest: 64 hexadecimal characters.")
    key = ensure_signing_key()
    return key, _private_key(key).sign(content).hex()


def sign_text(text: bytes) -> tuple[SigningKey, bytes]:
    """Sign a text as it is, so that other programs can check it. It must be longer than a digest, so it is never one.

    Raises ValueError for a text of 32 bytes or fewer, and SigningKeyUnusable as `ensure_signing_key` does.
    """
    if len(text) <= 32:
        raise ValueError("A text of so few bytes could be taken for the digest of a document.")
    key = ensure_signing_key()
    return key, _private_key(key).sign(text)


def verify(key: SigningKey, digest: str, signature: str) -> bool:
    """Say whether `signature` was made with `key` over `digest`; the public half of the key is enough."""
    try:
        return verify_bytes(key.public_key, bytes.fromhex(digest), bytes.fromhex(signature))
    except ValueError:  # no hexadecimal number
        return False


def verify_bytes(public_key: str, content: bytes, signature: bytes) -> bool:
    """Say whether `signature`, in hexadecimal, is the key's over these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_file(key: SigningKey) -> Path:
    """Return the path at which the private half of `key` must be."""
    return _keys_dir() / f"signing-{key.fingerprint[:16]}.pem"


def public_file(fingerprint: str) -> Path:
    """Return the path at which the public half of a key must be."""
    return _keys_dir() / f"signing-{fingerprint[:16]}.pub"


def public_halves() -> set[str]:
    """Return the public halves, in hexadecimal, that are in KEYS_DIR; other files there are ignored."""
    found = set()
    for path in _keys_dir().glob("signing-*.pub"):
        with contextlib.suppress(OSError, ValueError, TypeError, UnsupportedAlgorithm):
            key = load_pem_public_key(path.read_bytes())
            if isinstance(key, Ed25519PublicKey):
                found.add(key.public_bytes_raw().hex())
    return found


def _keep_public_half(private_key: Ed25519PrivateKey) -> None:
    """Write the public half beside the private one if it is missing, as after a restore of the private half alone."""
    public_key = private_key.public_key()
    path = public_file(sha256(public_key.public_bytes_raw()))
    if not path.exists():
        with contextlib.suppress(PermissionError):  # a folder that we cannot write to prevents no signature
            write_durably(path, public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def _keys_dir() -> Path:
    return Path(settings.KEYS_DIR)


def _private_key(key: SigningKey) -> Ed25519PrivateKey:
    path = key_file(key)
    if not path.exists():
        raise SigningKeyUnusable(
            f"The private key {path} is missing, though signatures in the database were made with it. "
            "Restore it from the keys of your last backup; nothing can be signed until then."
        )
    private_key = _read(path)
    if private_key.public_key().public_bytes_raw().hex() != key.public_key:
        raise SigningKeyUnusable(
            f"{path} holds another key than the one the database knows. Restore it from the keys of your last backup."
        )
    return private_key


def _read(path: Path) -> Ed25519PrivateKey:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SigningKeyUnusable(
            f"{path} can be read by others, who could sign in your name. "
            f"Make sure that nobody did, then run: chmod 600 {path}"
        )
    not_a_key = f"{path} is not a private key of Countersign. Restore it from the keys of your last backup."
    content = path.read_bytes()
    if not content.strip():
        raise SigningKeyUnusable(
            f"{path} is empty: the disk was full or broken when it was written or copied. "
            "Restore it from the keys of your last backup; nothing can be signed until then."
        )
    try:
        private_key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SigningKeyUnusable(not_a_key) from error
    if not isinstance(private_key, Ed25519PrivateKey):
        raise SigningKeyUnusable(not_a_key)
    return private_key


@contextlib.contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Let one process at a time look for keys in `directory` and make one; the directory is created first."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(directory / "signing.lock", os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # released when the file is closed, or the process dies
        yield
