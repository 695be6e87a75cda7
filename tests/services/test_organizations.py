"""Organisations: made whole or not at all, suspended without loss, deleted with a way back."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from services.clock import now
from services.errors import Conflict, Forbidden, InvalidInput, NotFound, NotSignedIn
from services.organizations import Created, OrganizationService
from services.organizations.typed import SlugTaken, slug_of
from services.viewer import Permission, Suspended, Viewer
from services.work import Work
from storage.accounts import OneTimeLink
from storage.audit import AuditEvent
from storage.database import Scope
from storage.identity import Organization, User, organization_by_slug, organizations_of, roles_of, user_by_email
from storage.mail import MailMessage
from tests.services.world import World

FIRST = {'name': 'North Academy', 'admin_email': 'ada@north.example', 'admin_name': 'Ada North'}


@pytest.fixture
def organizations(world: World) -> OrganizationService:
    return OrganizationService(world.gate, address='https://courses.example', rest=nothing, resume=nothing)


async def nothing(_work: Work) -> None:
    """No work runs here; tests/services/test_suspension.py has some."""


async def gets_in(world: World, viewer: Viewer) -> bool:
    try:
        await world.gate.check(viewer, Permission.LEARN)
    except (Suspended, NotSignedIn):
        return False
    return True


async def test_one_form_makes_an_organisation_and_its_administrator(
    world: World, organizations: OrganizationService
) -> None:
    made = await organizations.create(
        world.demo.site, **FIRST, address='1 Main Street\nOslo', contact_email='Post@North.example', phone='+47 22 12'
    )
    assert (made.organization.slug, made.organization.status, made.organization.members) == (
        'north-academy',
        'active',
        1,
    )
    assert made.organization.contact_email == 'post@north.example'
    async with world.database.reading() as tx:
        ada = await user_by_email(tx, 'ada@north.example')
        assert ada is not None
        scope = Scope(tx, made.organization.id)
        assert await roles_of(tx, ada.id, made.organization.id) == {'org_admin'}
        [mail] = (await tx.exec(scope.rows(MailMessage))).all()
        [link] = (await tx.exec(select(OneTimeLink).where(OneTimeLink.user_id == ada.id))).all()
        [trail] = (await tx.exec(scope.rows(AuditEvent))).all()
    assert made.admin_link in mail.text
    assert mail.recipient == 'ada@north.example'
    assert link.purpose == 'reset_password'
    assert link.secret_hash not in made.admin_link
    assert (trail.action, trail.actor) == ('organization.created', 'Site of Demo Academy')


async def test_somebody_with_an_account_becomes_administrator_of_a_second_organisation(
    world: World, organizations: OrganizationService
) -> None:
    made = await organizations.create(world.demo.site, name='Second', admin_email=world.demo.instructor.email.upper())
    assert made.admin_link == ''
    async with world.database.reading() as tx:
        assert set(await organizations_of(tx, world.demo.instructor.user_id)) == {
            world.demo.organization_id,
            made.organization.id,
        }


async def test_a_broken_second_half_leaves_nothing(world: World, organizations: OrganizationService) -> None:
    for broken in ['not an address', '', 'a@b', 'a@b.example\nBcc: x@y.example']:
        with pytest.raises(InvalidInput) as refused:
            await organizations.create(world.demo.site, name='Half', admin_email=broken)
        assert list(refused.value.fields) == ['admin_email']
        await nothing_is_left(world, 'half')


async def test_an_account_that_is_closed_administers_nothing(world: World, organizations: OrganizationService) -> None:
    async with world.database.writing() as tx:
        student = await tx.get_one(User, world.other.student.user_id)
        student.is_active = False
        tx.add(student)
    with pytest.raises(InvalidInput, match='closed') as refused:
        await organizations.create(world.demo.site, name='Half', admin_email=world.other.student.email)
    assert list(refused.value.fields) == ['admin_email']
    await nothing_is_left(world, 'half')


async def test_two_who_make_the_same_organisation_at_once_make_one(
    world: World, organizations: OrganizationService
) -> None:
    outcomes = await asyncio.gather(
        *(organizations.create(world.demo.site, **FIRST) for _ in range(3)), return_exceptions=True
    )
    assert sum(isinstance(outcome, Created) for outcome in outcomes) == 1
    assert all(isinstance(outcome, Created | SlugTaken | Conflict) for outcome in outcomes), outcomes
    assert (await organizations.list(world.demo.site))[1] == 3


async def nothing_is_left(world: World, slug: str) -> None:
    async with world.database.reading() as tx:
        assert await organization_by_slug(tx, slug) is None
        assert (await tx.exec(select(OneTimeLink))).all() == []


async def test_every_field_says_what_is_wrong_with_it(world: World, organizations: OrganizationService) -> None:
    with pytest.raises(InvalidInput) as refused:
        await organizations.create(
            world.demo.site, name=' ', slug='Not Good!', contact_email='nobody', phone='call me', admin_email='x'
        )
    assert set(refused.value.fields) == {'name', 'slug', 'contact_email', 'phone', 'admin_email'}


async def test_a_short_name_is_taken_once_even_by_a_deleted_organisation(
    world: World, organizations: OrganizationService
) -> None:
    first = await organizations.create(world.demo.site, **FIRST)
    await organizations.delete(world.demo.site, first.organization.id, name='North Academy')
    with pytest.raises(SlugTaken, match='short name') as refused:
        await organizations.create(world.demo.site, name='North Academy', admin_email='other@north.example')
    assert (refused.value.status_code, list(refused.value.fields)) == (409, ['slug'])
    async with world.database.reading() as tx:
        assert await user_by_email(tx, 'other@north.example') is None
    with pytest.raises(SlugTaken):
        await organizations.update(world.demo.site, world.other.organization_id, slug='north-academy')


@pytest.mark.parametrize(
    ('name', 'slug'),
    [
        ('Ångström & Söhne', 'angstrom-sohne'),
        ('Straße  42', 'strasse-42'),
        ('  ---  ', 'organisation'),
        ('東京大学', 'organisation'),
        ('x' * 100, 'x' * 60),
    ],
)
def test_a_name_suggests_a_short_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug


async def test_only_those_who_run_the_installation_make_suspend_and_delete(
    world: World, organizations: OrganizationService
) -> None:
    own, site = world.other.organization_id, world.demo.site
    for viewer in (world.other.admin, world.other.instructor, world.other.student):
        with pytest.raises(Forbidden):
            await organizations.create(viewer, **FIRST)
        for act in (organizations.suspend, organizations.restore):
            with pytest.raises(Forbidden):
                await act(viewer, own)
    with pytest.raises(Forbidden):
        await organizations.delete(world.other.admin, own, name='Other Institute')
    with pytest.raises(Forbidden):
        await organizations.list(world.other.student)
    for viewer in (world.other.student, world.demo.admin):
        for refused in (
            organizations.get(viewer, own),
            organizations.update(viewer, own, name='Mine'),
            organizations.delete(viewer, own, name='Other Institute'),
        ):
            with pytest.raises(NotFound):
                await refused
    assert (await organizations.get(site, own)).name == 'Other Institute'


async def test_operators_see_every_organisation_and_administrators_their_own(
    world: World, organizations: OrganizationService
) -> None:
    await world.course(world.other)
    found, total = await organizations.list(world.demo.site, order='name', descending=False)
    assert [(one.name, one.members, one.courses) for one in found] == [
        ('Demo Academy', 7, 0),
        ('Other Institute', 7, 1),
    ]
    assert total == 2
    found, total = await organizations.list(world.demo.site, search='INST', limit=1)
    assert ([one.slug for one in found], total) == (['other'], 1)
    assert await organizations.list(world.demo.site, search='%') == ([], 0)
    found, total = await organizations.list(world.demo.site, order='name', descending=True, limit=1, offset=1)
    assert ([one.slug for one in found], total) == (['demo'], 2)
    found, total = await organizations.list(world.other.admin)
    assert ([one.slug for one in found], total) == (['other'], 1)


async def test_deleting_asks_for_the_name_and_can_be_taken_back(
    world: World, organizations: OrganizationService
) -> None:
    site, other = world.demo.site, world.other.organization_id
    for typed in ('', 'other', 'Demo Academy'):
        with pytest.raises(InvalidInput, match='Other Institute'):
            await organizations.delete(site, other, name=typed)
    deleted = await organizations.delete(site, other, name='  other  institute ')
    assert deleted.status == 'deleted'
    assert deleted.restorable_until is not None
    assert not await gets_in(world, world.other.admin)
    assert [one.slug for one in (await organizations.list(site))[0]] == ['demo']
    assert [one.slug for one in (await organizations.list(site, status='deleted'))[0]] == ['other']
    async with world.database.reading() as tx:
        assert await organizations_of(tx, world.other.admin.user_id) == []
    assert (await organizations.restore(site, other)).status == 'active'
    assert await gets_in(world, world.other.admin)


async def test_after_a_month_a_deleted_one_stays_away(world: World, organizations: OrganizationService) -> None:
    await organizations.delete(world.demo.site, world.other.organization_id, name='Other Institute')
    async with world.database.writing() as tx:
        organization = await tx.get_one(Organization, world.other.organization_id)
        organization.deleted_at = now() - timedelta(days=31)
        tx.add(organization)
    with pytest.raises(Conflict, match='30 days'):
        await organizations.restore(world.demo.site, world.other.organization_id)


async def test_nobody_locks_themselves_out(world: World, organizations: OrganizationService) -> None:
    for act in (
        organizations.suspend(world.demo.site, world.demo.organization_id),
        organizations.delete(world.demo.site, world.demo.organization_id, name='Demo Academy'),
    ):
        with pytest.raises(Conflict, match='lock yourself out'):
            await act
    with pytest.raises(NotFound):
        await organizations.get(world.demo.site, uuid4())


async def test_administrators_change_their_profile_and_the_trail_says_from_what_to_what(
    world: World, organizations: OrganizationService
) -> None:
    own = world.other.organization_id
    changed = await organizations.update(world.other.admin, own, name='Institute of Others', phone='+1 (555) 010-9999')
    assert (changed.name, changed.phone, changed.slug) == ('Institute of Others', '+1 (555) 010-9999', 'other')
    await organizations.update(world.other.admin, own, phone='+1 (555) 010-9999')  # nothing new, nothing written
    async with world.database.reading() as tx:
        [row] = (await tx.exec(Scope(tx, own).rows(AuditEvent))).all()
    assert row.before == {'name': 'Other Institute', 'phone': ''}
    assert row.after == {'name': 'Institute of Others', 'phone': '+1 (555) 010-9999'}
    assert row.actor == 'Admin of Other Institute'
    with pytest.raises(Forbidden, match='short name'):
        await organizations.update(world.other.admin, own, slug='mine')
    assert (await organizations.update(world.demo.site, own, slug='mine')).slug == 'mine'
