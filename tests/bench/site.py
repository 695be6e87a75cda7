"""A real server for figures: `python -m app serve` in a process of its own, on loopback and an empty data directory."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.servers.application import Application

PASSWORD = 'coursewright-demo'
_DEMO_SECONDS = 300  # the demo courses are made by the real pipeline
_LOOK_SECONDS = 0.02


@asynccontextmanager
async def site(directory: Path, name: str = 'data') -> AsyncIterator[Application]:
    """Started and ready, the demo organisation loaded."""
    application = Application(directory / name, demo=True)
    application.launch()
    try:
        await application.ready(within=_DEMO_SECONDS)
        yield application
    finally:
        await asyncio.to_thread(application.stop)


@asynccontextmanager
async def signed_in(application: Application, who: str = 'instructor') -> AsyncIterator[httpx.AsyncClient]:
    """A client of the REST API."""
    async with application.client() as client:
        body = {'email': f'{who}@demo.example', 'password': PASSWORD}
        token = (await answered(client.post('/api/v1/auth/login', json=body)))['access_token']
        client.headers['Authorization'] = f'Bearer {token}'
        yield client


async def cookie_of(application: Application, who: str = 'instructor') -> str:
    """What a browser of this person sends along."""
    async with application.client() as client:
        form = {'email': f'{who}@demo.example', 'password': PASSWORD}
        response = await client.post('/auth/login', data=form, headers={'Origin': application.url})
        if response.status_code != 303:
            raise AssertionError(f'Signing in as {who} answered {response.status_code}')
        return '; '.join(f'{name}={value}' for name, value in client.cookies.items())


async def answered(request: Awaitable[httpx.Response]) -> Any:
    """The JSON of the answer; raises with its text where it is a refusal."""
    response = await request
    if response.is_error:
        asked = f'{response.request.method} {response.request.url}'
        raise AssertionError(f'{asked} answered {response.status_code}: {response.text}')
    return response.json()


async def until(
    ask: Callable[[], Awaitable[httpx.Response]],
    good: Callable[[Any], bool],
    *,
    within: float,
    look: float = _LOOK_SECONDS,
) -> Any:
    """Asks again until the answer is good; raises when time is up or something failed."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        answer = await answered(ask())
        if good(answer):
            return answer
        if isinstance(answer, dict) and answer.get('status') in ('failed', 'cancelled'):
            raise AssertionError(f'It {answer["status"]}: {answer.get("error")}')
        await asyncio.sleep(look)
    raise AssertionError(f'Not within {within:g} s: {answer}')


async def demo_course(client: httpx.AsyncClient) -> Any:
    """The published one."""
    courses = await answered(client.get('/api/v1/courses', params={'status': 'published'}))
    return courses['items'][0]


async def exposed(client: httpx.AsyncClient, name: str) -> float:
    """A figure the server itself keeps, from /metrics."""
    text = (await client.get('/metrics')).text
    found = re.search(rf'^{name} (\S+)$', text, re.MULTILINE)
    if found is None:
        raise AssertionError(f'/metrics has no {name}')
    return float(found[1])


def resident_mb(application: Application) -> float:
    """Of the server's main process."""
    return psutil.Process(application.process.pid).memory_info().rss / 1024**2
