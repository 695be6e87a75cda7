import asyncio
from uuid import uuid4

import pytest
from sqlmodel import select

from services.enrollments import EnrollmentService, QuizStanding
from services.enrollments.access import OnlyAPreview
from services.enrollments.enrolling import NotPublished
from services.errors import Forbidden, InvalidInput, NotFound, NotSignedIn
from services.quizzes import QuizService
from services.viewer import Role, Viewer
from storage.identity import UserRole
from tests.services.world import Made, World


@pytest.fixture
def enrollments(world: World) -> EnrollmentService:
    return EnrollmentService(world.gate)


async def test_enrolling_twice_is_one_enrolment(world: World, enrollments: EnrollmentService) -> None:
    made = await world.published(world.demo)
    heard = world.heard(f'progress:{made.course_id}', f'user:{world.demo.student.user_id}')
    first = await enrollments.enroll(world.demo.instructor, made.course_id, email=' Student@Demo.example ')
    again = await enrollments.enroll(world.demo.instructor, made.course_id, user_id=world.demo.student.user_id)
    assert first.id == again.id
    assert (first.status, first.email) == ('active', 'student@demo.example')
    assert len(await enrollments.enrolled(world.demo.instructor, made.course_id)) == 1
    assert len(heard) == 2
    assert (await world.audit(world.demo)).count('enrollment.created') == 1


async def test_acts_at_the_same_moment_count_once(world: World, enrollments: EnrollmentService) -> None:
    made = await world.published(world.demo)
    instructor, student = world.demo.instructor, world.demo.student
    rows = await asyncio.gather(
        *(enrollments.enroll(instructor, made.course_id, user_id=student.user_id) for _ in range(5))
    )
    done = await asyncio.gather(*(enrollments.complete(student, made.lesson_ids[0]) for _ in range(5)))
    assert len({row.id for row in rows}) == 1
    assert len({(one.completed_at, one.course_progress) for one in done}) == 1
    assert (await world.audit(world.demo)).count('lesson.completed') == 1


async def test_only_a_published_course_takes_learners(world: World, enrollments: EnrollmentService) -> None:
    made = await world.course(world.demo)
    with pytest.raises(NotPublished):
        await enrollments.enroll(world.demo.instructor, made.course_id, email='student@demo.example')


async def test_only_members_of_the_organisation_can_be_enrolled(world: World, enrollments: EnrollmentService) -> None:
    made = await world.published(world.demo)
    for email in ('student@other.example', 'nobody@demo.example', ''):
        with pytest.raises(InvalidInput, match='Nobody with this e-mail') as refused:
            await enrollments.enroll(world.demo.instructor, made.course_id, email=email)
        assert set(refused.value.fields) == {'email'}
    for user_id in (world.other.student.user_id, uuid4()):
        with pytest.raises(InvalidInput, match='Nobody with this e-mail'):
            await enrollments.enroll(world.demo.instructor, made.course_id, user_id=user_id)
    with pytest.raises(InvalidInput, match='Say whom'):
        await enrollments.enroll(world.demo.instructor, made.course_id)
    assert await enrollments.enrolled(world.demo.instructor, made.course_id) == []


async def test_who_may_not_enrol_is_refused(world: World, enrollments: EnrollmentService) -> None:
    made = await world.taught(world.demo)
    for viewer in (world.demo.student, world.demo.editor, world.demo.reviewer, world.demo.site):
        with pytest.raises(Forbidden):
            await enrollments.enroll(viewer, made.course_id, email='classmate@demo.example')
        with pytest.raises(Forbidden):
            await enrollments.enroll_many(viewer, made.course_id, ['classmate@demo.example'])
        with pytest.raises(Forbidden):
            await enrollments.remove(viewer, made.course_id, world.demo.student.user_id)
        with pytest.raises(Forbidden):
            await enrollments.enrolled(viewer, made.course_id)
        with pytest.raises(Forbidden):
            await enrollments.members(viewer, made.course_id)
    for viewer in (world.demo.reviewer, world.demo.site):
        with pytest.raises(Forbidden):
            await enrollments.my_courses(viewer)


