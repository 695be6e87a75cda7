"""Learning over REST: what I learn, a lesson, and that it is done."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from app.api.courses import LessonRead
from app.api.viewer import CurrentViewer
from services.platform import Services
from services.viewer import Viewer


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class MyCourseRead(_Out):
    course_id: UUID
    title: str
    summary: str
    instructor: str
    version: str
    progress: float = Field(description='lessons done of all lessons, 0 to 1')
    lessons_done: int
    lessons: int
    minutes_left: int
    next_lesson_id: UUID | None
    next_lesson: str
    last_seen_at: datetime | None
    completed_at: datetime | None


class MyCourses(BaseModel):
    items: list[MyCourseRead]
    total: int


class LessonPageRead(_Out):
    course_id: UUID
    lesson: LessonRead
    previous_id: UUID | None
    next_id: UUID | None
    done: bool
    preview: bool


class Completion(_Out):
    lesson_id: UUID
    completed_at: datetime | None
    course_progress: float = Field(description='lessons done of all lessons, 0 to 1')


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(tags=['learning'])
    enrollments = services.enrollments
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.get('/enrollments')
    async def list_my_courses(viewer: Asking) -> MyCourses:
        """What I learn, last visited first."""
        found = await enrollments.my_courses(viewer)
        return MyCourses(items=[MyCourseRead.model_validate(course) for course in found], total=len(found))

    @api.get('/lessons/{lesson_id}')
    async def get_lesson(lesson_id: UUID, viewer: Asking) -> LessonPageRead:
        return LessonPageRead.model_validate(await enrollments.lesson(viewer, lesson_id))

    @api.post('/lessons/{lesson_id}/open')
    async def open_lesson(lesson_id: UUID, viewer: Asking) -> LessonPageRead:
        """The same, remembered as the place to continue at."""
        return LessonPageRead.model_validate(await enrollments.open_lesson(viewer, lesson_id))

    @api.post('/lessons/{lesson_id}/complete')
    async def complete_lesson(lesson_id: UUID, viewer: Asking) -> Completion:
        """Idempotent."""
        return Completion.model_validate(await enrollments.complete(viewer, lesson_id))

    @api.delete('/lessons/{lesson_id}/complete')
    async def reopen_lesson(lesson_id: UUID, viewer: Asking) -> Completion:
        return Completion.model_validate(await enrollments.uncomplete(viewer, lesson_id))

    return api
