"""A frozen document can prove what it said, and shows when it was touched."""

import json
from datetime import UTC, datetime

import pytest

from record.models import CanonicalDocument, SigningKey
from record.services.documents import document_faults, document_freeze

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

DOCUMENT = {
    "format": 1,
    "unit": {"code": "B10", "title": "Organise the delivery of reliable service"},
    "é": "e\u0301",
}


def test_it_keeps_the_canonical_text_with_digest_and_signature():
    frozen = document_freeze(document=DOCUMENT)
    kept = CanonicalDocument.objects.get(pk=frozen.pk)
    assert json.loads(kept.body) == {**DOCUMENT, "é": "é"}
    assert document_faults(kept) == []


def test_the_same_document_has_the_same_digest_and_a_row_for_each_signing():
    once, again = (
        document_freeze(document=DOCUMENT),
        document_freeze(document=dict(reversed(DOCUMENT.items()))),
    )
    assert once.digest == again.digest
    assert once.uuid != again.uuid


def test_a_document_with_a_date_in_it_is_refused_and_nothing_is_kept():
    with pytest.raises(TypeError, match=r"^\$\.at: "):
        document_freeze(document={"at": datetime.now(UTC)})
    assert not CanonicalDocument.objects.exists()


def test_a_changed_text_shows():
    frozen = document_freeze(document=DOCUMENT)
    frozen.body = frozen.body.replace("reliable", "excellent")
    assert document_faults(frozen) == [
        "The text of the document was changed: it does not give the digest that was signed."
    ]


def test_a_changed_text_with_a_digest_to_fit_shows_by_its_signature():
    frozen, other = document_freeze(document=DOCUMENT), document_freeze(document={"format": 1})
    frozen.body, frozen.digest = other.body, other.digest
    assert document_faults(frozen) == ["The signature does not belong to the digest of the document."]


def test_a_text_that_is_not_canonical_shows():
    frozen = document_freeze(document=DOCUMENT)
    frozen.body = frozen.body + " "
    assert "The text of the document is not canonical JSON." in document_faults(frozen)


def test_a_key_that_is_no_number_any_more_shows():
    frozen = document_freeze(document=DOCUMENT)
    frozen.key = SigningKey(fingerprint=frozen.key.fingerprint, public_key="spoilt")
    assert document_faults(frozen)[0].startswith("The key that signed the document was changed")


def test_a_changed_key_shows():
    frozen = document_freeze(document=DOCUMENT)
    frozen.key = SigningKey(fingerprint=frozen.key.fingerprint, public_key="00" * 32)
    assert document_faults(frozen) == [
        "The key that signed the document was changed: it does not give its fingerprint.",
        "The signature does not belong to the digest of the document.",
    ]
