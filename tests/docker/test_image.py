"""The image that the Dockerfile makes, built and run by a Docker Engine of the tests' own.

The first run on a machine gathers the wheels, makes the base image and builds: minutes.
All three are kept in the tests' cache, so the next run takes seconds.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.servers.docker_engine import DockerEngine, cache_directory

ROOT = Path(__file__).parents[2]
IMAGE = 'coursewright:test'

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope='session')
def image(docker_engine: DockerEngine) -> str:
    docker_engine.provide_base_image()
    context = build_context()
    docker_engine.docker('build', '--network', 'host', '--tag', IMAGE, context, within=600)
    docker_engine.docker('image', 'prune', '--force')
    docker_engine.docker('builder', 'prune', '--force', '--keep-storage', '6GB', within=300)
    return IMAGE


@pytest.fixture
def container(docker_engine: DockerEngine, image: str) -> Iterator[str]:
    """The platform as docker/compose.yaml runs it, with SQLite: read-only but for /data and /tmp."""
    restrictions = ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges:true']
    settings = {'SECRET_KEY': 'a' * 64, 'PUBLIC_URL': 'http://coursewright.localhost:8080'}
    environment = [part for name, value in settings.items() for part in ('--env', f'COURSEWRIGHT_{name}={value}')]
    started = docker_engine.docker(
        'run', '--detach', '--publish', '127.0.0.1::8080', '--health-interval', '1s', *restrictions, *environment, image
    )
    yield started
    docker_engine.docker('rm', '--force', '--volumes', started)


def test_the_image_runs_as_nobody_in_particular_and_says_that_it_is_healthy(
    docker_engine: DockerEngine, container: str
) -> None:
    assert wait_for_health(docker_engine, container) == 'healthy', docker_engine.docker('logs', container)
    assert docker_engine.docker('exec', container, 'id', '-u') == '10001'
    assert httpx.get(f'{address(docker_engine, container)}/health/ready', timeout=10).status_code == 200


def test_the_image_holds_no_tests_no_package_cache_and_no_pip(docker_engine: DockerEngine, image: str) -> None:
    look = 'ls /srv/coursewright; ls -d /root/.cache /tmp/* /opt/coursewright/bin/pip* /srv/coursewright/wheels'
    found = docker_engine.docker('run', '--rm', '--entrypoint', 'sh', image, '-c', f'{{ {look}; }} 2>/dev/null; true')
    assert set(found.split()) == {'app', 'components', 'pages', 'pyproject.toml', 'services', 'storage'}


def test_a_container_that_is_asked_to_stop_ends_by_itself_and_keeps_what_it_knew(
    docker_engine: DockerEngine, container: str
) -> None:
    assert wait_for_health(docker_engine, container) == 'healthy', docker_engine.docker('logs', container)
    docker_engine.docker('stop', '--time', '20', container)
    assert docker_engine.docker('inspect', '--format', '{{.State.ExitCode}}', container) in ('0', '143')
    docker_engine.docker('start', container)
    assert wait_for_health(docker_engine, container) == 'healthy', docker_engine.docker('logs', container)


def wait_for_health(engine: DockerEngine, container: str, within: float = 90) -> str:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        state = json.loads(engine.docker('inspect', '--format', '{{json .State}}', container))
        if not state['Running'] or state['Health']['Status'] == 'healthy':
            break
        time.sleep(0.3)
    return str(state['Health']['Status'] if state['Running'] else f'ended with {state["ExitCode"]}')


def address(engine: DockerEngine, container: str) -> str:
    return f'http://{engine.docker("port", container, "8080/tcp").splitlines()[0]}'


def build_context() -> Path:
    """The files of this work tree that an image may hold, and the wheels of our pins, in one directory.

    With the wheels in it the build needs no network: whatever lets pip reach an index on this machine
    (proxies, certificates, local directories) stays out of the image.
    """
    context = cache_directory() / 'context'
    shutil.rmtree(context, ignore_errors=True)
    listed = subprocess.run(
        ['git', 'ls-files', '--cached', '--others', '--exclude-standard', '-z'],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split('\0')):
        if (ROOT / name).is_file():
            (context / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, context / name)
    if sys.version_info[:2] == (3, 11):  # the base image's Python: other wheels would not fit it
        shutil.copytree(wheels(), context / 'wheels', copy_function=os.link)
    return context


def wheels() -> Path:
    """A directory with a wheel for each pin, gathered once per set of pins."""
    pins = ROOT / 'requirements.txt'
    directory = cache_directory() / f'wheels-{hashlib.sha256(pins.read_bytes()).hexdigest()[:16]}'
    if directory.exists():
        return directory
    for outdated in cache_directory().glob('wheels-*'):
        shutil.rmtree(outdated)
    partial = directory.with_name(f'partial-{directory.name}')
    command = [sys.executable, '-m', 'pip', 'wheel', '-qq', '--no-deps', '-r', pins, '-w', partial]
    subprocess.run(command, check=True, timeout=400, stdin=subprocess.DEVNULL)
    partial.rename(directory)
    return directory
