"""Writing together over REST: words not saved yet, who writes in which block, two versions made one, what is pasted."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.editing.unsaved import UnsavedView
from services.platform import Services
from services.viewer import Viewer


class _In(BaseModel):
    model_config = ConfigDict(extra='forbid')


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class UnsavedIn(_In):
    base_hash: str = Field(default='', max_length=128, description='of the block as it was when the writing began')
    content: dict[str, Any]


class UnsavedRead(_Out):
    place: UUID = Field(description='the block, or the lesson for a block still to be made')
    lesson_id: UUID
    base_hash: str
    content: dict[str, Any]
    kept_at: datetime


class UnsavedList(BaseModel):
    items: list[UnsavedRead]
    total: int


class UnsavedKept(_Out):
    kept_at: datetime


class LockIn(_In):
    holder: str = Field(min_length=1, max_length=64, description='names the window or program that writes')
    over: bool = Field(default=False, description='take it from somebody else, who is told')


class LockRead(_Out):
    block_id: UUID
    user_id: UUID
    name: str
    typed_at: datetime
    idle: bool = Field(description='nothing was typed for two minutes')


class LockNow(BaseModel):
    lock: LockRead | None


class PersonRead(_Out):
    user_id: UUID
    name: str


class People(BaseModel):
    items: list[PersonRead]
    total: int


class MergeIn(_In):
    base_hash: str = Field(max_length=128, description='of the words that both began from')
    content: dict[str, Any]


class MergeRead(_Out):
    content: dict[str, Any] | None = Field(description='both changes, or null where they contradict each other')
    hash: str = Field(description='what the block says by now: save the content with this')


class PasteIn(_In):
    html: str


class PasteRead(_Out):
    html: str
    left_out: list[str] = Field(description='kinds of things that may not stay: pictures, scripts, embeds, …')


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(tags=['editing'])
    editing = services.editing
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.get('/workflows/{workflow_id}/unsaved')
    async def list_unsaved_words(workflow_id: UUID, viewer: Asking) -> UnsavedList:
        """My own, in the draft of this workflow, newest first."""
        found = await editing.unsaved.of_draft(viewer, workflow_id)
        return UnsavedList(items=[_read(words) for words in found], total=len(found))

    @api.get('/blocks/{block_id}/unsaved')
    async def get_unsaved_words(block_id: UUID, viewer: Asking) -> UnsavedRead:
        return _read(await editing.unsaved.get(viewer, block_id))

    @api.put('/blocks/{block_id}/unsaved')
    async def keep_unsaved_words(block_id: UUID, words: UnsavedIn, viewer: Asking) -> UnsavedKept:
        """As they are typed: nobody else sees them, and the block stays as it is."""
        return _kept(await editing.unsaved.keep(viewer, block_id, words.base_hash, words.content))

    @api.delete('/blocks/{block_id}/unsaved', status_code=204)
    async def discard_unsaved_words(block_id: UUID, viewer: Asking) -> None:
        await editing.unsaved.discard(viewer, block_id)

    @api.put('/lessons/{lesson_id}/unsaved')
    async def keep_unsaved_block(lesson_id: UUID, words: UnsavedIn, viewer: Asking) -> UnsavedKept:
        """The same for a block that is still to be made."""
        return _kept(await editing.unsaved.keep(viewer, lesson_id, words.base_hash, words.content))

    @api.delete('/lessons/{lesson_id}/unsaved', status_code=204)
    async def discard_unsaved_block(lesson_id: UUID, viewer: Asking) -> None:
        await editing.unsaved.discard(viewer, lesson_id)

    @api.get('/blocks/{block_id}/lock')
    async def get_lock(block_id: UUID, viewer: Asking) -> LockNow:
        """Who writes in the block now."""
        lock = await editing.locks.get(viewer, block_id)
        return LockNow(lock=LockRead.model_validate(lock) if lock is not None else None)

    @api.put('/blocks/{block_id}/lock')
    async def take_lock(block_id: UUID, lock: LockIn, viewer: Asking) -> LockRead:
        """Asks others to wait for 90 seconds; take it again to go on."""
        return LockRead.model_validate(await editing.locks.take(viewer, block_id, lock.holder, over=lock.over))

    @api.post('/blocks/{block_id}/lock/release', status_code=204)
    async def release_lock(block_id: UUID, lock: LockIn, viewer: Asking) -> None:
        await editing.locks.release(viewer, block_id, lock.holder)

    @api.get('/lessons/{lesson_id}/people')
    async def list_people_here(lesson_id: UUID, viewer: Asking) -> People:
        """Who has the lesson open in the studio."""
        people = await editing.here.people(viewer, lesson_id)
        return People(items=[PersonRead.model_validate(one) for one in people], total=len(people))

    @api.post('/blocks/{block_id}/merge')
    async def merge_block(block_id: UUID, words: MergeIn, viewer: Asking) -> MergeRead:
        """Somebody saved first: both changes in one. Nothing is saved."""
        return MergeRead.model_validate(await editing.merges.merge(viewer, block_id, words.base_hash, words.content))

    @api.post('/text/clean')
    async def clean_text(text: PasteIn, viewer: Asking) -> PasteRead:
        """HTML from elsewhere, as it may stand in a block. Nothing is saved."""
        return PasteRead.model_validate(await editing.pastes.clean(viewer, text.html))

    return api


def _read(words: UnsavedView) -> UnsavedRead:
    return UnsavedRead.model_validate(words)


def _kept(words: UnsavedView) -> UnsavedKept:
    return UnsavedKept(kept_at=words.kept_at)
