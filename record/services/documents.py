"""Freezes documents: what is signed is kept as the bytes that were signed."""

import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from record.canonical import canonical, digest
from record.good_keys import GoodKeys, good_keys, is_whole
from record.keys import sign, verify
from record.models import CanonicalDocument


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


def document_faults(document: CanonicalDocument, keys: GoodKeys | None = None) -> list[str]:
    """Return what is wrong with a frozen document, a sentence each; an empty list when it is intact.

    To check many documents, read the `good_keys` once and pass them.
    """
    if keys is None or document.key.fingerprint not in keys.keys:
        keys = good_keys()  # a key may have been rotated since they were read
    faults = []
    if digest(document.body.encode()) != document.digest:
        faults.append("The text of the document was changed: it does not give the digest that was signed.")
    if not _is_canonical(document.body):
        faults.append("The text of the document is not canonical JSON.")
    if not is_whole(document.key):
        faults.append("The key that signed the document was changed: it does not give its fingerprint.")
    elif why := keys.objection(document.key.fingerprint, _site_length(document.body)):
        faults.append(f"The key that signed the document {why}.")
    if not verify(document.key, document.digest, document.signature):
        faults.append("The signature does not belong to the digest of the document.")
    return faults


def _site_length(body: str) -> object:
    """Return how many events the site's chain had when a document was frozen; None if it does not say."""
    try:
        return json.loads(body)["record"]["site"]["length"]
    except (ValueError, TypeError, KeyError):
        return None


def _is_canonical(body: str) -> bool:
    try:
        return canonical(json.loads(body)) == body.encode()
    except (ValueError, TypeError):
        return False
