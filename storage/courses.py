"""Courses: Course → CourseVersion → Module → Lesson → Block."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import JSON, Field, col, func, select

from storage.base import TenantRow, UtcDateTime
from storage.database import Scope

DRAFT, ASSEMBLED, PUBLISHED = 'draft', 'assembled', 'published'
WAITING, APPROVED, SENT_BACK, REWRITTEN = 'waiting', 'approved', 'sent_back', 'rewritten'
AI, AI_HUMAN, HUMAN = 'ai', 'ai_human', 'human'


class Course(TenantRow, table=True):
    __tablename__ = 'courses'
    __table_args__ = (Index('ix_courses_listed', 'organization_id', 'created_at', 'id'),)

    title: str
    summary: str = ''
    audience: str = ''
    level: str = ''
    language: str = 'en'
    subject: str = ''  # decides who reviews it: storage/reviewing.py
    created_by: UUID = Field(foreign_key='users.id', index=True)
    updated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # No foreign key: courses and course_versions would point at each other.
    published_version_id: UUID | None = Field(default=None)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


class CourseVersion(TenantRow, table=True):
    """One state of a course; immutable once `state` is published. `number` is major.minor.

    `overridden` are the findings over which it was published, as JSON, for `override_reason`.
    """

    __tablename__ = 'course_versions'
    __table_args__ = (UniqueConstraint('course_id', 'number'),)

    course_id: UUID = Field(foreign_key='courses.id', index=True)
    number: str
    state: str = DRAFT
    title: str = ''
    summary: str = ''
    objectives: list[str] = Field(default_factory=list, sa_type=JSON)
    assembled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_by: str = ''
    content_hash: str = ''
    override_reason: str = ''
    overridden: list[dict[str, Any]] | None = Field(default=None, sa_type=JSON)


class Module(TenantRow, table=True):
    __tablename__ = 'modules'

    version_id: UUID = Field(foreign_key='course_versions.id', index=True)
    position: int
    title: str
    objectives: list[str] = Field(default_factory=list, sa_type=JSON)


class Lesson(TenantRow, table=True):
    """`minutes` is the planned learning time; `passage_ids` are the passages it was planned from."""

    __tablename__ = 'lessons'

    version_id: UUID = Field(foreign_key='course_versions.id', index=True)
    module_id: UUID = Field(foreign_key='modules.id', index=True)
    position: int
    title: str
    objectives: list[str] = Field(default_factory=list, sa_type=JSON)
    minutes: int = 0
    passage_ids: list[str] = Field(default_factory=list, sa_type=JSON)


class Block(TenantRow, table=True):
    """The smallest thing that is written, reviewed, cited, measured and exported.

    `content` by `type`: text {html} · slide {title, bullets, notes} ·
    question {kind, prompt, options: [{id, text, correct}], accepted, explanation}.
    An approval holds only while `approved_hash` equals `content_hash`.
    `lineage_id` is the block's first ancestor in earlier versions of the course; None: it has none.
    `human_share` is the share of its words that people wrote, 0 to 1; None: edited before that was measured.
    """

    __tablename__ = 'blocks'

    version_id: UUID = Field(foreign_key='course_versions.id', index=True)
    lesson_id: UUID = Field(foreign_key='lessons.id', index=True)
    position: int
    type: str
    content: dict[str, Any] = Field(sa_type=JSON)
    content_hash: str
    origin: str = AI
    human_share: float | None = None
    revision: int = 1
    review_state: str = WAITING
    comment: str = ''
    commented_by: str = ''
    approved_hash: str | None = None
    approved_by: UUID | None = Field(default=None, foreign_key='users.id')
    approver: str = ''
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lineage_id: UUID | None = Field(default=None)


class BlockSource(TenantRow, table=True):
    """Where a block's words come from: page text[start:end] == quote, but for white space."""

    __tablename__ = 'block_sources'

    block_id: UUID = Field(foreign_key='blocks.id', index=True)
    position: int
    document_id: UUID = Field(foreign_key='documents.id', index=True)
    document_name: str
    page: int
    start: int
    end: int
    quote: str


class BlockRevision(TenantRow, table=True):
    """What a block said before; the newest row is what it says now. `author_id` is null where a model wrote it."""

    __tablename__ = 'block_revisions'
    __table_args__ = (UniqueConstraint('block_id', 'number'),)

    block_id: UUID = Field(foreign_key='blocks.id', index=True)
    number: int
    content: dict[str, Any] = Field(sa_type=JSON)
    content_hash: str
    origin: str
    author_id: UUID | None = Field(default=None, foreign_key='users.id')
    author: str
    comment: str = ''


