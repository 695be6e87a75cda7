"""The servers are what the other tests stand on, so they are tested themselves."""

import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import psycopg
import pytest
import redis
from playwright.async_api import Browser, Page

from tests.servers.chromium import PageLog, accessibility_violations
from tests.servers.docker_engine import DockerEngine
from tests.servers.postgres import PostgresServer, owner_url
from tests.servers.process import Process, ServerFailed, free_port


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace('+asyncpg', ''), autocommit=True)


def test_a_postgres_database_starts_empty_and_its_role_is_no_superuser(postgres: PostgresServer) -> None:
    url = postgres.create_database()
    with connect(url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        superuser = connection.execute("SELECT current_setting('is_superuser')").fetchone()
    postgres.drop_database(url)
    assert (tables, superuser) == ((0,), ('off',))


def test_a_database_made_from_a_template_holds_what_was_prepared_once(postgres: PostgresServer) -> None:
    prepared: list[str] = []

    def prepare(url: str) -> None:
        prepared.append(url)
        with connect(url) as connection:
            connection.execute("CREATE TABLE course AS SELECT 'Fume hoods' AS title")

    for _ in range(2):
        postgres.prepare_template('courses', prepare)
        url = postgres.create_database('courses')
        with connect(owner_url(url)) as connection:
            assert connection.execute('SELECT title FROM course').fetchall() == [('Fume hoods',)]
            connection.execute('DELETE FROM course')
        postgres.drop_database(url)
    assert len(prepared) == 1


def test_redis_starts_empty_and_forgets_between_tests(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set('course', 'Fume hoods')
        assert client.info('server')['redis_version'].startswith(('7.', '8.'))


def test_a_server_that_ends_at_once_is_reported_with_its_last_words(tmp_path: Path) -> None:
    process = Process([sys.executable, '-c', 'raise SystemExit("no disk left")'], log=tmp_path / 'log')
    with pytest.raises(ServerFailed, match='no disk left'):
        process.wait_until(lambda: False, within=20)


def test_a_server_that_ignores_the_request_to_stop_is_killed(tmp_path: Path) -> None:
    deaf = (
        'import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print("deaf", flush=True); time.sleep(60)'
    )
    process = Process([sys.executable, '-c', deaf], log=tmp_path / 'log')
    process.wait_until(lambda: 'deaf' in process.tail(), within=20)
    assert process.stop(within=0.3) == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != 'linux', reason='only Linux tells a process that its parent died')
def test_a_server_does_not_outlive_tests_that_are_killed(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    starter = (
        'from pathlib import Path; from tests.servers.process import Process; import time;'
        f'p = Process(["sleep", "60"], log=Path({str(tmp_path / "log")!r})); print(p.pid, flush=True); time.sleep(60)'
    )
    with subprocess.Popen([sys.executable, '-c', starter], cwd=root, stdout=subprocess.PIPE, text=True) as tests:
        assert tests.stdout is not None
        server = int(tests.stdout.readline())
        tests.kill()
    watcher = Process(['tail', f'--pid={server}', '-f', os.devnull], log=tmp_path / 'watcher')
    assert watcher.wait(within=20) == 0


async def test_what_a_page_complains_about_is_noted(browser: Browser) -> None:
    page = await browser.new_page()
    log = PageLog(page)
    await page.set_content(
        f'<img src="http://127.0.0.1:{free_port()}/missing.png"><img src="http://outside.invalid/a.png">'
        '<script>console.error("broken"); throw new Error("thrown")</script>',
        wait_until='load',
    )
    assert {'broken', 'thrown'} <= {line.split(' (')[0] for line in log.errors}
    assert log.outside == ['http://outside.invalid/a.png']


async def test_a_picture_without_words_is_an_accessibility_violation(
    open_page: Callable[[str], Awaitable[Page]],
) -> None:
    page = await open_page('data:text/html,<html lang="en"><title>A</title><main>A</main></html>')
    assert await accessibility_violations(page) == []
    await page.set_content('<img src="data:,">')
    assert any(line.startswith('image-alt: ') for line in await accessibility_violations(page))


def test_the_docker_engine_answers_on_its_own_socket(docker_engine: DockerEngine) -> None:
    assert docker_engine.docker('info', '--format', '{{.Driver}} {{.Containers}}') == 'overlay2 0'
    assert docker_engine.socket.is_socket()
