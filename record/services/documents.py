"""Freezes documents: what is signed is kept as the bytes that were signed."""

import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from record.canonical import canonical, digest
from record.keys import sign, verify
from record.models import CanonicalDocument, SigningKey


@transaction.atomic
def document_freeze(*, document: dict[str, Any]) -> CanonicalDocument:
    """Keep `document` as canonical JSON, with this installation's signature over its digest.

    Raises TypeError for content that canonical JSON does not hold, and SigningKeyUnusable.
    """
    body = canonical(document)
    body_digest = digest(body)
    key, signature = sign(body_digest)
    return CanonicalDocument.objects.create(
        body=body.decode(), digest=body_digest, key=key, signature=signature, created_at=timezone.now()
    )


def document_faults(document: CanonicalDocument) -> list[str]:
    """Return what is wrong with a frozen document, a sentence each; an empty list when it is intact."""
    faults = []
    if digest(document.body.encode()) != document.digest:
        faults.append("The text of the document was changed: it does not give the digest that was signed.")
    if not _is_canonical(document.body):
        faults.append("The text of the document is not canonical JSON.")
    if not _has_its_fingerprint(document.key):
        faults.append("The key that signed the document was changed: it does not give its fingerprint.")
    if not verify(document.key, document.digest, document.signature):
        faults.append("The signature does not belong to the digest of the document.")
    return faults


def _has_its_fingerprint(key: SigningKey) -> bool:
    try:
        return digest(bytes.fromhex(key.public_key)) == key.fingerprint
    except ValueError:  # it is no hexadecimal number any more
        return False


def _is_canonical(body: str) -> bool:
    try:
        return canonical(json.loads(body)) == body.encode()
    except (ValueError, TypeError):
        return False
