"""What a learner sees: their courses, the outline around a lesson, the lesson."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from services.courses.views import LessonView, learner_block_view, quiz_view
from services.enrollments.access import Seat
from services.enrollments.views import (
    LessonPage,
    MyCourse,
    OutlineLesson,
    OutlineModule,
    OutlineView,
    QuizStanding,
)
from services.work import Work
from storage import courses, enrollments
from storage.catalogue import lessons_of_versions
from storage.courses import Course, CourseVersion, Lesson, Quiz
from storage.enrollments import Enrollment, LessonCompletion, QuizAttempt


async def my_courses(work: Work) -> list[MyCourse]:
    found = await enrollments.active_courses(work.scope, work.viewer.user_id)
    lessons = await lessons_of_versions(work.scope, {version.id for _, _, version, _ in found})
    done = await enrollments.completed_lessons(work.scope, [enrollment.id for enrollment, _, _, _ in found])
    return [
        _card(enrollment, course, version, instructor, lessons[version.id], done[enrollment.id])
        for enrollment, course, version, instructor in found
    ]


async def outline(work: Work, seat: Seat) -> OutlineView:
    version_id, scope = seat.version.id, work.scope
    done: dict[UUID, LessonCompletion] = {}
    tries: defaultdict[UUID, list[QuizAttempt]] = defaultdict(list)
    if seat.enrollment is not None:
        completions = await enrollments.completed_lessons(scope, [seat.enrollment.id])
        done = {completion.lesson_id: completion for completion in completions[seat.enrollment.id]}
        for attempt in await enrollments.attempts(scope, enrollment_id=seat.enrollment.id):
            tries[attempt.quiz_id].append(attempt)
    lessons = await courses.lessons(scope, version_id)
    questions = await enrollments.count_questions(scope, version_id)
    standings = {
        quiz.lesson_id: standing(quiz, questions.get(quiz.lesson_id, 0), tries[quiz.id])
        for quiz in await courses.quizzes(scope, version_id)
    }
    modules = tuple(
        OutlineModule(
            id=module.id,
            title=module.title,
            lessons=tuple(
                OutlineLesson(
                    id=lesson.id,
                    number=f'{place}.{number}',
                    title=lesson.title,
                    minutes=lesson.minutes,
                    done=lesson.id in done,
                    completed_at=done[lesson.id].completed_at if lesson.id in done else None,
                    quiz=standings.get(lesson.id),
                )
                for number, lesson in enumerate((one for one in lessons if one.module_id == module.id), 1)
            ),
        )
        for place, module in enumerate(await courses.modules(scope, version_id), 1)
    )
    return OutlineView(
        course_id=seat.course.id,
        version_id=version_id,
        version=seat.version.number,
        title=seat.version.title or seat.course.title,
        summary=seat.version.summary or seat.course.summary,
        objectives=tuple(seat.version.objectives),
        language=seat.course.language,
        preview=seat.preview,
        progress=share(len(done), len(lessons)),
        minutes=sum(lesson.minutes for lesson in lessons),
        minutes_left=sum(lesson.minutes for lesson in lessons if lesson.id not in done),
        continue_at=_continue_at(lessons, done, seat.enrollment),
        completed_at=seat.enrollment.completed_at if seat.enrollment else None,
        modules=modules,
    )


async def lesson_page(work: Work, seat: Seat, lesson: Lesson) -> LessonPage:
    scope = work.scope
    lessons = list(await courses.lessons(scope, lesson.version_id))
    modules = list(await courses.modules(scope, lesson.version_id))
    blocks = list(await courses.blocks(scope, lesson.version_id, lesson_id=lesson.id))
    sources = await courses.sources(scope, [block.id for block in blocks])
    quiz = await enrollments.quiz_of(scope, lesson.id)
    done = seat.enrollment and await enrollments.completion(scope, seat.enrollment.id, lesson.id)
    place = next(index for index, other in enumerate(lessons) if other.id == lesson.id)
    module_place = next(index for index, module in enumerate(modules) if module.id == lesson.module_id)
    in_module = [other.id for other in lessons if other.module_id == lesson.module_id]
    previous = lessons[place - 1] if place else None
    following = lessons[place + 1] if place + 1 < len(lessons) else None
    return LessonPage(
        course_id=seat.course.id,
        course_title=seat.version.title or seat.course.title,
        language=seat.course.language,
        module_title=modules[module_place].title,
        lesson=LessonView(
            id=lesson.id,
            number=f'{module_place + 1}.{in_module.index(lesson.id) + 1}',
            title=lesson.title,
            objectives=tuple(lesson.objectives),
            minutes=lesson.minutes,
            blocks=tuple(learner_block_view(block, sources[block.id]) for block in blocks),
            quiz=quiz_view(quiz, blocks) if quiz else None,
        ),
        previous_id=previous.id if previous else None,
        previous_title=previous.title if previous else '',
        next_id=following.id if following else None,
        next_title=following.title if following else '',
        done=done is not None,
        preview=seat.preview,
    )


def standing(quiz: Quiz, questions: int, attempts: list[QuizAttempt]) -> QuizStanding:
    best = max(attempts, key=lambda attempt: attempt.score / attempt.max_score, default=None)
    return QuizStanding(
        quiz_id=quiz.id,
        questions=questions,
        attempts=len(attempts),
        best_score=best.score if best else None,
        max_score=best.max_score if best else float(questions),
        passed=any(attempt.passed for attempt in attempts),
    )


def share(done: int, of: int) -> float:
    """0 to 1; a course without lessons is not begun."""
    return done / of if of else 0.0


def _card(
    enrollment: Enrollment,
    course: Course,
    version: CourseVersion,
    instructor: str,
    lessons: list[Lesson],
    completions: list[LessonCompletion],
) -> MyCourse:
    done = {completion.lesson_id for completion in completions}
    ahead = _continue_at(lessons, done, enrollment)
    return MyCourse(
        course_id=course.id,
        title=version.title or course.title,
        summary=version.summary or course.summary,
        instructor=instructor,
        version=version.number,
        progress=share(len(done), len(lessons)),
        lessons_done=len(done),
        lessons=len(lessons),
        minutes=sum(lesson.minutes for lesson in lessons),
        minutes_left=sum(lesson.minutes for lesson in lessons if lesson.id not in done),
        next_lesson_id=ahead,
        next_lesson=next((lesson.title for lesson in lessons if lesson.id == ahead), ''),
        ruler=tuple((lesson.minutes, lesson.id in done) for lesson in lessons),
        last_seen_at=enrollment.last_seen_at,
        completed_at=enrollment.completed_at,
    )


def _continue_at(lessons: Iterable[Lesson], done: Iterable[UUID], enrollment: Enrollment | None) -> UUID | None:
    """The lesson last seen while it is not done, else the first one not done, else the first."""
    order, finished = [lesson.id for lesson in lessons], set(done)
    open_lessons = [lesson_id for lesson_id in order if lesson_id not in finished]
    if enrollment is not None and enrollment.last_lesson_id in open_lessons:
        return enrollment.last_lesson_id
    return next(iter(open_lessons or order), None)
