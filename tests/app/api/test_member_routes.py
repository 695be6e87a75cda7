"""Members, invitations, groups and imports over REST: shapes, codes, and nothing of anybody else's."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI, Request

from app import errors
from app.api import groups, invitations, members, users
from services.durable import Durable
from services.members.parts import build
from services.revocation import Revocation
from services.viewer import Permission, Role, Viewer
from storage.files import FileStore
from tests.services.world import World


class Asks(httpx.AsyncClient):
    """Asks as `who` of the demo organisation, or as 'other/who'."""

    async def ask(self, who: str, method: str, path: str, status: int = 200, **given: Any) -> Any:
        cast, _, person = who.rpartition('/')
        headers = {'Person': f'{cast or "demo"}/{person}'}
        answer = await self.request(method, path, headers=headers, **given)
        assert answer.status_code == status, f'{who} {method} {path}: {answer.status_code} {answer.text}'
        is_json = answer.content and answer.headers['content-type'].startswith('application/json')
        return answer.json() if is_json else answer.text


@pytest.fixture
async def api(world: World, tmp_path: Path) -> AsyncIterator[Asks]:
    durable = Durable(world.database, tmp_path)  # not launched: nothing runs in the background here
    revocation = Revocation(world.database, world.bus)
    built = build(world.gate, durable, FileStore(tmp_path), revocation, address='http://c.example')
    platform = SimpleNamespace(**vars(built))

    async def current_viewer(request: Request) -> Viewer:
        cast, _, person = request.headers['Person'].partition('/')
        viewer: Viewer = getattr(getattr(world, cast), person)
        return viewer

    site = FastAPI()
    errors.install(site)
    for noun in (members, invitations, groups, users):
        site.include_router(noun.router(platform, current_viewer))  # type: ignore[arg-type]
    async with Asks(transport=httpx.ASGITransport(site), base_url='http://api') as client:
        yield client


async def test_members_are_listed_added_changed_and_removed(world: World, api: Asks) -> None:
    own = f'/organizations/{world.demo.organization_id}'
    listed = await api.ask('admin', 'GET', f'{own}/members', params={'search': 'student', 'limit': 5})
    assert listed['total'] == 1
    student = listed['items'][0]
    assert (student['email'], student['roles'], student['status']) == ('student@demo.example', ['student'], 'active')
    added = await api.ask(
        'admin', 'POST', f'{own}/members', json={'emails': ['new@else.example', 'nobody'], 'roles': ['student']}
    )
    assert [one['outcome'] for one in added['items']] == ['invited', 'refused']
    member = f'{own}/members/{student["id"]}'
    changed = await api.ask('admin', 'PUT', member, json={'roles': ['student', 'reviewer']})
    assert changed['roles'] == ['reviewer', 'student']
    await api.ask('admin', 'POST', f'{member}/suspend', 204)
    assert (await api.ask('admin', 'POST', f'{member}/restore'))['status'] == 'active'
    await api.ask('admin', 'DELETE', member, 204)
    await api.ask('admin', 'GET', member, 404)
    last = await api.ask('admin', 'DELETE', f'{own}/members/{world.demo.admin.user_id}', 409)
    assert (last['code'], 'somebody else' in last['detail']) == ('last_administrator', True)
    await api.ask('admin', 'PUT', member, 422, json={'roles': ['owner']})
    await api.ask('admin', 'PUT', f'{own}/members/{world.demo.editor.user_id}', 403, json={'roles': ['site_admin']})
    await api.ask('admin', 'POST', f'{own}/members', 422, json={'emails': ['a@b.example'], 'roles': [], 'x': 1})


async def test_invitations_groups_and_tables(world: World, api: Asks) -> None:
    own = f'/organizations/{world.demo.organization_id}'
    group = await api.ask('admin', 'POST', f'{own}/groups', 201, json={'name': 'Night shift'})
    await api.ask('admin', 'POST', f'{own}/groups', 409, json={'name': 'night shift'})
    people = {'user_ids': [str(world.demo.student.user_id)]}
    await api.ask('admin', 'POST', f'{own}/groups/{group["id"]}/members', 204, json=people)
    assert (await api.ask('admin', 'GET', f'{own}/groups'))['items'][0]['members'] == 1
    await api.ask('admin', 'PUT', f'{own}/groups/{group["id"]}', json={'name': 'Days'})
    made = await api.ask(
        'admin', 'POST', f'{own}/invitations', 201, json={'roles': ['student'], 'uses': 3, 'group_ids': [group['id']]}
    )
    assert made['link'].startswith('http://c.example/invite/')
    listed = await api.ask('admin', 'GET', f'{own}/invitations')
    assert (listed['total'], listed['items'][0]['groups'], 'link' in listed['items'][0]) == (1, ['Days'], False)
    again = await api.ask('admin', 'POST', f'{own}/invitations/{made["id"]}/resend')
    assert again['link'] != made['link']
    await api.ask('admin', 'DELETE', f'{own}/invitations/{made["id"]}', 204)
    await api.ask('admin', 'DELETE', f'{own}/groups/{group["id"]}/members/{world.demo.student.user_id}', 204)
    await api.ask('admin', 'DELETE', f'{own}/groups/{group["id"]}', 204)

    table = {'file': ('people.csv', b'email;name\nnew@else.example;=1+1\nold@else.example;Old\n')}
    looked = await api.ask('admin', 'POST', f'{own}/members/import', 201, files=table)
    assert (looked['status'], looked['good'], looked['bad']) == ('preview', 1, 1)
    report = await api.ask('admin', 'GET', f'{own}/members/import/{looked["id"]}/report')
    assert '"\'=1+1"' in report
    started = await api.ask('admin', 'POST', f'{own}/members/import/{looked["id"]}/start', 202)
    assert started['status'] == 'queued'
    await api.ask('admin', 'POST', f'{own}/members/import', 422, files={'file': ('x.csv', b'name\nAna\n')})
    exported = await api.ask('admin', 'GET', f'{own}/members/export')
    assert exported.count('\r\n') == 8
    assert exported.startswith('\ufeff"E-mail","Name"')


async def test_accounts_of_others_are_for_administrators(world: World, api: Asks) -> None:
    student = f'/users/{world.demo.student.user_id}'
    assert (await api.ask('admin', 'PUT', student, json={'full_name': 'Marta Lima'}))['full_name'] == 'Marta Lima'
    await api.ask('instructor', 'PUT', student, 403, json={'full_name': 'Eve'})
    await api.ask('admin', 'PUT', student, 403, json={'full_name': 'Marta', 'locale': 'de'})
    await api.ask('instructor', 'DELETE', student, 403)
    await api.ask('other/admin', 'DELETE', student, 404)
    await api.ask('admin', 'DELETE', student, 204)
    assert (await api.ask('admin', 'POST', f'{student}/restore'))['deleted'] is False
    await api.ask('site', 'DELETE', f'/users/{world.other.student.user_id}', 204)


async def test_another_organisation_is_not_there_and_other_roles_are_refused(world: World, api: Asks) -> None:
    theirs, own = f'/organizations/{world.other.organization_id}', f'/organizations/{world.demo.organization_id}'
    user, anything = world.other.student.user_id, uuid4()
    for method, path, body in (
        ('GET', 'members', None),
        ('POST', 'members', {'emails': ['a@b.example'], 'roles': ['student']}),
        ('GET', f'members/{user}', None),
        ('PUT', f'members/{user}', {'roles': ['org_admin']}),
        ('DELETE', f'members/{user}', None),
        ('POST', f'members/{user}/suspend', None),
        ('POST', f'members/{user}/restore', None),
        ('GET', 'members/export', None),
        ('GET', f'members/import/{anything}', None),
        ('GET', f'members/import/{anything}/report', None),
        ('POST', f'members/import/{anything}/start', None),
        ('GET', 'invitations', None),
        ('POST', 'invitations', {'roles': ['student']}),
        ('POST', f'invitations/{anything}/resend', None),
        ('DELETE', f'invitations/{anything}', None),
        ('GET', 'groups', None),
        ('POST', 'groups', {'name': 'Ours'}),
        ('PUT', f'groups/{anything}', {'name': 'Ours'}),
        ('DELETE', f'groups/{anything}', None),
        ('POST', f'groups/{anything}/members', {'user_ids': [str(user)]}),
        ('DELETE', f'groups/{anything}/members/{user}', None),
    ):
        await api.ask('admin', method, f'{theirs}/{path}', 404, json=body)
        await api.ask('instructor', method, f'{own}/{path}', 403, json=body)


async def test_review_roles_see_decide_and_change_what_is_theirs(world: World) -> None:
    """A viewer sees a draft and cannot approve it; a reviewer approves and cannot change anybody's roles."""
    gate, demo = world.gate, world.demo
    assert {Permission.DRAFT_READ, Permission.COURSE_READ} == set(_with(demo.student, 'viewer').permissions)
    reviewer = demo.reviewer.permissions
    assert Permission.DRAFT_APPROVE in reviewer
    assert not reviewer & {Permission.DRAFT_WRITE, Permission.PEOPLE_MANAGE, Permission.ORGANIZATION_MANAGE}
    assert await gate.check(demo.reviewer, Permission.DRAFT_APPROVE)


def _with(viewer: Viewer, *roles: str) -> Viewer:
    return replace(viewer, roles=frozenset(map(Role, roles)))
