"""The services on a real database: every test that asks for `world` runs on SQLite and on PostgreSQL."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from threading import Thread

import pytest
from sqlmodel import SQLModel

from storage import audit, courses, documents, enrollments, exports, identity, notifications, workflows
from storage.database import Database
from tests.servers.postgres import PostgresServer
from tests.services.world import World, make_world

# Tables are known to the metadata once their modules are imported.
TABLES = (audit, courses, documents, enrollments, exports, identity, notifications, workflows)


@pytest.fixture(scope='session')
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp('template') / 'empty.sqlite'
    _prepare(f'sqlite+aiosqlite:///{path}')
    return path


@pytest.fixture(params=['sqlite', 'postgresql'])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == 'sqlite':
        shutil.copy(request.getfixturevalue('sqlite_template'), tmp_path / 'coursewright.sqlite')
        yield f'sqlite+aiosqlite:///{tmp_path}/coursewright.sqlite'
        return
    server: PostgresServer = request.getfixturevalue('postgres')
    server.prepare_template('services', _prepare)
    url = server.create_database('services')
    yield url
    server.drop_database(url)


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    database = Database(database_url)
    yield await make_world(database)
    await database.close()


def _prepare(url: str) -> None:
    """In a thread of its own, where no event loop runs yet."""
    thread = Thread(target=lambda: asyncio.run(_create_tables(url)))
    thread.start()
    thread.join()


async def _create_tables(url: str) -> None:
    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    await database.close()
