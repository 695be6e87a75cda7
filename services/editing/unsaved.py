"""Words that somebody typed and has not saved: kept for them as they type, until they save or discard them."""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.clock import now
from services.errors import NotFound, TooLarge
from services.richtext import sanitise
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import editing as rows
from storage.courses import Block, Lesson
from storage.editing import UnsavedWords
from storage.workflows import Workflow

LARGEST = 3_000_000  # characters of JSON: far more than a block takes, so that what is pasted is never lost


@dataclass(frozen=True, kw_only=True)
class UnsavedView:
    """`place` is the block, or the lesson for a block still to be made; `base_hash` what the block said at first."""

    place: UUID
    lesson_id: UUID
    base_hash: str
    content: dict[str, Any]
    kept_at: datetime


class UnsavedService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def keep(self, viewer: Viewer, place: UUID, base_hash: str, content: dict[str, Any]) -> UnsavedView:
        """Replaces what the person had typed there before; nobody else sees it."""
        clean = await asyncio.to_thread(_clean, content)
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            lesson = await _lesson(work, place)
            words = await rows.unsaved_of(work.scope, work.viewer.user_id, place)
            fresh = words is None
            if words is None:
                words = UnsavedWords(
                    user_id=work.viewer.user_id, lesson_id=lesson.id, place=place, content={}, kept_at=now()
                )
            words.base_hash, words.content, words.kept_at = base_hash, clean, now()
            work.add(words)
            lock = await rows.lock_of(work.scope, place)
            if lock is not None and lock.user_id == work.viewer.user_id:
                lock.seen_at = lock.typed_at = words.kept_at
                work.add(lock)
            if fresh:
                work.changed(topic(work.viewer))
            return _view(words)

    async def get(self, viewer: Viewer, place: UUID) -> UnsavedView:
        async with self._gate.reading(viewer, Permission.DRAFT_WRITE) as work:
            words = await rows.unsaved_of(work.scope, work.viewer.user_id, place)
            if words is None:
                raise NotFound()
            return _view(words)

    async def of_draft(self, viewer: Viewer, workflow_id: UUID) -> list[UnsavedView]:
        """One's own in the draft of a workflow, newest first."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            workflow = await work.get(Workflow, workflow_id)
            if not work.viewer.may(Permission.DRAFT_WRITE):
                return []
            found = await rows.unsaved_in_version(work.scope, work.viewer.user_id, workflow.version_id)
            return [_view(words) for words in found]

    async def discard(self, viewer: Viewer, place: UUID) -> None:
        """Idempotent: what is gone already stays gone."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            await _lesson(work, place)
            if await rows.forget_unsaved(work.scope, work.viewer.user_id, place):
                work.changed(topic(work.viewer))


def topic(viewer: Viewer) -> str:
    """Published when words of a person begin to be kept, and when they are gone."""
    return f'unsaved:{viewer.user_id}'


def _clean(content: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(content, ensure_ascii=False)) > LARGEST:
        raise TooLarge('This is too much text to keep. Copy it to a file, and bring it here in parts.')
    return content | {'html': sanitise(content['html'])} if isinstance(content.get('html'), str) else content


async def _lesson(work: Work, place: UUID) -> Lesson:
    block = await work.scope.find(Block, place)
    return await work.get(Lesson, block.lesson_id if block is not None else place)


def _view(words: UnsavedWords) -> UnsavedView:
    return UnsavedView(
        place=words.place,
        lesson_id=words.lesson_id,
        base_hash=words.base_hash,
        content=words.content,
        kept_at=words.kept_at,
    )
