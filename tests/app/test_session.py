"""The door: cookies, forms from other sites, and where people land after signing in."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request

from app import doors, errors, session
from app.settings import Settings
from services.flags import FlagService
from services.identity import IdentityService, hashed
from services.recovery import RecoveryService
from services.registration import RegistrationService
from storage.identity import User
from tests.services.cheap_passwords import cheap_passwords  # noqa: F401
from tests.services.conftest import sqlite_template, world  # noqa: F401
from tests.services.world import World

PASSWORD = 'a long enough password'
OURS = {'sec-fetch-site': 'same-origin'}
FORM = {'email': 'student@demo.example', 'password': PASSWORD}


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:  # noqa: F811
    """One database will do: these are tests of cookies and pages."""
    shutil.copy(sqlite_template, tmp_path / 'coursewright.sqlite')
    return f'sqlite+aiosqlite:///{tmp_path}/coursewright.sqlite'


@pytest.fixture(params=['http://test', 'https://test'])
async def door(request: pytest.FixtureRequest, world: World) -> AsyncIterator[httpx.AsyncClient]:  # noqa: F811
    async with world.database.writing() as tx:
        user = await tx.get_one(User, world.demo.student.user_id)
        user.password_hash = hashed(PASSWORD)
        tx.add(user)
    identity = IdentityService(world.gate, 'secret')
    sessions = session.Sessions(identity, Settings(public_url=request.param, secret_key='x'))
    site = FastAPI()
    errors.install(site)
    site.include_router(doors.router(sessions, _services(world, identity), nothing_else))

    @site.get('/who')
    @site.post('/who')
    async def who(request: Request) -> str:
        return (await sessions.of_request(request)).email

    transport = httpx.ASGITransport(site, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=request.param) as client:
        yield client


def _services(around: World, identity: IdentityService) -> Any:
    """Those of the services that stand around the door."""
    return SimpleNamespace(
        identity=identity,
        registration=RegistrationService(around.gate, identity, FlagService(around.gate), address='http://test'),
        recovery=RecoveryService(around.gate, identity, address='http://test'),
    )


async def nothing_else(_organization: str, _next: str) -> str:
    """No company sign-in."""
    return ''


async def test_people_come_back_to_where_they_were_going(door: httpx.AsyncClient) -> None:
    form = await door.get('/sign-in?next=/courses/1')
    assert 'value="/courses/1"' in form.text
    done = await door.post('/auth/login', data={**FORM, 'next': '/courses/1'}, headers=OURS)
    assert (done.status_code, done.headers['location']) == (303, '/courses/1')
    assert (await door.get('/who')).json() == 'student@demo.example'


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(door: httpx.AsyncClient) -> None:
    done = await door.post('/auth/login', data=FORM, headers=OURS)
    cookie = done.headers['set-cookie']
    assert 'HttpOnly' in cookie
    assert 'SameSite=lax' in cookie
    assert 'Max-Age' not in cookie
    assert cookie.startswith('__Host-') == ('Secure' in cookie) == str(door.base_url).startswith('https')
    kept = await door.post('/auth/login', data={**FORM, 'remember': 'on'}, headers=OURS)
    assert 'Max-Age=1209600' in kept.headers['set-cookie']


async def test_a_wrong_password_keeps_the_address_and_says_one_neutral_sentence(door: httpx.AsyncClient) -> None:
    refused = await door.post('/auth/login', data={**FORM, 'password': 'wrong'}, headers=OURS)
    assert refused.status_code == 401
    assert 'E-mail or password is not right.' in refused.text
    assert 'value="student@demo.example"' in refused.text
    assert 'set-cookie' not in refused.headers


@pytest.mark.parametrize('target', ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])
async def test_nobody_is_sent_elsewhere_after_signing_in(door: httpx.AsyncClient, target: str) -> None:
    done = await door.post('/auth/login', data={**FORM, 'next': target}, headers=OURS)
    assert done.headers['location'] == '/'


async def test_forms_of_other_sites_change_nothing(door: httpx.AsyncClient) -> None:
    for headers in ({'sec-fetch-site': 'cross-site'}, {'origin': 'https://evil.example'}, {}):
        assert (await door.post('/auth/login', data=FORM, headers=headers)).status_code == 403
    await door.post('/auth/login', data=FORM, headers=OURS)
    assert (await door.post('/who', headers={'sec-fetch-site': 'cross-site'})).status_code == 403
    assert (await door.post('/auth/logout', headers={'sec-fetch-site': 'cross-site'})).status_code == 403
    assert (await door.post('/who', headers=OURS)).status_code == 200


async def test_after_signing_out_the_old_cookie_is_dead(door: httpx.AsyncClient) -> None:
    await door.post('/auth/login', data=FORM, headers=OURS)
    old = dict(door.cookies)
    assert (await door.post('/auth/logout', headers=OURS)).status_code == 303
    assert (
        await door.get('/who', headers={'cookie': '; '.join(f'{k}={v}' for k, v in old.items())})
    ).status_code == 401


async def test_a_made_up_token_is_refused_with_a_sentence_and_a_code(door: httpx.AsyncClient) -> None:
    door.cookies.set('coursewright', 'x')
    door.cookies.set('__Host-coursewright', 'x')
    refused = await door.get('/who', headers={'authorization': 'Bearer nonsense'})
    assert refused.status_code == 401
    assert refused.json()['code'] == 'not_signed_in'
    assert refused.headers['www-authenticate'] == 'Bearer'
