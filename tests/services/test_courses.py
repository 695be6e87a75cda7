from uuid import uuid4

import pytest

from services.courses.service import CourseService
from services.enrollments import EnrollmentService
from services.errors import Forbidden, InvalidInput, NotFound
from services.quizzes import QuizService
from storage.base import now
from storage.courses import Course, CourseVersion
from storage.database import Scope
from storage.identity import User
from tests.services.world import World


@pytest.fixture
def courses(world: World) -> CourseService:
    return CourseService(world.gate)


async def test_a_new_course_is_in_the_list_and_in_the_audit_trail(world: World, courses: CourseService) -> None:
    heard = world.heard(f'courses:{world.demo.organization_id}')
    made = await courses.create(world.demo.instructor, '  Safe\x00  handling ', summary='Why')
    listed, total = await courses.list(world.demo.admin)
    assert [(course.id, course.title, course.status, course.version) for course in listed] == [
        (made.id, 'Safe handling', 'draft', None)
    ]
    assert total == 1
    assert await world.audit(world.demo) == ['course.created']
    assert heard


@pytest.mark.parametrize('title', ['', ' \n ', '\x00'])
async def test_a_course_needs_a_title(world: World, courses: CourseService, title: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await courses.create(world.demo.instructor, title)
    assert set(refused.value.fields) == {'title'}


async def test_a_title_that_is_too_long_says_by_how_much(world: World, courses: CourseService) -> None:
    with pytest.raises(InvalidInput, match='201 characters'):
        await courses.create(world.demo.instructor, 'x' * 201)


async def test_who_may_not_write_courses_is_refused(world: World, courses: CourseService) -> None:
    made = await world.course(world.demo)
    for viewer in (world.demo.student, world.demo.reviewer, world.demo.site):
        with pytest.raises(Forbidden):
            await courses.create(viewer, 'Mine')
        with pytest.raises(Forbidden):
            await courses.update(viewer, made.course_id, title='Mine')
        with pytest.raises(Forbidden):
            await courses.delete(viewer, made.course_id)
        with pytest.raises(Forbidden):
            await courses.restore(viewer, made.course_id)
        with pytest.raises(Forbidden):
            await courses.recycle_bin(viewer)
        with pytest.raises(Forbidden):
            await courses.publish(viewer, made.course_id)
    assert (await courses.get(world.demo.admin, made.course_id)).title == 'Safe handling'


async def test_another_organisation_finds_nothing(world: World, courses: CourseService) -> None:
    made = await world.course(world.demo)
    stranger = world.other.instructor
    assert await courses.list(stranger) == ([], 0)
    with pytest.raises(NotFound):
        await courses.get(stranger, made.course_id)
    with pytest.raises(NotFound):
        await courses.update(stranger, made.course_id, title='Taken')
    with pytest.raises(NotFound):
        await courses.delete(stranger, made.course_id)
    with pytest.raises(NotFound):
        await courses.publish(stranger, made.course_id)
    with pytest.raises(NotFound):
        await courses.check(stranger, made.course_id)
    with pytest.raises(NotFound):
        await courses.versions(stranger, made.course_id)
    await courses.delete(world.demo.instructor, made.course_id)
    assert await courses.recycle_bin(stranger) == []
    with pytest.raises(NotFound):
        await courses.restore(stranger, made.course_id)
    own = await world.course(world.other)
    with pytest.raises(NotFound):
        await courses.get(stranger, own.course_id, version_id=made.version_id)


async def test_an_update_changes_what_is_given_and_remembers_what_was(world: World, courses: CourseService) -> None:
    made = await world.course(world.demo)
    changed = await courses.update(world.demo.instructor, made.course_id, title='Renamed', level='basic')
    assert (changed.title, changed.level, changed.summary) == ('Renamed', 'basic', '')
    assert changed.updated_at is not None
    assert (await world.audit(world.demo))[-1] == 'course.updated'


async def test_renaming_the_instructor_renames_them_on_every_card(world: World, courses: CourseService) -> None:
    made = await world.course(world.demo)
    async with world.database.writing() as tx:
        person = await tx.get_one(User, world.demo.instructor.user_id)
        person.full_name = 'Ingrid Solberg'
        tx.add(person)
    listed, _ = await courses.list(world.demo.reviewer)
    assert listed[0].instructor == 'Ingrid Solberg'
    assert (await courses.get(world.demo.reviewer, made.course_id)).instructor == 'Ingrid Solberg'


async def test_the_pages_of_a_long_list_hold_every_course_once(world: World, courses: CourseService) -> None:
    moment = now()
    async with world.database.writing() as tx:
        scope = Scope(tx, world.demo.organization_id)
        for number in range(1000):
            scope.add(Course(title=f'Course {number}', created_by=world.demo.instructor.user_id, created_at=moment))
    seen = []
    for offset in range(0, 1000, 200):
        listed, total = await courses.list(world.demo.admin, limit=200, offset=offset)
        assert total == 1000
        seen += [course.id for course in listed]
    assert len(set(seen)) == 1000
    assert await courses.list(world.demo.admin, offset=1000) == ([], 1000)


async def test_the_list_is_searched_filtered_and_sorted(world: World, courses: CourseService) -> None:
    await world.published(world.demo, 'Beta 100%')
    await world.course(world.demo, 'alpha')
    await world.course(world.demo, 'Gamma', approved=False)

    async def titles(**asked: object) -> list[str]:
        listed, _ = await courses.list(world.demo.admin, **asked)  # type: ignore[arg-type]
        return [course.title for course in listed]

    assert await titles(order='title') == ['alpha', 'Beta 100%', 'Gamma']
    assert await titles(order='oldest') == ['Beta 100%', 'alpha', 'Gamma']
    assert (await titles(order='updated'))[0] in ('Gamma', 'Beta 100%')
    assert await titles(search='ALPH') == ['alpha']
    assert await titles(search='0%') == ['Beta 100%']
    assert await titles(search='instructor of demo', order='title') == ['alpha', 'Beta 100%', 'Gamma']
    assert await titles(status='published') == ['Beta 100%']
    assert await titles(status='assembled') == ['alpha']
    assert await titles(status='draft') == ['Gamma']
    assert await titles(mine=True) == []


async def test_authors_see_everything_of_a_course(world: World, courses: CourseService) -> None:
    made = await world.course(world.demo)
    for viewer in (world.demo.instructor, world.demo.reviewer, world.demo.editor):
        course = await courses.get(viewer, made.course_id)
        assert [lesson.number for lesson in course.lessons] == ['1.1', '1.2', '2.1', '2.2']
        assert course.status == 'assembled'
        question = course.lessons[0].blocks[2]
        assert question.content['options'][1]['correct'] is True
        assert question.sources[0].quote == 'Set the sash at the marked height'
        assert course.lessons[0].quiz is not None
        assert course.lessons[0].quiz.question_ids == tuple(block.id for block in course.lessons[0].blocks[2:])
        assert course.lessons[1].quiz is None
        assert course.version is not None
        assert (course.version.blocks, course.version.approved) == (16, 16)


async def test_a_student_sees_a_course_only_when_it_is_published_and_theirs(
    world: World, courses: CourseService
) -> None:
    made = await world.course(world.demo)
    student = world.demo.student
    with pytest.raises(NotFound):
        await courses.get(student, made.course_id)
    await courses.publish(world.demo.instructor, made.course_id)
    with pytest.raises(NotFound):
        await courses.get(student, made.course_id)
    assert await courses.list(student) == ([], 0)
    await EnrollmentService(world.gate).enroll(world.demo.instructor, made.course_id, user_id=student.user_id)
    assert (await courses.get(student, made.course_id)).title == 'Safe handling'
    listed, total = await courses.list(student)
    assert ([course.id for course in listed], total) == ([made.course_id], 1)
    await EnrollmentService(world.gate).remove(world.demo.instructor, made.course_id, student.user_id)
    with pytest.raises(NotFound):
        await courses.get(student, made.course_id)


async def test_a_student_is_never_told_an_answer(world: World, courses: CourseService) -> None:
    made = await world.taught(world.demo)
    course = await courses.get(world.demo.student, made.course_id)
    questions = [block for lesson in course.lessons for block in lesson.blocks if block.type == 'question']
    assert len(questions) == 8
    for question in questions:
        assert set(question.content) == {'kind', 'prompt', 'options'}
        assert all(set(option) == {'id', 'text'} for option in question.content['options'])
        assert question.sources == ()
    assert all(block.comment == '' and block.review_state == '' for lesson in course.lessons for block in lesson.blocks)
    assert course.lessons[0].blocks[0].sources[0].page == 1


async def test_a_site_administrator_is_refused_content(world: World, courses: CourseService) -> None:
    made = await world.taught(world.demo)
    with pytest.raises(Forbidden):
        await courses.get(world.demo.site, made.course_id)
    with pytest.raises(Forbidden):
        await courses.list(world.demo.site)


async def test_the_recycle_bin_gives_a_course_back_with_enrolments_and_grades(
    world: World, courses: CourseService
) -> None:
    made = await world.taught(world.demo)
    enrollments, quizzes = EnrollmentService(world.gate), QuizService(world.gate)
    quiz = (await world.quizzes(world.demo, made))[0]
    await quizzes.submit(world.demo.student, quiz.id, {})
    await enrollments.complete(world.demo.student, made.lesson_ids[0])
    heard = world.heard(f'user:{world.demo.student.user_id}')
    await courses.delete(world.demo.instructor, made.course_id)
    assert heard
    assert await courses.list(world.demo.admin) == ([], 0)
    assert await enrollments.my_courses(world.demo.student) == []
    for viewer in (world.demo.admin, world.demo.student):
        with pytest.raises(NotFound):
            await courses.get(viewer, made.course_id)
        with pytest.raises(NotFound):
            await enrollments.lesson(viewer, made.lesson_ids[0])
        with pytest.raises(NotFound):
            await quizzes.get(viewer, quiz.id)
    assert [course.id for course in await courses.recycle_bin(world.demo.admin)] == [made.course_id]
    await courses.restore(world.demo.admin, made.course_id)
    assert await courses.recycle_bin(world.demo.admin) == []
    learning = (await enrollments.my_courses(world.demo.student))[0]
    assert learning.progress == 0.25
    assert len(await quizzes.attempts(world.demo.student, quiz.id)) == 1


async def test_authors_may_look_at_an_older_version(world: World, courses: CourseService) -> None:
    made = await world.published(world.demo)
    async with world.database.writing() as tx:
        Scope(tx, world.demo.organization_id).add(CourseVersion(course_id=made.course_id, number='2.0'))
    newest = await courses.get(world.demo.instructor, made.course_id)
    older = await courses.get(world.demo.instructor, made.course_id, version_id=made.version_id)
    assert newest.version is not None
    assert older.version is not None
    assert (newest.version.number, newest.status, older.version.number) == ('2.0', 'published', '1.0')
    assert [version.number for version in await courses.versions(world.demo.instructor, made.course_id)] == [
        '2.0',
        '1.0',
    ]
    with pytest.raises(NotFound):
        await courses.get(world.demo.instructor, made.course_id, version_id=uuid4())
