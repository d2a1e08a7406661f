"""A checkpoint: how far every chain had come at one moment, in a note small enough to mail or print.

The note is one of C2SP's checkpoints (https://c2sp.org/tlog-checkpoint): origin, number of chains, Merkle root
(RFC 6962) and, in a line of ours, the time. The root is over the lines `uuid length head` of all chains, sorted by
uuid, each without its newline; they are in a file beside the note. It is not a log that only grows: each root
is independent of earlier ones, which are compared line by line (`record.checkpoint_comparison`). Pure.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from record.canonical import utc

NOTE, HEADS = ".note", ".heads"  # what the two files of a checkpoint end with
TIME = "time "
_HEAD = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) (0|[1-9][0-9]{0,9}) ([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Head:
    """How far one chain had come."""

    chain: str
    length: int
    digest: str

    def __str__(self) -> str:
        return f"{self.chain} {self.length} {self.digest}"


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """What a note says: which site, how many chains, and the root over their lines."""

    origin: str
    size: int
    root: bytes
    at: str = ""


def origin_of(site: UUID) -> str:
    """Return the name of a site in checkpoints. It is made from the site's chain, which no other site has."""
    return f"countersign/{site}"


def checkpoint_text(*, origin: str, heads: Sequence[Head], at: datetime) -> str:
    """Return the text that is signed. `heads` must be sorted by the uuid of the chain."""
    root = base64.b64encode(root_of(heads)).decode()
    return f"{origin}\n{len(heads)}\n{root}\n{TIME}{utc(at)}\n"


def checkpoint_read(text: str) -> Checkpoint:
    """Return what the text of a note says. Raises ValueError if it is no checkpoint."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or "" in lines or not re.fullmatch(r"0|[1-9][0-9]{0,17}", lines[1], re.ASCII):
        raise ValueError("This note is no checkpoint.")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("This note is no checkpoint.") from error
    at = next((line.removeprefix(TIME) for line in lines[3:] if line.startswith(TIME)), "")
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=root, at=at)


def head_read(line: str) -> Head:
    """Return what one line says. Raises ValueError if it is no line of a checkpoint."""
    if not (parts := _HEAD.fullmatch(line.strip())):
        raise ValueError(f"This is no line of chain heads: {line.strip()[:80]}")
    return Head(chain=parts[1], length=int(parts[2]), digest=parts[3])


def root_of(heads: Iterable[Head]) -> bytes:
    """Return the Merkle root over the lines of these heads, in their order."""
    return merkle_root([str(head).encode() for head in heads])


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Return the hash of the tree over `leaves` by RFC 6962 (2.1); without leaves it is the hash of no bytes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    # The hashes of full trees, whose sizes are falling powers of two: the RFC splits a list like that from the left.
    trees: list[tuple[int, bytes]] = []
    for leaf in leaves:
        size, tree = 1, hashlib.sha256(b"\x00" + leaf).digest()
        while trees and trees[-1][0] == size:
            tree = _node(trees.pop()[1], tree)
            size *= 2
        trees.append((size, tree))
    _, root = trees.pop()
    while trees:
        root = _node(trees.pop()[1], root)
    return root


def merkle_path(leaves: Sequence[bytes], place: int) -> list[bytes]:
    """Return the hashes that lead from the leaf at `place` (from 0) up to the root, by RFC 6962 (2.1.1)."""
    if len(leaves) == 1:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1  # the largest power of two below their number
    if place < half:
        return [*merkle_path(leaves[:half], place), merkle_root(leaves[half:])]
    return [*merkle_path(leaves[half:], place - half), merkle_root(leaves[:half])]


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
