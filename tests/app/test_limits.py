"""Bodies that are too large are refused before they are read, and while they are counted."""

from collections.abc import AsyncIterator

import httpx
from fastapi import FastAPI, Request

from app.limits import BodyLimit

site = FastAPI()


@site.post('/api/v1/courses')
async def take(request: Request) -> int:
    return len(await request.body())


def client() -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(BodyLimit(site)), base_url='http://test')


async def megabytes(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b'x' * 1024 * 1024


async def test_what_announces_too_much_is_refused_unread() -> None:
    async with client() as http:
        refused = await http.post('/api/v1/courses', content=b'', headers={'content-length': str(10**9)})
    assert refused.status_code == 413
    assert refused.json() == {
        'detail': 'This is larger than 8 MB. Split it, or save it with smaller pictures, and add the parts.',
        'code': 'too_large',
    }


async def test_what_announces_nothing_is_counted() -> None:
    async with client() as http:
        refused = await http.post('/api/v1/courses', content=megabytes(9))
        taken = await http.post('/api/v1/courses', content=megabytes(7))
    assert refused.status_code == 413
    assert taken.json() == 7 * 1024 * 1024


async def test_uploads_may_be_larger_than_other_bodies() -> None:
    async with client() as http:
        passed = await http.post('/api/v1/rag/documents', content=megabytes(9))
        refused = await http.post('/api/v1/rag/documents', content=b'', headers={'content-length': str(500 * 1024**2)})
    assert passed.status_code == 404  # counted, let through, and there is no such route here
    assert refused.status_code == 413
    assert '200 MB' in refused.json()['detail']
