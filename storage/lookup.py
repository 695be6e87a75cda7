"""What the search over everything may find."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, select

from storage.courses import DRAFT, Course, CourseVersion, Lesson
from storage.database import Scope
from storage.documents import Document
from storage.enrollments import Enrollment


class FindableLesson(NamedTuple):
    lesson_id: UUID
    lesson_title: str
    course_id: UUID
    course_title: str


async def courses_named(scope: Scope, words: str, *, learner: UUID | None, limit: int = 6) -> Sequence[Course]:
    """Courses whose title holds the words; for a learner only those they are enrolled in."""
    statement = scope.rows(Course).where(col(Course.title).icontains(words, autoescape=True))
    if learner is not None:
        own = select(Enrollment.course_id).where(
            Enrollment.organization_id == scope.organization_id,
            Enrollment.user_id == learner,
            Enrollment.status == 'active',
        )
        statement = statement.where(col(Course.id).in_(own))
    return (await scope.tx.exec(statement.order_by(col(Course.title)).limit(limit))).all()


async def findable_lessons(scope: Scope, *, learner: UUID | None) -> list[FindableLesson]:
    """Lessons of finished versions; for a learner those of the versions they are enrolled in."""
    statement = (
        select(Lesson.id, Lesson.title, Course.id, Course.title)
        .join(CourseVersion, col(CourseVersion.id) == col(Lesson.version_id))
        .join(Course, col(Course.id) == col(CourseVersion.course_id))
        .where(
            Lesson.organization_id == scope.organization_id,
            CourseVersion.state != DRAFT,
            col(Course.deleted_at).is_(None),
        )
    )
    if learner is not None:
        own = select(Enrollment.version_id).where(
            Enrollment.organization_id == scope.organization_id,
            Enrollment.user_id == learner,
            Enrollment.status == 'active',
        )
        statement = statement.where(col(Lesson.version_id).in_(own))
    return [FindableLesson(*row) for row in (await scope.tx.exec(statement)).all()]


async def documents_like(scope: Scope, *, name: str = '', ending: str = '') -> Sequence[UUID]:
    """Ids of current documents whose name holds `name` and ends in '.ending'."""
    statement = scope.rows(Document).where(col(Document.current))
    if name:
        statement = statement.where(col(Document.name).icontains(name, autoescape=True))
    if ending:
        statement = statement.where(col(Document.name).iendswith(f'.{ending}', autoescape=True))
    return [document.id for document in (await scope.tx.exec(statement)).all()]