async def test_another_organisation_reaches_nothing(world: World, enrollments: EnrollmentService) -> None:
    made = await world.taught(world.demo)
    for stranger in (world.other.instructor, world.other.student):
        with pytest.raises(NotFound):
            await enrollments.learn(stranger, made.course_id)
        with pytest.raises(NotFound):
            await enrollments.lesson(stranger, made.lesson_ids[0])
        with pytest.raises(NotFound):
            await enrollments.open_lesson(stranger, made.lesson_ids[0])
        with pytest.raises(NotFound):
            await enrollments.complete(stranger, made.lesson_ids[0])
        with pytest.raises(NotFound):
            await enrollments.uncomplete(stranger, made.lesson_ids[0])
        assert await enrollments.my_courses(stranger) == []
    stranger = world.other.instructor
    with pytest.raises(NotFound):
        await enrollments.enroll(stranger, made.course_id, email='student@other.example')
    with pytest.raises(NotFound):
        await enrollments.enroll_many(stranger, made.course_id, ['student@other.example'])
    with pytest.raises(NotFound):
        await enrollments.remove(stranger, made.course_id, world.demo.student.user_id)
    with pytest.raises(NotFound):
        await enrollments.enrolled(stranger, made.course_id)
    with pytest.raises(NotFound):
        await enrollments.members(stranger, made.course_id)
    assert len(await enrollments.enrolled(world.demo.instructor, made.course_id)) == 1


async def test_a_list_of_addresses_is_reported_line_by_line(world: World, enrollments: EnrollmentService) -> None:
    made = await world.taught(world.demo)
    pasted = ['student@demo.example, <Classmate@demo.example>;', 'wrong@demo.example student@demo.example']
    report = await enrollments.enroll_many(world.demo.instructor, made.course_id, pasted)
    assert [(line.email, line.outcome) for line in report] == [
        ('student@demo.example', 'already'),
        ('classmate@demo.example', 'enrolled'),
        ('wrong@demo.example', 'not_member'),
    ]
    many = [f'person{number}@demo.example' for number in range(501)]
    with pytest.raises(InvalidInput, match='501 addresses'):
        await enrollments.enroll_many(world.demo.instructor, made.course_id, many)


async def test_people_to_pick_from_are_found_by_part_of_a_name(world: World, enrollments: EnrollmentService) -> None:
    made = await world.taught(world.demo)
    found = await enrollments.members(world.demo.instructor, made.course_id, 'STUD')
    assert [(person.email, person.enrolled) for person in found] == [('student@demo.example', True)]
    everyone = await enrollments.members(world.demo.instructor, made.course_id)
    assert {person.email.split('@')[1] for person in everyone} == {'demo.example'}
    assert len(everyone) == 7


async def test_whoever_comes_back_finds_what_they_had_done(world: World, enrollments: EnrollmentService) -> None:
    made = await world.taught(world.demo)
    student = world.demo.student
    await enrollments.complete(student, made.lesson_ids[0])
    await enrollments.remove(world.demo.instructor, made.course_id, student.user_id)
    assert await enrollments.my_courses(student) == []
    with pytest.raises(NotFound):
        await enrollments.complete(student, made.lesson_ids[1])
    await enrollments.enroll(world.demo.instructor, made.course_id, user_id=student.user_id)
    assert (await enrollments.my_courses(student))[0].progress == 0.25


async def test_three_of_four_lessons_are_75_per_cent_everywhere(world: World, enrollments: EnrollmentService) -> None:
    made = await world.taught(world.demo)
    student = world.demo.student
    heard = world.heard(f'progress:{made.course_id}')
    for lesson_id in made.lesson_ids[:3]:
        done = await enrollments.complete(student, lesson_id)
    assert done.course_progress == 0.75
    card = (await enrollments.my_courses(student))[0]
    assert (card.progress, card.lessons_done, card.lessons, card.minutes_left) == (0.75, 3, 4, 10)
    assert (card.next_lesson_id, card.next_lesson) == (made.lesson_ids[3], 'Lesson 2.2')
    assert card.ruler == ((10, True), (10, True), (10, True), (10, False))
    outline = await enrollments.learn(student, made.course_id)
    assert (outline.progress, outline.minutes_left, outline.preview) == (0.75, 10, False)
    assert [lesson.done for lesson in outline.lessons] == [True, True, True, False]
    assert len(heard) == 3


async def test_a_lesson_is_done_once_and_can_be_opened_again(world: World, enrollments: EnrollmentService) -> None:
    made = await world.taught(world.demo)
    student = world.demo.student
    first = await enrollments.complete(student, made.lesson_ids[0])
    again = await enrollments.complete(student, made.lesson_ids[0])
    assert (first.completed_at, first.course_progress) == (again.completed_at, again.course_progress)
    assert (await world.audit(world.demo)).count('lesson.completed') == 1
    reopened = await enrollments.uncomplete(student, made.lesson_ids[0])
    assert (reopened.completed_at, reopened.course_progress) == (None, 0.0)
    assert (await enrollments.uncomplete(student, made.lesson_ids[0])).course_progress == 0.0


async def test_the_last_lesson_completes_the_course(world: World, enrollments: EnrollmentService) -> None:
    made = await world.taught(world.demo)
    for lesson_id in made.lesson_ids:
        assert (await enrollments.my_courses(world.demo.student))[0].completed_at is None
        done = await enrollments.complete(world.demo.student, lesson_id)
    assert done.course_progress == 1.0
    assert (await enrollments.learn(world.demo.student, made.course_id)).completed_at is not None
    await enrollments.uncomplete(world.demo.student, made.lesson_ids[0])
    assert (await enrollments.learn(world.demo.student, made.course_id)).completed_at is None


