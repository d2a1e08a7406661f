"""Says which keys in the database are this installation's own, and for which documents each is good.

Whoever can write to the database can put a key of their own into it. So a key is good if its public half is in
KEYS_DIR, outside the database, or was introduced by a rotation that a good key signed. A key that was rotated away
stays good for documents that were frozen before: those whose head of the site's chain is before the rotation.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from record.canonical import digest
from record.keys import public_halves, verify
from record.models import CanonicalDocument, ChainKind, Event, SigningKey


@dataclass(frozen=True, kw_only=True)
class GoodKeys:
    """The good keys of the database, and the faults that were found with keys."""

    keys: dict[str, SigningKey]  # those that are good, by fingerprint, the oldest first
    retired: dict[str, int]  # the position in the site's chain at which each was rotated away
    faults: list[str] = field(default_factory=list)

    def objection(self, fingerprint: str, site_length: object) -> str:
        """Return why the key is not good for what was signed when the site's chain was this long; "" if it is."""
        if fingerprint not in self.keys:
            return "is none of this installation's: no key folder and no rotation knows it"
        rotated = self.retired.get(fingerprint)
        if rotated is not None and not (isinstance(site_length, int) and site_length < rotated):
            return "had been rotated away before"
        return ""


def good_keys() -> GoodKeys:
    """Find the good keys, from the database, the rotations in the site's chain, and the folder of keys."""
    rows = {key.fingerprint: key for key in SigningKey.objects.order_by("pk")}
    in_folder = public_halves()
    good = {name for name, key in rows.items() if key.public_key in in_folder and is_whole(key)}
    retired: dict[str, int] = {}
    told: set[str] = set()
    faults: list[str] = []
    for event, said in _told():
        new = str(said.get("fingerprint" if event.kind == "key.made" else "new"))
        told.add(new)
        if new not in rows or rows[new].public_key != said.get("public_key"):
            faults.append(f"key {new[:16]}: It is not what event {event.sequence} of the site's chain tells of.")
        if event.kind == "key.rotated":
            old = str(said.get("old"))
            retired.setdefault(old, event.sequence)
            if amiss := _rotation_amiss(event, said, rows):
                faults.append(f"key {new[:16]}: {amiss}")
            elif old in good and new in rows and is_whole(rows[new]):
                good.add(new)
    for name in rows:
        if name not in told:
            faults.append(f"key {name[:16]}: No event tells of it.")
        if name not in good:
            faults.append(
                f"key {name[:16]}: Its public half stands neither in the key folder nor in a rotation that the key "
                "before it signed."
            )
    return GoodKeys(keys={name: rows[name] for name in rows if name in good}, retired=retired, faults=faults)


def is_whole(key: SigningKey) -> bool:
    """Say whether the public half of a key gives its fingerprint."""
    try:
        return digest(bytes.fromhex(key.public_key)) == key.fingerprint
    except ValueError:  # it is no hexadecimal number any more
        return False


def _told() -> Iterator[tuple[Event, dict[str, Any]]]:
    events = Event.objects.filter(chain__kind=ChainKind.SITE, kind__in=["key.made", "key.rotated"])
    for event in events.select_related("payload").order_by("sequence"):
        yield event, _read(event.payload.body) if hasattr(event, "payload") else {}


def _rotation_amiss(event: Event, said: dict[str, Any], rows: dict[str, SigningKey]) -> str:
    """Return what is wrong with the document of a rotation; "" if nothing is."""
    where = f"The rotation that event {event.sequence} of the site's chain tells of"
    document = CanonicalDocument.objects.filter(digest=said.get("digest")).select_related("key").first()
    if document is None:
        return f"{where} has no document."
    named = _read(document.body)
    old = rows.get(str(said.get("old")))
    same = all(named.get(name) == said.get(name) for name in ("old", "new", "public_key"))
    is_signed = old is not None and document.key == old and verify(old, document.digest, document.signature)
    if digest(document.body.encode()) != document.digest or not same or not is_signed:
        return f"{where} was not signed by the key before it."
    return ""


def _read(body: str) -> dict[str, Any]:
    try:
        read = json.loads(body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
