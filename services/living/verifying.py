"""Whether every citation of an organisation still resolves: a program's answer to 'says who?'."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from services.living.ledger import resolves
from storage.database import Transaction
from storage.living import every_citation


@dataclass(frozen=True, kw_only=True)
class Unresolved:
    citation_id: UUID
    course: str
    version: str
    document: str
    page: int
    quote: str


@dataclass(frozen=True, kw_only=True)
class Verified:
    citations: int
    unresolved: tuple[Unresolved, ...]


async def verify(tx: Transaction, course_id: UUID | None = None) -> Verified:
    """Of every organisation, or of one course; the transaction has to be one that may look at everything."""
    count, broken = 0, []
    async for citation in _citations(tx, course_id):
        count += 1
        if citation is not None:
            broken.append(citation)
    return Verified(citations=count, unresolved=tuple(broken))


async def _citations(tx: Transaction, course_id: UUID | None) -> AsyncIterator[Unresolved | None]:
    async for source, text, course, version in every_citation(tx, course_id):
        if resolves(text or '', source.quote, source.start, source.end):
            yield None
        else:
            yield Unresolved(
                citation_id=source.id,
                course=course,
                version=version,
                document=source.document_name,
                page=source.page,
                quote=source.quote,
            )
