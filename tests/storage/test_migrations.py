"""The migrations make exactly the schema that the code knows, on both databases."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.engine import Connection

from storage.database import Database
from storage.migrate import upgrade
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
