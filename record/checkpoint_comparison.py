"""Compares the record with a checkpoint that was kept outside the database: what was there must be there now."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.conf import settings

from record.checkpoints import HEADS, NOTE, Checkpoint, Head, checkpoint_read, head_read, origin_of, root_of
from record.good_keys import GoodKeys
from record.keys import verify_bytes
from record.models import Chain, ChainKind
from record.proof import holds_head
from record.signed_notes import DASH, SignedNote, key_id, note_read

MOST_FAULTS = 1000
BATCH = 500  # chains that are read at once


@dataclass(frozen=True, kw_only=True)
class KeptCheckpoint:
    """A checkpoint as it was kept in files: its note, and the lines of its chains; one of them may be missing."""

    note: str | None
    lines: list[str] | None


def newest_checkpoint() -> Path | None:
    """Return the note of the newest checkpoint in CHECKPOINTS_DIR; None if there is none."""
    return max(Path(settings.CHECKPOINTS_DIR).glob(f"checkpoint-*{NOTE}"), default=None, key=lambda path: path.name)


def against_faults(path: Path, keys: GoodKeys) -> Iterator[str]:
    """Compare the record with the checkpoint in `path`, a note or its lines; yield a sentence for each fault.

    The other of the two files is looked for beside it, and in CHECKPOINTS_DIR. A plain list of lines, as earlier
    versions printed it, has no note and is compared without one. Raises OSError if `path` cannot be read.
    """
    yield from islice(_faults(_kept(path), keys), MOST_FAULTS)


def _kept(path: Path) -> KeptCheckpoint:
    content = _text(path)
    is_note = f"\n\n{DASH}" in content
    beside = next((other for other in _others(path, HEADS if is_note else NOTE) if other.is_file()), None)
    if is_note:
        return KeptCheckpoint(note=content, lines=_text(beside).splitlines() if beside else None)
    return KeptCheckpoint(note=_text(beside) if beside else None, lines=content.splitlines())


def _others(path: Path, suffix: str) -> list[Path]:
    other = path.with_suffix(suffix)
    return [] if other == path else [other, Path(settings.CHECKPOINTS_DIR) / other.name]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig", errors="replace")  # anything that is not a line is reported as such


def _faults(kept: KeptCheckpoint, keys: GoodKeys) -> Iterator[str]:
    heads: list[Head] = []
    for line in filter(str.strip, kept.lines or []):
        try:
            heads.append(head_read(line))
        except ValueError as error:
            yield str(error)
    if kept.note is not None:
        yield from _note_faults(kept, heads, keys)
    yield from _head_faults(heads)


def _note_faults(kept: KeptCheckpoint, heads: list[Head], keys: GoodKeys) -> Iterator[str]:
    """Yield what is wrong with the note itself, and with the lines for which it vouches."""
    try:
        note = note_read(kept.note or "")
        checkpoint = checkpoint_read(note.text)
    except ValueError as error:
        yield f"checkpoint: {error}"
        return
    site = Chain.objects.filter(kind=ChainKind.SITE).first()
    if site is None or checkpoint.origin != origin_of(site.uuid):
        yield f"checkpoint: It is of {checkpoint.origin}, which is not this site, or the site's chain is gone."
    if kept.lines is None:
        yield (
            "checkpoint: The file with its lines is not beside it, so no chain can be compared. It has the name of the "
            f"note, and ends with {HEADS}."
        )
    elif len(heads) != checkpoint.size or root_of(heads) != checkpoint.root:
        yield "checkpoint: Its lines are not those that were signed: the root over them is another."
    yield from _signature_faults(note, checkpoint, heads, keys)


def _signature_faults(note: SignedNote, checkpoint: Checkpoint, heads: list[Head], keys: GoodKeys) -> Iterator[str]:
    """A signature by a key of ours must be valid; those of others, such as witnesses, are ignored."""
    name = checkpoint.origin
    ours = {key_id(name, bytes.fromhex(key.public_key)): key for key in keys.keys.values()}
    signed = [line for line in note.signatures if line.name == name and line.key_id in ours]
    if not signed:
        yield "checkpoint: No key of this installation has signed it."
    site = next((head.length for head in heads if name == f"countersign/{head.chain}"), None)
    for line in signed:
        key = ours[line.key_id]
        if not verify_bytes(key.public_key, note.text.encode(), line.signature):
            yield "checkpoint: Its signature does not belong to what it says."
        elif heads and (why := keys.objection(key.fingerprint, site)):
            yield f"checkpoint: The key that signed it {why}."


def _head_faults(heads: list[Head]) -> Iterator[str]:
    for first in range(0, len(heads), BATCH):
        batch = heads[first : first + BATCH]
        chains = {str(chain.uuid): chain for chain in Chain.objects.filter(uuid__in=[head.chain for head in batch])}
        for head in batch:
            if fault := _head_fault(head, chains.get(head.chain)):
                yield f"chain {head.chain}: {fault}"


def _head_fault(head: Head, chain: Chain | None) -> str:
    """Return what is wrong with a chain since then; "" if all that it had is still there."""
    if chain is None:
        return f"It had {head.length} events, and is gone."
    if chain.length < head.length:
        return (
            f"It had {head.length} events, and has {chain.length}: its end was cut off, or the database was put back."
        )
    # The walk through a chain compares its head with its last event, so a chain that did not grow needs no check here.
    if (chain.length, chain.head) == (head.length, head.digest) or holds_head(chain, head.length, head.digest):
        return ""
    return f"event {head.length} is not the one whose digest was kept: the record was written anew."
