"""Who belongs to an organisation and what they may do there, on both databases."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import event

from services.errors import Conflict, Forbidden, InvalidInput, NotFound, NotSignedIn
from services.members.membership import LastAdministrator, RunsTheInstallation
from services.viewer import Permission, Role
from storage.database import Scope
from storage.enrollments import enrollment_of
from storage.identity import User, UserRole
from tests.services.office import Office, make_office
from tests.services.world import World


@pytest.fixture
def office(world: World) -> Office:
    return make_office(world)


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
