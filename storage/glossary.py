"""Words that a course explains: accepted with the place where a source defines them, or declined for good."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, col, select

from storage.base import TenantRow
from storage.database import Scope
from storage.documents import Document, DocumentChunk, DocumentPage, documents_by_id
from storage.workflows import workflows

ACCEPTED, DECLINED = 'accepted', 'declined'


class GlossaryTerm(TenantRow, table=True):
    """`key` is the term as it is compared. `definition` is what learners read; `quote` is where it stands, verbatim,
    in characters of the page. A term that a person wrote has no document."""

    __tablename__ = 'glossary_terms'
    __table_args__ = (UniqueConstraint('course_id', 'key'),)

    course_id: UUID = Field(foreign_key='courses.id', index=True)
    key: str
    term: str
    definition: str = ''
    document_id: UUID | None = None
    document_name: str = ''
    page: int = 0
    start: int = 0
    end: int = 0
    quote: str = ''
    added_by: str = ''
    status: str = ACCEPTED


async def glossary(scope: Scope, course_id: UUID) -> Sequence[GlossaryTerm]:
    """Accepted and declined ones, by the alphabet."""
    statement = scope.rows(GlossaryTerm).where(GlossaryTerm.course_id == course_id)
    return (await scope.tx.exec(statement.order_by(col(GlossaryTerm.key)))).all()


async def term_called(scope: Scope, course_id: UUID, key: str) -> GlossaryTerm | None:
    statement = scope.rows(GlossaryTerm).where(GlossaryTerm.course_id == course_id, GlossaryTerm.key == key)
    return (await scope.tx.exec(statement)).first()


async def passages_of(scope: Scope, *, limit: int = 5000) -> Sequence[str]:
    """What the organisation's documents say, for their words: the newest passages first."""
    statement = select(DocumentChunk.text).where(DocumentChunk.organization_id == scope.organization_id)
    return (await scope.tx.exec(statement.order_by(col(DocumentChunk.created_at).desc()).limit(limit))).all()


async def cited_pages(scope: Scope, wanted: Collection[tuple[UUID, int]]) -> list[tuple[UUID, int, str]]:
    """(document, page, text) of these pages."""
    if not wanted:
        return []
    statement = select(DocumentPage.document_id, DocumentPage.number, DocumentPage.text).where(
        DocumentPage.organization_id == scope.organization_id,
        col(DocumentPage.document_id).in_({document_id for document_id, _page in wanted}),
        col(DocumentPage.number).in_({page for _document, page in wanted}),
    )
    found = (await scope.tx.exec(statement)).all()
    return [(document_id, number, text) for document_id, number, text in found if (document_id, number) in wanted]


async def documents_of_course(scope: Scope, course_id: UUID) -> Sequence[Document]:
    """What its newest workflow was to be written from."""
    found, _ = await workflows(scope, course_id=course_id, limit=1)
    ids = [UUID(key) for key in found[0].document_ids] if found else []
    return await documents_by_id(scope, ids) if ids else []


async def texts_of(scope: Scope, document_ids: Collection[UUID], *, limit: int) -> dict[UUID, list[str]]:
    """The pages of each document, in order; of all together at most `limit`."""
    statement = (
        select(DocumentPage.document_id, DocumentPage.text)
        .where(DocumentPage.organization_id == scope.organization_id, col(DocumentPage.document_id).in_(document_ids))
        .order_by(col(DocumentPage.document_id), col(DocumentPage.number))
        .limit(limit)
    )
    found: dict[UUID, list[str]] = {document_id: [] for document_id in document_ids}
    for document_id, text in (await scope.tx.exec(statement)).all():
        found[document_id].append(text)
    return found
