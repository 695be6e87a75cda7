"""The audit trail: every act is in it, nobody can change it, and whoever does so behind our back is found out."""

import asyncio
import csv
import io
import json
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.audit import record
from services.audit_trail import AuditFormat, AuditService
from services.courses.service import CourseService
from services.csv_files import unquoted
from services.errors import Forbidden, InvalidInput
from services.tracing import Origin, coming_from
from services.viewer import Permission, Viewer
from services.work import Work
from storage.audit import AuditFilter
from storage.courses import Course
from storage.database import Database, Scope
from tests.servers.postgres import owner_url
from tests.services.world import Cast, World


@pytest.fixture
def audit(world: World) -> AuditService:
    return AuditService(world.gate)


async def five_acts(world: World, cast: Cast) -> UUID:
    """The course they were done to."""
    courses = CourseService(world.gate)
    with coming_from(Origin(request_id='request-1', address='192.0.2.7')):
        course = await courses.create(cast.instructor, title='Fume hoods')
    for title in ('Zoë’s hoods', '=HYPERLINK("http://example.org")'):
        await courses.update(cast.instructor, course.id, title=title)
    await courses.delete(cast.instructor, course.id)
    await courses.restore(cast.instructor, course.id)
    return course.id


async def behind_our_back(world: World, *statements: str) -> None:
    """As somebody who has the whole database in their hands."""
    url = world.database.url
    database = Database(url if world.database.is_sqlite else owner_url(url))
    async with database.engine.begin() as connection:
        if database.is_sqlite:
            for act in ('update', 'delete'):
                await connection.execute(text(f'DROP TRIGGER guard_audit_logs_{act}'))
        else:
            await connection.execute(text('ALTER TABLE audit_logs DISABLE TRIGGER USER'))
            await connection.execute(text('ALTER TABLE audit_logs NO FORCE ROW LEVEL SECURITY'))
            await connection.execute(text('ALTER TABLE audit_heads NO FORCE ROW LEVEL SECURITY'))
        for statement in statements:
            await connection.execute(text(statement))
        if not database.is_sqlite:
            await connection.execute(text('ALTER TABLE audit_logs FORCE ROW LEVEL SECURITY'))
            await connection.execute(text('ALTER TABLE audit_heads FORCE ROW LEVEL SECURITY'))
    await database.close()


async def test_an_act_is_told_with_who_what_from_what_to_what_and_where_from(world: World, audit: AuditService) -> None:
    course_id = await five_acts(world, world.demo)
    await five_acts(world, world.other)
    lines, total = await audit.trail(world.demo.admin)
    assert total == 5
    assert [one.seq for one in lines] == [5, 4, 3, 2, 1]
    renamed, created = lines[3], lines[4]
    assert (created.action, created.subject_type, created.subject_id) == ('course.created', 'Course', course_id)
    assert (created.request_id, created.address) == ('request-1', '192.0.2.7')
    assert (renamed.before, renamed.after) == ({'title': 'Fume hoods'}, {'title': 'Zoë’s hoods'})
    assert {one.actor for one in lines} == {'Instructor of Demo Academy'}
    assert (await audit.verify(world.demo.admin)).holds
    assert (await audit.verify(world.other.admin)).rows == 5


@pytest.mark.parametrize('who', ['instructor', 'editor', 'reviewer', 'student', 'site'])
async def test_only_administrators_of_the_organisation_read_it(world: World, audit: AuditService, who: str) -> None:
    viewer: Viewer = getattr(world.demo, who)
    for refused in (audit.trail(viewer), audit.choices(viewer), audit.verify(viewer), audit.export(viewer, 'csv')):
        with pytest.raises(Forbidden):
            await refused


async def test_it_is_found_by_person_action_subject_time_and_words(world: World, audit: AuditService) -> None:
    admin, course_id = world.demo.admin, await five_acts(world, world.demo)
    all_of_it, _ = await audit.trail(admin)

    async def seqs(**sought: object) -> list[int]:
        return [one.seq for one in (await audit.trail(admin, AuditFilter(**sought)))[0]]

    assert await seqs(action='course.updated') == [3, 2]
    assert await seqs(words='zoë') == [3, 2]
    assert await seqs(words='fume') == [2, 1]
    assert await seqs(words='100%') == []
    assert await seqs(subject_type='Course', subject_id=course_id) == [5, 4, 3, 2, 1]
    assert await seqs(actor_id=world.demo.admin.user_id) == []
    assert await seqs(actor_id=world.demo.instructor.user_id, since=all_of_it[1].at) == [5, 4]
    assert await seqs(until=all_of_it[3].at) == [1]
    page, total = await audit.trail(admin, limit=2, offset=2)
    assert ([one.seq for one in page], total) == ([3, 2], 5)
    choices = await audit.choices(admin)
    assert choices.actions == ('course.created', 'course.deleted', 'course.restored', 'course.updated')
    assert choices.actors == {world.demo.instructor.user_id: 'Instructor of Demo Academy'}
    with pytest.raises(InvalidInput):
        await audit.trail(admin, AuditFilter(since=all_of_it[0].at, until=all_of_it[4].at))


