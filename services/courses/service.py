from collections.abc import Sequence
from uuid import UUID

from services import fields
from services.clock import now
from services.courses import reading
from services.courses.checks import PublishCheck
from services.courses.contents import Contents
from services.courses.publishing import AlreadyPublished, already_published, make_final, reopen
from services.courses.surroundings import checked
from services.courses.views import CourseSummary, CourseView, VersionView, version_view
from services.errors import InvalidInput
from services.snapshots import Snapshots
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import enrollments
from storage.catalogue import CourseOrder, CourseStatus, catalogue, deleted_courses, newest_versions
from storage.courses import PUBLISHED, Course
from storage.database import Scope
from storage.enrollments import courses_of_learner

__all__ = ['AlreadyPublished', 'CourseService']


class CourseService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._contents = Contents()
        self._pages: Snapshots[tuple[Sequence[CourseSummary], int]] = Snapshots(gate.bus)

    async def create(
        self,
        viewer: Viewer,
        title: str,
        *,
        summary: str = '',
        audience: str = '',
        level: str = '',
        language: str = 'en',
    ) -> CourseView:
        """An empty course; its content comes from a workflow."""
        async with self._gate.writing(viewer, Permission.COURSE_WRITE) as work:
            course = work.add(
                Course(
                    title=_title(title),
                    summary=fields.text('summary', summary),
                    audience=fields.line('audience', audience),
                    level=fields.line('level', level),
                    language=fields.line('language', language, limit=20) or 'en',
                    created_by=work.viewer.user_id,
                )
            )
            await work.tx.flush()
            work.record('course.created', course, after={'title': course.title})
            work.changed(f'courses:{work.viewer.organization_id}')
            return await self._contents.course(work, course)

    async def list(
        self,
        viewer: Viewer,
        *,
        search: str = '',
        status: CourseStatus | None = None,
        mine: bool = False,
        order: CourseOrder = 'newest',
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[Sequence[CourseSummary], int]:
        """A page of the courses and how many there are; learners get the published ones they are enrolled in.

        Everyone who asks for the same page between two changes shares one answer.
        """
        async with self._gate.reading(viewer) as work:
            current = work.viewer
        is_author = current.may(Permission.COURSE_READ)
        if not is_author:
            current.require(Permission.LEARN)
        scope_of = current.organization_id
        sought = fields.line('search', search)

        async def make() -> tuple[Sequence[CourseSummary], int]:
            async with self._gate.database.reading() as tx:
                scope = Scope(tx, scope_of)
                found, total = await catalogue(
                    scope,
                    search=sought,
                    status=status if is_author else 'published',
                    created_by=current.user_id if mine else None,
                    only=None if is_author else await courses_of_learner(scope, current.user_id),
                    order=order,
                    limit=limit,
                    offset=offset,
                )
                return await reading.summaries(scope, found), total

        asked_by = None if is_author and not mine else current.user_id
        return await self._pages.get(
            scope_of,
            (asked_by, is_author, sought, status, mine, order, limit, offset),
            (f'courses:{scope_of}', *(() if is_author else (f'user:{current.user_id}',))),
            make,
        )

    async def recycle_bin(self, viewer: Viewer) -> Sequence[CourseSummary]:
        async with self._gate.reading(viewer, Permission.COURSE_WRITE) as work:
            return await reading.summaries(work.scope, await deleted_courses(work.scope))

    async def get(self, viewer: Viewer, course_id: UUID, *, version_id: UUID | None = None) -> CourseView:
        """The course with its modules, lessons and blocks, as the viewer may see them."""
        async with self._gate.reading(viewer) as work:
            return await self._contents.course(work, await work.get(Course, course_id), version_id)

    async def versions(self, viewer: Viewer, course_id: UUID) -> Sequence[VersionView]:
        """Newest first."""
        async with self._gate.reading(viewer, Permission.COURSE_READ) as work:
            await work.get(Course, course_id)
            return await reading.versions_of(work, course_id)

    async def update(
        self,
        viewer: Viewer,
        course_id: UUID,
        *,
        title: str | None = None,
        summary: str | None = None,
        audience: str | None = None,
        level: str | None = None,
        language: str | None = None,
    ) -> CourseView:
        """Changes what is given. What a published version says of itself stays."""
        async with self._gate.writing(viewer, Permission.COURSE_WRITE) as work:
            course = await work.get(Course, course_id, lock=True)
            wanted = {
                'title': None if title is None else _title(title),
                'summary': None if summary is None else fields.text('summary', summary),
                'audience': None if audience is None else fields.line('audience', audience),
                'level': None if level is None else fields.line('level', level),
                'language': None if language is None else fields.line('language', language, limit=20) or 'en',
            }
            after = {name: value for name, value in wanted.items() if value not in (None, getattr(course, name))}
            if after:
                before = {name: getattr(course, name) for name in after}
                for name, value in after.items():
                    setattr(course, name, value)
                course.updated_at = now()
                work.tx.add(course)
                work.record('course.updated', course, before=before, after=after)
                await _say_changed(work, course)
            return await self._contents.course(work, course)

    async def delete(self, viewer: Viewer, course_id: UUID) -> None:
        """Into the recycle bin: versions, enrolments and grades stay as they are and come back with it."""
        async with self._gate.writing(viewer, Permission.COURSE_WRITE) as work:
            course = await work.get(Course, course_id, lock=True)
            course.deleted_at = now()
            work.tx.add(course)
            work.record('course.deleted', course, before={'title': course.title})
            await _say_changed(work, course)

    async def restore(self, viewer: Viewer, course_id: UUID) -> CourseView:
        async with self._gate.writing(viewer, Permission.COURSE_WRITE) as work:
            course = await work.removed(Course, course_id)
            course.deleted_at = None
            work.tx.add(course)
            work.record('course.restored', course, after={'title': course.title})
            await _say_changed(work, course)
            await work.tx.flush()
            return await self._contents.course(work, course)

    async def check(self, viewer: Viewer, course_id: UUID) -> PublishCheck:
        """What stands between the newest version and its learners."""
        async with self._gate.reading(viewer, Permission.COURSE_READ) as work:
            course = await work.get(Course, course_id)
            version = (await newest_versions(work.scope, [course_id])).get(course_id)
            return await checked(work, course, version)

    async def publish(self, viewer: Viewer, course_id: UUID, *, override_reason: str = '') -> VersionView:
        """Makes the newest version final and open for enrolment. Raises PublishBlocked with what must be mended.

        An administrator may publish over findings with a reason, which stands on the course and in the audit trail.
        """
        async with self._gate.writing(viewer, Permission.COURSE_PUBLISH) as work:
            course = await work.get(Course, course_id, lock=True)
            version = (await newest_versions(work.scope, [course.id])).get(course.id)
            if version is not None and version.state == PUBLISHED:
                raise already_published(version)
            check = await checked(work, course, version)
            final = await make_final(work, course, version, check, override_reason)
            await _say_changed(work, course)
            return version_view(final, check.blocks, check.approved)

    async def reopen(self, viewer: Viewer, course_id: UUID) -> CourseView:
        """Takes a version that is ready to publish back into review, so that what was found can be mended."""
        async with self._gate.writing(viewer, Permission.COURSE_WRITE) as work:
            course = await work.get(Course, course_id, lock=True)
            await reopen(work, course, (await newest_versions(work.scope, [course_id])).get(course_id))
            await _say_changed(work, course)
            await work.tx.flush()
            return await self._contents.course(work, course)


async def _say_changed(work: Work, course: Course) -> None:
    learners = await enrollments.learner_ids(work.scope, course.id)
    work.changed(f'course:{course.id}', f'courses:{course.organization_id}', *(f'user:{user}' for user in learners))


def _title(typed: str) -> str:
    title = fields.line('title', typed)
    if not title:
        fault = 'A course needs a title.'
        raise InvalidInput(fault, fields={'title': fault})
    return title
