"""How much memory 5,000 requests of somebody unknown leave behind: pages, made-up addresses, made-up cookies."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from tests.bench.figures import Figure, Group
from tests.bench.site import resident_mb
from tests.servers.application import Application

_HITS, _WARM_UP, _AT_ONCE = 5_000, 200, 8
_PATHS = ('/', '/courses/{}', '/wp-admin/{}', '/_nicegui/{}', '/sign-in?next=/{}', '/api/v1/courses/{}', '/nothing/{}')


async def _measure(directory: Path) -> AsyncIterator[Figure]:
    application = Application(directory / 'data', env={'RATE_LIMITS': '{}'})  # as they stand in the table
    try:
        await asyncio.to_thread(application.start)
        await _flood(application, _WARM_UP)  # what the first of everything brings into memory is there
        files = set(directory.rglob('*'))
        before = resident_mb(application)
        answers = await _flood(application, _HITS)
        grown = resident_mb(application) - before
        if answers[429] == 0:
            raise AssertionError(f'Nobody was asked to wait: {dict(answers)}')
        if new := set(directory.rglob('*')) - files:
            raise AssertionError(f'Strangers left files behind: {new}')
        yield Figure(name='anonymous_flood_rss_mb', value=max(0.0, grown), unit='MB', most=50)
    finally:
        await asyncio.to_thread(application.stop)


async def _flood(application: Application, hits: int) -> Counter[int]:
    answers: Counter[int] = Counter()

    async def hit(client: httpx.AsyncClient, turn: asyncio.Semaphore, number: int) -> None:
        cookie = {'Cookie': f'coursewright=made-up-{number}'} if number % 2 else {}
        async with turn:
            path = _PATHS[number % len(_PATHS)].format(number)
            answers[(await client.get(path, headers=cookie)).status_code] += 1

    async with application.client() as client:
        turn = asyncio.Semaphore(_AT_ONCE)
        await asyncio.gather(*(hit(client, turn, number) for number in range(hits)))
    if failed := [status for status in answers if status >= 500]:
        raise AssertionError(f'Answers {failed}')
    return answers


GROUP = Group(names=('anonymous_flood_rss_mb',), measure=_measure)
