"""Signed notes as C2SP defines them (https://c2sp.org/signed-note): a text, and lines with signatures over it.

Other programs can check them with nothing but the verifier key. Only Ed25519, signature type 1.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass

ED25519 = b"\x01"
DASH = "— "
MOST_SIGNATURES = 100


@dataclass(frozen=True, kw_only=True)
class NoteSignature:
    """One line of a signature: the name of its key, the four bytes that tell keys of one name apart, the signature."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, kw_only=True)
class SignedNote:
    """The signed text, with its last newline, and the signatures."""

    text: str
    signatures: tuple[NoteSignature, ...]


def key_id(name: str, public_key: bytes) -> bytes:
    """Return the four bytes that tell keys of one name apart."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:4]


def verifier_key(name: str, public_key: bytes) -> str:
    """Return the line with which other programs check signatures of this key."""
    return f"{name}+{key_id(name, public_key).hex()}+{_base64(ED25519 + public_key)}"


def note_write(text: str, *, name: str, public_key: bytes, signature: bytes) -> str:
    """Return the note of a signed text. Raises ValueError for a text or a name that a note cannot have."""
    if not text.endswith("\n") or any(character < " " and character != "\n" for character in text):
        raise ValueError("The text of a note ends with a newline and holds no other control character.")
    if not name or "+" in name or any(character.isspace() for character in name):
        raise ValueError(f"No key of a note is called {name!r}.")
    return f"{text}\n{DASH}{name} {_base64(key_id(name, public_key) + signature)}\n"


def note_read(note: str) -> SignedNote:
    """Return the parts of a note. Raises ValueError, with a sentence, if it is none; checks no signature."""
    text, separator, lines = note.rpartition("\n\n")
    if not separator or not lines.endswith("\n") or any(sign < " " and sign != "\n" for sign in note):
        raise ValueError("This is no signed note.")
    signatures = []
    for line in lines.removesuffix("\n").split("\n"):
        name, _, encoded = line.removeprefix(DASH).partition(" ")
        try:
            content = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            content = b""
        if not line.startswith(DASH) or not name or len(content) <= 4:
            raise ValueError("A line under this note is no signature.")
        signatures.append(NoteSignature(name=name, key_id=content[:4], signature=content[4:]))
    if not 0 < len(signatures) <= MOST_SIGNATURES:
        raise ValueError("This note has no signature, or too many.")
    return SignedNote(text=text + "\n", signatures=tuple(signatures))


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
