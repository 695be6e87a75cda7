"""One's own account: who one is, one's devices and one's data, and leaving."""

import asyncio
import io
import json
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.accounts.copying import CopyService
from services.accounts.devices import DeviceService, program_and_system
from services.accounts.erasing import FORMER_MEMBER, EraseService, LastAdministratorOf, LastOperator
from services.accounts.profile import ProfileService, time_zones
from services.audit_trail import AuditService
from services.clock import now
from services.enrollments import EnrollmentService
from services.errors import InvalidInput, NotFound, NotSignedIn
from services.limits import Limits
from services.proof import Proof
from services.quizzes import QuizService
from services.viewer import Role, Viewer
from storage.audit import AuditEvent
from storage.database import Scope
from storage.identity import SecurityEvent, Session, User, UserRole, members, user_by_email
from storage.mail import MailMessage
from tests.services.world import World

PASSWORD = 'what the person knows'
CHROME = (
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36'
)


@pytest.fixture
def profiles(world: World) -> ProfileService:
    return ProfileService(world.gate, ('en', 'de'))


@pytest.fixture
def erasing(world: World) -> EraseService:
    return EraseService(world.gate, Proof(world.gate, Limits(), lambda kept, typed: kept == f'${typed}'))


async def test_a_new_name_is_said_from_then_on_and_stands_in_the_audit_trail(
    world: World, profiles: ProfileService
) -> None:
    student = world.demo.student
    heard = world.heard(f'members:{student.organization_id}')
    profile = await profiles.update(student, full_name='  Ada\x00 Byron ', time_zone='Europe/Berlin', theme='dark')
    assert (profile.full_name, profile.time_zone, profile.theme) == ('Ada Byron', 'Europe/Berlin', 'dark')
    assert [place.name for place in profile.organizations] == ['Demo Academy']
    async with world.gate.reading(student) as work:
        assert (work.viewer.full_name, work.viewer.time_zone) == ('Ada Byron', 'Europe/Berlin')
        [event] = (await work.tx.exec(work.scope.rows(AuditEvent))).all()
    assert event.action == 'user.updated'
    assert event.before == {'full_name': student.full_name, 'theme': 'auto', 'time_zone': 'UTC'}
    assert event.after == {'full_name': 'Ada Byron', 'theme': 'dark', 'time_zone': 'Europe/Berlin'}
    assert heard
    await profiles.update(student, full_name='Ada Byron')  # nothing changes, so nothing is written
    assert await world.audit(world.demo) == ['user.updated']


async def test_what_cannot_be_is_refused_beside_its_field(world: World, profiles: ProfileService) -> None:
    for field, value in (
        ('full_name', ' \x00 '),
        ('full_name', 'x' * 121),
        ('locale', 'xx'),
        ('theme', 'purple'),
        ('time_zone', 'Mars/Olympus'),
        ('time_zone', '../../etc/passwd'),
    ):
        with pytest.raises(InvalidInput) as refusal:
            await profiles.update(world.demo.student, **{field: value})  # type: ignore[arg-type]
        assert field in refusal.value.fields, value
    assert await world.audit(world.demo) == []


def test_every_time_zone_is_one_that_the_clock_knows() -> None:
    assert {'UTC', 'Europe/Berlin', 'America/Sao_Paulo'} <= set(time_zones())


async def test_people_are_seen_by_themselves_and_by_whoever_may_see_people(
    world: World, profiles: ProfileService
) -> None:
    demo = world.demo
    assert (await profiles.person(demo.student, demo.student.user_id)).email == demo.student.email
    seen = await profiles.person(demo.instructor, demo.student.user_id)
    assert (seen.roles, seen.joined_at) == (('student',), None)
    assert (await profiles.person(demo.admin, demo.student.user_id)).second_factor is False
    for viewer, user_id in (
        (demo.student, demo.classmate.user_id),
        (demo.admin, world.other.student.user_id),
        (demo.admin, uuid4()),
    ):
        with pytest.raises(NotFound):
            await profiles.person(viewer, user_id)


async def test_own_activity_shows_the_door_and_the_acts_newest_first(world: World, profiles: ProfileService) -> None:
    student = world.demo.student
    async with world.database.writing() as tx:
        for who, outcome in ((student, 'refused'), (world.demo.classmate, 'success')):
            tx.add(SecurityEvent(kind='sign_in', user_id=who.user_id, outcome=outcome, address='192.0.2.9'))
    await profiles.update(student, theme='light')
    found = await profiles.activity(student)
    assert [(one.kind, one.allowed, one.address) for one in found] == [
        ('user.updated', True, ''),
        ('sign_in', False, '192.0.2.9'),
    ]


