"""A person of several organisations, several devices, and a second factor."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest

from services.clock import now
from services.errors import Conflict, Forbidden, InvalidInput, NotFound, NotSignedIn, TooManyRequests
from services.identity import IdentityService, Presence, SecondFactorRequired, WrongCode, WrongCredentials, hashed
from services.identity import hashing as passwords
from services.sealing import Sealer
from services.tracing import Origin, coming_from
from services.viewer import Role, Suspended
from services.work import Gate
from storage.checks import security_events
from storage.database import Scope
from storage.identity import Organization, Session, User, UserRole
from storage.mail import MailMessage
from tests.services.cheap_passwords import cheap_passwords  # noqa: F401
from tests.services.world import World

PASSWORD, OTHER = 'four words lie here', 'quite another set of words'
EMAIL = 'instructor@demo.example'


@pytest.fixture(scope='module')
def password_hash(cheap_passwords: None) -> str:  # noqa: F811
    return hashed(PASSWORD)


@pytest.fixture
async def identity(world: World, password_hash: str) -> IdentityService:
    """The instructor of the demo organisation is a student of the other one, too."""
    async with world.database.writing() as tx:
        for person in (world.demo.instructor, world.demo.student):
            user = await tx.get_one(User, person.user_id)
            user.password_hash = password_hash
            tx.add(user)
        Scope(tx, world.other.organization_id).add(UserRole(user_id=world.demo.instructor.user_id, role=Role.STUDENT))
    return IdentityService(world.gate, 'secret')


@pytest.fixture(autouse=True)
def from_somewhere() -> Iterator[None]:
    with coming_from(Origin(address='192.0.2.1', user_agent='a browser')):
        yield


async def suspend(world: World, organization_id: object, *, active: bool = False) -> None:
    async with world.database.writing() as tx:
        place = await tx.get_one(Organization, organization_id)
        place.is_active = active
        tx.add(place)
    await world.bus.publish('sessions')


async def test_a_switch_changes_the_organisation_and_the_secret_of_the_session(
    world: World, identity: IdentityService
) -> None:
    before = await identity.sign_in(EMAIL, PASSWORD, kind='browser')
    assert before.viewer.organization_id == world.demo.organization_id
    places = await identity.organizations(before.viewer)
    assert [(place.name, place.is_here) for place in places] == [('Demo Academy', True), ('Other Institute', False)]
    heard = world.heard('sessions', f'session:{before.viewer.session_id}')
    after = await identity.switch(before.viewer, world.other.organization_id)
    await identity.announce(before.viewer)
    assert heard == ['sessions', f'session:{before.viewer.session_id}']
    assert after.viewer.session_id == before.viewer.session_id
    assert (after.viewer.organization_id, after.viewer.roles) == (world.other.organization_id, {Role.STUDENT})
    with pytest.raises(NotSignedIn):
        await identity.from_cookie(before.secret)
    with pytest.raises(NotSignedIn):
        await identity.from_token(before.access_token)
    assert await identity.has_moved(before.viewer)
    with pytest.raises(NotSignedIn):  # a page that still shows the organisation that was left
        await identity.person(before.viewer)
    assert (await identity.from_cookie(after.secret)).organization_id == world.other.organization_id
    again = await identity.sign_in(EMAIL, PASSWORD)
    assert again.viewer.organization_id == world.other.organization_id, 'where they were last'


async def test_nobody_switches_to_where_they_do_not_belong(world: World, identity: IdentityService) -> None:
    signed_in = await identity.sign_in('student@demo.example', PASSWORD, kind='browser')
    for stranger in (world.other.organization_id, world.demo.student.user_id):
        with pytest.raises(NotFound):
            await identity.switch(signed_in.viewer, stranger)
    assert await identity.from_cookie(signed_in.secret)
    program = await identity.sign_in(EMAIL, PASSWORD)
    with pytest.raises(Conflict):  # its new secret would reach nobody
        await identity.switch(program.viewer, world.other.organization_id)


async def test_a_suspended_organisation_keeps_its_members_out_and_lets_them_go_elsewhere(
    world: World, identity: IdentityService
) -> None:
    instructor = await identity.sign_in(EMAIL, PASSWORD, kind='browser')
    await suspend(world, world.demo.organization_id)
    with pytest.raises(Suspended) as refusal:
        await identity.from_cookie(instructor.secret)
    kept_out = refusal.value.viewer
    assert kept_out is not None and not kept_out.permissions
    assert [place.is_active for place in await identity.organizations(kept_out)] == [False, True]
    elsewhere = await identity.switch(kept_out, world.other.organization_id)
    assert elsewhere.viewer.organization_id == world.other.organization_id
    with pytest.raises(Suspended):
        await identity.switch(elsewhere.viewer, world.demo.organization_id)
    with pytest.raises(Suspended):  # the only one they have; the password was right, so they may know
        await identity.sign_in('student@demo.example', PASSWORD)
    with pytest.raises(WrongCredentials):
        await identity.sign_in('student@demo.example', 'wrong')
    assert (await identity.sign_in(EMAIL, PASSWORD)).viewer.organization_id == world.other.organization_id
    await suspend(world, world.demo.organization_id, active=True)
    assert await identity.sign_in('student@demo.example', PASSWORD)


async def test_a_new_password_signs_the_other_devices_out_and_rotates_this_one(
    world: World, identity: IdentityService
) -> None:
    here, there = [await identity.sign_in(EMAIL, PASSWORD, kind='browser') for _ in range(2)]
    program = await identity.sign_in(EMAIL, PASSWORD)
    with pytest.raises(InvalidInput) as wrong:
        await identity.change_password(here.viewer, 'not it', OTHER)
    assert 'current_password' in wrong.value.fields
    for new in ('password1', PASSWORD, EMAIL):
        with pytest.raises(InvalidInput) as weak:
            await identity.change_password(here.viewer, PASSWORD, new)
        assert 'new_password' in weak.value.fields
    heard = world.heard(f'session:{there.viewer.session_id}', f'session:{here.viewer.session_id}')
    changed = await identity.change_password(here.viewer, PASSWORD, OTHER)
    assert heard == [f'session:{there.viewer.session_id}']
    assert (await identity.from_cookie(changed.secret)).session_id == here.viewer.session_id
    for old in (here.secret, there.secret):
        with pytest.raises(NotSignedIn):
            await identity.from_cookie(old)
    with pytest.raises(NotSignedIn):
        await identity.from_token(program.access_token)
    with pytest.raises(WrongCredentials):
        await identity.sign_in(EMAIL, PASSWORD)
    assert await identity.sign_in(EMAIL, OTHER)
    assert await world.audit(world.demo) == ['user.password_changed']
    async with world.database.reading() as tx:
        [mail] = (await tx.exec(Scope(tx, world.demo.organization_id).rows(MailMessage))).all()
        assert mail.subject == 'Your password was changed'
        log = [(event.kind, event.outcome, event.address) for event in await security_events(tx)]
    assert ('password_change', 'refused', '192.0.2.1') in log
    assert ('password_change', 'success', '192.0.2.1') in log


async def test_signing_out_everywhere_ends_pages_tokens_and_api_tokens(world: World, identity: IdentityService) -> None:
    browsers = [await identity.sign_in(EMAIL, PASSWORD, kind='browser') for _ in range(2)]
    program = await identity.sign_in(EMAIL, PASSWORD)
    bystander = await identity.sign_in('student@demo.example', PASSWORD, kind='browser')
    async with world.database.writing() as tx:
        token = Session(
            user_id=browsers[0].viewer.user_id,
            organization_id=world.demo.organization_id,
            secret_hash='c' * 64,
            expires_at=now() + timedelta(days=1),
            kind='token',
            scopes=['course.read'],
        )
        tx.add(token)
    async with world.database.reading() as tx:
        by_token = await world.gate.current(tx, token.id)
    with pytest.raises(Forbidden):  # a token does nothing to the account it belongs to
        await identity.sign_out_everywhere(by_token)
    await identity.sign_out_everywhere(browsers[0].viewer)
    for browser in browsers:
        with pytest.raises(NotSignedIn):
            await identity.from_cookie(browser.secret)
    with pytest.raises(NotSignedIn):
        await identity.from_token(program.access_token)
    with pytest.raises(NotSignedIn):
        async with world.database.reading() as tx:
            await world.gate.current(tx, token.id)
    assert await identity.from_cookie(bystander.secret)


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