async def test_it_can_be_taken_along_as_a_table_and_as_lines_of_json(
    world: World, audit: AuditService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr('services.audit_trail._ROWS_AT_ONCE', 2)
    await five_acts(world, world.demo)

    async def file(format: AuditFormat, **sought: str) -> str:
        parts = await audit.export(world.demo.admin, format, AuditFilter(**sought))
        return b''.join([part async for part in parts]).decode('utf-8-sig')

    table = list(csv.DictReader(io.StringIO(await file('csv'))))
    lines = [json.loads(line) for line in (await file('jsonl')).splitlines()]
    assert [int(row['seq']) for row in table] == [line['seq'] for line in lines] == [1, 2, 3, 4, 5]
    assert lines[2]['after'] == json.loads(unquoted(table[2]['after'])) == {'title': '=HYPERLINK("http://example.org")'}
    assert not [cell for row in table for cell in row.values() if cell[:1] in ('=', '+', '-', '@')]
    assert [line['hash'] for line in lines][:-1] == [line['previous_hash'] for line in lines][1:]
    assert len((await file('jsonl', action='course.updated')).splitlines()) == 2


@pytest.mark.parametrize('statement', ["UPDATE audit_logs SET actor = 'Nobody'", 'DELETE FROM audit_logs'])
async def test_the_database_refuses_to_change_or_delete_a_row(
    world: World, audit: AuditService, statement: str
) -> None:
    await five_acts(world, world.demo)
    url = world.database.url
    database = Database(url if world.database.is_sqlite else owner_url(url))
    with pytest.raises(DBAPIError, match='only ever added'):
        async with database.engine.begin() as connection:
            if not database.is_sqlite:
                await connection.execute(text("SELECT set_config('app.platform', 'on', true)"))
            await connection.execute(text(statement))
    await database.close()
    assert (await audit.verify(world.demo.admin)).rows == 5


_COPY = (
    'INSERT INTO audit_logs (id, organization_id, created_at, actor_id, actor, action, subject_type, subject_id,'
    ' before, after, because, request_id, address, seq, previous_hash, hash) SELECT subject_id, organization_id,'
    ' created_at, actor_id, actor, action, subject_type, subject_id, before, after, because, request_id, address,'
)
TAMPERED = {
    'changed': (["UPDATE audit_logs SET actor = 'Nobody' WHERE seq = 3"], 3, 'changed'),
    'a value changed': (['UPDATE audit_logs SET "after" = \'{"title": "Other"}\' WHERE seq = 2'], 2, 'changed'),
    'given to another day': (["UPDATE audit_logs SET created_at = '2001-01-01 00:00:00' WHERE seq = 4"], 4, 'changed'),
    'deleted': (['DELETE FROM audit_logs WHERE seq = 2'], 2, 'Row 2 is missing'),
    'the first deleted': (['DELETE FROM audit_logs WHERE seq = 1'], 1, 'Row 1 is missing'),
    'the last ones deleted': (['DELETE FROM audit_logs WHERE seq > 3'], 4, 'Rows 4 to 5 are missing'),
    'all deleted': (['DELETE FROM audit_logs'], 1, 'Rows 1 to 5 are missing'),
    'swapped': (
        [
            'UPDATE audit_logs SET seq = 99 WHERE seq = 2',
            'UPDATE audit_logs SET seq = 2 WHERE seq = 3',
            'UPDATE audit_logs SET seq = 3 WHERE seq = 99',
        ],
        2,
        'changed or moved',
    ),
    'put in at the end': ([f'{_COPY} 6, hash, hash FROM audit_logs WHERE seq = 5'], 6, 'Row 6'),
    'put in between': (
        [
            'DROP INDEX ix_audit_logs_chain',
            f'{_COPY} 3, previous_hash, hash FROM audit_logs WHERE seq = 3',
        ],
        3,
        'Row 3',
    ),
    'closed up after a deletion': (
        ['DELETE FROM audit_logs WHERE seq = 5', 'UPDATE audit_heads SET seq = 4'],
        4,
        'replaced',
    ),
    'the end taken away': (['DELETE FROM audit_heads'], 5, 'end of the chain'),
}


@pytest.mark.parametrize('how', TAMPERED)
async def test_what_was_done_behind_our_back_is_named(world: World, audit: AuditService, how: str) -> None:
    await five_acts(world, world.demo)
    statements, seq, says = TAMPERED[how]
    await behind_our_back(world, *statements)
    verdict = await audit.verify(world.demo.admin)
    assert not verdict.holds
    assert verdict.seq == seq
    assert says in verdict.fault


async def test_acts_at_the_same_moment_make_one_chain_each(world: World, audit: AuditService) -> None:
    courses = CourseService(world.gate)

    async def act(number: int) -> None:
        cast = (world.demo, world.other)[number % 2]
        if number % 5 == 4:
            with pytest.raises(LookupError):
                async with world.gate.writing(cast.instructor, Permission.COURSE_WRITE) as work:
                    work.record('course.updated', work.add(_course(work)))
                    raise LookupError
            return
        await courses.create(cast.instructor, title=f'Course {number}')

    await asyncio.gather(*(act(number) for number in range(40)))
    for cast in (world.demo, world.other):
        verdict = await audit.verify(cast.admin)
        assert (verdict.fault, verdict.rows) == ('', 16)


async def test_one_act_in_two_organisations_stands_in_both_chains(world: World, audit: AuditService) -> None:
    async with world.gate.platform(world.demo.organization_id) as work:
        there = Scope(work.tx, world.other.organization_id)
        course = work.add(_course(work, world.demo))
        work.record('course.created', course)
        record(there, None, 'course.created', course)
    for cast in (world.demo, world.other):
        assert (await audit.verify(cast.admin)).rows == 1


def _course(work: Work, cast: Cast | None = None) -> Course:
    return Course(title='Half done', created_by=cast.admin.user_id if cast else work.viewer.user_id)