@pytest.mark.parametrize(
    ('user_agent', 'words'),
    [
        (CHROME, ('Chrome', 'Windows')),
        (CHROME + ' Edg/131.0.2903.51', ('Edge', 'Windows')),
        ('Mozilla/5.0 (Macintosh; Intel Mac OS X 14_1) Version/17.1 Safari/605.1.15', ('Safari', 'macOS')),
        (
            'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) CriOS/119.0 Mobile Safari/604.1',
            ('Chrome', 'iPhone'),
        ),
        ('Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0', ('Firefox', 'Linux')),
        ('python-httpx/0.28.1', ('python-httpx', '')),
        ('Mozilla/5.0', ('', '')),
        ('', ('', '')),
        ('<script>', ('', '')),
    ],
)
def test_browsers_and_programs_are_named_in_words(user_agent: str, words: tuple[str, str]) -> None:
    assert program_and_system(user_agent) == words


async def test_devices_are_ended_one_by_one_or_all_but_this(world: World) -> None:
    student, devices = world.demo.student, DeviceService(world.gate)
    phone, tablet, token, expired = [
        await _session(world, student, kind=kind, days=days)
        for kind, days in (('browser', 9), ('program', 9), ('token', 9), ('browser', -1))
    ]
    forgotten_id = (await _session(world, student)).session_id
    async with world.database.writing() as tx:
        forgotten = await tx.get_one(Session, forgotten_id)
        forgotten.last_seen_at = now() - world.gate.idle
        tx.add(forgotten)
    listed = await devices.list(student)
    assert [device.is_this for device in listed] == [True, False, False]
    assert {device.id for device in listed} == {student.session_id, phone.session_id, tablet.session_id}
    heard = world.heard('sessions', f'session:{phone.session_id}')
    await devices.end(student, phone.session_id)
    assert heard == ['sessions', f'session:{phone.session_id}']
    with pytest.raises(NotSignedIn):
        await devices.list(phone)
    for foreign in (phone.session_id, token.session_id, expired.session_id, world.other.student.session_id, uuid4()):
        if foreign != expired.session_id:
            with pytest.raises(NotFound):
                await devices.end(student, foreign)
    assert await devices.end_others(student) >= 1
    with pytest.raises(NotSignedIn):
        await devices.list(tablet)
    async with world.gate.reading(token):
        pass
    await devices.end_others(student, tokens=True)
    with pytest.raises(NotSignedIn):
        async with world.gate.reading(token):
            pass
    assert [device.id for device in await devices.list(student)] == [student.session_id]
    async with world.gate.reading(world.demo.classmate):
        pass


async def test_the_copy_holds_everything_of_the_person_in_all_their_organisations_and_nobody_elses(
    world: World,
) -> None:
    student = world.demo.student
    made = await world.taught(world.demo)
    quiz = (await world.quizzes(world.demo, made))[0]
    await EnrollmentService(world.gate).complete(student, made.lesson_ids[0])
    await QuizService(world.gate).submit(student, quiz.id, {})
    async with world.database.writing() as tx:
        Scope(tx, world.other.organization_id).add(UserRole(user_id=student.user_id, role=Role.VIEWER))
    copy = await CopyService(world.gate).make(student)
    files = _unzipped(copy.content)
    assert copy.name.endswith('.zip')
    assert files['account.json']['email'] == student.email
    assert files['devices-and-tokens.json'][0]['organization'] == 'Demo Academy'
    demo, other = files['organizations/demo.json'], files['organizations/other.json']
    assert (demo['roles'], other['roles']) == (['student'], ['viewer'])
    [course] = demo['courses']
    assert [done['lesson'] for done in course['lessons_done']] == ['Lesson 1.1']
    assert [attempt['passed'] for attempt in course['attempts']] == [False]
    assert 'lesson.completed' in [act['action'] for act in demo['acts']]
    assert other['courses'] == other['acts'] == []
    everything = json.dumps(files)
    for somebody in (world.demo.classmate, world.other.student):
        assert somebody.email not in everything
    assert 'user.data_exported' in await world.audit(world.demo)


