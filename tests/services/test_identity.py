"""Signing in and out: a session stands behind every cookie and token."""

import base64
import json
import time

import pytest

from services.errors import NotSignedIn
from services.identity import IdentityService, WrongCredentials, hashed
from services.tracing import Origin, coming_from
from services.viewer import Suspended
from storage.checks import security_events
from storage.identity import Organization, User
from tests.services.cheap_passwords import cheap_passwords  # noqa: F401
from tests.services.world import World

PASSWORD = 'a long enough password'
EMAIL = 'instructor@demo.example'


@pytest.fixture(scope='module')
def password_hash(cheap_passwords: None) -> str:  # noqa: F811
    return hashed(PASSWORD)


@pytest.fixture
async def identity(world: World, password_hash: str) -> IdentityService:
    async with world.database.writing() as tx:
        for person in (world.demo.instructor, world.demo.student):
            user = await tx.get_one(User, person.user_id)
            user.password_hash = password_hash
            tx.add(user)
    return IdentityService(world.gate, 'secret')


async def test_the_right_password_signs_in_with_roles_and_organisation(world: World, identity: IdentityService) -> None:
    signed_in = await identity.sign_in(' Instructor@Demo.example ', PASSWORD)
    assert signed_in.viewer.user_id == world.demo.instructor.user_id
    assert signed_in.viewer.organization_id == world.demo.organization_id
    assert signed_in.viewer.roles == world.demo.instructor.roles
    assert (await identity.from_cookie(signed_in.secret)).session_id == signed_in.viewer.session_id
    assert (await identity.from_token(signed_in.access_token)).session_id == signed_in.viewer.session_id


@pytest.mark.parametrize(('email', 'password'), [(EMAIL, 'wrong'), ('nobody@demo.example', PASSWORD), ('', '')])
async def test_every_wrong_sign_in_gets_the_same_sentence_and_a_line_in_the_security_log(
    world: World, identity: IdentityService, email: str, password: str
) -> None:
    with coming_from(Origin(address='192.0.2.1')), pytest.raises(WrongCredentials) as refusal:
        await identity.sign_in(email, password)
    assert str(refusal.value) == 'E-mail or password is not right. Try again.'
    async with world.database.reading() as tx:
        [event] = await security_events(tx)
    assert (event.kind, event.email, event.outcome, event.address) == ('sign_in', email, 'refused', '192.0.2.1')


async def test_after_signing_out_neither_cookie_nor_token_counts(identity: IdentityService) -> None:
    signed_in = await identity.sign_in(EMAIL, PASSWORD)
    await identity.sign_out(signed_in.viewer)
    for attempt in (identity.from_cookie(signed_in.secret), identity.from_token(signed_in.access_token)):
        with pytest.raises(NotSignedIn):
            await attempt
    with pytest.raises(NotSignedIn):
        await identity.refresh(signed_in.refresh_token)


async def test_a_refresh_token_works_once(identity: IdentityService) -> None:
    signed_in = await identity.sign_in(EMAIL, PASSWORD)
    again = await identity.refresh(signed_in.refresh_token)
    assert again.viewer.session_id == signed_in.viewer.session_id
    with pytest.raises(NotSignedIn):
        await identity.refresh(signed_in.refresh_token)


async def test_a_token_says_who_and_until_when_and_nothing_secret(identity: IdentityService) -> None:
    signed_in = await identity.sign_in(EMAIL, PASSWORD)
    body = signed_in.access_token.split('.')[1]
    claims = json.loads(base64.urlsafe_b64decode(body + '=' * (-len(body) % 4)))
    assert set(claims) == {'sub', 'sid', 'email', 'role', 'organization_id', 'iat', 'exp'}
    assert claims['exp'] - claims['iat'] == signed_in.expires_in == 3600


async def test_a_token_of_another_installation_is_refused(world: World, identity: IdentityService) -> None:
    signed_in = await identity.sign_in(EMAIL, PASSWORD)
    with pytest.raises(NotSignedIn):
        await IdentityService(world.gate, 'other secret').from_token(signed_in.access_token)
    with pytest.raises(NotSignedIn):
        await identity.from_token('not a token')


async def test_a_token_ends_when_its_time_is_over(
    world: World, identity: IdentityService, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in = await identity.sign_in(EMAIL, PASSWORD)
    late = time.time() + 3601
    monkeypatch.setattr(time, 'time', lambda: late)
    with pytest.raises(NotSignedIn):
        await identity.from_token(signed_in.access_token)


async def test_a_suspended_organisation_and_a_disabled_person_are_out_at_once(
    world: World, identity: IdentityService
) -> None:
    instructor = await identity.sign_in(EMAIL, PASSWORD)
    student = await identity.sign_in('student@demo.example', PASSWORD)
    async with world.database.writing() as tx:
        user = await tx.get_one(User, world.demo.student.user_id)
        user.is_active = False
        tx.add(user)
    await world.bus.publish('sessions')
    with pytest.raises(NotSignedIn):
        await identity.from_cookie(student.secret)
    assert await identity.from_cookie(instructor.secret)
    async with world.database.writing() as tx:
        place = await tx.get_one(Organization, world.demo.organization_id)
        place.is_active = False
        tx.add(place)
    await world.bus.publish('sessions')
    with pytest.raises(Suspended):
        await identity.from_cookie(instructor.secret)


async def test_the_chosen_appearance_is_kept(world: World, identity: IdentityService) -> None:
    await identity.set_theme(world.demo.student, 'dark')
    assert await identity.theme(world.demo.student) == 'dark'
    await identity.set_theme(world.demo.student, 'purple')
    assert await identity.theme(world.demo.student) == 'auto'
