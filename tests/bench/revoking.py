"""How soon a member who is removed is out: of a token, of the address of a page, and of the socket of an open one."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import httpx
from websockets.exceptions import ConnectionClosed

from tests.api.members import seed_people
from tests.bench.browsers import OpenPage
from tests.bench.figures import Figure, Group
from tests.bench.site import answered, cookie_of, signed_in
from tests.servers.application import Application

_ROUNDS = 5
_PATIENCE_SECONDS = 20
_LOOK_SECONDS = 0.05


async def _measure(directory: Path) -> AsyncIterator[Figure]:
    data = directory / 'data'
    data.mkdir()
    url = f'sqlite+aiosqlite:///{data}/coursewright.sqlite'
    await seed_people(url)
    application = Application(data, env={'DATABASE_URL': url})
    try:
        await asyncio.to_thread(application.start)
        async with signed_in(application, 'admin') as admin:
            _each_anew(admin)
            delays = [delay for _ in range(_ROUNDS) for delay in await _removed(application, admin)]
        yield Figure(name='revocation_seconds', value=max(delays), unit='s', most=1)
    finally:
        await asyncio.to_thread(application.stop)


async def _removed(application: Application, admin: httpx.AsyncClient) -> list[float]:
    """Seconds from the answer to the administrator until each way in is shut; 0 for what was shut before it came."""
    organization_id = (await answered(admin.get('/api/v1/auth/me')))['organization_id']
    cookie = await cookie_of(application, 'student')
    page = OpenPage(application.url, '/courses', cookie)
    page.shown_at_once()
    socket = await page.open()
    async with signed_in(application, 'student') as token, application.client() as browser:
        _each_anew(token, browser)
        me = await answered(token.get('/api/v1/auth/me'))
        member = f'/api/v1/organizations/{organization_id}/members/{me["id"]}'
        ways = [
            asyncio.create_task(_shut(lambda: token.get('/api/v1/auth/me'), 401)),
            asyncio.create_task(_shut(lambda: browser.get('/courses', headers={'Cookie': cookie}), 303)),
            asyncio.create_task(_closed(socket)),
        ]
        (await admin.delete(member)).raise_for_status()
        answered_at = time.monotonic()
        delays = [max(0.0, at - answered_at) for at in await asyncio.gather(*ways)]
    await answered(admin.post(f'{member}/restore'))
    return delays


def _each_anew(*clients: httpx.AsyncClient) -> None:
    """Rounds are seconds apart: a connection that was kept may be closed from the other side in the same moment."""
    for client in clients:
        client.headers['Connection'] = 'close'


async def _shut(ask: Callable[[], Awaitable[httpx.Response]], status: int) -> float:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while (await ask()).status_code != status:
            await asyncio.sleep(_LOOK_SECONDS)
    return time.monotonic()


async def _closed(socket: 'asyncio.Task[None]') -> float:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        with suppress(ConnectionClosed):
            await socket
    return time.monotonic()


GROUP = Group(names=('revocation_seconds',), measure=_measure)