async def test_a_learner_continues_where_they_left(world: World, enrollments: EnrollmentService) -> None:
    made = await world.taught(world.demo)
    student = world.demo.student
    assert (await enrollments.learn(student, made.course_id)).continue_at == made.lesson_ids[0]
    await enrollments.open_lesson(student, made.lesson_ids[2])
    assert (await enrollments.learn(student, made.course_id)).continue_at == made.lesson_ids[2]
    assert (await enrollments.my_courses(student))[0].last_seen_at is not None
    await enrollments.complete(student, made.lesson_ids[2])
    assert (await enrollments.learn(student, made.course_id)).continue_at == made.lesson_ids[0]


async def test_turning_pages_within_a_visit_is_not_news(world: World, enrollments: EnrollmentService) -> None:
    made = await world.taught(world.demo)
    heard = world.heard(f'progress:{made.course_id}')
    for lesson_id in made.lesson_ids:
        await enrollments.open_lesson(world.demo.student, lesson_id)
    assert len(heard) == 1


async def test_a_lesson_shows_its_neighbours_and_no_answers(world: World, enrollments: EnrollmentService) -> None:
    made = await world.taught(world.demo)
    for viewer in (world.demo.student, world.demo.instructor):
        page = await enrollments.lesson(viewer, made.lesson_ids[3])
        assert (page.lesson.number, page.previous_id, page.next_id) == ('2.2', made.lesson_ids[2], None)
        assert page.lesson.quiz is not None
        assert all('accepted' not in block.content for block in page.lesson.blocks)
        assert page.preview is (viewer is world.demo.instructor)


async def test_an_author_previews_and_leaves_no_trace(world: World, enrollments: EnrollmentService) -> None:
    made = await world.course(world.demo)
    for author in (world.demo.instructor, world.demo.reviewer):
        outline = await enrollments.learn(author, made.course_id)
        assert (outline.preview, outline.progress, outline.continue_at) == (True, 0.0, made.lesson_ids[0])
        assert (await enrollments.open_lesson(author, made.lesson_ids[0])).preview
        with pytest.raises(OnlyAPreview):
            await enrollments.complete(author, made.lesson_ids[0])
        with pytest.raises(OnlyAPreview):
            await enrollments.uncomplete(author, made.lesson_ids[0])
    assert await enrollments.my_courses(world.demo.instructor) == []


async def test_whoever_is_not_enrolled_learns_nothing(world: World, enrollments: EnrollmentService) -> None:
    made = await world.taught(world.demo)
    outsider = world.demo.classmate
    with pytest.raises(NotFound):
        await enrollments.learn(outsider, made.course_id)
    with pytest.raises(NotFound):
        await enrollments.open_lesson(outsider, made.lesson_ids[0])
    with pytest.raises(NotFound):
        await enrollments.complete(outsider, made.lesson_ids[0])
    with pytest.raises(Forbidden):
        await enrollments.learn(world.demo.site, made.course_id)


async def test_an_enrolment_ends_with_the_last_role(world: World, enrollments: EnrollmentService) -> None:
    made = await world.taught(world.demo)
    await _take_roles(world, world.demo.student)
    with pytest.raises(NotSignedIn):
        await enrollments.lesson(world.demo.student, made.lesson_ids[0])
    with pytest.raises(NotSignedIn):
        await enrollments.complete(world.demo.student, made.lesson_ids[0])


async def test_the_outline_shows_how_each_quiz_stands(world: World, enrollments: EnrollmentService) -> None:
    made = await world.taught(world.demo)
    quiz = (await world.quizzes(world.demo, made))[0]
    before = await _standing(world, enrollments, made)
    assert (before.questions, before.attempts, before.best_score) == (4, 0, None)
    await QuizService(world.gate).submit(world.demo.student, quiz.id, {})
    after = await _standing(world, enrollments, made)
    assert (after.attempts, after.best_score, after.max_score, after.passed) == (1, 0.0, 4.0, False)


async def _standing(world: World, enrollments: EnrollmentService, made: Made) -> QuizStanding:
    standing = (await enrollments.learn(world.demo.student, made.course_id)).lessons[0].quiz
    assert standing is not None
    return standing


async def _take_roles(world: World, viewer: Viewer) -> None:
    async with world.writing(world.demo) as tx:
        for role in (await tx.exec(select(UserRole).where(UserRole.user_id == viewer.user_id))).all():
            assert role.role == Role.STUDENT
            await tx.delete(role)
    await world.bus.publish('sessions')
