"""Queries that Django puts together once a process, and that run again and again with other values.

Most of what a small query costs is not the database. It is putting the query together and writing its SQL, each time
anew and each time the same: a page of fifteen queries spends more on that than on all else. A function marked
`prepared` does it once. Nothing that a query finds is kept.

    @prepared
    def _open_version(unit: int) -> QuerySet[UnitVersion, UnitVersion]:
        return UnitVersion.objects.filter(candidate_unit=unit, closed_at__isnull=True)

    [version] = _open_version(unit.pk)

The function is run with a `Later` for each value, so all it may do with them is to put them into the query. It takes
primary keys, uuids, moments, days, words, and lists of them (`candidate_unit__pk__in=units`).
"""

import inspect
import re
from collections.abc import Callable, Collection
from copy import copy
from datetime import date, datetime
from functools import cache, wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar, get_args, get_origin
from uuid import UUID

from django.db import connections
from django.db.models import (
    BigIntegerField,
    DateField,
    DateTimeField,
    Expression,
    Field,
    QuerySet,
    TextField,
    UUIDField,
)
from django.db.models.sql.compiler import SQLCompiler

FIELDS: dict[type, type[Field]] = {
    int: BigIntegerField, str: TextField, UUID: UUIDField, datetime: DateTimeField, date: DateField,
}  # fmt: skip
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:")  # as either database is sent one
LONGEST = 64  # values of a list; with a longer one, a query is put together each time

Values = ParamSpec("Values")
Row = TypeVar("Row")


class Later(Expression):
    """A value that a prepared query is given when it runs, the one at `place` in a list of several."""

    def __init__(self, name: str, field: Field, place: int | None = None) -> None:
        super().__init__(output_field=field)
        self.name, self.place = name, place

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Write a placeholder, and this where the value will be."""
        return "%s", [self]

    def among(self, values: dict[str, Any], connection: Any) -> Any:
        """Return the value, as the database takes it."""
        value = values[self.name] if self.place is None else values[self.name][self.place]
        return self.output_field.get_db_prep_value(value, connection)


class _Written(NamedTuple):
    queryset: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]


def prepared(build: Callable[Values, QuerySet[Any, Row]]) -> Callable[Values, list[Row]]:
    """Return a function that gives the rows of the query that `build` puts together.

    It raises TypeError if the query would compare with one moment for ever, as `timezone.now()` in `build` would.
    """
    signature = inspect.signature(build)
    taken = {name: parameter.annotation for name, parameter in signature.parameters.items()}
    lists = [name for name, kind in taken.items() if get_origin(kind) is Collection]

    @cache
    def written(*lengths: int) -> _Written:
        values: dict[str, Any] = {
            name: Later(name, FIELDS[kind]()) for name, kind in taken.items() if name not in lists
        }
        for name, length in zip(lists, lengths, strict=True):
            [kind] = get_args(taken[name])
            values[name] = [Later(name, FIELDS[kind](), place) for place in range(length)]
        queryset = build(**values)  # type: ignore[call-arg]
        compiler = queryset.query.get_compiler(queryset.db)
        sql, params = compiler.as_sql()
        if any(MOMENT.match(str(param)) for param in params):
            raise TypeError(f"{build.__qualname__} has to be given the moment that it compares with.")
        return _Written(queryset, compiler, sql, tuple(params))

    @wraps(build)
    def rows(*args: Values.args, **kwargs: Values.kwargs) -> list[Row]:
        values = signature.bind(*args, **kwargs).arguments
        if not all(0 < len(values[name]) <= LONGEST for name in lists):
            return list(build(*args, **kwargs))
        values |= {name: _filled_up(values[name]) for name in lists}
        return _run(written(*(len(values[name]) for name in lists)), values)

    return rows


def _filled_up(values: Collection[Any]) -> list[Any]:
    """Repeat the last value up to the next power of two, so that only a few lengths have an SQL of their own."""
    listed = [*values]
    return listed + listed[-1:] * ((1 << (len(listed) - 1).bit_length()) - len(listed))


def _run(written: _Written, values: dict[str, Any]) -> list[Any]:
    """Let Django run the query as if it had just written the SQL, and make of the rows what it makes of any."""
    queryset, compiler = written.queryset.all(), copy(written.compiler)
    compiler.connection = connections[queryset.db]  # that of this thread
    params = tuple(
        param.among(values, compiler.connection) if isinstance(param, Later) else param for param in written.params
    )
    compiler.as_sql = lambda *_, **__: (written.sql, params)  # type: ignore[method-assign]
    queryset.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
    return list(queryset)
