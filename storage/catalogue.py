"""Finding courses: the list, the recycle bin, and what stands beside each title."""

from collections.abc import Collection, Sequence
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, exists
from sqlmodel import col, func, select

from storage.courses import ASSEMBLED, Course, CourseVersion, Lesson, Module
from storage.database import Scope
from storage.identity import User

CourseStatus = Literal['draft', 'assembled', 'published']
CourseOrder = Literal['newest', 'oldest', 'title', 'updated']


async def catalogue(
    scope: Scope,
    *,
    search: str = '',
    status: CourseStatus | None = None,
    created_by: UUID | None = None,
    only: Collection[UUID] | None = None,
    order: CourseOrder = 'newest',
    limit: int = 50,
    offset: int = 0,
) -> tuple[Sequence[tuple[Course, str]], int]:
    """A page of the live courses with their instructors' names, and how many there are in all."""
    conditions: list[ColumnElement[bool]] = [
        col(Course.organization_id) == scope.organization_id,
        col(Course.deleted_at).is_(None),
    ]
    if search:
        found = col(Course.title).icontains(search, autoescape=True)
        conditions.append(found | col(User.full_name).icontains(search, autoescape=True))
    if status is not None:
        conditions.append(_has_status(status))
    if created_by is not None:
        conditions.append(col(Course.created_by) == created_by)
    if only is not None:
        conditions.append(col(Course.id).in_(only))
    joined = col(User.id) == col(Course.created_by)
    page = (
        select(Course, User.full_name)
        .join(User, joined)
        .where(*conditions)
        .order_by(*_ORDERS[order], col(Course.id))
        .limit(limit)
        .offset(offset)
    )
    count = select(func.count()).select_from(Course).join(User, joined).where(*conditions)
    return (await scope.tx.exec(page)).all(), (await scope.tx.exec(count)).one()


async def deleted_courses(scope: Scope) -> Sequence[tuple[Course, str]]:
    """What is in the recycle bin with the instructors' names, last deleted first."""
    statement = (
        select(Course, User.full_name)
        .join(User, col(User.id) == col(Course.created_by))
        .where(Course.organization_id == scope.organization_id, col(Course.deleted_at).is_not(None))
        .order_by(col(Course.deleted_at).desc(), col(Course.id))
    )
    return (await scope.tx.exec(statement)).all()


async def instructor_name(scope: Scope, course: Course) -> str:
    return (await scope.tx.exec(select(User.full_name).where(User.id == course.created_by))).one()


async def newest_versions(scope: Scope, course_ids: Collection[UUID]) -> dict[UUID, CourseVersion]:
    """course id -> its newest version; courses without any are missing."""
    statement = scope.rows(CourseVersion).where(col(CourseVersion.course_id).in_(course_ids))
    found = await scope.tx.exec(statement.order_by(col(CourseVersion.created_at)))
    return {version.course_id: version for version in found.all()}


async def lessons_of_versions(scope: Scope, version_ids: Collection[UUID]) -> dict[UUID, list[Lesson]]:
    """version id -> its lessons in course order."""
    statement = (
        scope.rows(Lesson)
        .join(Module, col(Module.id) == col(Lesson.module_id))
        .where(col(Lesson.version_id).in_(version_ids))
        .order_by(col(Module.position), col(Lesson.position))
    )
    found: dict[UUID, list[Lesson]] = {version_id: [] for version_id in version_ids}
    for lesson in (await scope.tx.exec(statement)).all():
        found[lesson.version_id].append(lesson)
    return found


def _has_status(status: CourseStatus) -> ColumnElement[bool]:
    unpublished = col(Course.published_version_id).is_(None)
    assembled = exists().where(col(CourseVersion.course_id) == col(Course.id), col(CourseVersion.state) == ASSEMBLED)
    if status == 'published':
        return ~unpublished
    return unpublished & (assembled if status == 'assembled' else ~assembled)


# The id decides between courses that are alike, so that no page of a list repeats another's rows.
_ORDERS: dict[CourseOrder, tuple[ColumnElement[Any], ...]] = {
    'newest': (col(Course.created_at).desc(),),
    'oldest': (col(Course.created_at).asc(),),
    'title': (func.lower(col(Course.title)),),
    'updated': (func.coalesce(col(Course.updated_at), col(Course.created_at)).desc(),),
}
