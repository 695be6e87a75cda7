"""One id follows an act through everything it sets off, and no secret is left behind in what it writes."""

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.async_api import Page, expect

from app.banner import DEMO_PASSWORD
from tests.api.members import Member, eventually, seed_people
from tests.browser.cast import enter
from tests.doubles.model_server import ModelServer
from tests.samples.documents import HANDBOOKS
from tests.servers.application import Application

pytestmark = pytest.mark.timeout(300)
KEY, PROVIDER_KEY = 'canary-secret-key-5f1c8b27a9e34d60', 'canary-provider-key-77ab31'
WRONG, LINK, COOKIE = 'canary-wrong-password-19', 'canaryLINK' + 'a1B2' * 9, 'canaryCOOKIE' + 'c3D4' * 9
DOCUMENT = HANDBOOKS / 'working-at-height.docx'
LONG = 120_000
Start = Callable[..., Application]
Line = dict[str, Any]


async def test_one_id_follows_an_act_and_no_secret_stays(
    start_application: Start, open_page: Callable[..., Awaitable[Page]], tmp_path: Path
) -> None:
    data = tmp_path / 'data'
    data.mkdir()
    await seed_people(f'sqlite+aiosqlite:///{data}/coursewright.sqlite')
    with ModelServer() as model:
        env = {'LLM_PROVIDER': 'openai', 'LLM_BASE_URL': model.openai_url, 'LLM_MODEL': 'double'}
        env |= {'LLM_API_KEY': PROVIDER_KEY, 'SECRET_KEY': KEY, 'LOG_FORMAT': 'json'}
        site = start_application(data_dir=data, env=env)
        outside = {KEY, PROVIDER_KEY, WRONG, LINK, COOKIE, DEMO_PASSWORD}
        page = await open_page()
        keys = _keys_of_pages(page)
        await asyncio.to_thread(_over_rest, site, model, outside)
        await _by_a_click(site, model, page)
        outside |= {cookie['value'] for cookie in await page.context.cookies()}
        await page.close()
        await asyncio.to_thread(_against_walls, site)
        assert site.stop() == 0
    assert len(keys) >= 2
    _nothing_stays(site, outside, keys)


def _over_rest(site: Application, model: ModelServer, secrets: set[str]) -> None:
    """A request, the work it begins, and the model that this work asks."""
    ingrid, hanne = Member.sign_in(site.url, 'instructor'), Member.sign_in(site.url, 'reviewer')
    for person in (ingrid, hanne):
        secrets.add(person.http.headers['authorization'].removeprefix('Bearer '))
    answer = ingrid.http.post('/auth/login', json={'email': ingrid.email, 'password': DEMO_PASSWORD})
    secrets |= {answer.json()['access_token'], answer.json()['refresh_token']}

    uploaded = ingrid.http.post('/rag/documents', files={'file': (DOCUMENT.name, DOCUMENT.read_bytes())})
    document, act = uploaded.json(), uploaded.headers['x-request-id']
    assert ingrid.indexed(document['id'])['status'] == 'indexed'
    # a row is told before its work writes that it ended
    assert eventually(lambda: _acts(site, 'Work on a document is done', document['id'])) == {act}
    told = next(line for line in _lines(site) if line.get('path') == '/api/v1/rag/documents')
    assert (told['request_id'], told['user_id'], told['status']) == (act, ingrid.id, 202)
    assert told['organization_id'] and told['session']

    forged = {'x-request-id': 'forged'}
    begun = ingrid.http.post(
        '/workflows',
        headers=forged,
        json={
            'title': 'Ladders', 'brief': 'Use ladders safely.', 'audience': 'Staff', 'level': 'Introductory',
            'hours': 0.5, 'language': 'en', 'document_ids': [document['id']],
        },
    )  # fmt: skip
    assert begun.status_code == 201 or begun.status_code == 202, begun.text
    act = begun.headers['x-request-id']
    assert act != 'forged'
    ingrid.until(begun.json()['id'], 'outline')
    assert {request.headers.get('x-request-id') for request in model.requests} == {act}
    assert eventually(lambda: _acts(site, 'A model answered: whole')) == {act}


