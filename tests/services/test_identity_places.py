"""A person of several organisations and several devices."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from services.clock import now
from services.errors import Conflict, Forbidden, InvalidInput, NotFound, NotSignedIn
from services.identity import IdentityService, WrongCredentials, hashed
from services.tracing import Origin, coming_from
from services.viewer import Role, Suspended
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
    async with world.database.reading() as tx:
        assert ('suspended', 'refused') in [(event.kind, event.outcome) for event in await security_events(tx)]
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
