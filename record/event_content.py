"""What an event tells of rows: `told` of each model says it, and the proof of the record reads it again."""

import datetime
from collections.abc import Iterator
from typing import Any, ClassVar

from django.db import models

from record.canonical import utc

FORMAT = 1  # of the particulars of an event; if it changes, keep a reader for the earlier one


class ToldModel(models.Model):
    """A row that events tell of, as it is after each change. So it must say what was last told of it."""

    told_as: ClassVar[str]  # the noun under which particulars have the row
    told_with: ClassVar[tuple[str, ...]] = ()  # the other rows that `told` reads, as `select_related` takes them
    # What is told only of rows that have it, because events were written before there was such a field.
    told_where_set: ClassVar[tuple[str, ...]] = ()
    told_before: ClassVar[tuple[str, ...]] = ()  # what earlier events tell of a column that is gone since

    class Meta:
        abstract = True

    def told(self) -> dict[str, Any]:
        """Return what the row says, in types of canonical JSON.

        "id" is its public identifier. Other rows are named by theirs, files by their digest, participants by the
        user's. Only what nobody would miss is left out.
        """
        raise NotImplementedError


def told_time(moment: datetime.datetime | None) -> str | None:
    """Return a moment of a row as events tell it, to the microsecond."""
    return utc(moment, timespec="microseconds") if moment else None


def particulars(
    *, row: ToldModel | None, also: tuple[ToldModel, ...], gone: tuple[ToldModel, ...], besides: dict[str, Any]
) -> dict[str, Any]:
    """Return the particulars of an event that tells of these rows; `besides` is what no row says."""
    said: dict[str, Any] = {"format": FORMAT, **besides}
    if row:
        said[row.told_as] = row.told()
    if also:
        said["also"] = [{other.told_as: other.told()} for other in also]
    if gone:
        said["gone"] = [{other.told_as: other.told()["id"]} for other in gone]
    return said


def rows_told(said: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """Yield the rows that particulars tell of: the noun, the identifier and what was told; None if the row is gone.

    Particulars in another format, or in a shape that no service writes, yield nothing.
    """
    if said.get("format") != FORMAT:
        return
    for noun, told in (*said.items(), *_items(said.get("also"))):
        if isinstance(told, dict) and "id" in told:
            yield noun, str(told["id"]), told
    for noun, identifier in _items(said.get("gone")):
        yield noun, str(identifier), None


def _items(listed: object) -> Iterator[tuple[str, Any]]:
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict):
            yield from each.items()
