"""Who writes which block now, and words on their way that nobody has saved yet."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint, delete
from sqlmodel import JSON, Field, col

from storage.base import TenantRow, UtcDateTime
from storage.courses import Lesson
from storage.database import Scope


class UnsavedWords(TenantRow, table=True):
    """What one person has typed into one block; `place` is the block, or the lesson for a block still to be made.

    `base_hash` is what the block said when they began.
    """

    __tablename__ = 'unsaved_words'
    __table_args__ = (UniqueConstraint('user_id', 'place'),)

    user_id: UUID = Field(foreign_key='users.id')
    lesson_id: UUID = Field(foreign_key='lessons.id', index=True)
    place: UUID
    base_hash: str = ''
    content: dict[str, Any] = Field(sa_type=JSON)
    kept_at: datetime = Field(sa_type=UtcDateTime)


class BlockLock(TenantRow, table=True):
    """`holder` tells two windows of one person apart; a lock without a sign since `seen_at` ends by itself."""

    __tablename__ = 'block_locks'

    block_id: UUID = Field(foreign_key='blocks.id', unique=True)
    lesson_id: UUID = Field(foreign_key='lessons.id', index=True)
    user_id: UUID = Field(foreign_key='users.id')
    name: str
    holder: str
    seen_at: datetime = Field(sa_type=UtcDateTime)
    typed_at: datetime = Field(sa_type=UtcDateTime)


async def unsaved_of(scope: Scope, user_id: UUID, place: UUID) -> UnsavedWords | None:
    statement = scope.rows(UnsavedWords).where(UnsavedWords.user_id == user_id, UnsavedWords.place == place)
    return (await scope.tx.exec(statement)).first()


async def unsaved_in_version(scope: Scope, user_id: UUID, version_id: UUID) -> Sequence[UnsavedWords]:
    """Newest first."""
    statement = scope.rows(UnsavedWords).join(Lesson, col(Lesson.id) == col(UnsavedWords.lesson_id))
    statement = statement.where(UnsavedWords.user_id == user_id, Lesson.version_id == version_id)
    return (await scope.tx.exec(statement.order_by(col(UnsavedWords.kept_at).desc()))).all()


async def forget_unsaved(scope: Scope, user_id: UUID, place: UUID) -> bool:
    statement = delete(UnsavedWords).where(
        col(UnsavedWords.organization_id) == scope.organization_id,
        col(UnsavedWords.user_id) == user_id,
        col(UnsavedWords.place) == place,
    )
    return (await scope.tx.exec(statement)).rowcount == 1


async def lock_of(scope: Scope, block_id: UUID) -> BlockLock | None:
    return (await scope.tx.exec(scope.rows(BlockLock).where(BlockLock.block_id == block_id))).first()


async def locks_in_version(scope: Scope, version_id: UUID, *, since: datetime) -> Sequence[BlockLock]:
    """Those that gave a sign since then."""
    statement = scope.rows(BlockLock).join(Lesson, col(Lesson.id) == col(BlockLock.lesson_id))
    return (await scope.tx.exec(statement.where(Lesson.version_id == version_id, BlockLock.seen_at >= since))).all()


async def release_lock(scope: Scope, block_id: UUID, holder: str) -> bool:
    statement = delete(BlockLock).where(
        col(BlockLock.organization_id) == scope.organization_id,
        col(BlockLock.block_id) == block_id,
        col(BlockLock.holder) == holder,
    )
    return (await scope.tx.exec(statement)).rowcount == 1
