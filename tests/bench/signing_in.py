"""How long signing in takes: almost all of it is the hash of the password, which is meant to be dear."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from services.identity.hashing import COST
from tests.api.members import seed_people
from tests.bench.figures import Figure, Group, p95
from tests.bench.site import PASSWORD, answered
from tests.servers.application import Application

_TIMES = 60


async def _measure(directory: Path) -> AsyncIterator[Figure]:
    data = directory / 'data'
    data.mkdir()
    url = f'sqlite+aiosqlite:///{data}/coursewright.sqlite'
    await seed_people(url)
    application = Application(data, env={'DATABASE_URL': url})
    try:
        await asyncio.to_thread(application.start)
        async with application.client() as client:
            seconds = [await _login(client) for _ in range(_TIMES)]
        yield Figure(name='login_p95_ms', value=1000 * p95(seconds), unit='ms', most=500, note=f'one at a time, {COST}')
    finally:
        await asyncio.to_thread(application.stop)


async def _login(client: httpx.AsyncClient) -> float:
    began = time.perf_counter()
    body = {'email': 'student@demo.example', 'password': PASSWORD}
    await answered(client.post('/api/v1/auth/login', json=body))
    return time.perf_counter() - began


GROUP = Group(names=('login_p95_ms',), measure=_measure)
