"""A course with all that is in it. What is published never changes: it is put together once and kept."""

from collections import OrderedDict
from dataclasses import replace
from uuid import UUID

from services.courses.reading import Shown, modules_of
from services.courses.views import (
    CourseView,
    ModuleView,
    VersionView,
    block_view,
    learner_block_view,
    status_of,
    version_view,
)
from services.errors import NotFound
from services.viewer import Permission
from services.work import Work
from storage import courses as rows
from storage import enrollments
from storage.catalogue import instructor_name, newest_versions
from storage.courses import PUBLISHED, Course, CourseVersion

_MOST = 20


class Contents:
    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[UUID, Shown], tuple[ModuleView, ...]] = OrderedDict()

    async def course(self, work: Work, course: Course, version_id: UUID | None = None) -> CourseView:
        """Authors see any version, the newest by default; learners the published one they are enrolled in."""
        newest = (await newest_versions(work.scope, [course.id])).get(course.id)
        shown: Shown
        if work.viewer.may(Permission.COURSE_READ):
            version, shown = newest if version_id is None else await _version(work, course, version_id), block_view
        else:
            version, shown = await _version_for_learner(work, course.id), learner_block_view
        return CourseView(
            id=course.id,
            title=course.title,
            summary=course.summary,
            audience=course.audience,
            level=course.level,
            language=course.language,
            status=status_of(course, newest),
            instructor_id=course.created_by,
            instructor=await instructor_name(work.scope, course),
            created_at=course.created_at,
            updated_at=course.updated_at,
            published_version_id=course.published_version_id,
            version=await _counted(work, version, shown) if version else None,
            modules=await self._modules(work, version, shown) if version else (),
        )

    async def _modules(self, work: Work, version: CourseVersion, shown: Shown) -> tuple[ModuleView, ...]:
        if version.state != PUBLISHED:
            return await modules_of(work, version.id, shown)
        key = (version.id, shown)
        if key not in self._kept:
            self._kept[key] = await modules_of(work, version.id, shown)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        modules = self._kept[key]
        self._kept.move_to_end(key)
        return modules


async def _version(work: Work, course: Course, version_id: UUID) -> CourseVersion:
    version = await work.get(CourseVersion, version_id)
    if version.course_id != course.id:
        raise NotFound()
    return version


async def _version_for_learner(work: Work, course_id: UUID) -> CourseVersion:
    """Whoever is not enrolled learns nothing, not even that the course is there."""
    work.viewer.require(Permission.LEARN)
    enrollment = await enrollments.enrollment_of(work.scope, course_id, work.viewer.user_id)
    if enrollment is None or enrollment.status != enrollments.ACTIVE:
        raise NotFound()
    return await work.get(CourseVersion, enrollment.version_id)


async def _counted(work: Work, version: CourseVersion, shown: Shown) -> VersionView:
    counts = await rows.count_blocks(work.scope, [version.id])
    view = version_view(version, *counts.get(version.id, (0, 0)))
    return view if shown is block_view else replace(view, override_reason='', overridden=())
