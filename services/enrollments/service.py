from collections.abc import Sequence
from uuid import UUID

from services.clock import now
from services.enrollments import learning
from services.enrollments.access import kept_enrollment, seat_at_lesson, seat_in_course
from services.enrollments.enrolling import (
    distinct_lines,
    enrollment_view,
    is_stale,
    member,
    no_such_member,
    open_course,
    put_in,
    take_out,
)
from services.enrollments.views import (
    CompletionView,
    EnrollmentLine,
    EnrollmentView,
    LessonPage,
    MemberView,
    MyCourse,
    OutlineView,
)
from services.errors import InvalidInput, NotFound
from services.fields import line
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import enrollments as rows
from storage.courses import Course, Lesson
from storage.enrollments import Enrollment, LessonCompletion
from storage.publishing import cited_pages

_MOST_AT_ONCE = 500
# A visit shows on the instructor's screen; turning pages within it need not.
_SAME_VISIT_SECONDS = 60


class EnrollmentService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def enroll(
        self, viewer: Viewer, course_id: UUID, *, email: str | None = None, user_id: UUID | None = None
    ) -> EnrollmentView:
        """Puts a member of the organisation into a published course; doing it again answers the same row."""
        if email is None and user_id is None:
            fault = 'Say whom to enrol: an e-mail address, or a person of your organisation.'
            raise InvalidInput(fault, fields={'email': fault})
        async with self._gate.writing(viewer, Permission.ENROLL) as work:
            course = await open_course(work, course_id)
            user = await member(work, email=email, user_id=user_id)
            if user is None:
                raise no_such_member('user_id' if user_id is not None else 'email')
            enrollment, _ = await put_in(work, course, user)
            return enrollment_view(enrollment, user)

    async def enroll_many(self, viewer: Viewer, course_id: UUID, emails: Sequence[str]) -> Sequence[EnrollmentLine]:
        """Enrols whoever of the list is a member and says what became of each line."""
        addresses = distinct_lines(emails)
        if len(addresses) > _MOST_AT_ONCE:
            fault = f'These are {len(addresses)} addresses. Enrol at most {_MOST_AT_ONCE} at a time.'
            raise InvalidInput(fault, fields={'emails': fault})
        async with self._gate.writing(viewer, Permission.ENROLL) as work:
            course = await open_course(work, course_id)
            report = []
            for address in addresses:
                user = await member(work, email=address)
                is_news = user is not None and (await put_in(work, course, user))[1]
                outcome = 'not_member' if user is None else 'enrolled' if is_news else 'already'
                report.append(EnrollmentLine(email=address, outcome=outcome))
            return report

    async def remove(self, viewer: Viewer, course_id: UUID, user_id: UUID) -> None:
        """Ends a person's access; what they did is kept for when they come back."""
        async with self._gate.writing(viewer, Permission.ENROLL) as work:
            await take_out(work, await work.get(Course, course_id, lock=True), user_id)

    async def enrolled(self, viewer: Viewer, course_id: UUID) -> Sequence[EnrollmentView]:
        """The learners of a course, by name."""
        async with self._gate.reading(viewer, Permission.ENROLL) as work:
            await work.get(Course, course_id)
            found = await rows.learners(work.scope, course_id)
            return [enrollment_view(enrollment, user) for enrollment, user in found]

    async def members(
        self, viewer: Viewer, course_id: UUID, search: str = '', *, limit: int = 20
    ) -> Sequence[MemberView]:
        """People of the organisation to pick from, by part of a name or e-mail."""
        async with self._gate.reading(viewer, Permission.ENROLL) as work:
            await work.get(Course, course_id)
            enrolled = set(await rows.learner_ids(work.scope, course_id))
            people = await rows.people(work.scope, line('search', search), limit=limit)
            return [
                MemberView(user_id=user.id, name=user.full_name, email=user.email, enrolled=user.id in enrolled)
                for user in people
            ]

    async def my_courses(self, viewer: Viewer) -> Sequence[MyCourse]:
        """What the viewer learns, last visited first."""
        async with self._gate.reading(viewer, Permission.LEARN) as work:
            return await learning.my_courses(work)

    async def learn(self, viewer: Viewer, course_id: UUID) -> OutlineView:
        """The outline of the course with the viewer's own progress; a preview for authors who are not enrolled."""
        async with self._gate.reading(viewer) as work:
            return await learning.outline(work, await seat_in_course(work, course_id))

    async def lesson(self, viewer: Viewer, lesson_id: UUID) -> LessonPage:
        """A lesson to learn from; leaves no trace."""
        async with self._gate.reading(viewer) as work:
            return await learning.lesson_page(work, *await seat_at_lesson(work, lesson_id))

    async def open_lesson(self, viewer: Viewer, lesson_id: UUID) -> LessonPage:
        """A lesson to learn from, remembered as the place to continue at."""
        async with self._gate.writing(viewer) as work:
            seat, lesson = await seat_at_lesson(work, lesson_id)
            if seat.enrollment is not None:
                _visit(work, seat.enrollment, lesson)
            return await learning.lesson_page(work, seat, lesson)

    async def cited_page(self, viewer: Viewer, lesson_id: UUID, document_id: UUID, page: int) -> str:
        """The text of a page that the lesson's course quotes; whoever may learn the lesson may see where it is from."""
        async with self._gate.reading(viewer) as work:
            _seat, lesson = await seat_at_lesson(work, lesson_id)
            text = (await cited_pages(work.scope, lesson.version_id)).get((document_id, page))
            if text is None:
                raise NotFound()
            return text

    async def complete(self, viewer: Viewer, lesson_id: UUID) -> CompletionView:
        """Marks a lesson done; doing it again changes nothing."""
        async with self._gate.writing(viewer) as work:
            seat, lesson = await seat_at_lesson(work, lesson_id)
            enrollment = await kept_enrollment(work, seat)
            done = await rows.completion(work.scope, enrollment.id, lesson.id)
            if done is None:
                done = LessonCompletion(enrollment_id=enrollment.id, lesson_id=lesson.id, completed_at=now())
                work.add(done)
                await work.tx.flush()
                work.record('lesson.completed', lesson, after={'enrollment_id': str(enrollment.id)})
                _say_progress(work, enrollment)
            progress = await _progress(work, enrollment)
            enrollment.last_seen_at = now()
            if progress == 1 and enrollment.completed_at is None:
                enrollment.completed_at = done.completed_at
            work.tx.add(enrollment)
            return CompletionView(lesson_id=lesson.id, completed_at=done.completed_at, course_progress=progress)

    async def uncomplete(self, viewer: Viewer, lesson_id: UUID) -> CompletionView:
        """Opens a finished lesson again."""
        async with self._gate.writing(viewer) as work:
            seat, lesson = await seat_at_lesson(work, lesson_id)
            enrollment = await kept_enrollment(work, seat)
            done = await rows.completion(work.scope, enrollment.id, lesson.id)
            if done is not None:
                await rows.forget_completion(work.scope, done.id)
                enrollment.completed_at = None
                work.tx.add(enrollment)
                work.record('lesson.reopened', lesson, before={'completed_at': done.completed_at.isoformat()})
                _say_progress(work, enrollment)
            progress = await _progress(work, enrollment)
            return CompletionView(lesson_id=lesson.id, completed_at=None, course_progress=progress)


async def _progress(work: Work, enrollment: Enrollment) -> float:
    """Lessons done of all lessons of the learner's version."""
    lessons = await rows.count_lessons(work.scope, [enrollment.version_id])
    done = await rows.count_completed(work.scope, enrollment.id)
    return learning.share(done, lessons.get(enrollment.version_id, 0))


def _visit(work: Work, enrollment: Enrollment, lesson: Lesson) -> None:
    if is_stale(enrollment.last_seen_at, now(), _SAME_VISIT_SECONDS):
        _say_progress(work, enrollment)
    enrollment.last_seen_at, enrollment.last_lesson_id = now(), lesson.id
    work.tx.add(enrollment)


def _say_progress(work: Work, enrollment: Enrollment) -> None:
    work.changed(f'progress:{enrollment.course_id}', f'user:{enrollment.user_id}')
