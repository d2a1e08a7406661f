"""The same content always gives the same bytes, and what JSON cannot say for sure is refused."""

import json
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given, settings
from hypothesis import strategies as st

from record.canonical import LARGEST, canonical, digest, utc
from record.models import CanonicalDocument, EventPayload

unhurried = settings(deadline=None)  # a busy machine is no fault
texts = st.text(st.characters(codec="utf-8"))
keys = texts.filter(lambda text: unicodedata.is_normalized("NFC", text))  # no two of which become one
numbers = st.integers(-LARGEST, LARGEST)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner) | st.dictionaries(keys, inner),
    max_leaves=20,
)
documents = st.dictionaries(keys, values)


def test_it_writes_sorted_keys_without_spaces_in_utf_8():
    assert canonical({"b": [1, None, True], "a": "Zoë"}) == '{"a":"Zoë","b":[1,null,true]}'.encode()


@pytest.mark.long
@unhurried
@given(documents)
def test_the_bytes_read_back_as_the_document_and_give_the_same_bytes_again(document: dict[str, Any]):
    once = canonical(document)
    assert canonical(json.loads(once)) == once


@pytest.mark.long
@unhurried
@given(documents)
def test_the_order_of_keys_does_not_matter(document: dict[str, Any]):
    assert canonical(dict(reversed(document.items()))) == canonical(document)


@unhurried
@given(texts)
def test_composed_and_decomposed_letters_are_the_same(text: str):
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert canonical({"name": composed}) == canonical({"name": decomposed})


@pytest.mark.long
@unhurried
@given(documents, documents)
def test_documents_that_differ_give_bytes_that_differ(one: dict[str, Any], other: dict[str, Any]):
    def normal(document):
        return unicodedata.normalize("NFC", json.dumps(document, sort_keys=True, ensure_ascii=False))

    assert (canonical(one) == canonical(other)) == (normal(one) == normal(other))


@pytest.mark.long
@unhurried
@given(documents)
@example({"\N{GRINNING FACE}": 1, "\ufb33": 2, "\uffee": 3, "\r": 4, "1": 5, "\x80": 6, "\xf6": 7, "\u20ac": 8})
@example({"": "\x00\x08\t\n\x0b\x0c\r\x1f\x7f\x85\u2028\u2029\"\\/<>&'\U0010ffff"})
@example({"most": LARGEST, "least": -LARGEST, "none": 0})
def test_another_implementation_of_rfc_8785_gives_the_same_bytes(document: dict[str, Any]):
    assert canonical(document) == rfc8785.dumps(_nfc(document))


@pytest.mark.django_db
@pytest.mark.sqlite
def test_so_it_does_for_what_the_product_freezes_and_tells(verified_unit):
    bodies = [document.body for document in CanonicalDocument.objects.all()]
    bodies += EventPayload.objects.values_list("body", flat=True)
    assert len(bodies) > 10
    assert [body for body in bodies if rfc8785.dumps(json.loads(body)) != body.encode()] == []


def test_keys_stand_in_the_order_of_utf_16():
    assert canonical({"\uffee": 1, "\N{GRINNING FACE}": 2}) == '{"\N{GRINNING FACE}":2,"\uffee":1}'.encode()


@pytest.mark.parametrize("number", [2**53, -(2**53), 10**30])
def test_a_number_that_others_would_round_is_refused(number: int):
    with pytest.raises(TypeError, match=r"^\$\.size: a number beyond 2\^53"):
        canonical({"size": number})
    with pytest.raises(rfc8785.IntegerDomainError):
        rfc8785.dumps({"size": number})


def _nfc(value: Any) -> Any:
    """The same document with its texts in NFC, which we add to the RFC."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_nfc(item) for item in value]
    if isinstance(value, dict):
        return {_nfc(key): _nfc(item) for key, item in value.items()}
    return value


@pytest.mark.long
@unhurried
@given(documents)
def test_the_document_is_left_as_it_was(document: dict[str, Any]):
    before = json.dumps(document)
    canonical(document)
    assert json.dumps(document) == before


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), Decimal("1"), datetime.now(UTC), b"bytes", (1, 2), {1, 2}, object(), "\ud800"],
    ids=["float", "nan", "decimal", "time", "bytes", "tuple", "set", "object", "lone surrogate"],
)
def test_it_refuses_what_json_cannot_say_for_sure_and_names_the_place(value: object):
    with pytest.raises(TypeError, match=r"^\$\.claims\[1\]\.at: "):
        canonical({"claims": [{}, {"at": value}]})


def test_it_refuses_a_key_that_is_no_string():
    with pytest.raises(TypeError, match=r"^\$\.unit: a key must be a string, not int"):
        canonical({"unit": {1: "one"}})


def test_it_refuses_two_keys_that_are_one_after_normalisation():
    with pytest.raises(TypeError, match="twice"):
        canonical({"é": 1, "e\u0301": 2})


def test_it_refuses_a_list_as_document():
    with pytest.raises(TypeError, match="a document is a dictionary"):
        canonical([])  # type: ignore[arg-type]


def test_the_digest_is_that_of_any_other_sha_256():
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_moment_is_written_in_utc_to_the_second():
    summer = timezone(timedelta(hours=1))
    assert utc(datetime(2026, 6, 1, 10, 30, 15, 999999, tzinfo=summer)) == "2026-06-01T09:30:15Z"


def test_a_moment_can_be_written_to_the_microsecond():
    moment = datetime(2026, 6, 1, 10, 30, tzinfo=UTC)
    assert utc(moment, timespec="microseconds") == "2026-06-01T10:30:00.000000Z"


def test_a_moment_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        utc(datetime(2026, 6, 1))
