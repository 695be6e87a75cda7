"""The source ledger: every citation of a version with its page, its words and who approved what rests on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.courses.checks.examined import excerpt
from services.courses.reading import modules_of
from services.courses.views import block_view
from services.generation.quotes import find_quote
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage.catalogue import newest_versions
from storage.courses import Course, CourseVersion
from storage.publishing import cited_pages


@dataclass(frozen=True, kw_only=True)
class CitationView:
    """`id` is the citation's own; `resolves`: its page has the quoted words."""

    id: UUID
    lesson_id: UUID
    lesson: str
    block_id: UUID
    block_type: str
    excerpt: str
    origin: str
    approver: str
    approved_at: datetime | None
    document_id: UUID
    document_name: str
    page: int
    start: int
    end: int
    quote: str
    resolves: bool


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """`documents` are (id, name, citations) of the whole version, most cited first."""

    version: str
    citations: tuple[CitationView, ...]
    documents: tuple[tuple[UUID, str, int], ...]
    unsourced: int

    @property
    def resolved(self) -> int:
        return sum(one.resolves for one in self.citations)


class LedgerService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def of_course(self, viewer: Viewer, course_id: UUID, *, document_id: UUID | None = None) -> Ledger:
        """Of the newest version, in course order; of one document where it is given."""
        async with self._gate.reading(viewer, Permission.COURSE_READ) as work:
            await work.get(Course, course_id)
            version = (await newest_versions(work.scope, [course_id])).get(course_id)
            if version is None:
                return Ledger(version='', citations=(), documents=(), unsourced=0)
            ledger = await ledger_of(work, version)
            if document_id is None:
                return ledger
            some = tuple(one for one in ledger.citations if one.document_id == document_id)
            return Ledger(
                version=ledger.version, citations=some, documents=ledger.documents, unsourced=ledger.unsourced
            )


async def ledger_of(work: Work, version: CourseVersion) -> Ledger:
    pages = await cited_pages(work.scope, version.id)
    citations: list[CitationView] = []
    unsourced = 0
    for module in await modules_of(work, version.id, block_view):
        for lesson in module.lessons:
            for block in lesson.blocks:
                unsourced += not block.sources
                for source in block.sources:
                    text = pages.get((source.document_id, source.page), '')
                    citations.append(
                        CitationView(
                            id=source.id,
                            lesson_id=lesson.id,
                            lesson=f'{lesson.number} {lesson.title}',
                            block_id=block.id,
                            block_type=block.type,
                            excerpt=excerpt(block),
                            origin=block.origin,
                            approver=block.approver if block.approved else '',
                            approved_at=block.approved_at if block.approved else None,
                            document_id=source.document_id,
                            document_name=source.document_name,
                            page=source.page,
                            start=source.start,
                            end=source.end,
                            quote=source.quote,
                            resolves=resolves(text, source.quote, source.start, source.end),
                        )
                    )
    return Ledger(
        version=version.number, citations=tuple(citations), documents=_documents(citations), unsourced=unsourced
    )


def resolves(text: str, quote: str, start: int, end: int) -> bool:
    if not quote.strip():
        return False
    return text[start:end] == quote or find_quote(text, quote, near=(start, end)) is not None


def _documents(citations: Sequence[CitationView]) -> tuple[tuple[UUID, str, int], ...]:
    counted: dict[UUID, tuple[str, int]] = {}
    for one in citations:
        name, count = counted.get(one.document_id, (one.document_name, 0))
        counted[one.document_id] = name, count + 1
    return tuple(
        (key, name, count) for key, (name, count) in sorted(counted.items(), key=lambda one: (-one[1][1], one[1][0]))
    )
