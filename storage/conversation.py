"""What people say to each other about a draft, and what each of them has looked at."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import JSON, Field, col

from storage.base import TenantRow, UtcDateTime
from storage.courses import Block, BlockRevision
from storage.database import Scope
from storage.notifications import Notification

OPEN, RESOLVED = 'open', 'resolved'
BLOCK, OUTLINE, DRAFT = 'block', 'outline', 'draft'
COMMENT, SENT_BACK, ANSWER = 'comment', 'sent_back', 'answer'


class ReviewThread(TenantRow, table=True):
    """`about` says what it is on: a block, an item of the outline (`part_id`, whose title then was `part_title`), or
    the whole draft. `quote` are the words of the block that it is about, '' for all of it.
    """

    __tablename__ = 'review_threads'
    __table_args__ = (Index('ix_review_threads_listed', 'organization_id', 'workflow_id', 'status'),)

    workflow_id: UUID = Field(foreign_key='workflows.id')
    about: str
    stage: str
    block_id: UUID | None = Field(default=None, foreign_key='blocks.id', index=True)
    part_id: UUID | None = Field(default=None)
    part_title: str = ''
    proposal_id: UUID | None = Field(default=None, foreign_key='proposals.id')
    quote: str = ''
    status: str = OPEN
    resolved_by: UUID | None = Field(default=None, foreign_key='users.id')
    resolver: str = ''
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ReviewMessage(TenantRow, table=True):
    """`kind` sent_back: what was said with the decision; answer: the next draft, `author` is the model then.

    `revision` is of the block (or the number of the outline's draft) when it was said. `earlier` keeps what it said
    before it was edited: {text, at}; `mentions` are {id, name}.
    """

    __tablename__ = 'review_messages'

    thread_id: UUID = Field(foreign_key='review_threads.id', index=True)
    author_id: UUID | None = Field(default=None, foreign_key='users.id')
    author: str
    kind: str = COMMENT
    text: str
    revision: int = 0
    mentions: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    earlier: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    edited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class BlockLook(TenantRow, table=True):
    """What a block said when this person last had it before them."""

    __tablename__ = 'block_looks'
    __table_args__ = (UniqueConstraint('user_id', 'block_id'),)

    user_id: UUID = Field(foreign_key='users.id', index=True)
    block_id: UUID = Field(foreign_key='blocks.id', index=True)
    revision: int
    content_hash: str
    seen_at: datetime = Field(sa_type=UtcDateTime)


async def threads_of(scope: Scope, workflow_id: UUID) -> Sequence[ReviewThread]:
    """Oldest first."""
    statement = scope.rows(ReviewThread).where(ReviewThread.workflow_id == workflow_id)
    return (await scope.tx.exec(statement.order_by(col(ReviewThread.created_at), col(ReviewThread.id)))).all()


async def messages_of(scope: Scope, thread_ids: Collection[UUID]) -> dict[UUID, list[ReviewMessage]]:
    """thread id -> what was said, in order; withdrawn messages too."""
    found: dict[UUID, list[ReviewMessage]] = {thread_id: [] for thread_id in thread_ids}
    statement = scope.rows(ReviewMessage).where(col(ReviewMessage.thread_id).in_(thread_ids))
    for message in (await scope.tx.exec(statement.order_by(col(ReviewMessage.created_at)))).all():
        found[message.thread_id].append(message)
    return found


async def open_threads_of_block(scope: Scope, block_id: UUID) -> Sequence[ReviewThread]:
    statement = scope.rows(ReviewThread).where(ReviewThread.block_id == block_id, ReviewThread.status == OPEN)
    return (await scope.tx.exec(statement.order_by(col(ReviewThread.created_at)))).all()


async def looks(scope: Scope, user_id: UUID, block_ids: Collection[UUID]) -> dict[UUID, BlockLook]:
    statement = scope.rows(BlockLook).where(BlockLook.user_id == user_id, col(BlockLook.block_id).in_(block_ids))
    return {look.block_id: look for look in (await scope.tx.exec(statement)).all()}


async def keep_looks(scope: Scope, user_id: UUID, seen: dict[UUID, tuple[int, str]], at: datetime) -> None:
    """block id -> (revision, hash) as seen at this moment. Two windows of one person may say so at once."""
    kept = await looks(scope, user_id, seen)
    on_sqlite = scope.tx.get_bind().dialect.name == 'sqlite'
    insert = sqlite.insert if on_sqlite else postgresql.insert
    for block_id, (revision, shown_hash) in seen.items():
        look = kept.get(block_id)
        if look is None:
            row = BlockLook(
                user_id=user_id, block_id=block_id, revision=revision, content_hash=shown_hash, seen_at=at,
                organization_id=scope.organization_id,
            )  # fmt: skip
            await scope.tx.exec(insert(BlockLook).values(**row.model_dump()).on_conflict_do_nothing())
        elif look.revision <= revision:
            look.revision, look.content_hash, look.seen_at = revision, shown_hash, at
            scope.tx.add(look)


async def contents_of(scope: Scope, wanted: Collection[tuple[UUID, int]]) -> dict[UUID, dict[str, Any]]:
    """block id -> what it said in that revision."""
    if not wanted:
        return {}
    statement = scope.rows(BlockRevision).where(
        tuple_(col(BlockRevision.block_id), col(BlockRevision.number)).in_(list(wanted))
    )
    return {row.block_id: row.content for row in (await scope.tx.exec(statement)).all()}


async def revisions_saying(scope: Scope, hashes: dict[UUID, str]) -> dict[UUID, int]:
    """block id -> the newest revision in which it said what has this hash."""
    statement = scope.rows(BlockRevision).where(
        tuple_(col(BlockRevision.block_id), col(BlockRevision.content_hash)).in_(list(hashes.items()))
    )
    found: dict[UUID, int] = {}
    for row in (await scope.tx.exec(statement)).all():
        found[row.block_id] = max(row.number, found.get(row.block_id, 0))
    return found


async def blocks_of_threads(scope: Scope, threads: Sequence[ReviewThread]) -> dict[UUID, Block]:
    """The blocks that are still there."""
    wanted = {thread.block_id for thread in threads if thread.block_id is not None}
    if not wanted:
        return {}
    return {row.id: row for row in (await scope.tx.exec(scope.rows(Block).where(col(Block.id).in_(wanted)))).all()}


async def untold(scope: Scope, user_ids: Collection[UUID], text: str, path: str) -> set[UUID]:
    """Those of them who have no unread word of this kind about this place."""
    statement = scope.rows(Notification).where(
        col(Notification.user_id).in_(user_ids),
        Notification.path == path,
        Notification.text == text,
        col(Notification.read_at).is_(None),
    )
    return set(user_ids) - {row.user_id for row in (await scope.tx.exec(statement)).all()}
