"""Blocks written again by instruction, and new blocks for a lesson."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.generation.regeneration import RegenerationView
from services.platform import Services
from services.viewer import Viewer


class RegenerationRead(BaseModel):
    """Undo is `POST /proposals/{proposal_id}/undo`."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    block_id: UUID | None = Field(description='of a new block: once it is written')
    lesson_id: UUID
    type: str
    instruction: str
    status: Literal['queued', 'running', 'ready', 'unchanged', 'failed']
    proposal_id: UUID | None
    applied: bool = Field(description='the block says it by now; otherwise the proposal waits for a decision')
    answer: str = Field(description='what the author says, above all why it changed nothing')
    error: str | None
    asker: str
    asked_at: datetime
    finished_at: datetime | None


class RegenerationList(BaseModel):
    items: list[RegenerationRead]
    total: int


class RegenerateIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    block_id: UUID
    hash: str = Field(max_length=128, description='of the block as it was read')
    instruction: str = Field(max_length=1000)


class RegenerateLessonIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    lesson_id: UUID
    hashes: dict[UUID, str] = Field(max_length=60, description='block id -> hash of each block as it was read')
    instruction: str = Field(max_length=1000)


class NewBlockIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    lesson_id: UUID
    type: Literal['text', 'slide', 'question', 'lab']
    instruction: str = Field(default='', max_length=1000, description='what it should be about')


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(prefix='/generate', tags=['drafts on request'])
    again = services.regenerations
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.post('/regenerate', status_code=202)
    async def regenerate(body: RegenerateIn, viewer: Asking) -> RegenerationRead:
        """Writes one block again. The result is applied at once where the block still says what it said; it can be
        undone, and it waits for approval."""
        return _read(await again.ask(viewer, body.block_id, body.hash, body.instruction))

    @api.post('/regenerate-lesson', status_code=202)
    async def regenerate_lesson(body: RegenerateLessonIn, viewer: Asking) -> RegenerationList:
        """Writes several blocks of a lesson again: all begin, or none."""
        found = await again.ask_lesson(viewer, body.lesson_id, body.hashes, body.instruction)
        return RegenerationList(items=[_read(one) for one in found], total=len(found))

    @api.post('/block', status_code=202)
    async def new_block(body: NewBlockIn, viewer: Asking) -> RegenerationRead:
        """Writes one more block for a lesson, at its end."""
        return _read(await again.add(viewer, body.lesson_id, body.type, body.instruction))

    @api.get('/regenerations/{regeneration_id}')
    async def read_regeneration(regeneration_id: UUID, viewer: Asking) -> RegenerationRead:
        return _read(await again.get(viewer, regeneration_id))

    @api.post('/regenerations/{regeneration_id}/retry', status_code=202)
    async def retry_regeneration(regeneration_id: UUID, viewer: Asking) -> RegenerationRead:
        """Tries one that failed once more."""
        return _read(await again.again(viewer, regeneration_id))

    @api.post('/regenerations/{regeneration_id}/dismiss', status_code=204)
    async def dismiss_regeneration(regeneration_id: UUID, viewer: Asking) -> None:
        """Somebody has read how it ended; the studio shows it no longer."""
        await again.dismiss(viewer, regeneration_id)

    return api


def _read(view: RegenerationView) -> RegenerationRead:
    return RegenerationRead.model_validate(view)
