"""Alive and ready, and a sentence about what is down."""

import asyncio
from collections.abc import Callable

from tests.servers.application import Application
from tests.servers.redis import RedisServer

UNKNOWN = '3f0c1f0e-5d0b-4c55-9d6e-0a2d8f0b7a11'


async def test_ready_names_redis_while_it_does_not_answer(
    start_application: Callable[..., Application], redis_server: RedisServer
) -> None:
    application = start_application(env={'REDIS_URL': redis_server.url})
    async with application.client() as http:
        assert (await http.get('/health/live')).json() == {'status': 'live'}
        assert (await http.get('/health/ready')).json() == {'status': 'ready', 'down': []}
        redis_server.pause()
        try:
            red = await http.get('/health/ready')
            assert (red.status_code, red.json()['down']) == (503, ['redis'])
            assert (await http.get('/health/live')).status_code == 200
        finally:
            redis_server.resume()
        async with asyncio.timeout(20):
            while (await http.get('/health/ready')).status_code != 200:
                await asyncio.sleep(0.2)


async def test_figures_are_told_by_kind_of_path_and_never_by_id(start_application: Callable[..., Application]) -> None:
    application = start_application()
    async with application.client() as http:
        await http.get(f'/api/v1/courses/{UNKNOWN}')
        told = (await http.get('/metrics')).text
    assert 'route="/api/v1/courses",status="401"' in told
    assert UNKNOWN not in told
    assert 'coursewright_loop_block_seconds_max' in told
