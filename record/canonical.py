"""Turns a document into the one sequence of bytes that is hashed, signed and kept."""

import hashlib
import json
import unicodedata
from datetime import UTC, datetime
from typing import Any

LARGEST = 2**53 - 1  # RFC 8785 builds on I-JSON (RFC 7493): the whole numbers that a double holds exactly


def canonical(document: dict[str, Any]) -> bytes:
    """Return `document` as the canonical JSON of RFC 8785: the same content always gives the same bytes.

    Strings are normalised to NFC first, which the RFC leaves to the application.
    A document holds dictionaries, lists, strings, whole numbers, True, False and None. Anything else
    (a float, a date, a key that is no string, a number beyond 2^53, which readers would round)
    raises TypeError, which names the place like `$.claims[2].at`. The document itself is not changed.
    """
    if not isinstance(document, dict):
        raise TypeError(f"$: a document is a dictionary, not {type(document).__name__}")
    normal = _normal(document, "$")
    return json.dumps(normal, ensure_ascii=False, separators=(",", ":")).encode()


def digest(content: bytes) -> str:
    """Return the SHA-256 of `content` in 64 hexadecimal characters."""
    return hashlib.sha256(content).hexdigest()


def utc(moment: datetime, *, timespec: str = "seconds") -> str:
    """Return a moment as documents write it: `2026-11-22T09:30:00Z`, truncated to the second.

    `timespec` is that of `datetime.isoformat`. Raises ValueError for a moment without a time zone.
    """
    if moment.utcoffset() is None:
        raise ValueError("A moment without a time zone cannot be written down: it may mean any hour.")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=timespec) + "Z"


def _normal(value: object, path: str) -> object:
    match value:
        case None | bool():
            return value
        case int():
            if abs(value) > LARGEST:
                raise TypeError(f"{path}: a number beyond 2^53 is not exact for everybody who reads it")
            return value
        case str():
            return _normal_text(value, path)
        case list():
            return [_normal(item, f"{path}[{index}]") for index, item in enumerate(value)]
        case dict():
            return _normal_dict(value, path)
        case _:
            raise TypeError(f"{path}: a document cannot hold {type(value).__name__}")


def _normal_dict(value: dict[Any, Any], path: str) -> dict[str, object]:
    normal: dict[str, object] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError(f"{path}: a key must be a string, not {type(key).__name__}")
        name = _normal_text(key, path)
        if name in normal:
            raise TypeError(f"{path}: the key {name!r} stands there twice")
        normal[name] = _normal(item, f"{path}.{name}")
    # The order of RFC 8785 (3.2.3): by the units of UTF-16, which is not Python's for characters beyond U+FFFF.
    return dict(sorted(normal.items(), key=lambda entry: entry[0].encode("utf-16-be")))


def _normal_text(text: str, path: str) -> str:
    normal = unicodedata.normalize("NFC", text)
    try:
        normal.encode()
    except UnicodeEncodeError as error:
        raise TypeError(f"{path}: half a character cannot be written as UTF-8") from error
    return normal
