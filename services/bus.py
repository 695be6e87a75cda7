"""Says that something changed; whoever shows it looks again through a service, which checks who is looking.

In one process the word passes directly. With Redis every replica, this one too, hears it from there.
Only streams (a draft being written) carry a payload: losing one of those costs a moment, never data.
"""

import asyncio
import contextlib
import inspect
import json
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

Listener = Callable[[], Awaitable[None] | None]
StreamListener = Callable[[Any], Awaitable[None] | None]
_CHANNEL = 'coursewright:changes'
_log = logging.getLogger(__name__)


class Bus:
    """Topics are narrow: `course:ID`, `workflow:ID`, `courses:ORGANISATION`, `user:ID`."""

    def __init__(self, redis: 'Redis | None' = None) -> None:
        self._redis = redis
        self._topics: defaultdict[str, list[StreamListener]] = defaultdict(list)
        self._tasks: set[asyncio.Task[None]] = set()
        self._listening: asyncio.Task[None] | None = None

    def subscribe(self, topic: str, callback: Listener) -> Callable[[], None]:
        """Calls back after every change; the answer takes the subscription back."""
        return self.listen(topic, lambda _payload: callback())

    def listen(self, topic: str, callback: StreamListener) -> Callable[[], None]:
        """Like subscribe, for topics whose messages carry a payload (None after a reconnect: read again)."""
        self._topics[topic].append(callback)

        def unsubscribe() -> None:
            with contextlib.suppress(ValueError):
                self._topics[topic].remove(callback)
            if not self._topics[topic]:
                del self._topics[topic]

        return unsubscribe

    async def publish(self, topic: str, payload: Any = None) -> None:
        if self._redis is None:
            self._deliver(topic, payload)
            return
        try:
            await self._redis.publish(_CHANNEL, json.dumps([topic, payload]))
        except (RedisError, OSError) as error:
            # The change itself is committed; people on this replica at least see it at once.
            _log.warning('Redis did not take the word about %s: %s', topic, error)
            self._deliver(topic, payload)

    def send_soon(self, topic: str, payload: Any) -> None:
        """Publishes from where nothing can be awaited."""
        self._keep(asyncio.ensure_future(self.publish(topic, payload)))

    def watched(self, topic: str) -> bool:
        """Whether anybody may be looking; with Redis nobody can know."""
        return self._redis is not None or topic in self._topics

    async def start(self) -> None:
        if self._redis is not None:
            self._listening = asyncio.create_task(self._listen())

    async def ready(self) -> bool:
        """Whether Redis answers (true where none is configured)."""
        if self._redis is None:
            return True
        try:
            return bool(await asyncio.wait_for(self._redis.ping(), 2))
        except (RedisError, OSError, TimeoutError):
            return False

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        if self._redis is not None:
            await self._redis.aclose()

    async def _listen(self) -> None:
        assert self._redis is not None
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(_CHANNEL)
                    for topic in list(self._topics):
                        self._deliver(topic, None)  # words spoken while nobody listened are lost: look again
                    async for message in channel.listen():
                        if message['type'] == 'message':
                            topic, payload = json.loads(message['data'])
                            self._deliver(topic, payload)
            except (RedisError, OSError) as error:
                _log.warning('Lost Redis, trying again: %s', error)
                await asyncio.sleep(0.5)

    def _deliver(self, topic: str, payload: Any) -> None:
        for callback in tuple(self._topics.get(topic, ())):
            outcome = callback(payload)
            if inspect.isawaitable(outcome):
                self._keep(asyncio.ensure_future(_awaited(outcome)))

    def _keep(self, task: 'asyncio.Task[None]') -> None:
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: 'asyncio.Task[None]') -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error('A listener failed', exc_info=error)


async def _awaited(outcome: Awaitable[None]) -> None:
    await outcome
