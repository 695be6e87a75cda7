"""Publishing a version: what must be looked at first, and the one update that makes it final."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import exists, update
from sqlmodel import col, select

from storage.courses import ASSEMBLED, PUBLISHED, Block, BlockRevision, BlockSource, Course, CourseVersion, Lesson
from storage.database import Scope
from storage.documents import Document, DocumentPage
from storage.exports import StoredFile
from storage.workflows import Workflow


async def publish_once(scope: Scope, version_id: UUID, **published: Any) -> bool:
    """False where the version is not waiting to be published (any more)."""
    statement = (
        update(CourseVersion)
        .where(
            col(CourseVersion.organization_id) == scope.organization_id,
            col(CourseVersion.id) == version_id,
            col(CourseVersion.state) == ASSEMBLED,
        )
        .values(state=PUBLISHED, **published)
        .execution_options(synchronize_session=False)
    )
    return (await scope.tx.exec(statement)).rowcount == 1


async def cited_pages(scope: Scope, version_id: UUID) -> dict[tuple[UUID, int], str]:
    """(document id, page number) -> text of every page that a block of the version quotes."""
    quoted = exists().where(
        col(BlockSource.organization_id) == scope.organization_id,
        col(BlockSource.document_id) == col(DocumentPage.document_id),
        col(BlockSource.page) == col(DocumentPage.number),
        col(BlockSource.block_id) == col(Block.id),
        col(Block.version_id) == version_id,
        col(Block.deleted_at).is_(None),
    )
    pages = (await scope.tx.exec(scope.rows(DocumentPage).where(quoted))).all()
    return {(page.document_id, page.number): page.text for page in pages}


async def writers(scope: Scope, version_id: UUID) -> Sequence[str]:
    """Names of the people who wrote or changed a block of the version."""
    statement = (
        select(BlockRevision.author)
        .join(Block, col(Block.id) == col(BlockRevision.block_id))
        .where(
            BlockRevision.organization_id == scope.organization_id,
            Block.version_id == version_id,
            col(Block.deleted_at).is_(None),
            col(BlockRevision.author_id).is_not(None),
        )
        .distinct()
        .order_by(col(BlockRevision.author))
    )
    return (await scope.tx.exec(statement)).all()


async def version_of(scope: Scope, course_id: UUID, state: str) -> CourseVersion | None:
    """The newest version in that state."""
    statement = scope.rows(CourseVersion).where(CourseVersion.course_id == course_id, CourseVersion.state == state)
    return (await scope.tx.exec(statement.order_by(col(CourseVersion.created_at).desc()))).first()


async def cited_documents(scope: Scope, version_id: UUID) -> dict[UUID, str]:
    """document id -> 'here' or 'removed', for every document that a block of the version quotes."""
    quoted = exists().where(
        col(BlockSource.organization_id) == scope.organization_id,
        col(BlockSource.document_id) == col(Document.id),
        col(BlockSource.block_id) == col(Block.id),
        col(Block.version_id) == version_id,
        col(Block.deleted_at).is_(None),
    )
    statement = select(Document.id, Document.deleted_at).where(
        Document.organization_id == scope.organization_id, quoted
    )
    return {key: 'removed' if gone else 'here' for key, gone in (await scope.tx.exec(statement)).all()}


async def here_of(scope: Scope, ids: Collection[UUID]) -> set[UUID]:
    """Which of these are ids of something a lesson may link to or show: a file, a course, a document, a lesson."""
    found: set[UUID] = set()
    for table in (StoredFile, Course, Document, Lesson) if ids else ():
        found |= {row.id for row in (await scope.tx.exec(scope.rows(table).where(col(table.id).in_(ids)))).all()}
    return found


async def workflow_of(scope: Scope, version_id: UUID) -> Workflow | None:
    """None for a version that was made by hand. Locked, since its history gets a new line."""
    statement = scope.rows(Workflow).where(Workflow.version_id == version_id)
    return (await scope.tx.exec(statement.with_for_update())).first()


async def brief_of(scope: Scope, version_id: UUID) -> tuple[UUID, float] | None:
    """Id of the workflow and the hours asked; None for a version that was made by hand."""
    statement = select(Workflow.id, Workflow.hours).where(
        Workflow.organization_id == scope.organization_id, Workflow.version_id == version_id
    )
    return (await scope.tx.exec(statement)).first()
