"""The services on a real database: every test that asks for `world` runs on SQLite and on PostgreSQL."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from threading import Thread

import pytest

from storage.database import Database
from storage.migrate import upgrade
from tests.servers.postgres import PostgresServer
from tests.services.world import World, make_world


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
    url = server.migrated_database()
    yield url
    server.drop_database(url)


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    database = Database(database_url)
    yield await make_world(database)
    await database.close()


def _prepare(url: str) -> None:
    """In a thread of its own, where no event loop runs yet."""
    thread = Thread(target=lambda: asyncio.run(_migrate(url)))
    thread.start()
    thread.join()


async def _migrate(url: str) -> None:
    database = Database(url)
    await upgrade(database)
    await database.close()
