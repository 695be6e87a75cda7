"""Putting people into a course and taking them out; called inside the service's transactions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.enrollments.views import EnrollmentView
from services.errors import Conflict, InvalidInput
from services.notifications import notify
from services.work import Work
from storage import enrollments as rows
from storage import identity
from storage.courses import Course
from storage.enrollments import ACTIVE, REMOVED, Enrollment
from storage.identity import User


class NotPublished(Conflict):
    code = 'not_published'

    def __init__(self) -> None:
        super().__init__('Only a published course takes learners. Publish it first.')


async def open_course(work: Work, course_id: UUID) -> Course:
    """The course, held until the commit: two enrolments of one person follow each other and find each other's row."""
    course = await work.get(Course, course_id, lock=True)
    if course.published_version_id is None:
        raise NotPublished()
    return course


async def member(work: Work, *, email: str | None = None, user_id: UUID | None = None) -> User | None:
    """The person, if they hold a role in this organisation."""
    if user_id is not None:
        user = await work.tx.get(User, user_id)
    else:
        user = await identity.user_by_email(work.tx, email or '')
    if user is None or not user.is_active or user.deleted_at is not None:
        return None
    return user if await identity.roles_of(work.tx, user.id, work.scope.organization_id) else None


def no_such_member(name: str) -> InvalidInput:
    fault = (
        'Nobody with this e-mail is in your organisation yet. Check the spelling, or ask an administrator to add them.'
    )
    return InvalidInput(fault, fields={name: fault})


async def put_in(work: Work, course: Course, user: User) -> tuple[Enrollment, bool]:
    """The enrolment and whether it is news; whoever comes back finds what they had done."""
    assert course.published_version_id is not None
    found = await rows.enrollment_of(work.scope, course.id, user.id)
    if found is not None and found.status == ACTIVE:
        return found, False
    enrollment = found or Enrollment(course_id=course.id, user_id=user.id, version_id=course.published_version_id)
    enrollment.status = ACTIVE
    work.add(enrollment)
    work.record('enrollment.created', enrollment, after={'course_id': str(course.id), 'user_id': str(user.id)})
    await notify(work, [user.id], 'You are enrolled', subject=course.title, path=f'/learn/{course.id}')
    say_enrolled(work, course, user.id)
    await work.tx.flush()
    return enrollment, True


async def take_out(work: Work, course: Course, user_id: UUID) -> None:
    enrollment = await rows.enrollment_of(work.scope, course.id, user_id)
    if enrollment is None or enrollment.status == REMOVED:
        return
    enrollment.status = REMOVED
    work.tx.add(enrollment)
    work.record('enrollment.removed', enrollment, before={'course_id': str(course.id), 'user_id': str(user_id)})
    say_enrolled(work, course, user_id)


def say_enrolled(work: Work, course: Course, user_id: UUID) -> None:
    work.changed(f'course:{course.id}', f'progress:{course.id}', f'courses:{course.organization_id}', f'user:{user_id}')


def enrollment_view(enrollment: Enrollment, user: User) -> EnrollmentView:
    return EnrollmentView(
        id=enrollment.id,
        course_id=enrollment.course_id,
        user_id=user.id,
        status=enrollment.status,
        name=user.full_name,
        email=user.email,
        enrolled_at=enrollment.created_at,
        last_seen_at=enrollment.last_seen_at,
        completed_at=enrollment.completed_at,
    )


def distinct_lines(emails: Sequence[str]) -> list[str]:
    """One address a line, each once, whatever separates them."""
    found = (part for line in emails for part in line.replace(',', ' ').replace(';', ' ').split())
    return list(dict.fromkeys(address.strip('<>').lower() for address in found if address))


def is_stale(moment: datetime | None, now: datetime, seconds: float) -> bool:
    return moment is None or (now - moment).total_seconds() > seconds