class Quiz(TenantRow, table=True):
    """A lesson's questions, taken together. `pass_mark` is a share, 0 to 1."""

    __tablename__ = 'quizzes'

    version_id: UUID = Field(foreign_key='course_versions.id', index=True)
    lesson_id: UUID = Field(foreign_key='lessons.id', unique=True)
    title: str
    pass_mark: float = 0.6


async def modules(scope: Scope, version_id: UUID) -> Sequence[Module]:
    statement = scope.rows(Module).where(Module.version_id == version_id).order_by(col(Module.position))
    return (await scope.tx.exec(statement)).all()


async def lessons(scope: Scope, version_id: UUID) -> Sequence[Lesson]:
    """In course order: by module, then by place in the module."""
    statement = (
        scope.rows(Lesson)
        .join(Module, col(Module.id) == col(Lesson.module_id))
        .where(Lesson.version_id == version_id)
        .order_by(col(Module.position), col(Lesson.position))
    )
    return (await scope.tx.exec(statement)).all()


async def blocks(scope: Scope, version_id: UUID, *, lesson_id: UUID | None = None) -> Sequence[Block]:
    """In order of place in the lesson; group by lesson_id for a whole version."""
    statement = scope.rows(Block).where(Block.version_id == version_id)
    if lesson_id is not None:
        statement = statement.where(Block.lesson_id == lesson_id)
    return (await scope.tx.exec(statement.order_by(col(Block.lesson_id), col(Block.position)))).all()


async def block_hashes(scope: Scope, version_id: UUID) -> list[list[str]]:
    """[id, hash] of every block, in the order of `blocks`: the whole draft as what a decision binds to."""
    statement = (
        select(Block.id, Block.content_hash)
        .where(
            Block.organization_id == scope.organization_id,
            Block.version_id == version_id,
            col(Block.deleted_at).is_(None),
        )
        .order_by(col(Block.lesson_id), col(Block.position))
    )
    return [[str(block_id), fresh] for block_id, fresh in (await scope.tx.exec(statement)).all()]


async def sources(scope: Scope, block_ids: Collection[UUID]) -> dict[UUID, list[BlockSource]]:
    statement = scope.rows(BlockSource).where(col(BlockSource.block_id).in_(block_ids))
    found: dict[UUID, list[BlockSource]] = {block_id: [] for block_id in block_ids}
    for source in (await scope.tx.exec(statement.order_by(col(BlockSource.position)))).all():
        found[source.block_id].append(source)
    return found


async def revisions(scope: Scope, block_id: UUID) -> Sequence[BlockRevision]:
    statement = scope.rows(BlockRevision).where(BlockRevision.block_id == block_id)
    return (await scope.tx.exec(statement.order_by(col(BlockRevision.number)))).all()


async def quizzes(scope: Scope, version_id: UUID) -> Sequence[Quiz]:
    return (await scope.tx.exec(scope.rows(Quiz).where(Quiz.version_id == version_id))).all()


async def versions(scope: Scope, course_id: UUID) -> Sequence[CourseVersion]:
    """Newest first."""
    statement = scope.rows(CourseVersion).where(CourseVersion.course_id == course_id)
    return (await scope.tx.exec(statement.order_by(col(CourseVersion.created_at).desc()))).all()


async def count_blocks(scope: Scope, version_ids: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """version id -> (blocks, of which approved as they stand)."""
    approved = func.count(col(Block.id)).filter(col(Block.approved_hash) == col(Block.content_hash))
    statement = (
        select(Block.version_id, func.count(col(Block.id)), approved)
        .where(
            Block.organization_id == scope.organization_id,
            col(Block.version_id).in_(version_ids),
            col(Block.deleted_at).is_(None),
        )
        .group_by(col(Block.version_id))
    )
    return {version_id: (total, done) for version_id, total, done in (await scope.tx.exec(statement)).all()}


async def previous_contents(scope: Scope, changed: Collection[Block]) -> dict[UUID, dict[str, Any]]:
    """block id -> what each of these blocks said one revision ago."""
    if not changed:
        return {}
    current = {block.id: block.revision for block in changed}
    statement = scope.rows(BlockRevision).where(col(BlockRevision.block_id).in_(current))
    found = (await scope.tx.exec(statement)).all()
    return {row.block_id: row.content for row in found if row.number == current[row.block_id] - 1}
