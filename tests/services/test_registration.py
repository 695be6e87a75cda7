"""Making an account, proving the address, and getting back in without the password."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlmodel import col, select

from services.clock import now
from services.errors import InvalidInput, NotSignedIn, TooManyRequests
from services.flags import SELF_SIGNUP, FlagService
from services.identity import IdentityService, SignIn, WrongCredentials, check_password
from services.identity.links import LinkEnded
from services.recovery import RecoveryService
from services.registration import AlreadyRegistered, RegistrationClosed, RegistrationService
from services.viewer import Role
from storage.accounts import OneTimeLink
from storage.checks import security_events
from storage.database import Scope
from storage.identity import Organization, Session, User
from storage.mail import MailMessage
from tests.services.cheap_passwords import cheap_passwords  # noqa: F401
from tests.services.world import World

PASSWORD, OTHER = 'four words lie here', 'quite another set of words'
EMAIL = 'nora@work.example'


@dataclass(frozen=True, kw_only=True)
class Doors:
    world: World
    identity: IdentityService
    registration: RegistrationService
    recovery: RecoveryService

    async def register(self, email: str = EMAIL, **changes: str) -> SignIn:
        given = {'email': email, 'password': PASSWORD, 'full_name': 'Nora Lind', **changes}
        return await self.registration.register(**given)  # type: ignore[arg-type]

    async def mails(self) -> list[MailMessage]:
        async with self.world.database.reading() as tx:
            found = Scope(tx, self.world.demo.organization_id).rows(MailMessage)
            return list((await tx.exec(found.order_by(col(MailMessage.created_at)))).all())

    async def token(self) -> str:
        """Of the newest mail."""
        return (await self.mails())[-1].text.partition('token=')[2].split()[0]


@pytest.fixture
async def doors(world: World) -> Doors:
    await policy(world, self_signup=True)
    identity = IdentityService(world.gate, 'secret')
    return Doors(
        world=world,
        identity=identity,
        registration=RegistrationService(world.gate, identity, FlagService(world.gate), address='http://test'),
        recovery=RecoveryService(world.gate, identity, address='http://test'),
    )


async def policy(world: World, **changes: object) -> None:
    async with world.database.writing() as tx:
        place = await tx.get_one(Organization, world.demo.organization_id)
        for name, value in changes.items():
            setattr(place, name, value)
        tx.add(place)


async def test_who_registers_is_a_student_and_signed_in(doors: Doors) -> None:
    signed_in = await doors.register(' Nora@Work.example ')
    assert (signed_in.viewer.email, signed_in.viewer.full_name) == (EMAIL, 'Nora Lind')
    assert signed_in.viewer.roles == {Role.STUDENT}
    assert signed_in.viewer.organization_id == doors.world.demo.organization_id
    assert (await doors.identity.sign_in(EMAIL, PASSWORD)).viewer.user_id == signed_in.viewer.user_id
    async with doors.world.database.reading() as tx:
        kept = await tx.get_one(User, signed_in.viewer.user_id)
    assert kept.password_hash.startswith('$argon2id$')
    assert await doors.world.audit(doors.world.demo) == ['user.registered']


async def test_what_is_refused_is_refused_in_a_sentence_and_changes_nothing(doors: Doors) -> None:
    with pytest.raises(AlreadyRegistered) as refusal:
        await doors.register('STUDENT@demo.example')
    assert refusal.value.status_code == 409
    assert 'already registered' in str(refusal.value)
    for typed in ('nora', 'nora@', 'nora@localhost', 'a b@work.example', 'nora@work.example\nBcc: x@y.example'):
        with pytest.raises(InvalidInput) as invalid:
            await doors.register(typed)
        assert 'email' in invalid.value.fields
    with pytest.raises(InvalidInput, match='may not hold your name'):
        await doors.register(password=f'{EMAIL} and then some more')
    await policy(doors.world, password_length=30)
    with pytest.raises(InvalidInput, match='30 characters or more'):
        await doors.register()
    await policy(doors.world, self_signup=False)
    for organization in ('', 'other'):
        with pytest.raises(RegistrationClosed):
            await doors.register(organization=organization)
    assert await doors.mails() == []


@pytest.mark.parametrize(
    ('password', 'rule'),
    [
        ('password1', '12 characters or more; this one has 9'),
        ('password1', 'tried first'),
        ('Passw0rd123!', 'tried first'),
        ('qwertyuiop123', 'tried first'),
        ('123456789012', 'tried first'),
        ('aaaaaaaaaaaaaaa', 'same few characters'),
        ('i am nora and ok', 'your name or e-mail'),
        ('x' * 201, '200 characters at most'),
    ],
)
def test_a_weak_password_is_refused_with_the_rule_named(password: str, rule: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_password(password, shortest=12, person=(EMAIL, 'Nora Lind'))
    assert rule in refusal.value.fields['password']


@pytest.mark.parametrize('password', [PASSWORD, OTHER, 'Tr4ctor-lemon-Friday', 'зелёный чайник поёт'])
def test_a_long_password_of_unrelated_words_is_taken(password: str) -> None:
    check_password(password, shortest=12, person=(EMAIL, 'Nora Lind'))


async def test_free_mail_and_foreign_domains_are_refused_where_the_organisation_says_so(doors: Doors) -> None:
    await policy(doors.world, work_email_only=True)
    with pytest.raises(InvalidInput, match=r'addresses of work or school, not of gmail\.com'):
        await doors.register('nora@gmail.com')
    await doors.register()
    await policy(doors.world, work_email_only=False, email_domains=['work.example'])
    with pytest.raises(InvalidInput, match=r'takes addresses of work\.example only'):
        await doors.register('ole@elsewhere.example')
    await doors.register('ole@work.example')
    await policy(doors.world, email_domains=[])
    await doors.register('ole@gmail.com')


async def test_the_mailed_link_proves_the_address_once_and_looking_at_it_does_nothing(doors: Doors) -> None:
    viewer = (await doors.register()).viewer
    assert not (await doors.identity.person(viewer)).email_verified
    first = await doors.token()
    await doors.registration.send_verification(viewer)
    with pytest.raises(LinkEnded):  # the newer one counts
        await doors.registration.verify(first)
    token = await doors.token()
    assert await doors.registration.verify(token) == EMAIL
    assert (await doors.identity.person(viewer)).email_verified
    with pytest.raises(LinkEnded):
        await doors.registration.verify(token)
    await doors.registration.send_verification(viewer)
    assert len(await doors.mails()) == 2, 'who is verified gets no mail'


async def test_only_a_hash_of_a_link_is_kept_and_it_ends_after_a_day(doors: Doors) -> None:
    await doors.register()
    token = await doors.token()
    async with doors.world.database.writing() as tx:
        link = (await tx.exec(select(OneTimeLink))).one()
        assert token not in repr(link)
        link.expires_at = now() - timedelta(seconds=1)
        tx.add(link)
    with pytest.raises(LinkEnded):
        await doors.registration.verify(token)


async def test_a_forgotten_password_is_replaced_by_a_link_that_ends_every_session(doors: Doors) -> None:
    before = await doors.register()
    await doors.recovery.ask(EMAIL)
    await doors.recovery.settled()
    token = await doors.token()
    assert await doors.recovery.look(token) == 12
    with pytest.raises(InvalidInput, match='tried first'):
        await doors.recovery.reset(token, 'password12345')
    assert await doors.recovery.reset(token, OTHER) == EMAIL
    for attempt in (doors.identity.from_cookie(before.secret), doors.identity.from_token(before.access_token)):
        with pytest.raises(NotSignedIn):
            await attempt
    with pytest.raises(WrongCredentials):
        await doors.identity.sign_in(EMAIL, PASSWORD)
    assert await doors.identity.sign_in(EMAIL, OTHER)
    with pytest.raises(LinkEnded):
        await doors.recovery.reset(token, PASSWORD)
    assert (await doors.identity.person((await doors.identity.sign_in(EMAIL, OTHER)).viewer)).email_verified
    assert (await doors.mails())[-1].subject == 'Your password was changed'


async def test_asking_for_an_unknown_address_looks_the_same_and_writes_no_mail(doors: Doors) -> None:
    await doors.recovery.ask('nobody@work.example')
    await doors.recovery.settled()
    assert await doors.mails() == []
    async with doors.world.database.reading() as tx:
        assert [(event.kind, event.outcome) for event in await security_events(tx)] == [
            ('password_reset_asked', 'refused')
        ]
    for _ in range(4):
        await doors.recovery.ask('nobody@work.example')
    with pytest.raises(TooManyRequests) as refusal:
        await doors.recovery.ask('nobody@work.example')
    assert refusal.value.retry_after > 0


async def test_registering_ends_the_session_that_the_browser_had(doors: Doors) -> None:
    student = await doors.register('first@work.example', kind='browser')
    await doors.register(kind='browser', instead_of=student.secret)
    with pytest.raises(NotSignedIn):
        await doors.identity.from_cookie(student.secret)
    async with doors.world.database.reading() as tx:
        secrets = (await tx.exec(select(Session.secret_hash))).all()
    assert student.secret not in secrets
    assert all(re.fullmatch('[0-9a-f]{64}|[0-9a-f]{32}', kept) for kept in secrets)


async def test_where_registering_is_switched_off_nobody_comes_in_alone(doors: Doors) -> None:
    flags = FlagService(doors.world.gate)
    assert [opening.slug for opening in await doors.registration.openings()] == ['demo']
    await flags.switch(doors.world.demo.site, SELF_SIGNUP, False)
    assert await doors.registration.openings() == ()
    with pytest.raises(RegistrationClosed):
        await doors.register('nora@work.example')
    await flags.switch(doors.world.demo.site, SELF_SIGNUP, True, organization_id=doors.world.demo.organization_id)
    await doors.register('nora@work.example')
