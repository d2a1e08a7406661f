"""Replaces the signing key with a new one, for which the old one signs."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from record.canonical import digest, utc
from record.keys import SigningKeyUnusable, ensure_signing_key, key_row, newest_key, unused_key_file
from record.models import SigningKey
from record.services.chains import chains_lock, head_of, site_chain
from record.services.documents import document_freeze
from record.services.events import event_add

ROTATION_FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """The key that signed until now, and the one that signs from now on."""

    old: SigningKey
    new: SigningKey


def key_rotate() -> Rotation:
    """Make a new key, which signs from now on; the old one signs a document that names its public half.

    The operator does this on the command line, so the event names no actor. The new key is on the disk before
    the database knows of it. If the rotation is cut off in the middle, either the old key goes on signing, and the
    next try uses the new file, or the new key signs. Raises SigningKeyUnusable if the old key cannot sign, or if
    another rotation is made at the same time.
    """
    old = ensure_signing_key()
    public_key = unused_key_file()
    with transaction.atomic():
        (site,) = chains_lock(site_chain())
        if newest_key() != old or SigningKey.objects.filter(fingerprint=digest(public_key)).exists():
            raise SigningKeyUnusable("Another rotation was made this moment. Nothing was done by this one.")
        document = document_freeze(
            document={
                "format": ROTATION_FORMAT,
                "kind": "key_rotation",
                "old": old.fingerprint,
                "new": digest(public_key),
                "public_key": public_key.hex(),
                "at": utc(timezone.now()),
                "record": {"site": head_of(site)},
            }
        )
        new = key_row(public_key)
        event_add(
            chain=site,
            kind="key.rotated",
            actor=None,
            payload={
                "old": old.fingerprint,
                "new": new.fingerprint,
                "public_key": new.public_key,
                "document": str(document.uuid),
                "digest": document.digest,
            },
        )
    return Rotation(old=old, new=new)
