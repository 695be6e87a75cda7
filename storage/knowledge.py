"""What surrounds the documents: folders, what people said of passages, what was asked, how it is wanted."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, delete, update
from sqlmodel import JSON, Field, col, func, select

from storage.base import TenantRow, UtcDateTime
from storage.database import Scope
from storage.documents import Document, DocumentChunk


class Folder(TenantRow, table=True):
    """`held` are the ids of what moved to the parent when the folder was deleted: what bringing it back moves back."""

    __tablename__ = 'folders'

    name: str
    parent_id: UUID | None = Field(default=None, foreign_key='folders.id', index=True)
    held: list[str] = Field(default_factory=list, sa_type=JSON)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class HiddenText(TenantRow, table=True):
    """What was left out of a document because a reader would not have seen it, as text to look at."""

    __tablename__ = 'hidden_texts'

    document_id: UUID = Field(foreign_key='documents.id', index=True)
    kind: str
    page: int = 0
    count: int = 1
    text: str = ''


class PassageVote(TenantRow, table=True):
    """A thumb on a passage for a question: `value` is 1 or -1. The passage is known by its words (`text_hash`), so that
    a new version which still has them keeps what was learned."""

    __tablename__ = 'passage_votes'
    __table_args__ = (UniqueConstraint('organization_id', 'user_id', 'query_hash', 'text_hash'),)

    user_id: UUID = Field(foreign_key='users.id')
    voter: str
    document_id: UUID = Field(foreign_key='documents.id', index=True)
    document_name: str
    page: int
    start: int
    end: int
    text: str
    text_hash: str
    query: str
    query_hash: str
    query_vector: bytes
    value: int
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class KnowledgeQuery(TenantRow, table=True):
    """A question that was asked of the documents, without who asked it."""

    __tablename__ = 'knowledge_queries'
    __table_args__ = (Index('ix_knowledge_queries_asked', 'organization_id', 'created_at'),)

    query: str
    query_hash: str
    collection: str = ''
    results: int = 0
    best: float = 0.0
    helped: bool = False


class KnowledgeSettings(TenantRow, table=True):
    """One row of an organisation; none where nothing was ever set."""

    __tablename__ = 'knowledge_settings'
    __table_args__ = (UniqueConstraint('organization_id'),)

    quality_line: int = 25
    learns: bool = True


async def folders(scope: Scope) -> Sequence[Folder]:
    """All of them: an organisation has few."""
    statement = scope.rows(Folder).order_by(func.lower(Folder.name), col(Folder.id))
    return (await scope.tx.exec(statement)).all()


async def documents_per_folder(scope: Scope) -> dict[UUID | None, int]:
    statement = (
        select(Document.folder_id, func.count())
        .where(
            Document.organization_id == scope.organization_id,
            col(Document.current),
            col(Document.deleted_at).is_(None),
        )
        .group_by(col(Document.folder_id))
    )
    return dict((await scope.tx.exec(statement)).all())


async def move_documents(scope: Scope, lineage_ids: Collection[UUID], folder_id: UUID | None) -> None:
    """With all their versions."""
    await scope.tx.exec(
        update(Document)
        .where(col(Document.organization_id) == scope.organization_id, col(Document.lineage_id).in_(lineage_ids))
        .values(folder_id=folder_id)
    )


async def lineages_in(scope: Scope, folder_id: UUID) -> Sequence[UUID]:
    """Removed documents too: they come back to where the folder's content went."""
    statement = select(Document.lineage_id).where(
        Document.organization_id == scope.organization_id, Document.folder_id == folder_id
    )
    return (await scope.tx.exec(statement.distinct())).all()


async def still_in(scope: Scope, lineage_ids: Collection[UUID], folder_id: UUID | None) -> Sequence[UUID]:
    """Those of these documents that are in the folder now."""
    statement = select(Document.lineage_id).where(
        Document.organization_id == scope.organization_id,
        col(Document.lineage_id).in_(lineage_ids),
        col(Document.folder_id).is_(None) if folder_id is None else col(Document.folder_id) == folder_id,
    )
    return (await scope.tx.exec(statement.distinct())).all()


async def hidden_texts(scope: Scope, document_id: UUID) -> Sequence[HiddenText]:
    statement = scope.rows(HiddenText).where(HiddenText.document_id == document_id)
    return (await scope.tx.exec(statement.order_by(col(HiddenText.page), col(HiddenText.id)))).all()


async def clear_hidden_texts(scope: Scope, document_id: UUID) -> None:
    await scope.tx.exec(
        delete(HiddenText).where(
            col(HiddenText.organization_id) == scope.organization_id, col(HiddenText.document_id) == document_id
        )
    )


