"""Makes tables append-only in the database itself, on PostgreSQL and SQLite.

    operations = [append_only("portfolio_claim", may_change_once=("withdrawn_at",))]

Whatever breaks the rule raises django.db.IntegrityError: "portfolio_claim is append-only".
SQLite copies a table to alter it, and loses its triggers: a migration that alters an append-only table
names the same rule again as its last operation (`tests.append_only.assert_append_only` tells when it
was forgotten).
"""

from collections.abc import Sequence

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython


def append_only(
    table: str,
    *,
    may_change: Sequence[str] = (),
    may_change_once: Sequence[str] = (),
    only_if: str = "",
    may_delete: bool = False,
) -> RunPython:
    """Return the migration operation that lets rows of `table` be added, and refuses the rest.

    `may_change` names columns that an UPDATE may change, `may_change_once` those that it may change while
    they are NULL. `only_if` is a condition in SQL over OLD and NEW, understood by both databases, that an
    UPDATE must fulfil besides. `may_delete` permits DELETE, though never TRUNCATE. ValueError is raised
    for a condition where nothing may change and, by the migration, for a column that is not there.
    Columns are those of the database (`key_id`, not `key`). The operation can be reversed and repeated.
    """

    if only_if and not may_change and not may_change_once:
        raise ValueError(f"The rule for {table} names no column that may change, so its condition is idle.")

    def protect(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        unprotect(apps, editor)
        refused = _refused_update(editor, table, may_change, may_change_once, only_if)
        _create(editor, table, "update", refused)
        if not may_delete:
            _create(editor, table, "delete", "")
        if editor.connection.vendor == "postgresql":
            _create(editor, table, "truncate", "")

    def unprotect(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        on_table = f" ON {editor.quote_name(table)}" if editor.connection.vendor == "postgresql" else ""
        for change in ("update", "delete", "truncate"):
            name = editor.quote_name(_trigger_name(table, change))
            editor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}", None)
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP FUNCTION IF EXISTS {editor.quote_name(_function_name(table))}()", None)

    return RunPython(protect, unprotect)


def require_on_insert(table: str, name: str, condition: str, message: str) -> RunPython:
    """Return the migration operation that refuses a new row of `table` unless `condition` holds.

    `condition` is SQL over NEW that both databases understand; it may ask other tables, which a CHECK
    constraint cannot. `name` tells the trigger from others on the table, `message` is what
    django.db.IntegrityError then says. The operation can be reversed and repeated.
    """
    trigger, function = f"{table}_{name}", f"{table}_{name}"

    def protect(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        unprotect(apps, editor)
        quoted, on_table = editor.quote_name(trigger), editor.quote_name(table)
        if editor.connection.vendor == "sqlite":
            editor.execute(
                f"CREATE TRIGGER {quoted} BEFORE INSERT ON {on_table} "
                f"BEGIN SELECT RAISE(ABORT, '{message}') WHERE NOT ({condition}); END",
                None,
            )
            return
        editor.execute(
            f"CREATE OR REPLACE FUNCTION {editor.quote_name(function)}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF NOT ({condition}) THEN RAISE EXCEPTION '{message}' "
            "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            None,
        )
        editor.execute(
            f"CREATE TRIGGER {quoted} BEFORE INSERT ON {on_table} FOR EACH ROW "
            f"EXECUTE FUNCTION {editor.quote_name(function)}()",
            None,
        )

    def unprotect(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        on_table = f" ON {editor.quote_name(table)}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER IF EXISTS {editor.quote_name(trigger)}{on_table}", None)
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP FUNCTION IF EXISTS {editor.quote_name(function)}()", None)

    return RunPython(protect, unprotect)


def _refused_update(
    editor: BaseDatabaseSchemaEditor,
    table: str,
    may_change: Sequence[str],
    may_change_once: Sequence[str],
    only_if: str,
) -> str:
    """Return the condition under which an UPDATE is refused; an empty one refuses every UPDATE."""
    if not may_change and not may_change_once:
        return ""
    with editor.connection.cursor() as cursor:
        columns = [column.name for column in editor.connection.introspection.get_table_description(cursor, table)]
    if unknown := {*may_change, *may_change_once} - set(columns):
        raise ValueError(f"{table} has no column {', '.join(sorted(unknown))}")
    is_not = "IS DISTINCT FROM" if editor.connection.vendor == "postgresql" else "IS NOT"
    conditions = []
    for column in columns:
        name = editor.quote_name(column)
        if column in may_change_once:
            conditions.append(f"(OLD.{name} IS NOT NULL AND NEW.{name} {is_not} OLD.{name})")
        elif column not in may_change:
            conditions.append(f"NEW.{name} {is_not} OLD.{name}")
    if only_if:
        conditions.append(f"({only_if}) IS NOT TRUE")
    return " OR ".join(conditions)


def _create(editor: BaseDatabaseSchemaEditor, table: str, change: str, condition: str) -> None:
    trigger, on_table = editor.quote_name(_trigger_name(table, change)), editor.quote_name(table)
    when = f"WHEN ({condition})" if condition else ""
    message = f"{table} is append-only"
    if editor.connection.vendor == "sqlite":
        editor.execute(
            f"CREATE TRIGGER {trigger} BEFORE {change} ON {on_table} {when} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
            None,
        )
        return
    function = editor.quote_name(_function_name(table))
    each = "STATEMENT" if change == "truncate" else "ROW"
    editor.execute(
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'restrict_violation'; END $$",
        None,
    )
    editor.execute(
        f"CREATE TRIGGER {trigger} BEFORE {change} ON {on_table} FOR EACH {each} {when} EXECUTE FUNCTION {function}()",
        None,
    )


def _trigger_name(table: str, change: str) -> str:
    return f"{table}_append_only_{change}"


def _function_name(table: str) -> str:
    return f"{table}_append_only"
