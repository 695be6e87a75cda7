"""The word that something changed, in one process and between two through Redis."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from redis.asyncio import Redis

from services.bus import Bus
from tests.servers.redis import RedisServer


async def until(true: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.01)


async def test_only_subscribers_of_the_topic_hear_it_until_they_leave() -> None:
    bus, heard = Bus(), []
    leave = bus.subscribe('course:1', lambda: heard.append('one'))
    bus.subscribe('course:2', lambda: heard.append('two'))
    await bus.publish('course:1')
    leave()
    leave()
    await bus.publish('course:1')
    assert heard == ['one']
    assert not bus.watched('course:1')
    assert bus.watched('course:2')


async def test_a_listener_that_fails_does_not_keep_others_from_hearing(caplog: pytest.LogCaptureFixture) -> None:
    bus, heard = Bus(), []

    async def fail() -> None:
        raise RuntimeError('broken')

    async def hear() -> None:
        heard.append(1)

    bus.subscribe('course:1', fail)
    bus.subscribe('course:1', hear)
    await bus.publish('course:1')
    await until(lambda: heard and 'A listener failed' in caplog.text)


async def test_a_stream_carries_its_payload() -> None:
    bus, heard = Bus(), []
    bus.listen('live:1', heard.append)
    bus.send_soon('live:1', {'draft': 'so far'})
    await until(lambda: heard == [{'draft': 'so far'}])


async def test_two_replicas_hear_each_other_through_redis(redis_url: str) -> None:
    here, there = Bus(Redis.from_url(redis_url)), Bus(Redis.from_url(redis_url))
    heard: list[Any] = []
    there.listen('live:1', heard.append)
    await here.start()
    await there.start()
    try:
        async with asyncio.timeout(10):
            while {'n': 1} not in heard:  # until the subscription stands, words are lost
                await here.publish('live:1', {'n': 1})
                await asyncio.sleep(0.02)
        assert await here.ready()
    finally:
        await here.close()
        await there.close()


async def test_after_redis_was_away_everybody_looks_again(redis_server: RedisServer) -> None:
    bus, looked = Bus(Redis.from_url(redis_server.url)), []
    bus.listen('course:1', looked.append)
    await bus.start()
    try:
        await until(lambda: looked == [None])
        client = Redis.from_url(redis_server.url)
        await client.execute_command('CLIENT', 'KILL', 'TYPE', 'pubsub')
        await client.aclose()
        await until(lambda: looked == [None, None])
    finally:
        await bus.close()


async def test_without_redis_the_word_still_passes_here_and_the_site_says_it_is_not_ready() -> None:
    bus, heard = Bus(Redis.from_url('redis://127.0.0.1:1/0')), []
    bus.subscribe('course:1', lambda: heard.append(1))
    await bus.publish('course:1')
    assert heard == [1]
    assert not await bus.ready()
    await bus.close()
