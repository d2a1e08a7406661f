"""Compares the triggers in the database with those that the migrations promise."""

import re
from collections.abc import Iterator

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from record.triggers import Protection, Trigger


def promises() -> list[Protection]:
    """Return what the migrations of all apps promise for the tables; a later promise replaces an earlier one."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    found: dict[tuple[str, str], Protection] = {}
    for migration, _ in plan:
        for operation in migration.operations:
            if isinstance(operation, Protection):
                found[operation.table, operation.name] = operation
    tables = set(connection.introspection.table_names())
    return [promise for promise in found.values() if promise.table in tables]


def protection_faults() -> Iterator[str]:
    """Yield a sentence for each trigger of the record that is gone, switched off or not as promised."""
    standing = _standing()
    for promise in promises():
        for trigger in promise.triggers(connection):
            if trigger.name not in standing:
                yield f"table {promise.table}: The trigger {trigger.name}, which keeps it, is missing."
            elif not standing[trigger.name]:
                yield f"table {promise.table}: The trigger {trigger.name}, which keeps it, is switched off."
            elif standing[trigger.name] != _normal(trigger):
                yield f"table {promise.table}: The trigger {trigger.name}, which keeps it, is not as it was made."


def _standing() -> dict[str, str]:
    """Return the triggers that the database has, as `_normal` writes them, by name; "" for one that is switched off."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            return {name: _plain(sql) for name, sql in cursor.fetchall()}
        cursor.execute(
            "SELECT t.tgname, t.tgenabled::text, pg_get_triggerdef(t.oid, true), p.prosrc "
            "FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
        )
        return {
            name: _plain(sql) + body if enabled in {"O", "A"} else "" for name, enabled, sql, body in cursor.fetchall()
        }


def _normal(trigger: Trigger) -> str:
    return _plain(trigger.sql) + trigger.body


def _plain(sql: str) -> str:
    """Leave out what a database writes differently from us: casts, quotation marks, brackets, spaces, capitals."""
    return re.sub(r'::\w+|[\s"()]', "", sql).lower()
