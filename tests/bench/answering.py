"""How long people wait for a page of a course and for the list of courses while twenty ask at once."""

from collections.abc import AsyncIterator
from pathlib import Path

from tests.bench.figures import Figure, Group, p95
from tests.bench.keepalive import seconds_of
from tests.bench.site import cookie_of, demo_course, signed_in, site

_AT_ONCE, _PAGES, _CALLS = 20, 200, 2_000


async def _measure(directory: Path) -> AsyncIterator[Figure]:
    async with site(directory) as application, signed_in(application) as client:
        course = await demo_course(client)
        token = {'Authorization': client.headers['Authorization']}
        calls = await seconds_of(application.url, '/api/v1/courses', token, times=_CALLS, at_once=_AT_ONCE)
        yield Figure(name='api_p95_ms', value=1000 * p95(calls), unit='ms', most=50)
        cookie = {'Cookie': await cookie_of(application)}
        path = f'/courses/{course["id"]}'
        opens = await seconds_of(application.url, path, cookie, times=_PAGES, at_once=_AT_ONCE)
        yield Figure(name='page_open_p95_ms', value=1000 * p95(opens), unit='ms')


GROUP = Group(names=('api_p95_ms', 'page_open_p95_ms'), measure=_measure)
