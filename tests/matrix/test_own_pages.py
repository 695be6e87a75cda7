"""Nothing is changed from another site's page, and nothing by looking: over the table of routes, so that a route which
is added later is walked too."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from nicegui import core
from sqlalchemy import event

from app import assembly
from app.door import Door
from pages.screens import screens
from services.tracing import origin
from services.viewer import Viewer
from tests.matrix.calls import noun_of
from tests.matrix.house import House, open_house

# One house for the whole walk, on one loop.
pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope='module'),
]
HOME = 'http://testserver'
LOOKING = frozenset({'GET', 'HEAD', 'OPTIONS'})

# What a browser says of a request that somebody else's page makes it send.
FOREIGN = {
    'another origin': {'origin': 'https://evil.example'},
    'another site': {'sec-fetch-site': 'cross-site', 'origin': HOME},
    'a lab beside us': {'sec-fetch-site': 'same-site'},
    'a page that hides': {'origin': 'null'},
    'an address bar': {'sec-fetch-site': 'none'},
    'only a referer': {'referer': 'https://evil.example/page'},
    'no word at all': {},
}

# Looking at these writes, and has to: path -> tables and why.
WRITES = {
    '/api/v1/organizations/{organization_id}/members/export': (
        {'audit_logs', 'audit_heads'},
        'who took away a copy of all members is written down',
    ),
    '/auth/oidc/{provider_id}/callback': (
        {'users', 'user_roles', 'external_identities', 'sessions', 'one_time_links', 'audit_logs', 'audit_heads'},
        'providers send browsers back with a GET; it acts only for the browser that holds the cookie of this sign-in',
    ),
}


@dataclass(frozen=True, kw_only=True)
class Place:
    path: str
    methods: frozenset[str]

    def address(self, ids: dict[str, str]) -> str:
        parts = (part.split(':')[0] for part in self.path.replace('}', '{').split('{'))
        return ''.join(ids.get(noun_of(part), ids['unknown']) if odd % 2 else part for odd, part in enumerate(parts))


@dataclass(frozen=True, kw_only=True)
class Walk:
    house: House
    site: FastAPI
    places: list[Place]

    async def client(self, person: Viewer | None, words: dict[str, str]) -> httpx.AsyncClient:
        headers = dict(words)
        if person is not None:
            headers['cookie'] = f'{self.house.sessions.cookie}={await self.house.secret(person)}'
        transport = httpx.ASGITransport(app=self.site, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=HOME, headers=headers, trust_env=False)


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def walk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Walk]:
    async with open_house(tmp_path_factory.mktemp('house')) as house:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(assembly, 'build_services', lambda _settings: house.platform)
            site = assembly.create(house.platform.settings)
        yield Walk(house=house, site=site, places=list(places(site)))


@pytest.mark.parametrize('words', FOREIGN.values(), ids=FOREIGN)
async def test_what_changes_something_is_refused_to_other_sites(walk: Walk, words: dict[str, str]) -> None:
    """With the cookie of somebody who may do it, and before anything else about the request is looked at."""
    changing = [(method, place) for place in walk.places for method in sorted(place.methods - LOOKING)]
    assert len(changing) > 40, 'the table of routes was not read'
    let_in = []
    with writes_of(walk.house) as written:
        async with await walk.client(walk.house.world.demo.admin, words) as browser:
            for method, place in changing:
                answer = await browser.request(method, place.address(walk.house.ids), content=b'{}')
                if answer.status_code != 403 or answer.json()['code'] != 'forbidden':
                    let_in.append(f'{method} {place.path}: {answer.status_code}')
    assert let_in == []
    assert written == []


async def test_a_token_that_is_none_does_not_let_the_cookie_speak(walk: Walk) -> None:
    """No page of another site can send this header, so requests that bring one are judged by it."""
    words = {'origin': 'https://evil.example', 'authorization': 'Bearer nonsense'}
    done = []
    with writes_of(walk.house) as written:
        async with await walk.client(walk.house.world.demo.admin, words) as browser:
            for place in walk.places:
                for method in place.methods - LOOKING:
                    answer = await browser.request(method, place.address(walk.house.ids), content=b'{}')
                    if answer.status_code < 400 or answer.status_code >= 500:
                        done.append(f'{method} {place.path}: {answer.status_code}')
    assert done == []
    assert written == []


@pytest.mark.parametrize('who', ['admin', 'student', 'site', None])
async def test_looking_changes_nothing(walk: Walk, who: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, 'loop', asyncio.get_running_loop())  # NiceGUI draws pages on it
    person = getattr(walk.house.world.demo, who) if who else None
    looked_at = [place for place in walk.places if 'GET' in place.methods]
    looked_at += [Place(path=screen.path, methods=LOOKING) for screen in screens()]
    wrote, seen = [], 0
    with writes_of(walk.house) as written:
        async with await walk.client(person, {'sec-fetch-site': 'same-origin'}) as browser:
            asked = {}
            for place in looked_at:
                for method in ('GET', 'HEAD'):
                    answer = await browser.request(method, place.address(walk.house.ids))
                    asked[answer.headers['x-request-id']] = place.path
                    seen += answer.status_code == 200
    allowed = {path: tables for path, (tables, _because) in WRITES.items()}
    for act, table in written:
        if table not in allowed.get(asked[act], ()):
            wrote.append(f'{asked[act]}: {table}')
    assert wrote == []
    assert seen > (5 if person is None else 15), 'nothing was shown, so nothing was proven'


def places(site: FastAPI, before: str = '') -> Iterator[Place]:
    """Every route that is ours, however deep it is mounted; behind the door, NiceGUI's own."""
    for route in iter_route_contexts(site.routes):
        mounted = getattr(route, 'app', None)
        inner = core.app if isinstance(mounted, Door) else mounted
        if isinstance(inner, FastAPI):
            yield from places(inner, before + (route.path or ''))
        elif route.methods:
            yield Place(path=before + (route.path or ''), methods=frozenset(route.methods))


@contextmanager
def writes_of(house: House) -> Iterator[list[tuple[str, str]]]:
    """(request, table) of statements that change a row; what the platform does by itself meanwhile is no request's."""
    written: list[tuple[str, str]] = []
    engine = house.platform.database.engine.sync_engine

    def heard(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        changed = re.match(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', statement)
        act = origin().request_id
        if changed and act and changed[1] != 'security_events':  # refusals are written down, whoever asked
            written.append((act, changed[1]))

    event.listen(engine, 'before_cursor_execute', heard)
    try:
        yield written
    finally:
        event.remove(engine, 'before_cursor_execute', heard)
