"""Makes tables append-only in the database itself, on PostgreSQL and SQLite.

    operations = [append_only("portfolio_claim", may_change_once=("withdrawn_at",))]

Whatever breaks the rule raises django.db.IntegrityError: "portfolio_claim is append-only".
SQLite copies a table to alter it, and loses its triggers. So a migration that alters an append-only table must
name the same rule again as its last operation (`tests.append_only.assert_append_only` fails if that was
forgotten).

Only these operations, in the migrations, say what is promised: the migration makes the triggers, and
`record.protection` compares the database with them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

CHANGES = ("update", "delete", "truncate")


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """One trigger: the statement that makes it, and on PostgreSQL the body of the function that it runs."""

    name: str
    sql: str
    function: str = ""
    body: str = ""


class Protection(Operation):
    """A migration operation that keeps a promise about `table` by triggers; `name` tells it from others on the table.

    It can be reversed and repeated. `triggers` returns those that a given database must have.
    """

    def __init__(
        self, table: str, name: str, names: Sequence[str], triggers: Callable[[BaseDatabaseWrapper], list[Trigger]]
    ) -> None:
        self.table, self.name, self.triggers = table, name, triggers
        self._names = names  # that its triggers ever have

    def deconstruct(self) -> tuple[str, list, dict]:
        raise NotImplementedError("A promise is written into its migration by hand.")

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: models know of no trigger."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make the triggers anew. Asks no state for its models: that would put them all together for each table."""
        if router.allow_migrate(schema_editor.connection.alias, app_label):
            self._protect(schema_editor)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take the triggers away."""
        if router.allow_migrate(schema_editor.connection.alias, app_label):
            self._unprotect(schema_editor)

    def describe(self) -> str:
        """What `migrate --plan` prints."""
        return f"Protect {self.table}: {self.name}"

    def _protect(self, editor: BaseDatabaseSchemaEditor) -> None:
        self._unprotect(editor)
        for trigger in self.triggers(editor.connection):
            if trigger.function:
                editor.execute(
                    f"CREATE OR REPLACE FUNCTION {editor.quote_name(trigger.function)}() RETURNS trigger "
                    f"LANGUAGE plpgsql AS $${trigger.body}$$",
                    None,
                )
            editor.execute(trigger.sql, None)

    def _unprotect(self, editor: BaseDatabaseSchemaEditor) -> None:
        is_postgresql = editor.connection.vendor == "postgresql"
        on_table = f" ON {editor.quote_name(self.table)}" if is_postgresql else ""
        for name in self._names:
            editor.execute(f"DROP TRIGGER IF EXISTS {editor.quote_name(name)}{on_table}", None)
        if is_postgresql:
            editor.execute(f"DROP FUNCTION IF EXISTS {editor.quote_name(f'{self.table}_{self.name}')}()", None)


def append_only(
    table: str,
    *,
    may_change: Sequence[str] = (),
    may_change_once: Sequence[str] = (),
    only_if: str = "",
    may_delete: bool = False,
) -> Protection:
    """Return the migration operation that lets rows of `table` be added, and refuses the rest.

    `may_change` names columns that an UPDATE may change, `may_change_once` those that it may change while
    they are NULL. `only_if` is a condition in SQL over OLD and NEW, understood by both databases, that an
    UPDATE must also fulfil. `may_delete` permits DELETE, though never TRUNCATE. ValueError is raised
    for a condition if nothing may change, and by the migration for a column that does not exist.
    Columns are named as in the database (`key_id`, not `key`). The operation can be reversed and repeated.
    """

    if only_if and not may_change and not may_change_once:
        raise ValueError(f"The rule for {table} names no column that may change, so its condition is idle.")

    def triggers(connection: BaseDatabaseWrapper) -> list[Trigger]:
        refused = {"update": _refused_update(connection, table, may_change, may_change_once, only_if)}
        return [
            _refusal(connection, table, change, refused.get(change, ""))
            for change in CHANGES
            if not (change == "delete" and may_delete) and not (change == "truncate" and connection.vendor == "sqlite")
        ]

    return Protection(table, "append_only", [f"{table}_append_only_{change}" for change in CHANGES], triggers)


def require_on_insert(table: str, name: str, condition: str, message: str) -> Protection:
    """Return the migration operation that refuses a new row of `table` unless `condition` holds.

    `condition` is SQL over NEW that both databases understand; it may ask other tables, which a CHECK
    constraint cannot. `name` tells the trigger from others on the table, `message` is what
    django.db.IntegrityError then says. The operation can be reversed and repeated.
    """
    trigger = f"{table}_{name}"

    def triggers(connection: BaseDatabaseWrapper) -> list[Trigger]:
        quote = connection.ops.quote_name
        making = f"CREATE TRIGGER {quote(trigger)} BEFORE INSERT ON {quote(table)} "
        if connection.vendor == "sqlite":
            refusal = f"SELECT RAISE(ABORT, '{message}') WHERE NOT ({condition})"
            return [Trigger(name=trigger, sql=f"{making}BEGIN {refusal}; END")]
        body = (
            f" BEGIN IF NOT ({condition}) THEN RAISE EXCEPTION '{message}' "
            "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END "
        )
        sql = f"{making}FOR EACH ROW EXECUTE FUNCTION {quote(trigger)}()"
        return [Trigger(name=trigger, sql=sql, function=trigger, body=body)]

    return Protection(table, name, [trigger], triggers)


def _refused_update(
    connection: BaseDatabaseWrapper,
    table: str,
    may_change: Sequence[str],
    may_change_once: Sequence[str],
    only_if: str,
) -> str:
    """Return the condition under which an UPDATE is refused; empty if every UPDATE is."""
    if not may_change and not may_change_once:
        return ""
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    if unknown := {*may_change, *may_change_once} - set(columns):
        raise ValueError(f"{table} has no column {', '.join(sorted(unknown))}")
    is_not = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    conditions = []
    for column in columns:
        name = connection.ops.quote_name(column)
        if column in may_change_once:
            conditions.append(f"(OLD.{name} IS NOT NULL AND NEW.{name} {is_not} OLD.{name})")
        elif column not in may_change:
            conditions.append(f"NEW.{name} {is_not} OLD.{name}")
    if only_if:
        conditions.append(f"({only_if}) IS NOT TRUE")
    return " OR ".join(conditions)


def _refusal(connection: BaseDatabaseWrapper, table: str, change: str, condition: str) -> Trigger:
    """Return the trigger that refuses `change` of `table` under a condition, or always if that is empty."""
    name, function = f"{table}_append_only_{change}", f"{table}_append_only"
    quote, message = connection.ops.quote_name, f"{table} is append-only"
    making = f"CREATE TRIGGER {quote(name)} BEFORE {change.upper()} ON {quote(table)} "
    when = f"WHEN ({condition}) " if condition else ""
    if connection.vendor == "sqlite":
        return Trigger(name=name, sql=f"{making}{when}BEGIN SELECT RAISE(ABORT, '{message}'); END")
    each = "STATEMENT" if change == "truncate" else "ROW"
    return Trigger(
        name=name,
        sql=f"{making}FOR EACH {each} {when}EXECUTE FUNCTION {quote(function)}()",
        function=function,
        body=f" BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'restrict_violation'; END ",
    )
