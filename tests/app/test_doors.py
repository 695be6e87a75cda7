"""The forms around signing in: what a GET may not do, what a stranger may not learn, and the second step."""

import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pyotp
import pytest
from fastapi import FastAPI, Request

from app import doors, errors, session
from app.settings import Settings
from services.clock import now
from services.flags import FlagService
from services.identity import IdentityService, hashed
from services.members.invitations import InvitationClosed
from services.members.inviting import InvitationService
from services.recovery import RecoveryService
from services.registration import RegistrationService
from services.sealing import Sealer
from storage.database import Scope
from storage.identity import Organization, User, UserRole
from storage.mail import MailMessage
from tests.services.cheap_passwords import cheap_passwords  # noqa: F401
from tests.services.conftest import sqlite_template, world  # noqa: F401
from tests.services.world import World

PASSWORD = 'four words lie here'
OURS = {'sec-fetch-site': 'same-origin'}
FORM = {'email': 'student@demo.example', 'password': PASSWORD}
NORA = {'email': 'nora@work.example', 'password': PASSWORD, 'full_name': 'Nora Lind'}


@dataclass(frozen=True, kw_only=True)
class House:
    world: World
    http: httpx.AsyncClient
    services: Any

    async def post(self, path: str, **form: str) -> httpx.Response:
        return await self.http.post(path, data=form, headers=OURS)

    async def link(self) -> str:
        """The path of the link in the newest mail."""
        async with self.world.database.reading() as tx:
            mails = (await tx.exec(Scope(tx, self.world.demo.organization_id).rows(MailMessage))).all()
        text = max(mails, key=lambda mail: mail.created_at).text
        found = re.search(r'http://test(/\S+)', text)
        assert found, text
        return found[1]

    async def where(self) -> str:
        return str((await self.http.get('/where')).json())


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:  # noqa: F811
    """One database will do: the services are tested on both."""
    shutil.copy(sqlite_template, tmp_path / 'coursewright.sqlite')
    return f'sqlite+aiosqlite:///{tmp_path}/coursewright.sqlite'


@pytest.fixture
async def house(world: World) -> AsyncIterator[House]:  # noqa: F811
    async with world.database.writing() as tx:
        place = await tx.get_one(Organization, world.demo.organization_id)
        place.self_signup = True
        user = await tx.get_one(User, world.demo.student.user_id)
        user.password_hash = hashed(PASSWORD)
        tx.add_all([place, user])
    identity = IdentityService(world.gate, 'secret')
    services: Any = SimpleNamespace(
        identity=identity,
        registration=RegistrationService(world.gate, identity, FlagService(world.gate), address='http://test'),
        recovery=RecoveryService(world.gate, identity, address='http://test'),
        invitations=InvitationService(world.gate, 'http://test'),
    )
    sessions = session.Sessions(identity, Settings(public_url='http://test', secret_key='x'))
    site = FastAPI()
    errors.install(site)

    async def nothing_else(_organization: str, _next: str) -> str:
        return ''

    site.include_router(doors.router(sessions, services, nothing_else))

    @site.get('/where')
    async def where(request: Request) -> str:
        return (await sessions.of_request(request)).organization_name

    transport = httpx.ASGITransport(site, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url='http://test') as client:
        yield House(world=world, http=client, services=services)


async def test_one_registers_confirms_forgets_and_comes_back(house: House) -> None:
    made = await house.post('/auth/register', **NORA)
    assert (made.status_code, made.headers['location']) == (303, '/')
    assert await house.where() == 'Demo Academy'
    path = await house.link()
    for _ in range(3):  # mail scanners open every link; only the button counts
        page = await house.http.get(path)
        assert page.status_code == 200
        assert page.headers['cache-control'] == 'no-store'
    token = path.partition('token=')[2]
    assert 'nora@work.example is confirmed' in (await house.post('/auth/verify', token=token)).text
    assert (await house.post('/auth/verify', token=token)).status_code == 410
    await house.post('/auth/logout')

    known = await house.post('/auth/forgot', email='nora@work.example')
    unknown = await house.post('/auth/forgot', email='nobody@work.example')
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace('nora@', 'x@') == unknown.text.replace('nobody@', 'x@')
    await house.services.recovery.settled()
    path = await house.link()
    assert (await house.http.get(path)).status_code == (await house.http.get(path)).status_code == 200
    token = path.partition('token=')[2]
    weak = await house.post('/auth/reset', token=token, new_password='password1')
    assert weak.status_code == 422
    assert '12 characters or more' in weak.text
    done = await house.post('/auth/reset', token=token, new_password='a wholly different set')
    assert (done.status_code, done.headers['location']) == (303, '/sign-in?done=password')
    assert 'Your password is set' in (await house.http.get(done.headers['location'])).text
    assert (await house.http.get(path)).status_code == 410
    assert (await house.post('/auth/login', email=NORA['email'], password=PASSWORD)).status_code == 401
    back = await house.post('/auth/login', email=NORA['email'], password='a wholly different set')
    assert back.status_code == 303


async def test_a_refused_registration_keeps_what_was_typed_and_says_what_to_do(house: House) -> None:
    taken = await house.post('/auth/register', **NORA | {'email': 'student@demo.example'})
    assert taken.status_code == 409
    assert 'already registered' in taken.text
    assert 'href="/forgot"' in taken.text
    weak = await house.post('/auth/register', **NORA | {'password': 'password1'})
    assert weak.status_code == 422
    assert 'value="Nora Lind"' in weak.text
    assert 'value="password1"' not in weak.text
    assert 'aria-describedby="password-help password-error"' in weak.text
    for page in (taken, weak):
        assert 'set-cookie' not in page.headers


