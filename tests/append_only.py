"""Tests beside append-only tables: the database of the tests can be emptied, and the rule can be asserted.

`tests/conftest.py` imports `flush_past_append_only`, once and for all tests.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


@pytest.fixture(scope="session", autouse=True)
def flush_past_append_only() -> Iterator[None]:
    """Let Django empty the tables after a test with `transaction=True`, past the append-only triggers.

    Only Django's own flush is let through: what a test does itself meets the triggers of the product.
    """
    operations = type(connections[DEFAULT_DB_ALIAS].ops)
    flush = operations.execute_sql_flush

    def execute_sql_flush(self, sql_list: list[str]) -> None:
        flush(self, [*_lift(self.connection), *sql_list, *_restore(self.connection)])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", execute_sql_flush)
        yield


@contextmanager
def lifted() -> Iterator[None]:
    """Do what follows past the triggers, as somebody could who owns the database; needs a transaction."""
    connection = connections[DEFAULT_DB_ALIAS]
    lift, restore = _lift(connection), _restore(connection)
    with connection.cursor() as cursor:
        for sql in lift:
            cursor.execute(sql)
        yield
        for sql in restore:
            cursor.execute(sql)


def _lift(connection: BaseDatabaseWrapper) -> list[str]:
    if connection.vendor == "postgresql":
        return ["SET LOCAL session_replication_role = replica"]  # needs a superuser
    return [f"DROP TRIGGER {connection.ops.quote_name(name)}" for name, _ in _sqlite_triggers(connection)]


def _restore(connection: BaseDatabaseWrapper) -> list[str]:
    if connection.vendor == "postgresql":
        return ["SET LOCAL session_replication_role = DEFAULT"]
    return [sql for _, sql in _sqlite_triggers(connection)]


def _sqlite_triggers(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return cursor.fetchall()


def assert_append_only(
    row: models.Model,
    *,
    may_change: Sequence[str] = (),
    may_delete: bool = False,
) -> None:
    """Assert that the database refuses to change any column of `row` but those named, and to delete it.

    Give a row in which every column but those of `may_change` holds a value; one that may be filled once
    is filled. Call it for each append-only table of an app: it fails when a column was added, or a table
    copied, and the rule not named again.
    """
    table = row._meta.db_table
    for field in row._meta.concrete_fields:
        if field.column in may_change:
            continue
        assert getattr(row, field.attname) is not None, f"give a {table} in which {field.column} has a value"
        value = "-1" if field.primary_key else "NULL"
        column = connections[DEFAULT_DB_ALIAS].ops.quote_name(str(field.column))
        _assert_refused(f"UPDATE {table} SET {column} = {value} WHERE id = %s", row)  # noqa: S608
    if not may_delete:
        _assert_refused(f"DELETE FROM {table} WHERE id = %s", row)  # noqa: S608
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")  # nothing is pending
        _assert_refused(f"TRUNCATE {table} CASCADE", row)
    assert type(row)._default_manager.filter(pk=row.pk).exists()


def _assert_refused(sql: str, row: models.Model) -> None:
    parameters = [row.pk] if "%s" in sql else None
    refusal = f"{row._meta.db_table} is append-only"
    with (
        pytest.raises(IntegrityError, match=refusal),
        transaction.atomic(),
        connections[DEFAULT_DB_ALIAS].cursor() as cursor,
    ):
        cursor.execute(sql, parameters)