async def _by_a_click(site: Application, model: ModelServer, page: Page) -> None:
    """A click has no request; what it sets off has an id all the same, in the audit trail, the work and the model."""
    await enter(page, site, 'reviewer', '/reviews')
    await page.get_by_role('link', name='Ladders').first.click()
    asked = len(model.requests)
    await page.get_by_role('button', name='Approve outline').click()
    await expect(page.get_by_role('button', name='Approve lesson').first).to_be_visible(timeout=LONG)
    trail = _rows(site, "SELECT request_id, address FROM audit_logs WHERE action = 'outline.approved'")
    assert len(trail) == 1, _rows(site, 'SELECT action FROM audit_logs')
    act, address = trail[0]
    assert len(act) == 32
    assert address == '127.0.0.1'
    assert {request.headers.get('x-request-id') for request in model.requests[asked:]} == {act}
    await asyncio.to_thread(eventually, lambda: act in _acts(site, 'Work on a workflow begins'))


def _against_walls(site: Application) -> None:
    """Whatever makes a server talk: wrong passwords, faults of ours, addresses with secrets and with line ends."""
    with httpx.Client(base_url=site.url, timeout=30, trust_env=False) as http:
        wrong = {'email': 'student@demo.example', 'password': WRONG}
        assert http.post('/api/v1/auth/login', json=wrong).status_code == 401
        assert http.post('/auth/login', data=wrong, headers={'origin': site.url}).status_code in (401, 422)
        assert http.post('/api/v1/auth/login', content=json.dumps(wrong)[:-1]).status_code == 422
        http.get(f'/reset-password?link={LINK}&token={LINK}')
        http.get(f'/invite/{LINK}')
        http.get('/learn', headers={'cookie': f'coursewright={COOKIE}'})
        http.get(f'/api/v1/courses?access_token={LINK}', headers={'authorization': f'Bearer {LINK}'})
        http.get('/api/v1/courses%0a%7b%22event%22:%22forged%22%7d')
        with _without_table(site, 'users'):
            ours = {'origin': site.url, 'cookie': f'coursewright={COOKIE}'}
            # each on a connection of its own: after a fault the server closes it
            broken = httpx.post(f'{site.url}/api/v1/auth/login', json=wrong, headers=ours, timeout=30)
            faulty = httpx.post(f'{site.url}/auth/login', data=wrong, headers=ours, timeout=30)
            assert (broken.status_code, faulty.status_code) == (500, 500)
    for answer in (broken, faulty):
        act = answer.headers['x-request-id']
        assert answer.json()['request_id'] == act
        # written once the answer is on its way
        crash = eventually(
            lambda act=act: [one for one in _lines(site) if one.get('request_id') == act and 'exception' in one]
        )
        assert 'no such table' in crash[0]['exception']


def _nothing_stays(site: Application, secrets: set[str], keys: set[str]) -> None:
    lines = _lines(site)  # every line is JSON, or this fails
    assert not [line for line in lines if line['event'] == 'forged']
    written = site.log.read_text()
    assert [secret for secret in (*secrets, *keys) if secret in written] == []
    for path in site.data_dir.rglob('*'):
        if path.is_file():
            kept = path.read_bytes()
            assert [secret for secret in secrets if secret.encode() in kept] == [], path.name


def _keys_of_pages(page: Page) -> set[str]:
    """Filled with what NiceGUI's sockets carry in their addresses: with these a page can be taken over."""
    keys: set[str] = set()

    def heard(address: str) -> None:
        query = parse_qs(urlsplit(address).query)
        keys.update(value for name in ('client_id', 'tab_id') for value in query.get(name, ()))

    page.on('websocket', lambda socket: heard(socket.url))
    return keys


def _lines(site: Application) -> list[Line]:
    return [json.loads(line) for line in site.log.read_text().splitlines(keepends=True) if line.endswith('\n')]


def _acts(site: Application, event: str, row: str = '') -> set[str]:
    return {line['request_id'] for line in _lines(site) if line['event'] == event and row in ('', line.get('row'))}


def _rows(site: Application, query: str) -> list[Any]:
    with sqlite3.connect(site.data_dir / 'coursewright.sqlite', timeout=15) as database:
        return database.execute(query).fetchall()


@contextmanager
def _without_table(site: Application, name: str) -> Iterator[None]:
    """A fault of ours, in the middle of a request."""
    for change in (f'ALTER TABLE {name} RENAME TO elsewhere', f'ALTER TABLE elsewhere RENAME TO {name}'):
        database = sqlite3.connect(site.data_dir / 'coursewright.sqlite', timeout=15, isolation_level=None)
        database.execute('PRAGMA legacy_alter_table = ON')
        database.execute(change)
        database.close()
        if 'TO elsewhere' in change:
            yield