async def test_the_second_step_belongs_to_the_browser_that_took_the_first(house: House) -> None:
    secret = pyotp.random_base32()
    async with house.world.database.writing() as tx:
        user = await tx.get_one(User, house.world.demo.student.user_id)
        user.second_factor, user.second_factor_at = Sealer('secret').seal(secret), now()
        tx.add(user)
    asked = await house.post('/auth/login', **FORM, next='/courses', remember='1')
    assert asked.status_code == 200
    assert 'Your second factor' in asked.text
    assert (await house.http.get('/where')).status_code == 401, 'half way in is not in'
    assert 'HttpOnly' in asked.headers['set-cookie'] and 'SameSite=lax' in asked.headers['set-cookie']
    wrong = await house.post('/auth/code', code='000000', next='/courses', remember='1')
    assert wrong.status_code == 401
    assert 'This code is not right' in wrong.text
    stranger = httpx.AsyncClient(transport=house.http._transport, base_url='http://test')
    assert (await stranger.post('/auth/code', data={'code': pyotp.TOTP(secret).now()}, headers=OURS)).status_code == 401
    code = pyotp.TOTP(secret).now()
    inside = await house.post('/auth/code', code=code, next='/courses', remember='1')
    assert (inside.status_code, inside.headers['location']) == (303, '/courses')
    assert await house.where() == 'Demo Academy'


async def test_an_invitation_makes_an_account_or_a_further_membership(house: House) -> None:
    invitations = house.services.invitations
    link = await invitations.make_link(house.world.other.admin, ['reviewer'], uses=1)
    path = link.link.removeprefix('http://test')
    stranger = await house.http.get(path)
    assert stranger.headers['location'].startswith('/register?invitation=')
    assert 'Other Institute' in (await house.http.get(stranger.headers['location'])).text
    made = await house.post('/auth/register', **NORA, invitation=path.removeprefix('/invite/'))
    assert made.status_code == 303
    assert await house.where() == 'Other Institute'
    with pytest.raises(InvitationClosed):
        await house.services.registration.invited(path.removeprefix('/invite/'))
    assert 'You need an invitation' in (await house.http.get(path)).text
    await house.post('/auth/logout')

    link = await invitations.make_link(house.world.other.admin, ['student'], uses=1)
    secret = link.link.removeprefix('http://test/invite/')
    await house.post('/auth/login', **FORM)
    assert 'Join Other Institute' in (await house.http.get(f'/invite/{secret}')).text
    assert await house.where() == 'Demo Academy', 'looking is not joining'
    assert (await house.post('/auth/join', invitation=secret)).status_code == 303
    assert await house.where() == 'Other Institute'


async def test_a_switch_rotates_the_cookie_and_a_suspended_place_shows_the_way_out(house: House) -> None:
    demo, other = house.world.demo, house.world.other
    async with house.world.database.writing() as tx:
        Scope(tx, other.organization_id).add(UserRole(user_id=demo.student.user_id, role='student'))
    await house.post('/auth/login', **FORM, remember='1')
    old = house.http.cookies['coursewright']
    switched = await house.post('/auth/switch', organization_id=str(other.organization_id))
    assert (switched.status_code, switched.headers['location']) == (303, '/')
    assert 'Max-Age' in switched.headers['set-cookie'], 'who stays signed in stays signed in'
    assert house.http.cookies['coursewright'] != old
    assert await house.where() == 'Other Institute'
    assert (await house.http.get('/where', headers={'cookie': f'coursewright={old}'})).status_code == 401
    for nowhere in ('nonsense', str(demo.student.user_id)):
        assert (await house.post('/auth/switch', organization_id=nowhere)).status_code == 404
    async with house.world.database.writing() as tx:
        place = await tx.get_one(Organization, other.organization_id)
        place.is_active = False
        tx.add(place)
    await house.world.bus.publish('sessions')
    out = await house.http.get('/where')
    assert (out.status_code, out.json()['code']) == (403, 'suspended')
    refused = await house.post('/auth/switch', organization_id=str(other.organization_id))
    assert refused.status_code == 403
    assert 'Other Institute is suspended' in refused.text
    assert f'value="{demo.organization_id}"' in refused.text
    assert (await house.post('/auth/switch', organization_id=str(demo.organization_id))).status_code == 303
    assert await house.where() == 'Demo Academy'


async def test_a_cookie_that_a_neighbour_set_for_the_parent_domain_counts_for_nothing(house: House) -> None:
    await house.post('/auth/login', **FORM)
    own = house.http.cookies['coursewright']
    for sent in (f'coursewright={own}; coursewright=tossed', f'coursewright=tossed; coursewright={own}'):
        assert (await house.http.get('/where', headers={'cookie': sent})).status_code == 401


async def test_after_too_many_tries_the_page_says_how_long_to_wait(house: House) -> None:
    for _ in range(10):
        assert (await house.post('/auth/login', **FORM | {'password': 'no'})).status_code == 401
    waiting = await house.post('/auth/login', **FORM)
    assert waiting.status_code == 429
    assert 1 <= int(waiting.headers['retry-after']) <= 60
    assert 'Wait 1 min' in waiting.text
    assert 'value="student@demo.example"' in waiting.text


async def test_no_form_is_taken_from_another_site(house: House) -> None:
    for name in 'login code register verify verify/send forgot reset password switch join logout'.split():
        for headers in ({'sec-fetch-site': 'cross-site'}, {'origin': 'https://evil.example'}, {}):
            answer = await house.http.post(f'/auth/{name}', data=FORM, headers=headers)
            assert answer.status_code == 403, f'{name} {headers}'
