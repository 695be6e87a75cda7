import asyncio
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import event

from services.analytics.course import AnalyticsService
from services.analytics.figures import Hand, histogram, mean_score, progress_by_day, right_rates, score_of
from services.bus import Bus
from services.clock import now
from services.enrollments import EnrollmentService
from services.errors import Forbidden, NotFound
from services.quizzes import QuizService
from services.snapshots import Snapshots
from tests.services.test_quizzes import right
from tests.services.world import World

HERE = uuid4()


@pytest.fixture
def analytics(world: World) -> AnalyticsService:
    return AnalyticsService(world.gate, world.bus)


async def test_a_course_nobody_takes_has_no_score(world: World, analytics: AnalyticsService) -> None:
    made = await world.published(world.demo)
    figures = await analytics.course(world.demo.instructor, made.course_id)
    assert (figures.enrolled, figures.completion_rate, figures.average_score, figures.students) == (0, 0.0, None, ())
    assert figures.days == ()
    assert len(figures.questions) == 8
    assert figures.questions[0].right_rate is None


async def test_every_act_of_a_student_shows_at_once(world: World, analytics: AnalyticsService) -> None:
    made = await world.taught(world.demo)
    enrollments, quizzes = EnrollmentService(world.gate), QuizService(world.gate)
    instructor, student, classmate = world.demo.instructor, world.demo.student, world.demo.classmate
    assert (await analytics.course(instructor, made.course_id)).enrolled == 1
    await enrollments.enroll(instructor, made.course_id, user_id=classmate.user_id)
    assert (await analytics.course(instructor, made.course_id)).enrolled == 2

    for lesson_id in made.lesson_ids:
        await enrollments.complete(student, lesson_id)
    figures = await analytics.course(instructor, made.course_id)
    assert (figures.completion_rate, figures.completed, figures.average_score) == (0.5, 1, None)

    first, second = await world.quizzes(world.demo, made)
    page = await quizzes.get(student, first.id)
    await quizzes.submit(student, first.id, {})
    await quizzes.submit(student, first.id, right(page))
    await quizzes.submit(student, second.id, {})
    await quizzes.submit(classmate, first.id, right(page))
    figures = await analytics.course(instructor, made.course_id)
    by_name = {one.user_id: one for one in figures.students}
    assert by_name[student.user_id].score == 0.5
    assert by_name[student.user_id].attempts == 3
    assert by_name[student.user_id].last_seen is not None
    assert by_name[classmate.user_id].score == 1.0
    assert (figures.average_score, figures.median_score, figures.scored) == (0.75, 0.75, 2)
    assert figures.histogram == (0, 0, 0, 0, 0, 1, 0, 0, 0, 1)
    assert [point.progress for point in figures.days] == [0.5]
    assert (figures.questions[0].answered, figures.questions[0].right_rate) == (2, 0.5)
    assert (figures.questions[0].number, figures.questions[-1].number) == ('1.1', '2.2')
    assert figures.changed_at is not None

    await enrollments.remove(instructor, made.course_id, student.user_id)
    figures = await analytics.course(instructor, made.course_id)
    assert (figures.enrolled, figures.completion_rate, figures.average_score) == (1, 0.0, 1.0)


async def test_only_who_may_see_figures_sees_them(world: World, analytics: AnalyticsService) -> None:
    made = await world.taught(world.demo)
    await analytics.course(world.demo.admin, made.course_id)
    for viewer in (world.demo.student, world.demo.reviewer, world.demo.editor, world.demo.site, world.other.student):
        with pytest.raises(Forbidden):
            await analytics.course(viewer, made.course_id)
    for viewer in (world.other.instructor, world.other.admin):
        with pytest.raises(NotFound):
            await analytics.course(viewer, made.course_id)
    with pytest.raises(NotFound):
        await analytics.course(world.demo.admin, uuid4())


async def test_many_watchers_cost_one_calculation(world: World, analytics: AnalyticsService) -> None:
    made = await world.taught(world.demo)
    await analytics.course(world.demo.instructor, made.course_id)
    await EnrollmentService(world.gate).complete(world.demo.student, made.lesson_ids[0])
    statements: list[str] = []
    event.listen(world.database.engine.sync_engine, 'before_cursor_execute', lambda *args: statements.append(args[2]))
    seen = await asyncio.gather(*(analytics.course(world.demo.instructor, made.course_id) for _ in range(250)))
    assert len({id(figures) for figures in seen}) == 1
    assert seen[0].completion_rate == 0.25
    assert sum('FROM courses' in statement for statement in statements) == 1
    assert len(statements) < 20


