"""One service call, one transaction: audit with the act, word after the commit, the viewer read afresh."""

import asyncio

import pytest
from sqlalchemy import event

from services.clock import now
from services.errors import Forbidden, NotFound, NotSignedIn
from services.viewer import POLICY, Permission, Role
from storage.courses import Course
from storage.identity import end_session
from tests.services.world import World


async def test_what_fails_leaves_neither_row_nor_audit_nor_word(world: World) -> None:
    heard = world.heard('courses:1')
    with pytest.raises(RuntimeError):
        async with world.gate.writing(world.demo.instructor, Permission.COURSE_WRITE) as work:
            course = work.add(Course(title='Half done', created_by=work.viewer.user_id))
            work.record('course.created', course)
            work.changed('courses:1')
            raise RuntimeError
    assert await world.audit(world.demo) == []
    assert heard == []


async def test_the_word_comes_after_the_commit_and_once(world: World) -> None:
    heard = world.heard('courses:1')
    async with world.gate.writing(world.demo.instructor, Permission.COURSE_WRITE) as work:
        course = work.add(Course(title='Done', created_by=work.viewer.user_id))
        work.record('course.created', course)
        work.changed('courses:1', 'courses:1')
        assert heard == []
    assert heard == ['courses:1']
    assert await world.audit(world.demo) == ['course.created']


async def test_a_row_cannot_be_put_into_another_organisation(world: World) -> None:
    async with world.gate.writing(world.demo.instructor, Permission.COURSE_WRITE) as work:
        course = work.add(
            Course(title='Mine', created_by=work.viewer.user_id, organization_id=world.other.organization_id)
        )
    assert course.organization_id == world.demo.organization_id


async def test_a_foreign_row_and_a_missing_one_look_the_same(world: World) -> None:
    made = await world.course(world.demo)
    async with world.gate.reading(world.other.instructor, Permission.COURSE_READ) as work:
        with pytest.raises(NotFound) as foreign:
            await work.get(Course, made.course_id)
        with pytest.raises(NotFound) as missing:
            await work.get(Course, made.version_id)
    assert str(foreign.value) == str(missing.value)


async def test_an_ended_session_is_refused_by_the_next_call(world: World) -> None:
    async with world.gate.reading(world.demo.student):
        pass
    async with world.database.writing() as tx:
        await end_session(tx, world.demo.student.session_id, now())
    await world.bus.publish('sessions')
    with pytest.raises(NotSignedIn):
        async with world.gate.reading(world.demo.student):
            pass


async def test_who_asks_many_things_in_one_moment_is_looked_up_once(world: World) -> None:
    await world.bus.publish('sessions')  # nobody is remembered
    lookups = 0

    @event.listens_for(world.database.engine.sync_engine, 'before_cursor_execute')
    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal lookups
        lookups += 'FROM sessions' in statement

    async def ask() -> str:
        async with world.gate.reading(world.demo.instructor) as work:
            return work.viewer.full_name

    names = await asyncio.gather(*(ask() for _ in range(20)))
    assert set(names) == {world.demo.instructor.full_name}
    assert lookups == 1


async def test_permissions_are_those_of_now_not_of_the_page(world: World) -> None:
    with pytest.raises(Forbidden):
        async with world.gate.writing(world.demo.student, Permission.COURSE_WRITE):
            pass


def test_every_role_is_in_the_policy_and_only_the_site_admin_runs_the_site() -> None:
    assert set(POLICY) == set(Role)
    assert {role for role in Role if Permission.SITE_OPERATE in POLICY[role]} == {Role.SITE_ADMIN}
    assert POLICY[Role.STUDENT] == {Permission.LEARN}
    assert Permission.DRAFT_APPROVE not in POLICY[Role.EDITOR] | POLICY[Role.VIEWER]
