"""The migrations make exactly the schema that the code knows, on both databases."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection
from sqlmodel import col, select

from storage.audit import AuditEvent, add_to_trail
from storage.audit_verdict import verdicts
from storage.database import Database, Scope
from storage.migrate import config, upgrade
from storage.tables import METADATA
from tests.conftest import Backend
from tests.servers.postgres import PostgresServer, owner_url


@pytest.fixture(params=['sqlite', 'postgresql'])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, for the role that owns it."""
    if request.param == 'sqlite':
        yield f'sqlite+aiosqlite:///{tmp_path}/coursewright.sqlite'
        return
    postgres: PostgresServer = request.getfixturevalue('postgres')
    url = postgres.create_database()
    yield owner_url(url)
    postgres.drop_database(url)


def test_the_migrations_stand_in_one_line() -> None:
    assert len(ScriptDirectory.from_config(config()).get_heads()) == 1


async def test_an_empty_database_gets_the_schema_of_the_code(empty: str) -> None:
    database = Database(empty)
    try:
        await upgrade(database)
        async with database.engine.connect() as connection:
            assert await connection.run_sync(_differences) == []
    finally:
        await database.close()


async def test_two_processes_that_start_at_once_migrate_once(empty: str) -> None:
    first, second = Database(empty), Database(empty)
    try:
        await asyncio.gather(upgrade(first), upgrade(second))
        async with first.engine.connect() as connection:
            tables = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
        assert set(METADATA.tables) <= tables
    finally:
        await first.close()
        await second.close()


@pytest.mark.parametrize('statement', ['INSERT INTO courses (id, title) VALUES (1, 1)'])
async def test_the_database_itself_refuses_a_row_of_no_organisation(backend: Backend, statement: str) -> None:
    database = Database(backend.database_url)
    try:
        await upgrade(database)
        with pytest.raises(Exception, match=r'(?i)null|type uuid'):
            async with database.engine.begin() as connection:
                await connection.exec_driver_sql(statement)
    finally:
        await database.close()


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={'compare_type': False})
    return list(compare_metadata(context, METADATA))


async def test_an_audit_trail_from_before_the_chain_is_taken_into_it(empty: str) -> None:
    """Its rows get their numbers in the order of their time, and nobody changes them from then on."""
    database = Database(empty)
    await _upgrade_to(database, '0004')
    async with database.engine.begin() as connection:
        for statement in _TRAIL:
            await connection.execute(text(statement))
    await upgrade(database)
    async with database.reading() as tx:
        found = await verdicts(tx)
        assert [(verdict.organization, verdict.rows, verdict.fault) for verdict in found] == [
            ('Demo', 3, ''),
            ('Other', 1, ''),
        ]
        rows = (await tx.exec(select(AuditEvent).order_by(col(AuditEvent.created_at)))).all()
        assert [(row.action, row.seq) for row in rows] == [('first', 1), ('theirs', 1), ('second', 2), ('third', 3)]
    async with database.writing() as tx:
        scope = Scope(tx, rows[0].organization_id)
        add_to_trail(scope, AuditEvent(actor='Ada', action='fourth', subject_type='Course', subject_id=rows[0].id))
    async with database.reading() as tx:
        assert [(verdict.rows, verdict.fault) for verdict in await verdicts(tx)] == [(4, ''), (1, '')]
    await database.close()


async def _upgrade_to(database: Database, revision: str) -> None:
    def run(connection: Connection) -> None:
        settings = config()
        settings.attributes['connection'] = connection
        command.upgrade(settings, revision)

    async with database.engine.begin() as connection:
        await connection.run_sync(run)


_DEMO, _OTHER = '0' * 31 + '1', '0' * 31 + '2'
_TRAIL = [
    'INSERT INTO organizations (id, created_at, name, slug, is_active)'
    f" VALUES ('{key}', '2026-01-01 00:00:00', '{name}', '{name.lower()}', true)"
    for key, name in ((_DEMO, 'Demo'), (_OTHER, 'Other'))
] + [
    'INSERT INTO audit_logs'
    ' (id, organization_id, created_at, actor, action, subject_type, subject_id, "after", because)'
    f" VALUES ('{number:032x}', '{whose}', '2026-02-0{day} 09:00:00.123456', 'Ada', '{action}', 'Course',"
    f' \'{number:032x}\', \'{{"title": "Zo\\u00eb", "share": 0.1}}\', \'\')'
    for number, whose, day, action in (
        (1, _DEMO, 3, 'second'),
        (2, _DEMO, 4, 'third'),
        (3, _DEMO, 1, 'first'),
        (4, _OTHER, 2, 'theirs'),
    )
]
