"""One server for a whole module of tests, on SQLite and again on PostgreSQL with Redis."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.members import seed_people
from tests.servers.application import Application


@pytest.fixture(scope='module', params=['sqlite', 'postgresql'])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """The platform with the people of the demo organisations and nothing else."""
    folder = tmp_path_factory.mktemp(f'site-{request.param}')
    application = Application(folder / 'data')
    application.data_dir.mkdir()
    if request.param == 'sqlite':
        url = f'sqlite+aiosqlite:///{application.data_dir}/coursewright.sqlite'
        yield from _served(application, url)
        return
    postgres = request.getfixturevalue('postgres')
    redis_server = request.getfixturevalue('redis_server')
    redis_server.flush()
    url = postgres.migrated_database()
    application.settings = {'DATABASE_URL': url, 'REDIS_URL': redis_server.url}
    yield from _served(application, url)
    postgres.drop_database(url)


def _served(application: Application, url: str) -> Iterator[Application]:
    with ThreadPoolExecutor() as threads:  # a loop of its own, whatever runs here
        threads.submit(asyncio.run, seed_people(url)).result()
    application.start()
    yield application
    code = application.stop()
    assert code == 0, f'a deploy ends with {code}\n{application.process.tail(80)}'
