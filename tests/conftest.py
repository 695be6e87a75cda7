"""Fixtures that everybody may use: real servers, the platform in a process of its own, a browser.

| fixture | lives | gives |
| --- | --- | --- |
| `postgres` | run | a PostgresServer |
| `postgres_url` | test | the URL of a database with the newest schema and no rows, for a role that owns nothing |
| `redis_server` | run | a RedisServer |
| `redis_url` | test | the URL of an empty Redis |
| `backend` | test, twice | a Backend: SQLite with nothing, then PostgreSQL with Redis |
| `start_application` | test | starts `python -m app serve` in a process of its own |
| `browser` | test | Chromium |
| `open_page` | test | opens pages in contexts of their own, and fails the test for what they complained about |
| `docker_engine` | run | a DockerEngine of our own |
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page
from xdist.scheduler import LoadScopeScheduling

from tests.servers.application import Application
from tests.servers.chromium import PageLog, chromium, save_picture
from tests.servers.docker_engine import DockerEngine
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer

IN_CI = os.environ.get('CI') == 'true'
_failed = pytest.StashKey[bool]()


@dataclass(frozen=True, kw_only=True)
class Backend:
    """Where the platform keeps things in this test."""

    name: str
    database_url: str
    redis_url: str | None

    @property
    def settings(self) -> dict[str, str]:
        """As `start_application(env=…)` takes them."""
        return {'DATABASE_URL': self.database_url} | ({'REDIS_URL': self.redis_url} if self.redis_url else {})


@pytest.fixture(scope='session')
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    url = postgres.migrated_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture(scope='session')
def redis_server() -> Iterator[RedisServer]:
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    redis_server.flush()
    return redis_server.url


@pytest.fixture(params=['sqlite', 'postgresql'])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    """Every test that asks for it runs twice."""
    if request.param == 'sqlite':
        return Backend(
            name='sqlite', database_url=f'sqlite+aiosqlite:///{tmp_path}/coursewright.sqlite', redis_url=None
        )
    return Backend(
        name='postgresql',
        database_url=request.getfixturevalue('postgres_url'),
        redis_url=request.getfixturevalue('redis_url'),
    )


@pytest.fixture
def start_application(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Application]]:
    """`start_application(env={'LLM_PROVIDER': …}, demo=True)` gives an Application that is ready.

    `wait=False` returns at once: then `await application.ready()`, when the test itself serves something
    that the application calls. Their logs are shown when the test fails.
    """
    started: list[Application] = []

    def start(
        *,
        env: dict[str, str] | None = None,
        demo: bool = False,
        data_dir: Path | None = None,
        wait: bool = True,
        within: float = 60,
    ) -> Application:
        application = Application(data_dir or tmp_path / f'data-{len(started) + 1}', env=env, demo=demo)
        started.append(application)
        if wait:
            application.start(within=within)
        else:
            application.launch()
        return application

    yield start
    for application in started:
        application.stop()
        if request.node.stash.get(_failed, False):
            print(f'--- {application.url}\n{application.process.tail(120)}')


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.fixture
async def open_page(request: pytest.FixtureRequest, browser: Browser) -> AsyncIterator[Callable[..., Awaitable[Page]]]:
    """`await open_page(url, width=360, dark=True)` gives a Page in a context (cookies, storage) of its own.

    When the test is over, an error on a console or a request that leaves this machine fails it.
    """
    opened: list[tuple[Page, PageLog]] = []

    async def start(url: str = 'about:blank', *, width: int = 1280, height: int = 900, dark: bool = False) -> Page:
        context = await browser.new_context(
            viewport={'width': width, 'height': height},
            color_scheme='dark' if dark else 'light',
            reduced_motion='reduce',  # what moves is looked at by people, and pressed at by scripts
            locale='en-GB',
        )
        context.set_default_timeout(15_000)
        page = await context.new_page()
        opened.append((page, PageLog(page)))
        await page.goto(url)
        return page

    yield start
    if request.node.stash.get(_failed, False):
        for number, (page, _) in enumerate(opened, 1):
            print('screenshot:', await save_picture(page, f'{request.node.name}-{number}'))
    complaints = [
        line for _, log in opened for line in log.errors + [f'left this machine: {url}' for url in log.outside]
    ]
    assert not complaints, '\n'.join(complaints)


@pytest.fixture(scope='session')
def docker_engine() -> Iterator[DockerEngine]:
    engine = DockerEngine()
    engine.start()
    yield engine
    engine.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What drives a browser or kills servers shares two cores with everything else, and is tried twice. A test that
    needs the second try is printed as RERUN: a defect to mend, of the test or of the product."""
    for item in items:
        if {'open_page', 'browser', 'start_application'} & set(getattr(item, 'fixturenames', ())):
            item.add_marker(pytest.mark.flaky(reruns=1, reruns_delay=2))


# Places whose tests stay on one worker, because they share a server that only one can hold, or one that is dear.
_TOGETHER = {
    'tests/api/': 'contract',
    'tests/app/test_headers.py': 'stage',
    'tests/app/test_listeners.py': 'stage',
    'tests/app/test_sockets.py': 'stage',
    'tests/docker/': 'docker',
    'tests/drills/': 'drills',
    'tests/servers/': 'docker',
}


class ByPlace(LoadScopeScheduling):
    """The tests of a file run on one worker, so that what they share is made once. (Groups by mark have no effect
    with this pytest: xdist writes them into a name that is no longer read.)"""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition('::')[0]
        return next((group for place, group in _TOGETHER.items() if file.startswith(place)), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByPlace:
    return ByPlace(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and IN_CI and not hasattr(report, 'wasxfail'):
        report.outcome = 'failed'
        report.longrepr = f'Skipped, and CI=true allows no skip: {_reason(report.longrepr)}'
    if report.failed:
        item.stash[_failed] = True
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and IN_CI:
        report.outcome = 'failed'
        report.longrepr = f'Skipped, and CI=true allows no skip: {_reason(report.longrepr)}'
    return report


def _reason(longrepr: object) -> str:
    return str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)
