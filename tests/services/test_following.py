"""Watching a course: what is told, to whom, and when it ends."""

import asyncio

import pytest

from services.analytics.course import AnalyticsService
from services.analytics.figures import CourseAnalytics
from services.clock import now
from services.courses.service import CourseService
from services.enrollments import EnrollmentService
from services.errors import Forbidden, NotFound
from storage.identity import end_session
from tests.services.world import World


async def test_everybody_who_watches_hears_the_same_figures_of_a_learners_act(world: World) -> None:
    made = await world.taught(world.demo)
    analytics = AnalyticsService(world.gate, world.bus)
    heard: tuple[list[CourseAnalytics], list[CourseAnalytics]] = ([], [])
    for figures in heard:
        await analytics.follow(world.demo.instructor, made.course_id, figures.append, _never)
    await EnrollmentService(world.gate).complete(world.demo.student, made.lesson_ids[0])
    first, second = [await _last(figures, 0.25) for figures in heard]
    assert first is second


async def test_whoever_stopped_watching_hears_nothing(world: World) -> None:
    made = await world.taught(world.demo)
    analytics = AnalyticsService(world.gate, world.bus)
    left: list[CourseAnalytics] = []
    stayed: list[CourseAnalytics] = []
    stop = await analytics.follow(world.demo.instructor, made.course_id, left.append, _never)
    await analytics.follow(world.demo.admin, made.course_id, stayed.append, _never)
    stop()
    await EnrollmentService(world.gate).complete(world.demo.student, made.lesson_ids[0])
    await _last(stayed, 0.25)
    assert left == []


async def test_watchers_are_told_when_the_course_has_gone(world: World) -> None:
    made = await world.taught(world.demo)
    analytics, gone = AnalyticsService(world.gate, world.bus), asyncio.Event()
    await analytics.follow(world.demo.instructor, made.course_id, lambda figures: None, gone.set)
    await CourseService(world.gate).delete(world.demo.instructor, made.course_id)
    assert await asyncio.wait_for(gone.wait(), 5)


async def test_whoever_is_signed_out_stops_watching_at_once(world: World) -> None:
    made = await world.taught(world.demo)
    analytics, gone = AnalyticsService(world.gate, world.bus), asyncio.Event()
    await analytics.follow(world.demo.instructor, made.course_id, lambda figures: None, gone.set)
    await analytics.follow(world.demo.admin, made.course_id, lambda figures: None, _never)
    async with world.database.writing() as tx:
        await end_session(tx, world.demo.instructor.session_id, now())
    await world.bus.publish('sessions')
    assert await asyncio.wait_for(gone.wait(), 5)


async def test_learners_may_not_watch(world: World) -> None:
    made = await world.taught(world.demo)
    analytics = AnalyticsService(world.gate, world.bus)
    with pytest.raises(Forbidden):
        await analytics.follow(world.demo.student, made.course_id, lambda figures: None, _never)


async def test_a_learner_sees_the_page_behind_a_quote_and_no_other(world: World) -> None:
    made = await world.taught(world.demo)
    enrollments, lesson = EnrollmentService(world.gate), made.lesson_ids[0]
    text = await enrollments.cited_page(world.demo.student, lesson, made.document_id, 1)
    assert text.startswith('Set the sash')
    for viewer, page in (
        (world.demo.student, 2), (world.demo.classmate, 1), (world.other.student, 1), (world.other.instructor, 1),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            await enrollments.cited_page(viewer, lesson, made.document_id, page)


async def _last(figures: list[CourseAnalytics], rate: float) -> CourseAnalytics:
    async with asyncio.timeout(5):
        while not figures or figures[-1].completion_rate != rate:
            await asyncio.sleep(0.01)
    return figures[-1]


def _never() -> None:
    raise AssertionError('the course is still there')