async def test_an_erased_account_lets_nobody_in_and_says_of_nobody_who_it_was(
    world: World, erasing: EraseService
) -> None:
    student = world.demo.student
    phone = await _session(world, student)
    async with world.database.writing() as tx:
        user = await tx.get_one(User, student.user_id)
        user.password_hash, user.second_factor = f'${PASSWORD}', 'sealed'
        tx.add(user)
        tx.add(SecurityEvent(kind='sign_in', email=student.email, user_id=user.id, outcome='success'))
        scope = Scope(tx, world.other.organization_id)
        scope.add(UserRole(user_id=user.id, role=Role.VIEWER))
        scope.add(MailMessage(recipient=student.email, user_id=user.id, subject='Hello', text='Ada'))
    for password, email, field in (('guess', student.email, 'password'), (PASSWORD, 'somebody@else.example', 'email')):
        with pytest.raises(InvalidInput) as refusal:
            await erasing.erase(student, password=password, email=email)
        assert field in refusal.value.fields
    await erasing.erase(student, password=PASSWORD, email=student.email.upper())
    for viewer in (student, phone):
        with pytest.raises(NotSignedIn):
            async with world.gate.reading(viewer):
                pass
    async with world.database.reading() as tx:
        user = await tx.get_one(User, student.user_id)
        assert (user.full_name, user.is_active, user.password_hash, user.second_factor) == (
            FORMER_MEMBER,
            False,
            '',
            '',
        )
        assert user.deleted_at is not None
        assert await user_by_email(tx, student.email) is None
        for cast in (world.demo, world.other):
            scope = Scope(tx, cast.organization_id)
            assert student.user_id not in {one.id for one in await members(tx, cast.organization_id)}
            assert (await tx.exec(scope.rows(MailMessage))).all() == []
    for cast in (world.demo, world.other):
        assert (await world.audit(cast))[-1] == 'user.erased'
        assert (await AuditService(world.gate).verify(cast.admin)).holds


async def test_the_last_administrator_and_the_last_operator_stay_until_somebody_follows_them(
    world: World, erasing: EraseService
) -> None:
    admin, site = world.demo.admin, world.demo.site
    with pytest.raises(LastAdministratorOf) as refusal:
        await erasing.erase(admin, password='', email=admin.email)
    assert 'Demo Academy' in str(refusal.value)
    async with world.gate.reading(admin):
        pass  # nothing was taken away
    await _gives(world, world.demo.instructor, Role.ORG_ADMIN)
    await erasing.erase(admin, password='', email=admin.email)
    await erasing.erase(site, password='', email=site.email)  # the other institute has one too
    with pytest.raises(LastOperator):
        await erasing.erase(world.other.site, password='', email=world.other.site.email)


async def test_of_two_administrators_who_erase_themselves_at_once_one_stays(
    world: World, erasing: EraseService
) -> None:
    both = (world.demo.admin, world.demo.instructor)
    await _gives(world, world.demo.instructor, Role.ORG_ADMIN)
    ended = await asyncio.gather(
        *(erasing.erase(one, password='', email=one.email) for one in both), return_exceptions=True
    )
    assert sorted(type(outcome) for outcome in ended if outcome) == [LastAdministratorOf]
    async with world.database.reading() as tx:
        Scope(tx, world.demo.organization_id)
        assert len(await members(tx, world.demo.organization_id, frozenset({Role.ORG_ADMIN}))) == 1


async def _gives(world: World, viewer: Viewer, role: Role) -> None:
    async with world.database.writing() as tx:
        Scope(tx, viewer.organization_id).add(UserRole(user_id=viewer.user_id, role=role))


async def _session(world: World, viewer: Viewer, *, kind: str = 'browser', days: int = 9) -> Viewer:
    """Another device of the same person."""
    session = Session(
        user_id=viewer.user_id,
        organization_id=viewer.organization_id,
        secret_hash=uuid4().hex,
        expires_at=now() + timedelta(days=days),
        kind=kind,
        scopes=['learn'] if kind == 'token' else None,
        user_agent=CHROME,
    )
    async with world.database.writing() as tx:
        tx.add(session)
    return _with_session(viewer, session.id)


def _with_session(viewer: Viewer, session_id: UUID) -> Viewer:
    return Viewer(**{**viewer.__dict__, 'session_id': session_id})


def _unzipped(content: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: json.loads(archive.read(name)) for name in archive.namelist() if name.endswith('.json')}
