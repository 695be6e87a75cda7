"""Who may take a course: its active learners for real, its authors as a preview."""

from dataclasses import dataclass
from uuid import UUID

from services.errors import Conflict, NotFound
from services.viewer import Permission
from services.work import Work
from storage import enrollments as rows
from storage.catalogue import newest_versions
from storage.courses import PUBLISHED, Course, CourseVersion, Lesson
from storage.enrollments import ACTIVE, Enrollment


class OnlyAPreview(Conflict):
    code = 'preview'

    def __init__(self) -> None:
        super().__init__('This is a preview, so nothing is kept. Enrol yourself in the course to keep your progress.')


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A viewer's place in a version of a course; no enrolment means a preview."""

    course: Course
    version: CourseVersion
    enrollment: Enrollment | None

    @property
    def preview(self) -> bool:
        return self.enrollment is None


async def seat_in_course(work: Work, course_id: UUID) -> Seat:
    """Raises NotFound for whoever is neither enrolled nor an author."""
    course = await work.get(Course, course_id)
    enrollment = await _own_enrollment(work, course_id)
    if enrollment is not None:
        return Seat(course=course, version=await work.get(CourseVersion, enrollment.version_id), enrollment=enrollment)
    if not work.viewer.may(Permission.COURSE_READ):
        raise NotFound()
    version_id = course.published_version_id
    newest = (await newest_versions(work.scope, [course_id])).get(course_id)
    version = await work.get(CourseVersion, version_id) if version_id else newest
    if version is None:
        raise Conflict('This course has no content yet. Draft it first.')
    return Seat(course=course, version=version, enrollment=None)


async def seat_in_version(work: Work, version_id: UUID) -> Seat:
    """Learners sit in the version they began with, and in no other; authors preview any."""
    version = await work.get(CourseVersion, version_id)
    course = await work.get(Course, version.course_id)
    enrollment = await _own_enrollment(work, course.id)
    if enrollment is not None and enrollment.version_id == version_id and version.state == PUBLISHED:
        return Seat(course=course, version=version, enrollment=enrollment)
    if not work.viewer.may(Permission.COURSE_READ):
        raise NotFound()
    return Seat(course=course, version=version, enrollment=None)


async def seat_at_lesson(work: Work, lesson_id: UUID) -> tuple[Seat, Lesson]:
    lesson = await work.get(Lesson, lesson_id)
    return await seat_in_version(work, lesson.version_id), lesson


async def kept_enrollment(work: Work, seat: Seat) -> Enrollment:
    """The enrolment, held until the commit so that two acts of one learner follow each other; refuses a preview."""
    if seat.enrollment is None:
        raise OnlyAPreview()
    return await work.get(Enrollment, seat.enrollment.id, lock=True)


async def _own_enrollment(work: Work, course_id: UUID) -> Enrollment | None:
    if not (work.viewer.may(Permission.LEARN) or work.viewer.may(Permission.COURSE_READ)):
        work.viewer.require(Permission.LEARN)
    enrollment = await rows.enrollment_of(work.scope, course_id, work.viewer.user_id)
    return enrollment if enrollment is not None and enrollment.status == ACTIVE else None