async def settings_of(scope: Scope) -> KnowledgeSettings:
    """As they are set; the defaults, not kept anywhere, where nothing was."""
    found = (await scope.tx.exec(scope.rows(KnowledgeSettings))).first()
    return found or KnowledgeSettings(organization_id=scope.organization_id)


async def below_the_line(scope: Scope, line: int) -> Sequence[UUID]:
    """Documents that drafts and searches pass over: worse than the line, and nobody said to take them anyway."""
    statement = select(Document.id).where(
        Document.organization_id == scope.organization_id,
        col(Document.quality) < line,
        col(Document.included_anyway).is_(False),
        col(Document.current),
    )
    return (await scope.tx.exec(statement)).all()


async def votes(scope: Scope, *, limit: int = 2000, offset: int = 0) -> Sequence[PassageVote]:
    """What counts now, newest first."""
    statement = scope.rows(PassageVote).order_by(col(PassageVote.created_at).desc(), col(PassageVote.id))
    return (await scope.tx.exec(statement.limit(limit).offset(offset))).all()


async def vote_of(scope: Scope, user_id: UUID, query_hash: str, text_hash: str) -> PassageVote | None:
    """One that was taken back too: it is given again in the same row."""
    statement = select(PassageVote).where(
        PassageVote.organization_id == scope.organization_id,
        PassageVote.user_id == user_id,
        PassageVote.query_hash == query_hash,
        PassageVote.text_hash == text_hash,
    )
    return (await scope.tx.exec(statement)).first()


async def passage_at(scope: Scope, document_id: UUID, page: int, start: int) -> DocumentChunk | None:
    statement = scope.rows(DocumentChunk).where(
        DocumentChunk.document_id == document_id, DocumentChunk.page == page, DocumentChunk.start == start
    )
    return (await scope.tx.exec(statement)).first()


async def forget_queries(scope: Scope, *, before: datetime) -> None:
    await scope.tx.exec(
        delete(KnowledgeQuery).where(
            col(KnowledgeQuery.organization_id) == scope.organization_id, col(KnowledgeQuery.created_at) < before
        )
    )


async def mark_helped(scope: Scope, query_hash: str, *, helped: bool) -> None:
    await scope.tx.exec(
        update(KnowledgeQuery)
        .where(
            col(KnowledgeQuery.organization_id) == scope.organization_id, col(KnowledgeQuery.query_hash) == query_hash
        )
        .values(helped=helped)
    )


async def asked(scope: Scope, *, since: datetime, good: float) -> Sequence[tuple[str, int, int]]:
    """(collection, questions, of them with a good answer) since then; '' is a question to all collections."""
    hit = (col(KnowledgeQuery.best) >= good) | col(KnowledgeQuery.helped)
    statement = (
        select(
            KnowledgeQuery.collection,
            func.count(),
            func.count(col(KnowledgeQuery.id)).filter(hit),
        )
        .where(
            KnowledgeQuery.organization_id == scope.organization_id,
            col(KnowledgeQuery.created_at) >= since,
        )
        .group_by(col(KnowledgeQuery.collection))
    )
    return [(str(name), int(all_), int(hits)) for name, all_, hits in (await scope.tx.exec(statement)).all()]


async def kept(scope: Scope) -> Sequence[tuple[str, int, int]]:
    """(collection, documents, passages) of what can be searched."""
    statement = (
        select(Document.collection, func.count(), func.coalesce(func.sum(Document.chunks), 0))
        .where(
            Document.organization_id == scope.organization_id,
            col(Document.current),
            col(Document.deleted_at).is_(None),
        )
        .group_by(col(Document.collection))
    )
    return [(str(name), int(count), int(chunks)) for name, count, chunks in (await scope.tx.exec(statement)).all()]


async def unanswered(
    scope: Scope, *, since: datetime, good: float, limit: int = 10
) -> Sequence[tuple[str, int, float]]:
    """(question, how often, best score) of those that nothing came near to, the most asked first."""
    best, times = func.max(KnowledgeQuery.best), func.count()
    statement = (
        select(func.min(KnowledgeQuery.query), times, best)
        .where(
            KnowledgeQuery.organization_id == scope.organization_id,
            col(KnowledgeQuery.created_at) >= since,
            col(KnowledgeQuery.helped).is_(False),
        )
        .group_by(col(KnowledgeQuery.query_hash))
        .having(best < good)
        .order_by(times.desc(), best)
        .limit(limit)
    )
    return [(str(query), int(count), float(score)) for query, count, score in (await scope.tx.exec(statement)).all()]
