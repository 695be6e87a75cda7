"""A document becomes pages, passages and vectors, as durable work."""

import asyncio
from uuid import UUID, uuid5

from services.durable import step
from services.errors import NotFound
from services.knowledge.chunking import chunks as chunks_of
from services.knowledge.index import Index
from services.knowledge.parsing import parse
from services.members import standing
from services.viewer import Permission
from services.work import Gate, Work
from storage import documents as rows
from storage.database import Scope
from storage.documents import Document, DocumentChunk, DocumentPage
from storage.files import FileStore

_BATCH = 64


class Ingestion:
    def __init__(self, gate: Gate, store: FileStore, index: Index) -> None:
        self._gate = gate
        self._store = store
        self._index = index

    async def run(self, organization_id: UUID, document_id: UUID, run: int) -> None:
        """Reads and indexes one document. Registered as the durable work of kind `document`."""
        count = await step('read', self._read, organization_id, document_id, run)
        for first in range(0, count, _BATCH):
            await step(f'index {first}', self._add, organization_id, document_id, run, first, count)
        await step('finish', self._finish, organization_id, document_id, run)

    async def failed(self, organization_id: UUID, document_id: UUID, run: int, reason: str) -> None:
        async with self._gate.platform(organization_id) as work:
            document = await work.get(Document, document_id)
            if document.run == run and document.status != rows.FAILED:
                document.status, document.error = rows.FAILED, reason
                work.tx.add(document)
                say_changed(work, document)

    async def still_allowed(self, organization_id: UUID, document_id: UUID, _run: int) -> None:
        """StarterStopped where who added it may not add to the organisation's knowledge any more."""
        async with self._gate.platform(organization_id) as work:
            document = await work.get(Document, document_id)
            await _require_starter(work, document)

    async def _read(self, organization_id: UUID, document_id: UUID, run: int) -> int:
        """Pages and passages into the database; gives the number of passages."""
        async with self._gate.platform(organization_id) as work:
            document = await self._current(work, document_id, run)
            document.status, document.progress = rows.INDEXING, 0.02
            work.tx.add(document)
            say_changed(work, document)
        parsed = await parse(self._store.path(organization_id, document.sha256), document.name)
        passages = await asyncio.to_thread(chunks_of, parsed)
        async with self._gate.platform(organization_id) as work:
            document = await self._current(work, document_id, run)
            await rows.clear_text(work.scope, document_id)
            for page in parsed.pages:
                work.add(DocumentPage(document_id=document_id, number=page.number, text=page.text))
            for chunk in passages:
                work.add(
                    DocumentChunk(
                        id=uuid5(document_id, f'{run}:{chunk.ordinal}'),
                        document_id=document_id,
                        ordinal=chunk.ordinal,
                        page=chunk.page,
                        start=chunk.start,
                        end=chunk.end,
                        heading=chunk.heading,
                        text=chunk.text,
                    )
                )
            document.pages, document.chunks = len(parsed.pages), len(passages)
            document.warnings = '\n'.join(parsed.warnings)
            document.progress = 0.2
            work.tx.add(document)
            say_changed(work, document)
        return len(passages)

    async def _add(self, organization_id: UUID, document_id: UUID, run: int, first: int, count: int) -> None:
        async with self._gate.database.reading() as tx:
            scope = Scope(tx, organization_id)
            batch = [
                chunk for chunk in await rows.chunks(scope, [document_id]) if first <= chunk.ordinal < first + _BATCH
            ]
            document = await scope.find(Document, document_id)
        if document is None:
            raise NotFound()
        await self._index.add_passages(document, batch)
        async with self._gate.platform(organization_id) as work:
            document = await self._current(work, document_id, run)
            document.progress = 0.2 + 0.8 * min(first + _BATCH, count) / count
            work.tx.add(document)
            say_changed(work, document)

    async def _finish(self, organization_id: UUID, document_id: UUID, run: int) -> None:
        async with self._gate.platform(organization_id) as work:
            document = await self._current(work, document_id, run)
            document.status, document.progress, document.error = rows.INDEXED, 1.0, None
            work.tx.add(document)
            say_changed(work, document)

    @staticmethod
    async def _current(work: Work, document_id: UUID, run: int) -> Document:
        document = await work.get(Document, document_id)
        if document.run != run or document.status == rows.FAILED:
            raise NotFound('This document was read again meanwhile.')
        await _require_starter(work, document)
        return document


def say_changed(work: Work, document: Document) -> None:
    work.changed(f'document:{document.id}', f'documents:{document.organization_id}')


async def _require_starter(work: Work, document: Document) -> None:
    await standing.require(work, document.started_by or document.uploaded_by, Permission.KNOWLEDGE_WRITE)
