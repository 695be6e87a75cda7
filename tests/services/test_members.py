"""Who belongs to an organisation and what they may do there, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from sqlalchemy import event

from services.errors import Conflict, Forbidden, InvalidInput, NotFound, NotSignedIn
from services.members.accounts import PeopleAccounts
from services.members.groups import GroupService, NameTaken
from services.members.inviting import InvitationService
from services.members.membership import LastAdministrator, RunsTheInstallation
from services.members.service import MemberService
from services.viewer import Permission, Role, Viewer
from storage.database import Scope
from storage.enrollments import enrollment_of
from storage.identity import User, UserRole, user_by_email
from storage.mail import MailMessage
from tests.services.world import Cast, World


@dataclass(frozen=True, kw_only=True)
class Office:
    """The services of one world, and short ways to ask them."""

    world: World
    members: MemberService
    groups: GroupService
    people: PeopleAccounts

    @property
    def demo(self) -> Cast:
        return self.world.demo

    async def roles(self, person: Viewer) -> list[str]:
        view = await self.members.get(self.demo.admin, person.user_id)
        return sorted(view.roles)

    async def emails(self, **wanted: object) -> list[str]:
        found, total = await self.members.list(self.demo.admin, limit=100, **wanted)  # type: ignore[arg-type]
        assert len(found) == total
        return [one.email.partition('@')[0] for one in found]

    async def second_admin(self) -> Viewer:
        await self.members.set_roles(self.demo.admin, self.demo.instructor.user_id, ['org_admin'])
        return await self.members.me(self.demo.instructor)

    async def mails(self) -> list[MailMessage]:
        async with self.world.database.reading() as tx:
            return list((await tx.exec(Scope(tx, self.demo.organization_id).rows(MailMessage))).all())


@pytest.fixture
async def office(world: World) -> AsyncIterator[Office]:
    invitations = InvitationService(world.gate, 'http://coursewright.example')
    yield Office(
        world=world,
        members=MemberService(world.gate, invitations),
        groups=GroupService(world.gate),
        people=PeopleAccounts(world.gate),
    )


async def test_members_are_found_filtered_sorted_and_paged(office: Office) -> None:
    demo = office.demo
    group = await office.groups.create(demo.admin, 'Night shift')
    await office.groups.put_in(demo.admin, group.id, [demo.student.user_id])
    await office.members.add(demo.admin, ['new@demo.example'], ['student', 'viewer'], group_ids=[group.id])
    await office.members.suspend(demo.admin, demo.classmate.user_id)
    everybody = await office.emails()
    assert sorted(everybody) == sorted(
        ['admin', 'classmate', 'editor', 'instructor', 'new', 'reviewer', 'site', 'student']
    )
    assert await office.emails(search='INSTR') == ['instructor']
    assert sorted(await office.emails(search='night')) == ['student']
    assert sorted(await office.emails(group_id=group.id)) == ['new', 'student']
    assert sorted(await office.emails(role='editor')) == ['editor', 'instructor']
    assert await office.emails(role='student', status='suspended') == ['classmate']
    assert await office.emails(status='invited') == ['new']
    assert await office.emails(search='100%') == []
    by_email, _ = await office.members.list(demo.admin, sort='email', descending=True, limit=3)
    assert [one.email for one in by_email] == ['student@demo.example', 'site@demo.example', 'reviewer@demo.example']
    page, total = await office.members.list(demo.admin, sort='email', limit=3, offset=6)
    assert ([one.email.partition('@')[0] for one in page], total) == (['site', 'student'], 8)
    student = next(one for one in page if one.email.startswith('student'))
    assert (student.roles, student.groups, student.status) == (('student',), ('Night shift',), 'active')
    counts = await office.members.counts(demo.admin)
    assert (counts.members, counts.invited) == (6, 1)


async def test_only_administrators_see_and_change_members_and_only_their_own(office: Office) -> None:
    demo, other = office.demo, office.world.other
    for person in (demo.instructor, demo.reviewer, demo.student, demo.site):
        with pytest.raises(Forbidden):
            await office.members.list(person)
        with pytest.raises(Forbidden):
            await office.members.set_roles(person, demo.student.user_id, ['org_admin'])
        with pytest.raises(Forbidden):
            await office.members.add(person, ['x@demo.example'], ['student'])
    stranger = other.student.user_id
    for act in (
        office.members.get(demo.admin, stranger),
        office.members.set_roles(demo.admin, stranger, ['student']),
        office.members.remove(demo.admin, stranger),
        office.members.suspend(demo.admin, stranger),
        office.members.take_back(demo.admin, stranger),
        office.people.delete(demo.admin, stranger),
        office.people.restore(demo.admin, stranger),
        office.people.rename(demo.admin, stranger, 'Mine'),
        office.members.get(demo.admin, uuid4()),
    ):
        with pytest.raises(NotFound):
            await act
    assert await office.emails(search='other') == []


async def test_whoever_has_an_account_joins_at_once_and_others_are_invited(office: Office) -> None:
    demo, other = office.demo, office.world.other
    heard = office.world.heard(f'user:{other.student.user_id}')
    added = await office.members.add(
        demo.admin, ['Student@Other.example ', 'new@demo.example', 'student@demo.example', 'nobody'], ['reviewer']
    )
    assert [(one.email, one.outcome) for one in added] == [
        ('student@other.example', 'joined'),
        ('new@demo.example', 'invited'),
        ('student@demo.example', 'already'),
        ('nobody', 'refused'),
    ]
    assert heard
    assert await office.roles(other.student) == ['reviewer']
    assert await office.roles(demo.student) == ['student']
    mails = {mail.recipient: mail for mail in await office.mails()}
    assert set(mails) == {'student@other.example', 'new@demo.example'}
    assert 'http://coursewright.example/invite/' in mails['new@demo.example'].text
    with pytest.raises(InvalidInput) as refused:
        await office.members.add(demo.admin, ['a@demo.example'], ['owner'])
    assert 'org_admin' in refused.value.fields['roles']
    with pytest.raises(Forbidden):
        await office.members.add(demo.admin, ['a@demo.example'], ['site_admin'])


async def test_new_roles_hold_at_once_and_the_pages_of_the_person_hear_it(office: Office) -> None:
    demo = office.demo
    heard = office.world.heard('sessions', f'session:{demo.student.session_id}', f'user:{demo.student.user_id}')
    await office.members.me(demo.student)
    view = await office.members.set_roles(demo.admin, demo.student.user_id, ['student', 'reviewer'])
    assert sorted(view.roles) == ['reviewer', 'student']
    assert set(heard) == {'sessions', f'session:{demo.student.session_id}', f'user:{demo.student.user_id}'}
    assert (await office.members.me(demo.student)).may(Permission.DRAFT_APPROVE)
    assert (await office.world.gate.check(demo.student, Permission.DRAFT_APPROVE)).roles == {'student', 'reviewer'}
    assert 'member.role_changed' in await office.world.audit(demo)
    await office.members.set_roles(demo.admin, demo.student.user_id, ['student'])
    with pytest.raises(Forbidden):
        await office.world.gate.check(demo.student, Permission.DRAFT_APPROVE)


async def test_nobody_gives_or_takes_the_role_of_who_runs_the_installation(office: Office) -> None:
    demo = office.demo
    with pytest.raises(Forbidden):
        await office.members.set_roles(demo.admin, demo.student.user_id, ['site_admin'])
    await office.members.set_roles(demo.admin, demo.site.user_id, ['viewer'])
    assert await office.roles(demo.site) == ['site_admin', 'viewer']
    for act in (
        office.members.remove(demo.admin, demo.site.user_id),
        office.members.suspend(demo.admin, demo.site.user_id),
        office.people.delete(demo.admin, demo.site.user_id),
    ):
        with pytest.raises(RunsTheInstallation):
            await act


async def test_the_last_administrator_stays_one(office: Office) -> None:
    demo = office.demo
    for act in (
        office.members.set_roles(demo.admin, demo.admin.user_id, ['student']),
        office.members.remove(demo.admin, demo.admin.user_id),
        office.members.leave(demo.admin),
    ):
        with pytest.raises(LastAdministrator, match='somebody else'):
            await act
    await office.second_admin()
    await office.members.leave(demo.admin)
    with pytest.raises(NotSignedIn):
        await office.members.list(demo.admin)


async def test_of_two_administrators_who_demote_each_other_one_wins(office: Office) -> None:
    demo = office.demo
    second = await office.second_admin()
    outcomes = await asyncio.gather(
        office.members.set_roles(demo.admin, second.user_id, ['student']),
        office.members.set_roles(second, demo.admin.user_id, ['student']),
        return_exceptions=True,
    )
    assert len([one for one in outcomes if isinstance(one, Forbidden)]) == 1, outcomes
    async with office.world.database.reading() as tx:
        held = (await tx.exec(Scope(tx, demo.organization_id).rows(UserRole))).all()
    assert len([row for row in held if row.role == Role.ORG_ADMIN]) == 1


async def test_of_two_administrators_who_leave_at_once_one_stays(office: Office) -> None:
    second = await office.second_admin()
    outcomes = await asyncio.gather(
        office.members.leave(office.demo.admin), office.members.leave(second), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in outcomes) == ['LastAdministrator', 'NoneType']


async def test_a_removed_member_is_out_at_once_and_can_be_taken_back(office: Office) -> None:
    demo, world = office.demo, office.world
    made = await world.taught(demo)
    group = await office.groups.create(demo.admin, 'Night shift')
    await office.groups.put_in(demo.admin, group.id, [demo.student.user_id])
    await office.members.remove(demo.admin, demo.student.user_id)
    with pytest.raises(NotSignedIn):
        await world.gate.check(demo.student, Permission.LEARN)
    assert 'student' not in await office.emails()
    back = await office.members.take_back(demo.admin, demo.student.user_id)
    assert (back.roles, back.groups) == (('student',), ('Night shift',))
    async with world.database.reading() as tx:
        kept = await enrollment_of(Scope(tx, demo.organization_id), made.course_id, demo.student.user_id)
    assert kept is not None
    assert kept.status == 'active'
    assert [act for act in await world.audit(demo) if act.startswith('member.')] == [
        'member.removed',
        'member.taken_back',
    ]
    with pytest.raises(NotFound):
        await office.members.take_back(demo.admin, demo.student.user_id)


async def test_a_suspended_member_waits_with_their_roles(office: Office) -> None:
    demo = office.demo
    await office.members.suspend(demo.admin, demo.editor.user_id)
    with pytest.raises(NotSignedIn):
        await office.world.gate.check(demo.editor, Permission.DRAFT_READ)
    found, _ = await office.members.list(demo.admin, status='suspended')
    assert [(one.email, one.roles) for one in found] == [('editor@demo.example', ('editor',))]
    added = await office.members.add(demo.admin, ['editor@demo.example'], ['org_admin'])
    assert added[0].outcome == 'suspended'
    with pytest.raises(Conflict):
        await office.members.suspend(demo.admin, demo.admin.user_id)
    await office.members.take_back(demo.admin, demo.editor.user_id)
    assert await office.roles(demo.editor) == ['editor']


async def test_a_deleted_person_vanishes_and_can_be_restored(office: Office) -> None:
    demo = office.demo
    await office.people.delete(demo.admin, demo.student.user_id)
    with pytest.raises(NotSignedIn):
        await office.world.gate.check(demo.student, Permission.LEARN)
    assert 'student' not in await office.emails()
    assert await office.emails(status='deleted') == ['student']
    with pytest.raises(NotFound):
        await office.members.set_roles(demo.admin, demo.student.user_id, ['reviewer'])
    restored = await office.people.restore(demo.admin, demo.student.user_id)
    assert not restored.deleted
    assert 'student' in await office.emails()
    with pytest.raises(Conflict):
        await office.people.delete(demo.admin, demo.admin.user_id)
    with pytest.raises(Forbidden):
        await office.people.delete(demo.instructor, demo.student.user_id)


async def test_who_belongs_elsewhere_too_is_removed_not_deleted(office: Office) -> None:
    demo, other = office.demo, office.world.other
    await office.members.add(demo.admin, [other.student.email], ['student'])
    with pytest.raises(Conflict, match='Remove the person'):
        await office.people.delete(demo.admin, other.student.user_id)
    with pytest.raises(Conflict):
        await office.people.rename(demo.admin, other.student.user_id, 'Somebody')
    await office.people.delete(demo.site, other.student.user_id)
    async with office.world.database.reading() as tx:
        user = await user_by_email(tx, other.student.email)
    assert user is not None
    assert user.deleted_at is not None


async def test_an_administrator_corrects_a_name(office: Office) -> None:
    demo = office.demo
    view = await office.people.rename(demo.admin, demo.student.user_id, '  Marta   Lima ')
    assert view.full_name == 'Marta Lima'
    assert 'user.renamed' in await office.world.audit(demo)
    with pytest.raises(InvalidInput):
        await office.people.rename(demo.admin, demo.student.user_id, ' ')


async def test_groups_are_made_renamed_filled_and_deleted(office: Office) -> None:
    demo, other = office.demo, office.world.other
    group = await office.groups.create(demo.admin, ' Night   shift ')
    assert group.name == 'Night shift'
    with pytest.raises(NameTaken):
        await office.groups.create(demo.admin, 'night SHIFT')
    assert (await office.groups.rename(demo.admin, group.id, 'NIGHT shift')).name == 'NIGHT shift'
    await office.groups.put_in(demo.admin, group.id, [demo.student.user_id, demo.editor.user_id])
    await office.groups.put_in(demo.admin, group.id, [demo.student.user_id])
    await office.groups.take_out(demo.admin, group.id, demo.editor.user_id)
    assert [(one.name, one.members) for one in await office.groups.list(demo.admin)] == [('NIGHT shift', 1)]
    for act in (
        office.groups.put_in(demo.admin, group.id, [other.student.user_id]),
        office.groups.rename(other.admin, group.id, 'Ours'),
        office.groups.delete(other.admin, group.id),
        office.groups.put_in(other.admin, group.id, [other.student.user_id]),
    ):
        with pytest.raises(NotFound):
            await act
    with pytest.raises(Forbidden):
        await office.groups.list(demo.instructor)
    await office.groups.delete(demo.admin, group.id)
    assert await office.groups.list(demo.admin) == []
    assert 'student' in await office.emails()


async def test_the_members_as_a_table_name_everybody_of_this_organisation(office: Office) -> None:
    table = await office.members.export(office.demo.admin)
    assert [row[0] for row in table] == sorted(str(row[0]) for row in table)
    assert len(table) == 7
    assert {str(row[0]).partition('@')[2] for row in table} == {'demo.example'}


async def test_a_page_of_many_members_is_read_in_few_statements(office: Office) -> None:
    """Not how fast, which depends on the machine: how often the database is asked, however many there are."""
    demo, database = office.demo, office.world.database
    async with database.writing() as tx:
        people = [User(email=f'p{n:03}@demo.example', full_name=f'P {n:03}', password_hash='-') for n in range(300)]
        tx.add_all(people)
        await tx.flush()
        scope = Scope(tx, demo.organization_id)
        for one in people:
            scope.add(UserRole(user_id=one.id, role='student'))
    asked: list[str] = []
    event.listen(database.engine.sync_engine, 'before_cursor_execute', lambda *given: asked.append(str(given[2])))
    found, total = await office.members.list(demo.admin, search='p 2', limit=25, offset=50)
    assert ([one.name for one in found][:1], len(found), total) == (['P 250'], 25, 100)
    assert len([one for one in asked if one.lstrip().upper().startswith('SELECT')]) <= 12, asked
