"""The platform started as `make run` starts it, stopped as a deployment and as an accident stop it."""

import signal
from collections.abc import Callable

import httpx
import pytest

from tests.conftest import Backend
from tests.servers.application import Application


async def test_the_platform_starts_and_stops_on_every_backend(
    start_application: Callable[..., Application], backend: Backend
) -> None:
    application = start_application(env=backend.settings)
    async with application.client() as client:
        assert (await client.get('/health/live')).status_code == 200
        assert (await client.get('/api/v1/openapi.json')).json()['info']['title']
    assert application.stop() in (0, -signal.SIGTERM)
    assert not application.is_ready()


async def test_a_killed_platform_starts_again_on_what_it_had(start_application: Callable[..., Application]) -> None:
    application = start_application()
    application.kill()
    assert not application.is_ready()
    application.restart()
    assert httpx.get(f'{application.url}/health/ready').status_code == 200


async def test_a_frozen_platform_answers_again_once_it_is_thawed(start_application: Callable[..., Application]) -> None:
    application = start_application(wait=False)
    await application.ready()
    application.freeze()
    async with application.client() as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get('/health/live', timeout=0.5)
    application.thaw()
    assert application.is_ready()
