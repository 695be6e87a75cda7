"""Courses in other languages."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.generation.translation import TranslationView
from services.platform import Services
from services.viewer import Viewer


class TranslateIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    language: str = Field(min_length=2, max_length=12, description='a code like de or pt')
    version_id: UUID | None = Field(default=None, description='the newest, if none is named')


class TranslationRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    course_id: UUID = Field(description='the original')
    title: str
    language: str
    status: Literal['queued', 'running', 'ready', 'failed']
    progress: float
    target_course_id: UUID | None = Field(description='the new course, once it is ready')
    workflow_id: UUID | None = Field(description='where it is reviewed')
    error: str | None
    asker: str
    asked_at: datetime
    finished_at: datetime | None


class TranslationList(BaseModel):
    items: list[TranslationRead]
    total: int


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(tags=['translations'])
    translations = services.translations
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.post('/courses/{course_id}/translations', status_code=202)
    async def translate(course_id: UUID, body: TranslateIn, viewer: Asking) -> TranslationRead:
        """Begins a course in another language; 422 without a model, and for the course's own language."""
        return _read(await translations.begin(viewer, course_id, body.language, version_id=body.version_id))

    @api.get('/courses/{course_id}/translations')
    async def list_translations(course_id: UUID, viewer: Asking) -> TranslationList:
        """From this course, and the one that it came from; newest first."""
        found = await translations.of_course(viewer, course_id)
        return TranslationList(items=[_read(one) for one in found], total=len(found))

    @api.get('/translations/{translation_id}')
    async def read_translation(translation_id: UUID, viewer: Asking) -> TranslationRead:
        return _read(await translations.get(viewer, translation_id))

    @api.post('/translations/{translation_id}/retry', status_code=202)
    async def retry_translation(translation_id: UUID, viewer: Asking) -> TranslationRead:
        """Tries one that failed once more."""
        return _read(await translations.again(viewer, translation_id))

    return api


def _read(view: TranslationView) -> TranslationRead:
    return TranslationRead.model_validate(view)
