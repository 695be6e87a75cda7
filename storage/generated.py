"""What is generated outside a course's first making: blocks written again, parts alone, translations."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import JSON, Field, and_, col, func, or_, select

from storage.base import TenantRow, UtcDateTime
from storage.database import Scope, Transaction
from storage.documents import DocumentChunk

QUEUED, RUNNING, READY, UNCHANGED, FAILED = 'queued', 'running', 'ready', 'unchanged', 'failed'


class Regeneration(TenantRow, table=True):
    """One block written again by instruction; with `type` instead of `block_id` a new block for the lesson.

    `base_hash` is what the block said when it was asked for. `answer` is what the author says about it; `unchanged`
    means that it had nothing else to say. `run` names the durable work.
    """

    __tablename__ = 'regenerations'
    __table_args__ = (Index('ix_regenerations_listed', 'organization_id', 'version_id', 'status'),)

    version_id: UUID = Field(foreign_key='course_versions.id')
    lesson_id: UUID = Field(foreign_key='lessons.id')
    block_id: UUID | None = Field(default=None, foreign_key='blocks.id', index=True)
    type: str = ''
    instruction: str
    base_hash: str = ''
    status: str = Field(default=QUEUED, index=True)
    run: int = 1
    proposal_id: UUID | None = Field(default=None, foreign_key='proposals.id')
    answer: str = ''
    error: str | None = None
    asked_by: UUID = Field(foreign_key='users.id')
    asker: str
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # whoever asked has read how it ended


class GeneratedPart(TenantRow, table=True):
    """A syllabus, slides, questions or a lab for themselves, kept until somebody uses or discards them.

    `asked` is what was asked for, `result` the outline or the blocks: [{type, content, sources}]; `added` says to
    which lessons its blocks went: [{place, lesson_id, block_id}].
    """

    __tablename__ = 'generated_parts'
    __table_args__ = (Index('ix_generated_parts_listed', 'organization_id', 'deleted_at', 'created_at'),)

    kind: str
    topic: str
    asked: dict[str, Any] = Field(sa_type=JSON)
    document_ids: list[str] = Field(sa_type=JSON)
    status: str = Field(default=QUEUED, index=True)
    run: int = 1
    result: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    added: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    model: str = ''
    seconds: float = 0.0
    answer: str = ''
    error: str | None = None
    asked_by: UUID = Field(foreign_key='users.id')
    asker: str
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Translation(TenantRow, table=True):
    """A course in another language: made from a version, into a course of its own once every block is translated."""

    __tablename__ = 'translations'

    course_id: UUID = Field(foreign_key='courses.id', index=True)
    version_id: UUID = Field(foreign_key='course_versions.id')
    language: str
    status: str = Field(default=QUEUED, index=True)
    run: int = 1
    progress: float = 0.0
    target_course_id: UUID | None = Field(default=None, foreign_key='courses.id', index=True)
    target_version_id: UUID | None = Field(default=None, foreign_key='course_versions.id')
    error: str | None = None
    asked_by: UUID = Field(foreign_key='users.id')
    asker: str
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TranslatedBlock(TenantRow, table=True):
    """Which block of the original a block says in another language, and what that said then."""

    __tablename__ = 'translated_blocks'
    __table_args__ = (UniqueConstraint('block_id'),)

    translation_id: UUID = Field(foreign_key='translations.id', index=True)
    block_id: UUID = Field(foreign_key='blocks.id')
    original_id: UUID = Field(foreign_key='blocks.id')
    original_hash: str


async def owed_generation(tx: Transaction, resting: Any) -> dict[str, Sequence[tuple[UUID, UUID, int]]]:
    """kind -> (organisation, row, run) of what should be running; `resting` are suspended organisations."""
    tables = {'regeneration': Regeneration, 'part': GeneratedPart, 'translation': Translation}
    found: dict[str, Sequence[tuple[UUID, UUID, int]]] = {}
    for kind, table in tables.items():
        statement = select(table.organization_id, table.id, table.run).where(  # type: ignore[attr-defined]
            col(table.status).in_((QUEUED, RUNNING)),  # type: ignore[attr-defined]
            col(table.organization_id).not_in(resting),  # type: ignore[attr-defined]
        )
        found[kind] = (await tx.exec(statement)).all()
    return found


async def regenerations(scope: Scope, version_id: UUID) -> Sequence[Regeneration]:
    """Those of the version that run, and those whose end nobody has read yet; oldest first."""
    statement = scope.rows(Regeneration).where(
        Regeneration.version_id == version_id,
        or_(
            col(Regeneration.status).in_((QUEUED, RUNNING)),
            and_(col(Regeneration.status).in_((UNCHANGED, FAILED)), col(Regeneration.seen_at).is_(None)),
        ),
    )
    return (await scope.tx.exec(statement.order_by(col(Regeneration.created_at)))).all()


async def running_of_block(scope: Scope, block_id: UUID) -> Regeneration | None:
    statement = scope.rows(Regeneration).where(
        Regeneration.block_id == block_id, col(Regeneration.status).in_((QUEUED, RUNNING))
    )
    return (await scope.tx.exec(statement)).first()


async def generated_parts(scope: Scope, *, limit: int, offset: int) -> tuple[Sequence[GeneratedPart], int]:
    """Newest first, and how many there are."""
    statement = scope.rows(GeneratedPart).order_by(col(GeneratedPart.created_at).desc(), col(GeneratedPart.id))
    total = await scope.tx.exec(select(func.count()).select_from(scope.rows(GeneratedPart).subquery()))
    return (await scope.tx.exec(statement.limit(limit).offset(offset))).all(), total.one()


async def translations(scope: Scope, course_id: UUID) -> Sequence[Translation]:
    """Of this course, or into it; newest first."""
    statement = scope.rows(Translation).where(
        or_(Translation.course_id == course_id, Translation.target_course_id == course_id)
    )
    return (await scope.tx.exec(statement.order_by(col(Translation.created_at).desc()))).all()


async def translated_blocks(scope: Scope, block_ids: Collection[UUID]) -> Sequence[TranslatedBlock]:
    return (await scope.tx.exec(scope.rows(TranslatedBlock).where(col(TranslatedBlock.block_id).in_(block_ids)))).all()


async def chunks_of_pages(scope: Scope, pages: Collection[tuple[UUID, int]]) -> Sequence[DocumentChunk]:
    """The passages on these pages, in reading order."""
    if not pages:
        return []
    statement = scope.rows(DocumentChunk).where(
        col(DocumentChunk.document_id).in_({document for document, _ in pages}),
        col(DocumentChunk.page).in_({number for _, number in pages}),
    )
    found = (await scope.tx.exec(statement.order_by(col(DocumentChunk.document_id), col(DocumentChunk.ordinal)))).all()
    return [chunk for chunk in found if (chunk.document_id, chunk.page) in pages]
