"""Who comes as far as NiceGUI, where a page costs memory: nobody unknown, and nobody too often."""

from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import httpx
import pytest
from fastapi import Request
from starlette.types import Receive, Scope, Send

from app.door import Door
from app.doors import Callers
from app.lines import VIEWER
from app.sockets import Sockets
from services.errors import NotSignedIn
from services.limits import Limits
from services.viewer import Role, Viewer

ALLOWED = 20


class Inside:
    """Stands for NiceGUI: what came through."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.asked.append(scope['path'])
        self.viewer: Viewer | None = scope.get(VIEWER)
        await send({'type': 'http.response.start', 'status': 200, 'headers': []})
        await send({'type': 'http.response.body', 'body': b'page'})


@pytest.fixture
def inside() -> Inside:
    return Inside()


@pytest.fixture
def door(inside: Inside) -> Door:
    viewer = Viewer(
        user_id=uuid4(), organization_id=uuid4(), session_id=uuid4(), email='a@b.example', full_name='A',
        organization_name='O', roles=frozenset({Role.STUDENT}),
    )  # fmt: skip

    async def of_cookie(request: Request) -> Viewer:
        if request.cookies.get('coursewright') != 'good':
            raise NotSignedIn()
        return viewer

    callers: Any = SimpleNamespace(sessions=SimpleNamespace(of_cookie=of_cookie))
    limits = Limits(most={'pages_anonymous': ALLOWED, 'pages': ALLOWED})
    return Door(inside, cast(Callers, callers), limits, cast(Sockets, None))


def asking(door: Door, address: str = '203.0.113.5') -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(door, client=(address, 1)), base_url='http://test')


@pytest.mark.parametrize('cookie', ['', 'coursewright=made-up'])
async def test_a_stranger_is_sent_to_sign_in_and_learns_of_no_other_address(
    door: Door, inside: Inside, cookie: str
) -> None:
    async with asking(door) as http:
        http.headers['Cookie'] = cookie
        sent = await http.get('/courses/1?tab=learners')
        assert (sent.status_code, sent.headers['location']) == (303, '/sign-in?next=/courses/1%3Ftab%3Dlearners')
        nothing = await http.get('/wp-login.php')
        assert nothing.status_code == 404
        assert 'There is nothing here' in nothing.text
        assert (await http.post('/courses/1')).status_code == 405
    assert inside.asked == []


@pytest.mark.parametrize('path', ['/courses', '/wp-login.php'])
async def test_a_stranger_who_comes_too_often_waits_and_others_do_not(door: Door, inside: Inside, path: str) -> None:
    async with asking(door) as http, asking(door, '203.0.113.6') as another:
        codes = [(await http.get(path)).status_code for _ in range(ALLOWED)]
        assert 429 not in codes
        refused = await http.get(path)
        assert refused.status_code == 429
        assert 0 < int(refused.headers['retry-after']) <= 60
        assert 'Too many requests' in refused.text
        assert (await another.get(path)).status_code in (303, 404)
        # who has a session behind the same address, is no stranger
        assert (await http.get('/courses', headers={'Cookie': 'coursewright=good'})).status_code == 200
    assert inside.asked == ['/courses']


async def test_whoever_has_a_session_comes_in_though_not_without_end(door: Door, inside: Inside) -> None:
    async with asking(door) as http:
        http.headers['Cookie'] = 'coursewright=good'
        codes = [(await http.get('/')).status_code for _ in range(ALLOWED + 1)]
    assert codes == [200] * ALLOWED + [429]
    assert inside.viewer is not None
    assert len(inside.asked) == ALLOWED


async def test_files_are_for_everybody_and_the_rest_of_nicegui_is_shut(door: Door, inside: Inside) -> None:
    from nicegui import __version__

    async with asking(door) as http:
        for _ in range(ALLOWED * 2):
            assert (await http.get(f'/_nicegui/{__version__}/static/fonts.css')).status_code == 200
        http.headers['Cookie'] = 'coursewright=good'
        for path in ('/_nicegui/client/1/upload/2', '/_nicegui/x', '/_nicegui_ws/socket.io/', '/_nicegui_ws/x'):
            assert (await http.post(path, content=b'x')).status_code == 404
            assert (await http.get(path)).status_code == 404
    assert set(inside.asked) == {f'/_nicegui/{__version__}/static/fonts.css'}