async def test_a_change_during_the_calculation_is_not_lost() -> None:
    bus, value, gate = Bus(), 1, asyncio.Event()
    snapshots: Snapshots[int] = Snapshots(bus)

    async def make() -> int:
        read = value
        await gate.wait()
        return read

    early = asyncio.create_task(snapshots.get(HERE, 'course', ['progress'], make))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    value = 2
    await bus.publish('progress')
    late = asyncio.create_task(snapshots.get(HERE, 'course', ['progress'], make))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gate.set()
    assert (await early, await late) == (1, 2)
    assert await snapshots.get(HERE, 'course', ['progress'], make) == 2


async def test_whoever_leaves_does_not_take_the_figures_away_from_the_others() -> None:
    snapshots: Snapshots[int] = Snapshots(Bus())
    gate = asyncio.Event()

    async def make() -> int:
        await gate.wait()
        return 7

    leaving, staying = (asyncio.create_task(snapshots.get(HERE, 'course', [], make)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.sleep(0)
    gate.set()
    assert await staying == 7


async def test_a_calculation_that_failed_is_tried_again() -> None:
    snapshots: Snapshots[int] = Snapshots(Bus())

    async def fail() -> int:
        raise NotFound()

    async def make() -> int:
        return 7

    with pytest.raises(NotFound):
        await snapshots.get(HERE, 'course', [], fail)
    assert await snapshots.get(HERE, 'course', [], make) == 7


async def test_what_nobody_asks_for_any_more_is_forgotten() -> None:
    bus = Bus()
    snapshots: Snapshots[int] = Snapshots(bus)

    async def make() -> int:
        return 7

    for number in range(600):
        await snapshots.get(HERE, number, [f'progress:{number}'], make)
    assert not bus.watched('progress:0')
    assert bus.watched('progress:599')


def hand(share: float, *, quiz: object, user: object = None, **results: bool) -> Hand:
    return Hand(user_id=user, quiz_id=quiz, share=share, results=results, at=now())  # type: ignore[arg-type]


def test_a_score_is_the_mean_of_the_best_shares() -> None:
    one, two = uuid4(), uuid4()
    hands = [hand(0.2, quiz=one), hand(0.8, quiz=one), hand(0.5, quiz=one), hand(0.4, quiz=two)]
    assert score_of(hands) == pytest.approx(0.6)
    assert score_of([]) is None
    assert mean_score([]) is None


def test_the_histogram_closes_its_last_bin_and_counts_round_shares_upwards() -> None:
    assert histogram([0.0, 0.0999, 0.1, 0.7, 0.29 + 0.01, 1.0]) == (2, 1, 0, 1, 0, 0, 0, 1, 0, 1)


def test_a_question_is_judged_by_first_attempts() -> None:
    quiz, ann, bob = uuid4(), uuid4(), uuid4()
    hands = [
        hand(0, quiz=quiz, user=ann, q=False),
        hand(1, quiz=quiz, user=ann, q=True),
        hand(1, quiz=quiz, user=bob, q=True),
    ]
    assert right_rates(hands) == {'q': (2, 0.5)}


def test_progress_by_day_is_a_running_mean_without_gaps() -> None:
    steps = [(datetime(2026, 11, 1, 12, tzinfo=UTC), 0.5), (datetime(2026, 11, 3, 12, tzinfo=UTC), 0.5)]
    days = progress_by_day(steps, 2, datetime(2026, 11, 1, tzinfo=UTC), date(2026, 11, 4))
    assert [(point.day.day, point.progress) for point in days] == [(1, 0.25), (2, 0.25), (3, 0.5), (4, 0.5)]


def test_progress_of_long_ago_is_where_the_line_begins() -> None:
    steps = [(datetime(2026, 1, 1, tzinfo=UTC), 1.0)]
    days = progress_by_day(steps, 2, datetime(2026, 1, 1, tzinfo=UTC), date(2026, 11, 4))
    assert (len(days), days[0].progress, days[-1].progress) == (90, 0.5, 0.5)
