"""Signing in step by step: the second factor, limits, refresh tokens, and sessions that nobody uses."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest

from services.clock import now
from services.errors import NotSignedIn, TooManyRequests
from services.identity import IdentityService, Presence, SecondFactorRequired, WrongCode, WrongCredentials, hashed
from services.identity import hashing as passwords
from services.sealing import Sealer
from services.tracing import Origin, coming_from
from services.work import Gate
from storage.checks import security_events
from storage.identity import Session, User
from tests.services.cheap_passwords import cheap_passwords  # noqa: F401
from tests.services.world import World

PASSWORD, OTHER = 'four words lie here', 'quite another set of words'
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


@pytest.fixture(autouse=True)
def from_somewhere() -> Iterator[None]:
    with coming_from(Origin(address='192.0.2.1', user_agent='a browser')):
        yield


async def test_signing_in_leaves_no_old_session_of_this_browser_behind(identity: IdentityService) -> None:
    first = await identity.sign_in(EMAIL, PASSWORD, kind='browser')
    second = await identity.sign_in(EMAIL, PASSWORD, kind='browser', instead_of=first.secret)
    assert second.viewer.session_id != first.viewer.session_id
    with pytest.raises(NotSignedIn):
        await identity.from_cookie(first.secret)
    assert await identity.from_cookie(second.secret)


async def test_a_used_refresh_token_ends_the_whole_session(world: World, identity: IdentityService) -> None:
    signed_in = await identity.sign_in(EMAIL, PASSWORD)
    renewed = await identity.refresh(signed_in.refresh_token)
    with pytest.raises(NotSignedIn, match='used before'):
        await identity.refresh(signed_in.refresh_token)
    for token in (renewed.access_token, signed_in.access_token):
        with pytest.raises(NotSignedIn):
            await identity.from_token(token)
    with pytest.raises(NotSignedIn):
        await identity.refresh(renewed.refresh_token)
    with pytest.raises(NotSignedIn):
        await identity.refresh(signed_in.refresh_token.split('.')[0] + '.' + '0' * 64)
    async with world.database.reading() as tx:
        assert [event.kind for event in await security_events(tx)][-1:] == ['refresh_reuse']


async def test_of_two_who_bring_one_refresh_token_at_once_one_is_served(identity: IdentityService) -> None:
    signed_in = await identity.sign_in(EMAIL, PASSWORD)
    outcomes = await asyncio.gather(
        *(identity.refresh(signed_in.refresh_token) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(outcome, NotSignedIn) for outcome in outcomes) >= 3


async def test_a_second_factor_is_asked_for_after_the_password_and_only_then(
    world: World, identity: IdentityService
) -> None:
    secret = pyotp.random_base32()
    async with world.database.writing() as tx:
        user = await tx.get_one(User, world.demo.instructor.user_id)
        user.second_factor, user.second_factor_at = Sealer('secret').seal(secret), now()
        tx.add(user)
    with pytest.raises(WrongCredentials):
        await identity.sign_in(EMAIL, 'wrong', code=pyotp.TOTP(secret).now())
    with pytest.raises(SecondFactorRequired) as first:
        await identity.sign_in(EMAIL, PASSWORD)
    with pytest.raises(WrongCode):
        await identity.sign_in(EMAIL, PASSWORD, code='000000')
    with pytest.raises(NotSignedIn):
        await identity.confirm('made up', pyotp.TOTP(secret).now())
    code = pyotp.TOTP(secret).now()
    assert (await identity.confirm(first.value.pending, code)).viewer.email == EMAIL
    with pytest.raises(WrongCode):  # each step counts once
        await identity.confirm(first.value.pending, code)
    for _ in range(4):
        with pytest.raises(WrongCode):
            await identity.confirm(first.value.pending, '123456')
    with pytest.raises(TooManyRequests):
        await identity.confirm(first.value.pending, '123456')


async def test_known_and_unknown_people_cost_the_same_work_and_get_the_same_answer(
    world: World, identity: IdentityService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, not timed: the hash is what takes the time."""
    worked: list[str] = []
    verify = passwords.HASHER.verify
    monkeypatch.setattr(
        passwords, 'HASHER', _Counting(lambda kept, typed: (worked.append(kept[:40]), verify(kept, typed))[1])
    )
    async with world.database.writing() as tx:
        elsewhere = await tx.get_one(User, world.demo.reviewer.user_id)
        elsewhere.password_hash = ''  # signs on through their organisation, has no password
        tx.add(elsewhere)
    answers = []
    for email in (EMAIL, 'nobody@demo.example', 'reviewer@demo.example', ''):
        with pytest.raises(WrongCredentials) as refusal:
            await identity.sign_in(email, 'not the password')
        answers.append((refusal.value.status_code, refusal.value.code, str(refusal.value)))
    assert len(set(answers)) == 1
    assert len(worked) == 4
    assert len({kept.rpartition('$')[0] for kept in worked}) == 1, 'each at the same cost'


async def test_too_many_wrong_passwords_are_told_how_long_to_wait_whoever_it_is(identity: IdentityService) -> None:
    for email in (EMAIL, 'nobody@demo.example'):
        for _ in range(10):
            with pytest.raises(WrongCredentials):
                await identity.sign_in(email, 'not the password')
        with pytest.raises(TooManyRequests) as refusal:
            await identity.sign_in(email, PASSWORD)
        assert 1 <= refusal.value.retry_after <= 60


async def test_a_session_that_lies_unused_ends_and_one_in_use_goes_on(world: World, identity: IdentityService) -> None:
    idle = timedelta(hours=1)
    gate = Gate(world.database, world.bus, idle=idle)
    presence = Presence(world.database, idle=idle)
    gate.saw = presence.saw
    strict = IdentityService(gate, 'secret')
    used, unused = [await identity.sign_in(EMAIL, PASSWORD, kind='browser') for _ in range(2)]
    for signed_in, ago in ((used, 50), (unused, 61)):
        async with world.database.writing() as tx:
            session = await tx.get_one(Session, signed_in.viewer.session_id)
            session.last_seen_at = now() - timedelta(minutes=ago)
            tx.add(session)
    assert await strict.from_cookie(used.secret)
    with pytest.raises(NotSignedIn, match='away'):
        await strict.from_cookie(unused.secret)
    await presence.write()
    async with world.database.reading() as tx:
        seen_at = (await tx.get_one(Session, used.viewer.session_id)).last_seen_at
        assert seen_at is not None and now() - seen_at < timedelta(minutes=5)
        missed_at = (await tx.get_one(Session, unused.viewer.session_id)).last_seen_at
        assert missed_at is not None and now() - missed_at > timedelta(minutes=60)


class _Counting:
    """A hasher that is watched."""

    def __init__(self, verify: object) -> None:
        self.verify = verify
