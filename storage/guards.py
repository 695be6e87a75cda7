"""What the database itself watches over, kept up to date after every migration, so that no migration can forget it.

- PostgreSQL: forced row-level security on every table of organisations. A transaction sees the organisations it opened
  a scope for (storage/sight.py) and can write no row of another one.
- Both: conditions on columns (storage/constraints.py), and an audit trail and an AI ledger to which rows are only ever
  added. SQLite has triggers for them: a constraint there would mean to write the whole table anew.
"""

import hashlib
from collections.abc import Iterable, Iterator

from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.engine import Connection

from storage.base import TenantRow
from storage.constraints import CONSTRAINTS, Condition
from storage.tables import METADATA

ADDED_ONLY = ('audit_logs', 'ai_acts')
_OURS = "organization_id = ANY ((SELECT string_to_array(current_setting('app.organization_id', true), ','))::uuid[])"
_ALL = "(SELECT current_setting('app.platform', true)) = 'on'"
_MINE = "user_id = (SELECT nullif(current_setting('app.user_id', true), ''))::uuid"


def tenant_tables() -> list[str]:
    """Every table whose rows belong to exactly one organisation."""
    return sorted({str(kind.__tablename__) for kind in _kinds(TenantRow) if str(kind.__tablename__) in METADATA.tables})


def put_up(connection: Connection) -> None:
    """Does nothing where everything stands as this code and this schema want it."""
    make = _for_sqlite if connection.dialect.name == 'sqlite' else _for_postgres
    statements = list(make())
    mark = _mark(connection, statements)
    if _read_mark(connection) == mark:
        return
    if connection.dialect.name == 'sqlite':
        for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
            if name.startswith('guard_'):
                connection.exec_driver_sql(f'DROP TRIGGER {name}')
        for statement in statements:
            connection.exec_driver_sql(statement)
    else:
        connection.exec_driver_sql(_REFUSE_CHANGE)
        _run(connection, statements)
    _write_mark(connection, mark)


def grant(connection: Connection, role: str) -> None:
    """What the application's role may do, where another one owns the tables (PostgreSQL)."""
    quoted = connection.dialect.identifier_preparer.quote(role)
    lines = [f'GRANT SELECT ON alembic_version TO {quoted}']
    for table in METADATA.tables:
        may = 'SELECT, INSERT' if table in ADDED_ONLY else 'SELECT, INSERT, UPDATE, DELETE'
        lines += [f'REVOKE ALL ON {table} FROM {quoted}', f'GRANT {may} ON {table} TO {quoted}']
    _run(connection, lines)


def _run(connection: Connection, statements: Iterable[str]) -> None:
    """In one trip."""
    body = ''.join(f'{statement};\n' for statement in statements)
    connection.exec_driver_sql(f'DO $guards$ BEGIN\n{body}END $guards$')


def _for_postgres() -> Iterator[str]:
    for table in tenant_tables():
        seen = f'{_OURS} OR {_ALL}'
        yield f'ALTER TABLE {table} ENABLE ROW LEVEL SECURITY'
        yield f'ALTER TABLE {table} FORCE ROW LEVEL SECURITY'
        yield f'DROP POLICY IF EXISTS one_organization ON {table}'
        yield f'CREATE POLICY one_organization ON {table} USING ({seen}) WITH CHECK ({seen})'
    # Who signs in has roles before the organisation is known; who is deleted may belong to another one too.
    for table in ('user_roles', 'held_memberships'):
        yield f'DROP POLICY IF EXISTS own_roles ON {table}'
        yield f'CREATE POLICY own_roles ON {table} FOR SELECT USING ({_MINE})'
    for table, name, condition in _conditions():
        holds = _written(condition.postgres, '')
        yield f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}'
        # Not valid: what is there already is left alone, what comes or changes has to hold.
        yield f'ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({holds}) NOT VALID'
    for table in ADDED_ONLY:
        yield f'DROP TRIGGER IF EXISTS added_only ON {table}'
        yield f'DROP TRIGGER IF EXISTS never_emptied ON {table}'
        yield (
            f'CREATE TRIGGER added_only BEFORE UPDATE OR DELETE ON {table}'
            ' FOR EACH ROW EXECUTE FUNCTION coursewright_refuse_change()'
        )
        yield (
            f'CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}'
            ' FOR EACH STATEMENT EXECUTE FUNCTION coursewright_refuse_change()'
        )


def _for_sqlite() -> Iterator[str]:
    for table, name, condition in _conditions():
        holds = _written(condition.sqlite, 'NEW.')
        for act in ('INSERT', 'UPDATE'):
            yield (
                f'CREATE TRIGGER guard_{name}_{act.lower()} BEFORE {act} ON {table} WHEN NOT ({holds})'
                f" BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: {name}'); END"
            )
    for table in ADDED_ONLY:
        for act in ('UPDATE', 'DELETE'):
            yield (
                f'CREATE TRIGGER guard_{table}_{act.lower()} BEFORE {act} ON {table}'
                f" BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
            )


def _conditions() -> Iterator[tuple[str, str, Condition]]:
    for table, conditions in CONSTRAINTS.items():
        for name, condition in conditions.items():
            yield table, f'{table}_{name}', condition


def _written(condition: str, before: str) -> str:
    class Columns(dict[str, str]):
        def __missing__(self, column: str) -> str:
            return f'{before}"{column}"'

    return condition.format_map(Columns())


def _mark(connection: Connection, statements: list[str]) -> str:
    heads = sorted(MigrationContext.configure(connection).get_current_heads())
    return hashlib.sha256('\n'.join([*heads, *statements]).encode()).hexdigest()[:7]


def _read_mark(connection: Connection) -> str:
    if connection.dialect.name == 'sqlite':
        return f'{connection.exec_driver_sql("PRAGMA user_version").scalar():07x}'
    return str(connection.exec_driver_sql("SELECT obj_description('alembic_version'::regclass)").scalar())


def _write_mark(connection: Connection, mark: str) -> None:
    if connection.dialect.name == 'sqlite':
        connection.exec_driver_sql(f'PRAGMA user_version = {int(mark, 16)}')
    else:
        connection.exec_driver_sql(f"COMMENT ON TABLE alembic_version IS '{mark}'")


def _kinds(kind: type[TenantRow]) -> Iterator[type[TenantRow]]:
    for below in kind.__subclasses__():
        yield below
        yield from _kinds(below)


_REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION coursewright_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $refuse$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$refuse$
"""
