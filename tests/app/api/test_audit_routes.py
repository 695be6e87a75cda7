"""The audit trail over REST: read, taken along, verified; a wrong role is refused and nothing writes."""

import csv
import io
from types import SimpleNamespace

import httpx
from fastapi import FastAPI, Request

from app import errors
from app.api import audit
from services.audit_trail import AuditService
from services.courses.service import CourseService
from services.viewer import Viewer
from tests.services.world import World


async def test_the_routes_tell_export_and_verify_the_trail_of_ones_own_organisation(world: World) -> None:
    for cast in (world.demo, world.other):
        course = await CourseService(world.gate).create(cast.instructor, title=f'=Hoods of {cast.organization_id}')
        await CourseService(world.gate).update(cast.instructor, course.id, title='Fume hoods')

    async def current_viewer(request: Request) -> Viewer:
        cast, _, person = request.headers['Person'].partition('/')
        viewer: Viewer = getattr(getattr(world, cast), person)
        return viewer

    api = FastAPI()
    errors.install(api)
    api.include_router(audit.router(SimpleNamespace(audit=AuditService(world.gate)), current_viewer))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url='http://api')
    admin = {'Person': 'demo/admin'}

    page = (await client.get('/audit', headers=admin, params={'limit': 1})).json()
    assert page['total'] == 2
    assert page['items'][0]['after'] == {'title': 'Fume hoods'}
    assert str(world.other.organization_id) not in (await client.get('/audit', headers=admin)).text
    found = await client.get(
        '/audit', headers=admin, params={'action': 'course.created', 'since': '2020-01-01T00:00:00Z'}
    )
    assert [item['seq'] for item in found.json()['items']] == [1]

    file = await client.get('/audit/export', headers=admin)
    assert file.headers['content-type'] == 'text/csv; charset=utf-8'
    assert 'audit-trail.csv' in file.headers['content-disposition']
    rows = list(csv.DictReader(io.StringIO(file.content.decode('utf-8-sig'))))
    assert [row['action'] for row in rows] == ['course.created', 'course.updated']
    lines = (await client.get('/audit/export', headers=admin, params={'format': 'jsonl'})).text.splitlines()
    assert len(lines) == 2

    verdict = (await client.get('/audit/verify', headers=admin)).json()
    assert (verdict['holds'], verdict['rows'], verdict['fault']) == (True, 2, '')
    for path in ('/audit', '/audit/export', '/audit/verify'):
        for person in ('demo/instructor', 'demo/student', 'demo/site', 'other/reviewer'):
            assert (await client.get(path, headers={'Person': person})).status_code == 403, (path, person)
        for method in ('POST', 'PUT', 'PATCH', 'DELETE'):
            assert (await client.request(method, path, headers=admin)).status_code == 405
    for wrong in ({'limit': 0}, {'since': 'yesterday'}, {'since': '2026-01-01T00:00:00'}, {'actor_id': 'me'}):
        assert (await client.get('/audit', headers=admin, params=wrong)).status_code == 422, wrong
    backwards = {'since': '2026-01-02T00:00:00Z', 'until': '2026-01-01T00:00:00Z'}
    assert (await client.get('/audit', headers=admin, params=backwards)).status_code == 422
