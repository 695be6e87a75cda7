"""The organisation's own documents, page by page and passage by passage."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, delete
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlmodel import JSON, Field, col, func, select

from storage.base import TenantRow, UtcDateTime
from storage.database import Scope

QUEUED, INDEXING, INDEXED, FAILED = 'queued', 'indexing', 'indexed', 'failed'


def _own_id(context: DefaultExecutionContext) -> UUID:
    own: UUID = context.get_current_parameters()['id']  # type: ignore[no-untyped-call]
    return own


class Document(TenantRow, table=True):
    """One version of a document. `progress` is 0 to 1 while it is being indexed.

    The versions of a document share `lineage_id`, the id of the first. Exactly one of them is `current`: the newest
    that could be read. The others stay readable for the courses that cite them, and `replaced_by` says by which.
    """

    __tablename__ = 'documents'
    __table_args__ = (Index('ix_documents_lineage', 'lineage_id', 'version', unique=True),)

    name: str
    collection: str = 'content_generation'
    media_type: str = ''
    size: int = 0
    sha256: str
    status: str = Field(default=QUEUED, index=True)
    run: int = 1
    progress: float = 0.0
    error: str | None = None
    warnings: str = ''
    pages: int = 0
    chunks: int = 0
    uploaded_by: UUID = Field(foreign_key='users.id')
    started_by: UUID | None = Field(default=None)  # who had it read again, in whose name it is read
    uploader: str = ''
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lineage_id: UUID = Field(default=None, nullable=True, sa_column_kwargs={'default': _own_id})
    version: int = 1
    current: bool = True
    replaced_by: UUID | None = Field(default=None)
    folder_id: UUID | None = Field(default=None, index=True)
    source_url: str = ''
    etag: str = ''
    fetched_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    language: str = ''
    quality: int | None = None
    quality_reasons: list[list[Any]] = Field(default_factory=list, sa_type=JSON)
    included_anyway: bool = False
    hidden: int = 0


class DocumentPage(TenantRow, table=True):
    """The text of one page; every character span in the product counts from here."""

    __tablename__ = 'document_pages'
    __table_args__ = (UniqueConstraint('document_id', 'number'),)

    document_id: UUID = Field(foreign_key='documents.id')
    number: int
    text: str


class DocumentChunk(TenantRow, table=True):
    """A passage: page.text[start:end]."""

    __tablename__ = 'document_chunks'
    __table_args__ = (UniqueConstraint('document_id', 'ordinal'), Index('ix_chunk_page', 'document_id', 'page'))

    document_id: UUID = Field(foreign_key='documents.id')
    ordinal: int
    page: int
    start: int
    end: int
    heading: str = ''
    text: str


ANYWHERE: Collection[UUID | None] = ()


async def documents(
    scope: Scope,
    *,
    search: str = '',
    limit: int = 50,
    offset: int = 0,
    folders: Collection[UUID | None] = ANYWHERE,
    collections: Collection[str] = (),
    without: Collection[UUID] = (),
) -> tuple[Sequence[Document], int]:
    """The current version of each. Of `folders` (None is outside of all) and `collections` where any are named."""
    statement = scope.rows(Document).where(col(Document.current))
    if folders:
        within = col(Document.folder_id).in_([key for key in folders if key is not None])
        statement = statement.where(within | col(Document.folder_id).is_(None) if None in folders else within)
    if collections:
        statement = statement.where(col(Document.collection).in_(collections))
    if without:
        statement = statement.where(col(Document.id).not_in(without))
    if search:
        statement = statement.where(col(Document.name).icontains(search, autoescape=True))
    total = (await scope.tx.exec(select(func.count()).select_from(statement.subquery()))).one()
    ordered = statement.order_by(col(Document.created_at).desc(), col(Document.id)).limit(limit).offset(offset)
    return (await scope.tx.exec(ordered)).all(), total


async def in_folders(scope: Scope, folders: Collection[UUID]) -> Sequence[UUID]:
    statement = select(Document.id).where(
        Document.organization_id == scope.organization_id,
        col(Document.folder_id).in_(folders),
        col(Document.current),
        col(Document.deleted_at).is_(None),
    )
    return (await scope.tx.exec(statement)).all()


async def documents_by_id(scope: Scope, ids: Collection[UUID]) -> Sequence[Document]:
    return (await scope.tx.exec(scope.rows(Document).where(col(Document.id).in_(ids)))).all()


async def lineage(scope: Scope, lineage_id: UUID, *, lock: bool = False) -> Sequence[Document]:
    """Every version, newest first, removed ones included. `lock` holds them until the commit (PostgreSQL)."""
    statement = (
        select(Document)
        .where(Document.organization_id == scope.organization_id, Document.lineage_id == lineage_id)
        .order_by(col(Document.version).desc())
    )
    return (await scope.tx.exec(statement.with_for_update() if lock else statement)).all()


async def newest_of(scope: Scope, lineage_ids: Collection[UUID]) -> dict[UUID, Document]:
    """lineage id -> the current version, for those that are not removed."""
    statement = scope.rows(Document).where(col(Document.current), col(Document.lineage_id).in_(lineage_ids))
    return {document.lineage_id: document for document in (await scope.tx.exec(statement)).all()}


async def page(scope: Scope, document_id: UUID, number: int) -> DocumentPage | None:
    statement = scope.rows(DocumentPage).where(DocumentPage.document_id == document_id, DocumentPage.number == number)
    return (await scope.tx.exec(statement)).first()


async def pages(scope: Scope, document_id: UUID) -> Sequence[DocumentPage]:
    statement = scope.rows(DocumentPage).where(DocumentPage.document_id == document_id)
    return (await scope.tx.exec(statement.order_by(col(DocumentPage.number)))).all()


async def chunks(
    scope: Scope,
    document_ids: Collection[UUID],
    *,
    page: int | None = None,
    ordinals: tuple[int, int] | None = None,
) -> Sequence[DocumentChunk]:
    """In reading order, document by document in the order given; `ordinals` are from and up to, without the last."""
    statement = scope.rows(DocumentChunk).where(col(DocumentChunk.document_id).in_(document_ids))
    if page is not None:
        statement = statement.where(DocumentChunk.page == page)
    if ordinals is not None:
        statement = statement.where(col(DocumentChunk.ordinal) >= ordinals[0], col(DocumentChunk.ordinal) < ordinals[1])
    found = (await scope.tx.exec(statement.order_by(col(DocumentChunk.ordinal)))).all()
    place = {document_id: number for number, document_id in enumerate(document_ids)}
    return sorted(found, key=lambda chunk: (place[chunk.document_id], chunk.ordinal))


async def shared_share(scope: Scope, document: Document, texts: Sequence[str]) -> float:
    """How many of these texts other documents have word for word as a passage: 0 to 1."""
    if not texts:
        return 0.0
    statement = (
        select(col(DocumentChunk.text))
        .join(Document, col(Document.id) == col(DocumentChunk.document_id))
        .where(
            DocumentChunk.organization_id == scope.organization_id,
            col(DocumentChunk.text).in_(texts),
            Document.lineage_id != document.lineage_id,
            col(Document.current),
            col(Document.deleted_at).is_(None),
        )
        .distinct()
    )
    return len((await scope.tx.exec(statement)).all()) / len(set(texts))


async def clear_text(scope: Scope, document_id: UUID) -> None:
    """Removes pages and passages, so that indexing can begin again from nothing."""
    for table in (DocumentChunk, DocumentPage):
        await scope.tx.exec(
            delete(table).where(
                col(table.organization_id) == scope.organization_id, col(table.document_id) == document_id
            )
        )


async def uses_bytes(scope: Scope, sha256: str) -> bool:
    """Whether any document, removed ones included, is made of these bytes."""
    statement = select(Document.id).where(Document.organization_id == scope.organization_id, Document.sha256 == sha256)
    return (await scope.tx.exec(statement.limit(1))).first() is not None
