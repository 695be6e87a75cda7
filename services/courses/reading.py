"""Puts a version together from its rows, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from services.courses.views import (
    BlockView,
    CourseSummary,
    LessonView,
    ModuleView,
    VersionView,
    quiz_view,
    status_of,
    version_view,
)
from services.work import Work
from storage import courses as rows
from storage import enrollments
from storage.catalogue import lessons_of_versions, newest_versions
from storage.courses import Block, BlockSource, Course, Lesson
from storage.database import Scope
from storage.living import own_words

Shown = Callable[[Block, list[BlockSource]], BlockView]


async def modules_of(work: Work, version_id: UUID, shown: Shown) -> tuple[ModuleView, ...]:
    modules = await rows.modules(work.scope, version_id)
    lessons = await rows.lessons(work.scope, version_id)
    blocks = await rows.blocks(work.scope, version_id)
    sources = await rows.sources(work.scope, [block.id for block in blocks])
    own: defaultdict[UUID, list[str]] = defaultdict(list)
    for mark in await own_words(work.scope, version_id):
        own[mark.block_id].append(mark.sentence)
    quizzes = {quiz.lesson_id: quiz for quiz in await rows.quizzes(work.scope, version_id)}
    lessons_in: defaultdict[UUID, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        lessons_in[lesson.module_id].append(lesson)
    blocks_in: defaultdict[UUID, list[Block]] = defaultdict(list)
    for block in blocks:
        blocks_in[block.lesson_id].append(block)

    def lesson_view(lesson: Lesson, number: str) -> LessonView:
        quiz = quizzes.get(lesson.id)
        return LessonView(
            id=lesson.id,
            number=number,
            title=lesson.title,
            objectives=tuple(lesson.objectives),
            minutes=lesson.minutes,
            blocks=tuple(
                replace(shown(block, sources[block.id]), own_words=tuple(own.get(block.id, ())))
                for block in blocks_in[lesson.id]
            ),
            quiz=quiz_view(quiz, blocks_in[lesson.id]) if quiz else None,
        )

    return tuple(
        ModuleView(
            id=module.id,
            title=module.title,
            objectives=tuple(module.objectives),
            lessons=tuple(
                lesson_view(lesson, f'{place}.{number}') for number, lesson in enumerate(lessons_in[module.id], 1)
            ),
        )
        for place, module in enumerate(modules, 1)
    )


async def summaries(scope: Scope, listed: Sequence[tuple[Course, str]]) -> list[CourseSummary]:
    """The rows of a list, with what stands beside each title fetched for all of them at once."""
    course_ids = [course.id for course, _ in listed]
    newest = await newest_versions(scope, course_ids)
    version_ids = [version.id for version in newest.values()]
    counts = await rows.count_blocks(scope, version_ids)
    lessons = await lessons_of_versions(scope, version_ids)
    enrolled = await enrollments.enrolled_counts(scope, course_ids)

    def summary(course: Course, instructor: str) -> CourseSummary:
        version = newest.get(course.id)
        blocks, approved = counts.get(version.id, (0, 0)) if version else (0, 0)
        return CourseSummary(
            id=course.id,
            title=course.title,
            summary=course.summary,
            level=course.level,
            language=course.language,
            status=status_of(course, version),
            instructor_id=course.created_by,
            instructor=instructor,
            created_at=course.created_at,
            updated_at=course.updated_at,
            deleted_at=course.deleted_at,
            version=version.number if version else None,
            version_id=version.id if version else None,
            version_state=version.state if version else None,
            blocks=blocks,
            approved=approved,
            enrolled=enrolled.get(course.id, 0),
            ruler=tuple(lesson.minutes for lesson in lessons[version.id]) if version else (),
        )

    return [summary(course, instructor) for course, instructor in listed]


async def versions_of(work: Work, course_id: UUID) -> list[VersionView]:
    found = await rows.versions(work.scope, course_id)
    counts = await rows.count_blocks(work.scope, [version.id for version in found])
    return [version_view(version, *counts.get(version.id, (0, 0))) for version in found]
