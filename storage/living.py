"""What keeps a course true after it was written: sources that changed, words marked as somebody's own, links asked."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Index, UniqueConstraint, delete, exists, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, col, func, select

from storage.base import TenantRow, UtcDateTime
from storage.courses import Block, BlockRevision, BlockSource, Course, CourseVersion
from storage.database import Scope, Transaction
from storage.documents import Document, DocumentPage

CHANGED, GONE, MOVED, REMOVED = 'changed', 'gone', 'moved', 'removed'
OPEN, DISMISSED, SETTLED = 'open', 'dismissed', 'settled'


class SourceChange(TenantRow, table=True):
    """A quote of a block that the newer version of its document does not have, or has somewhere else (moved).

    `document_id` is what the block cited, `new_document_id` the version that took its place; None where the document
    was removed. `advice` says what to look at where a person's own sentence rests on the quote. `proposal_id` is what
    was proposed, `settled`: the block says something else by now, or its source was brought up to date.
    """

    __tablename__ = 'source_changes'
    __table_args__ = (
        Index('ix_source_changes_listed', 'organization_id', 'version_id', 'status'),
        UniqueConstraint('block_id', 'document_id', 'page', 'start', 'new_document_id'),
    )

    block_id: UUID = Field(foreign_key='blocks.id', index=True)
    version_id: UUID = Field(foreign_key='course_versions.id')
    document_id: UUID = Field(foreign_key='documents.id', index=True)
    new_document_id: UUID | None = Field(default=None, foreign_key='documents.id')
    document_name: str
    page: int
    start: int
    quote: str
    kind: str
    new_page: int | None = None
    new_text: str = ''
    advice: str = ''
    proposal_id: UUID | None = Field(default=None, foreign_key='proposals.id')
    status: str = OPEN
    decided_by: UUID | None = Field(default=None, foreign_key='users.id')
    decider: str = ''
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = ''


class OwnWords(TenantRow, table=True):
    """A sentence that a person stands for themselves: it needs no source. `sentence` is empty for the whole block."""

    __tablename__ = 'own_words'
    __table_args__ = (UniqueConstraint('block_id', 'sentence'),)

    block_id: UUID = Field(foreign_key='blocks.id', index=True)
    sentence: str = ''
    person_id: UUID = Field(foreign_key='users.id')
    person: str


class LinkAnswer(TenantRow, table=True):
    """How an address that a course links to answered when it was last asked."""

    __tablename__ = 'link_answers'
    __table_args__ = (UniqueConstraint('organization_id', 'url'),)

    url: str
    state: str
    why: str = ''
    asked_at: datetime = Field(sa_type=UtcDateTime)


async def blocks_citing(scope: Scope, document_ids: Collection[UUID]) -> Sequence[tuple[Block, BlockSource]]:
    """Of versions that count: the newest of each course, and the one that is published."""
    statement = (
        select(Block, BlockSource)
        .join(BlockSource, col(BlockSource.block_id) == col(Block.id))
        .join(CourseVersion, col(CourseVersion.id) == col(Block.version_id))
        .join(Course, col(Course.id) == col(CourseVersion.course_id))
        .where(
            Block.organization_id == scope.organization_id,
            BlockSource.organization_id == scope.organization_id,
            col(BlockSource.document_id).in_(document_ids),
            col(Block.deleted_at).is_(None),
            col(Course.deleted_at).is_(None),
            (col(CourseVersion.state) != 'published') | (col(Course.published_version_id) == col(CourseVersion.id)),
        )
        .order_by(col(Block.version_id), col(Block.lesson_id), col(Block.position), col(BlockSource.position))
    )
    return [(block, source) for block, source in (await scope.tx.exec(statement)).all()]


async def changes_of_version(scope: Scope, version_id: UUID, *, status: str | None = OPEN) -> Sequence[SourceChange]:
    """Oldest first; those that only moved are left out, and so is what the block does not cite any more."""
    statement = scope.rows(SourceChange).where(
        SourceChange.version_id == version_id, SourceChange.kind != MOVED, _still_cited()
    )
    if status is not None:
        statement = statement.where(SourceChange.status == status)
    return (await scope.tx.exec(statement.order_by(col(SourceChange.created_at), col(SourceChange.id)))).all()


async def changes_of_blocks(scope: Scope, block_ids: Collection[UUID]) -> Sequence[SourceChange]:
    statement = scope.rows(SourceChange).where(col(SourceChange.block_id).in_(block_ids))
    return (await scope.tx.exec(statement)).all()


async def open_changes(scope: Scope, version_ids: Collection[UUID]) -> dict[UUID, int]:
    """version id -> blocks with a source that changed and nobody has decided about."""
    statement = (
        select(SourceChange.version_id, func.count(func.distinct(SourceChange.block_id)))
        .where(
            SourceChange.organization_id == scope.organization_id,
            col(SourceChange.version_id).in_(version_ids),
            SourceChange.status == OPEN,
            SourceChange.kind != MOVED,
            _still_cited(),
        )
        .group_by(col(SourceChange.version_id))
    )
    return dict((await scope.tx.exec(statement)).all())


def _still_cited() -> ColumnElement[bool]:
    return exists().where(
        col(BlockSource.organization_id) == col(SourceChange.organization_id),
        col(BlockSource.block_id) == col(SourceChange.block_id),
        col(BlockSource.document_id) == col(SourceChange.document_id),
        col(BlockSource.page) == col(SourceChange.page),
        col(BlockSource.start) == col(SourceChange.start),
    )


async def decide_change_once(scope: Scope, change_id: UUID, was: str, **decision: Any) -> bool:
    """False where somebody else was quicker."""
    statement = (
        update(SourceChange)
        .where(
            col(SourceChange.organization_id) == scope.organization_id,
            col(SourceChange.id) == change_id,
            col(SourceChange.status) == was,
        )
        .values(**decision)
        .execution_options(synchronize_session=False)
    )
    return (await scope.tx.exec(statement)).rowcount == 1


async def own_words(scope: Scope, version_id: UUID) -> Sequence[OwnWords]:
    statement = scope.rows(OwnWords).join(Block, col(Block.id) == col(OwnWords.block_id))
    return (await scope.tx.exec(statement.where(Block.version_id == version_id))).all()


async def own_words_of(scope: Scope, block_id: UUID) -> Sequence[OwnWords]:
    return (await scope.tx.exec(scope.rows(OwnWords).where(OwnWords.block_id == block_id))).all()


async def forget_own_words(scope: Scope, block_id: UUID) -> None:
    await scope.tx.exec(
        delete(OwnWords).where(
            col(OwnWords.organization_id) == scope.organization_id, col(OwnWords.block_id) == block_id
        )
    )


async def link_answers(scope: Scope, urls: Collection[str]) -> Sequence[LinkAnswer]:
    return (await scope.tx.exec(scope.rows(LinkAnswer).where(col(LinkAnswer.url).in_(urls)))).all() if urls else ()


async def revisions_of_blocks(scope: Scope, block_ids: Collection[UUID]) -> Sequence[BlockRevision]:
    """Oldest first."""
    statement = scope.rows(BlockRevision).where(col(BlockRevision.block_id).in_(block_ids))
    return (await scope.tx.exec(statement.order_by(col(BlockRevision.block_id), col(BlockRevision.number)))).all()


async def page_texts(scope: Scope, document_id: UUID) -> list[tuple[int, str]]:
    statement = scope.rows(DocumentPage).where(DocumentPage.document_id == document_id)
    return [
        (page.number, page.text) for page in (await scope.tx.exec(statement.order_by(col(DocumentPage.number)))).all()
    ]


async def sources_of_replaced(scope: Scope, block_ids: Collection[UUID]) -> Sequence[tuple[BlockSource, UUID]]:
    """(source, id of the version of its document that counts now) where that is not the one it cites."""
    newest = aliased(Document)
    statement = (
        select(BlockSource, newest.id)
        .join(Document, col(Document.id) == col(BlockSource.document_id))
        .join(newest, col(newest.lineage_id) == col(Document.lineage_id))
        .where(
            BlockSource.organization_id == scope.organization_id,
            Document.organization_id == scope.organization_id,
            newest.organization_id == scope.organization_id,
            col(BlockSource.block_id).in_(block_ids),
            col(newest.current),
            newest.id != Document.id,
            col(newest.deleted_at).is_(None),
        )
        .order_by(col(BlockSource.block_id), col(BlockSource.position))
    )
    return [(source, newest_id) for source, newest_id in (await scope.tx.exec(statement)).all()]


async def every_citation(
    tx: Transaction, course_id: UUID | None
) -> AsyncIterator[tuple[BlockSource, str | None, str, str]]:
    """(citation, text of its page, title of the course, number of the version), of blocks that were not removed."""
    same_page = (
        (col(DocumentPage.document_id) == col(BlockSource.document_id))
        & (col(DocumentPage.number) == col(BlockSource.page))
        & (col(DocumentPage.organization_id) == col(BlockSource.organization_id))
    )
    statement = (
        select(BlockSource, DocumentPage.text, Course.title, CourseVersion.number)
        .join(Block, col(Block.id) == col(BlockSource.block_id))
        .join(CourseVersion, col(CourseVersion.id) == col(Block.version_id))
        .join(Course, col(Course.id) == col(CourseVersion.course_id))
        .join(DocumentPage, same_page, isouter=True)
        .where(col(Block.deleted_at).is_(None))
        .order_by(col(Course.id), col(Block.id), col(BlockSource.position))
    )
    if course_id is not None:
        statement = statement.where(Course.id == course_id)
    for source, text, course, version in await tx.exec(statement):
        yield source, text, course, version
