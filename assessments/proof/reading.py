"""How the proof reads: in batches, and rows that may be spoilt."""

import json
from collections.abc import Iterator
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

BATCH = 200

_Row = TypeVar("_Row", bound=Model)


def each(rows: QuerySet[_Row]) -> Iterator[_Row]:
    """Yield every row, read in batches, so that no lock or cursor is held while a row is looked at."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from batch
        last = batch[-1].pk


def read(body: str) -> dict[str, Any]:
    """Return what a text holds; empty if it was spoilt, which is a fault of its own."""
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
