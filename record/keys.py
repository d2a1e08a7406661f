"""The Ed25519 key with which this installation signs: private half in a file, public half in the database."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.utils import timezone

from record.canonical import digest as sha256
from record.models import SigningKey


class SigningKeyUnusable(Exception):
    """The private key is missing, unsafe or wrong; the message tells the operator what to do."""


def ensure_signing_key() -> SigningKey:
    """Return the key that signs now, making it where this installation has none yet.

    The newest key in the database signs. Where the database knows none, a key that lies in KEYS_DIR
    is taken before a new one is made, so two processes that start together end with one key.
    Raises SigningKeyUnusable when the private half cannot be used: a new key is never made in its place,
    since that would hide that the old one is lost.
    """
    if key := SigningKey.objects.order_by("created_at", "pk").last():
        _private_key(key)
        return key
    with _locked(_keys_dir()):
        path = min(_keys_dir().glob("signing-*.pem"), default=None) or _make_key_file()
    public_key = _read(path).public_key().public_bytes_raw()
    key, _ = SigningKey.objects.get_or_create(
        fingerprint=sha256(public_key),
        defaults={"public_key": public_key.hex(), "created_at": timezone.now()},
    )
    return key


def sign(digest: str) -> tuple[SigningKey, str]:
    """Sign the 32 bytes of a hexadecimal SHA-256 digest; return the key and the signature in hexadecimal.

    Raises ValueError for anything but such a digest, and SigningKeyUnusable as `ensure_signing_key` does.
    """
    content = bytes.fromhex(digest)
    if len(content) != 32:
        raise ValueError("What is signed is a SHA-256 digest: 64 hexadecimal characters.")
    key = ensure_signing_key()
    return key, _private_key(key).sign(content).hex()


def verify(key: SigningKey, digest: str, signature: str) -> bool:
    """Say whether `signature` was made with `key` over `digest`; the public half of the key is enough."""
    try:
        public_key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.public_key))
        public_key.verify(bytes.fromhex(signature), bytes.fromhex(digest))
    except (InvalidSignature, ValueError):
        return False
    return True


def key_file(key: SigningKey) -> Path:
    """Return the path at which the private half of `key` must lie."""
    return _keys_dir() / f"signing-{key.fingerprint[:16]}.pem"


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
    try:
        private_key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SigningKeyUnusable(not_a_key) from error
    if not isinstance(private_key, Ed25519PrivateKey):
        raise SigningKeyUnusable(not_a_key)
    return private_key


def _make_key_file() -> Path:
    """Make a private key; it is whole on the disk before it gets its name. The caller holds the lock."""
    private_key = Ed25519PrivateKey.generate()
    name = f"signing-{sha256(private_key.public_key().public_bytes_raw())[:16]}.pem"
    path, arriving = _keys_dir() / name, _keys_dir() / f".{name}.new"
    with os.fdopen(os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    arriving.rename(path)
    directory = os.open(_keys_dir(), os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return path


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Let one process at a time look for keys in `directory` and make one, creating the directory first."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(directory / "signing.lock", os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # released when the file is closed, or the process dies
        yield
