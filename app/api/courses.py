"""Courses over REST: list, read, change, throw away, take back, and who learns them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.platform import Services
from services.viewer import Viewer


class _In(BaseModel):
    model_config = ConfigDict(extra='forbid')


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class CourseIn(_In):
    title: str
    summary: str = ''
    audience: str = ''
    level: str = ''
    language: str = 'en'


class CourseChange(_In):
    """What is left out stays as it is."""

    title: str | None = None
    summary: str | None = None
    audience: str | None = None
    level: str | None = None
    language: str | None = None


class CourseRow(_Out):
    id: UUID
    title: str
    summary: str
    level: str
    language: str
    status: Literal['draft', 'assembled', 'published']
    instructor_id: UUID
    instructor: str
    version: str | None = Field(description='number of the newest version')
    blocks: int
    approved: int
    enrolled: int
    minutes: int
    created_at: datetime
    updated_at: datetime | None
    deleted_at: datetime | None


class CourseRows(BaseModel):
    items: list[CourseRow]
    total: int


class SourceRead(_Out):
    id: UUID
    document_id: UUID
    document_name: str
    page: int
    start: int
    end: int
    quote: str


class BlockRead(_Out):
    id: UUID
    type: str
    content: dict[str, Any] = Field(description='for learners a question carries no answers')
    origin: str
    sources: list[SourceRead]
    content_hash: str
    revision: int
    review_state: str
    comment: str
    approved: bool
    approver: str
    approved_at: datetime | None
    own_words: list[str] = Field(description='sentences that a person marked as their own; an empty one: all of it')


class QuizRead(_Out):
    id: UUID
    title: str
    pass_mark: float
    question_ids: list[UUID]


class LessonRead(_Out):
    id: UUID
    number: str
    title: str
    objectives: list[str]
    minutes: int
    blocks: list[BlockRead]
    quiz: QuizRead | None


class ModuleRead(_Out):
    id: UUID
    title: str
    objectives: list[str]
    minutes: int
    lessons: list[LessonRead]


class VersionRead(_Out):
    id: UUID
    number: str
    state: Literal['draft', 'assembled', 'published']
    title: str
    summary: str
    objectives: list[str]
    created_at: datetime
    assembled_at: datetime | None
    published_at: datetime | None
    published_by: str
    content_hash: str
    blocks: int
    approved: int
    override_reason: str = Field(description='why it was published over findings')
    overridden: list[str] = Field(description='the findings over which it was published')


class Versions(BaseModel):
    items: list[VersionRead]
    total: int


class CourseRead(_Out):
    id: UUID
    title: str
    summary: str
    audience: str
    level: str
    language: str
    status: Literal['draft', 'assembled', 'published']
    instructor_id: UUID
    instructor: str
    created_at: datetime
    updated_at: datetime | None
    published_version_id: UUID | None
    version: VersionRead | None
    modules: list[ModuleRead]


class EnrollIn(_In):
    email: str | None = Field(default=None, max_length=254)
    user_id: UUID | None = None


class EnrollManyIn(_In):
    emails: list[str] = Field(max_length=500)


class EnrollmentRead(_Out):
    id: UUID
    course_id: UUID
    user_id: UUID
    status: Literal['active', 'removed']
    name: str
    email: str
    enrolled_at: datetime
    last_seen_at: datetime | None
    completed_at: datetime | None


class Enrollments(BaseModel):
    items: list[EnrollmentRead]
    total: int


class EnrollmentLineRead(_Out):
    email: str
    outcome: Literal['enrolled', 'already', 'not_member']


class EnrollmentReport(BaseModel):
    lines: list[EnrollmentLineRead]


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(tags=['courses'])
    courses, enrollments = services.courses, services.enrollments
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.get('/courses')
    async def list_courses(
        viewer: Asking,
        search: Annotated[str, Query(max_length=200)] = '',
        status: Literal['draft', 'assembled', 'published'] | None = None,
        mine: bool = False,
        sort: Literal['newest', 'oldest', 'title', 'updated'] = 'newest',
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
    ) -> CourseRows:
        """Learners get the published courses they are enrolled in."""
        found, total = await courses.list(
            viewer, search=search, status=status, mine=mine, order=sort, limit=limit, offset=offset
        )
        return CourseRows(items=[CourseRow.model_validate(course) for course in found], total=total)

    @api.post('/courses', status_code=201)
    async def create_course(body: CourseIn, viewer: Asking) -> CourseRead:
        """An empty course; POST /workflows drafts one from documents."""
        return CourseRead.model_validate(await courses.create(viewer, **body.model_dump()))

    @api.get('/courses/deleted')
    async def list_deleted_courses(viewer: Asking) -> CourseRows:
        """The recycle bin, last deleted first."""
        found = await courses.recycle_bin(viewer)
        return CourseRows(items=[CourseRow.model_validate(course) for course in found], total=len(found))

    @api.get('/courses/{course_id}')
    async def get_course(course_id: UUID, viewer: Asking, version_id: UUID | None = None) -> CourseRead:
        """With modules, lessons and blocks, as the viewer may see them."""
        return CourseRead.model_validate(await courses.get(viewer, course_id, version_id=version_id))

    @api.put('/courses/{course_id}')
    async def update_course(course_id: UUID, body: CourseChange, viewer: Asking) -> CourseRead:
        return CourseRead.model_validate(await courses.update(viewer, course_id, **body.model_dump()))

    @api.delete('/courses/{course_id}', status_code=204)
    async def delete_course(course_id: UUID, viewer: Asking) -> None:
        """Into the recycle bin, with enrolments and grades."""
        await courses.delete(viewer, course_id)

    @api.post('/courses/{course_id}/restore')
    async def restore_course(course_id: UUID, viewer: Asking) -> CourseRead:
        return CourseRead.model_validate(await courses.restore(viewer, course_id))

    @api.get('/courses/{course_id}/versions')
    async def list_versions(course_id: UUID, viewer: Asking) -> Versions:
        """Newest first."""
        found = await courses.versions(viewer, course_id)
        return Versions(items=[VersionRead.model_validate(version) for version in found], total=len(found))

    @api.post('/courses/{course_id}/enroll')
    async def enroll(course_id: UUID, body: EnrollIn, viewer: Asking) -> EnrollmentRead:
        """A member of the organisation, by e-mail or id; idempotent."""
        return EnrollmentRead.model_validate(
            await enrollments.enroll(viewer, course_id, email=body.email, user_id=body.user_id)
        )

    @api.get('/courses/{course_id}/enrollments')
    async def list_enrollments(course_id: UUID, viewer: Asking) -> Enrollments:
        found = await enrollments.enrolled(viewer, course_id)
        return Enrollments(items=[EnrollmentRead.model_validate(row) for row in found], total=len(found))

    @api.post('/courses/{course_id}/enrollments')
    async def enroll_many(course_id: UUID, body: EnrollManyIn, viewer: Asking) -> EnrollmentReport:
        """A list of e-mail addresses; says what became of each."""
        report = await enrollments.enroll_many(viewer, course_id, body.emails)
        return EnrollmentReport(lines=[EnrollmentLineRead.model_validate(line) for line in report])

    @api.delete('/courses/{course_id}/enrollments/{user_id}', status_code=204)
    async def remove_enrollment(course_id: UUID, user_id: UUID, viewer: Asking) -> None:
        """Ends access; grades are kept for when the person is enrolled again."""
        await enrollments.remove(viewer, course_id, user_id)

    return api
