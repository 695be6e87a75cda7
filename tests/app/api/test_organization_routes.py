"""Organisations over REST: operators any, administrators their own, everybody else none; and what goes with them."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI, Request
from PIL import Image

from app import errors
from app.api import docs, installation, organization_settings, organizations
from services.flags import FlagService
from services.organizations import LookService, OrganizationService, PolicyService
from services.security_events import SecurityEventService
from services.viewer import Viewer
from services.work import Work
from storage.files import FileStore
from tests.services.world import World

Client = httpx.AsyncClient
NEW = {'name': 'North Academy', 'admin_email': 'ada@north.example'}


@pytest.fixture
async def client(world: World, tmp_path: Path) -> AsyncIterator[Client]:
    async def current_viewer(request: Request) -> Viewer:
        cast, _, person = request.headers['Person'].partition('/')
        viewer: Viewer = getattr(getattr(world, cast), person)
        return viewer

    async def nothing(_work: Work) -> None:
        """No work runs here."""

    platform = SimpleNamespace(
        organizations=OrganizationService(world.gate, address='https://c.example', rest=nothing, resume=nothing),
        looks=LookService(world.gate, FileStore(tmp_path)),
        policies=PolicyService(world.gate),
        flags=FlagService(world.gate),
        security_events=SecurityEventService(world.gate),
    )
    api = FastAPI(docs_url=None)
    errors.install(api)
    docs.install(api, platform.flags, mounted_at='')
    for noun in (organizations, organization_settings, installation):
        api.include_router(noun.router(platform, current_viewer))  # type: ignore[arg-type]
    transport = httpx.ASGITransport(api)
    async with httpx.AsyncClient(transport=transport, base_url='http://api', headers=asking('site')) as client:
        yield client


def asking(person: str, cast: str = 'demo') -> dict[str, str]:
    return {'Person': f'{cast}/{person}'}


def logo() -> bytes:
    written = io.BytesIO()
    Image.new('RGB', (64, 64), (15, 95, 92)).save(written, 'PNG')
    return written.getvalue()


async def test_an_organisation_is_made_changed_suspended_deleted_and_restored(client: Client) -> None:
    made = await client.post('/organizations', json={**NEW, 'phone': '+47 22'})
    assert made.status_code == 201, made.text
    assert made.json()['admin_link'].startswith('https://c.example/reset-password?token=')
    path = f'/organizations/{made.json()["id"]}'
    taken = await client.post('/organizations', json={**NEW, 'admin_email': 'else@north.example'})
    assert (taken.status_code, taken.json()['code'], list(taken.json()['fields'])) == (409, 'slug_taken', ['slug'])
    broken = await client.post('/organizations', json={'name': 'Half', 'admin_email': 'nobody'})
    assert (broken.status_code, list(broken.json()['fields'])) == (422, ['admin_email'])
    listed = (await client.get('/organizations', params={'search': 'a', 'limit': 2})).json()
    assert ([one['slug'] for one in listed['items']], listed['total']) == (['north-academy', 'demo'], 2)
    changed = await client.put(path, json={'name': 'Northern Academy'})
    assert (changed.json()['name'], changed.json()['phone']) == ('Northern Academy', '+47 22')
    assert (await client.put(path, json={'is_active': False})).status_code == 422
    suspended = await client.post(f'{path}/suspend', json={'because': 'Not paid'})
    assert suspended.json()['status'] == 'suspended'
    assert (await client.post(f'{path}/restore')).json()['status'] == 'active'
    assert (await client.delete(path)).status_code == 422
    deleted = await client.delete(path, params={'name': 'Northern Academy'})
    assert (deleted.status_code, deleted.json()['status']) == (200, 'deleted')
    assert (await client.get(path)).json()['restorable_until'] is not None
    assert (await client.post(f'{path}/restore')).json()['status'] == 'active'


async def test_administrators_have_their_own_and_everybody_else_has_none(world: World, client: Client) -> None:
    own, admin = f'/organizations/{world.demo.organization_id}', asking('admin')
    assert (await client.get(own, headers=admin)).json()['name'] == 'Demo Academy'
    assert (await client.put(own, json={'phone': '+1 555 0100'}, headers=admin)).status_code == 200
    [only] = (await client.get('/organizations', headers=admin)).json()['items']
    assert only['slug'] == 'demo'
    assert (await client.delete(own, params={'name': 'Demo Academy'}, headers=admin)).status_code == 403
    for stranger in (asking('student'), asking('instructor'), asking('admin', 'other')):
        for method, path, body in (
            ('GET', own, None),
            ('PUT', own, {'name': 'Mine'}),
            ('DELETE', own, None),
            ('GET', f'{own}/look', None),
            ('PUT', f'{own}/look', {'accent': '#000000'}),
            ('DELETE', f'{own}/logo', None),
            ('GET', f'{own}/policy', None),
            ('PUT', f'{own}/policy', {**POLICY}),
        ):
            answer = await client.request(method, path, json=body, headers=stranger)
            assert answer.status_code == 404, f'{stranger} {method} {path}: {answer.text}'
        for method, path, body in (
            ('POST', '/organizations', NEW),
            ('POST', f'{own}/suspend', {}),
            ('POST', f'{own}/restore', None),
            ('GET', '/flags', None),
            ('PUT', '/flags/exports', {'is_on': False}),
        ):
            answer = await client.request(method, path, json=body, headers=stranger)
            assert answer.status_code == 403, f'{stranger} {method} {path}: {answer.text}'


POLICY = {
    'password_length': 10,
    'work_email_only': True,
    'email_domains': ['demo.example'],
    'self_signup': False,
    'second_factor_required': False,
}


async def test_look_and_policy_go_round(world: World, client: Client) -> None:
    own, admin = f'/organizations/{world.demo.organization_id}', asking('admin')
    assert (await client.put(f'{own}/policy', json=POLICY, headers=admin)).json() == POLICY
    assert (await client.get(f'{own}/policy', headers=admin)).json() == POLICY
    assert (await client.put(f'{own}/policy', json={**POLICY, 'ai': 1}, headers=admin)).status_code == 422
    assert (await client.put(f'{own}/look', json={'accent': '#AA3366'}, headers=admin)).json()['accent'] == '#aa3366'
    assert (await client.put(f'{own}/look', json={'accent': 'red;}'}, headers=admin)).status_code == 422
    assert (await client.get(f'{own}/logo', headers=admin)).status_code == 404
    sent = await client.post(f'{own}/logo', files={'file': ('logo.png', logo())}, headers=admin)
    assert sent.status_code == 201, sent.text
    shown = await client.get(f'{own}/logo', headers=asking('student'))
    assert shown.headers['content-type'] == 'image/png'
    assert shown.headers['x-content-type-options'] == 'nosniff'
    assert 'sandbox' in shown.headers['content-security-policy']
    assert (await client.get(f'{own}/logo', headers=asking('student', 'other'))).status_code == 404
    svg = await client.post(f'{own}/logo', files={'file': ('logo.svg', b'<svg/>')}, headers=admin)
    assert svg.status_code == 415


async def test_a_switch_closes_the_reference_and_the_log_says_so(world: World, client: Client) -> None:
    assert (await client.get('/docs')).status_code == 200
    switched = await client.put('/flags/api_docs', json={'is_on': False})
    assert (switched.status_code, switched.json()['is_on']) == (200, False)
    closed = await client.get('/docs')
    assert (closed.status_code, closed.json()['code']) == (403, 'switched_off')
    assert (await client.put('/flags/nothing', json={'is_on': True})).status_code == 404
    body = {'is_on': True, 'organization_id': str(world.other.organization_id)}
    assert (await client.put('/flags/api_docs', json=body)).json()['exceptions'][0]['organization'] == 'Other Institute'
    names = [one['name'] for one in (await client.get('/flags')).json()['items']]
    assert names == ['exports', 'self_signup', 'api_docs']
    found = (await client.get('/security-log', params={'kind': 'flag'})).json()
    assert (found['total'], found['items'][1]['detail']) == (2, 'api_docs off')


async def test_the_log_is_read_and_taken_away_by_those_who_may(world: World, client: Client) -> None:
    assert (await client.get('/security-log', headers=asking('student'))).status_code == 403
    assert (await client.get('/security-log/export', headers=asking('student'))).status_code == 403
    assert (await client.get('/security-log', params={'outcome': 'maybe'})).status_code == 422
    own = (await client.get('/security-log', headers=asking('admin', 'other'))).json()
    assert own == {'items': [], 'total': 0}
    found = (await client.get('/security-log', params={'kind': 'refusal', 'limit': 1})).json()
    assert (found['total'], found['items'][0]['email']) == (2, 'student@demo.example')
    file = await client.get('/security-log/export', params={'email': 'student'})
    assert file.headers['content-type'] == 'text/csv; charset=utf-8'
    assert 'attachment' in file.headers['content-disposition']
    assert file.text.count('student@demo.example') == 2


async def test_what_no_database_takes_is_no_fault_of_ours(client: Client) -> None:
    odd = {'email': 'a\x00b', 'address': '\x00', 'kind': '\x00', 'until': '9999-12-31T23:59:59Z'}
    assert (await client.get('/security-log', params=odd)).json()['total'] == 0
    for moment in ('0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-14:00'):
        assert (await client.get('/security-log', params={'since': moment})).status_code == 422
    assert (await client.get('/organizations', params={'search': '\x00'})).status_code == 200
