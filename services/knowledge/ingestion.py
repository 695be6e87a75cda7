"""A document becomes pages, passages and vectors, as durable work."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from uuid import UUID, uuid5

from services.durable import step
from services.errors import NotFound, PlatformError
from services.knowledge.chunking import Chunk
from services.knowledge.chunking import chunks as chunks_of
from services.knowledge.index import Index
from services.knowledge.parsing import ParsedDocument, parse
from services.knowledge.quality import Quality, judged
from services.language.instructions import warnings_of
from services.members import standing
from services.viewer import Permission
from services.work import Gate, Work
from storage import documents as rows
from storage.database import Scope
from storage.documents import Document, DocumentChunk, DocumentPage
from storage.files import FileStore
from storage.knowledge import HiddenText, clear_hidden_texts

Indexed = Callable[[UUID, UUID], Awaitable[None]]
_BATCH = 64
_TELL_SECONDS = 1.0
_COMPARED = 40  # passages that are looked for in other documents
_log = logging.getLogger(__name__)


class Ingestion:
    """`after_indexed` are told (organisation, document) when a document or a new version of one can be searched, as
    durable work: once, or again where the process died meanwhile."""

    def __init__(self, gate: Gate, store: FileStore, index: Index) -> None:
        self.after_indexed: list[Indexed] = []
        self._gate = gate
        self._store = store
        self._index = index

    async def run(self, organization_id: UUID, document_id: UUID, run: int) -> None:
        """Reads and indexes one document. Registered as the durable work of kind `document`."""
        count = await step('read', self._read, organization_id, document_id, run)
        for first in range(0, count, _BATCH):
            await step(f'index {first}', self._add, organization_id, document_id, run, first, count)
        await step('finish', self._finish, organization_id, document_id, run)
        await step('sort', self._sort, organization_id, document_id)
        for place, listener in enumerate(self.after_indexed):
            await step(f'tell {place}', _told, listener, organization_id, document_id)

    async def failed(self, organization_id: UUID, document_id: UUID, run: int, reason: str) -> None:
        async with self._gate.platform(organization_id) as work:
            document = await work.get(Document, document_id)
            if document.run == run and document.status not in (rows.FAILED, rows.INDEXED):
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
        async with self._following(organization_id, document_id, run) as hear:
            parsed = await parse(self._store.path(organization_id, document.sha256), document.name, hear=hear)
        passages = await asyncio.to_thread(chunks_of, parsed)
        orders = await asyncio.to_thread(warnings_of, [page.text for page in parsed.pages])
        quality = await self._judged(organization_id, document, parsed, passages)
        async with self._gate.platform(organization_id) as work:
            document = await self._current(work, document_id, run)
            await rows.clear_text(work.scope, document_id)
            await clear_hidden_texts(work.scope, document_id)
            for found in parsed.hidden:
                work.add(HiddenText(document_id=document_id, **asdict(found)))
            document.hidden = sum(found.count for found in parsed.hidden if found.kind != 'metadata')
            document.language = parsed.language
            document.quality, document.quality_reasons = quality.score, [list(reason) for reason in quality.reasons]
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
            document.warnings = '\n'.join([*parsed.warnings, *orders])
            document.progress = 0.2
            work.tx.add(document)
            say_changed(work, document)
        return len(passages)

    @asynccontextmanager
    async def _following(
        self, organization_id: UUID, document_id: UUID, run: int
    ) -> AsyncIterator[Callable[[float], None]]:
        """Puts the share that is read into the row, at most every second."""
        reached = 0.0

        def hear(share: float) -> None:
            nonlocal reached
            reached = share

        async def follow() -> None:
            told = 0.0
            while True:
                await asyncio.sleep(_TELL_SECONDS)
                if reached > told:
                    told = reached
                    async with self._gate.platform(organization_id) as work:
                        document = await self._current(work, document_id, run)
                        document.progress = round(0.02 + 0.18 * told, 3)
                        work.tx.add(document)
                        say_changed(work, document)

        following = asyncio.create_task(follow())
        try:
            yield hear
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError, PlatformError):  # the next step finds the same refusal
                await following

    async def _judged(
        self, organization_id: UUID, document: Document, parsed: ParsedDocument, passages: Sequence[Chunk]
    ) -> Quality:
        every = max(1, -(-len(passages) // _COMPARED))
        async with self._gate.database.reading() as tx:
            scope = Scope(tx, organization_id)
            duplicates = await rows.shared_share(scope, document, [passage.text for passage in passages[::every]])
        return await asyncio.to_thread(judged, parsed, duplicates=duplicates)

    async def _add(self, organization_id: UUID, document_id: UUID, run: int, first: int, count: int) -> None:
        async with self._gate.database.reading() as tx:
            scope = Scope(tx, organization_id)
            batch = await rows.chunks(scope, [document_id], ordinals=(first, first + _BATCH))
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
            versions = await rows.lineage(work.scope, document.lineage_id, lock=True)
            before = next((version for version in versions if version.current), None)
            if before is not None and before.version < document.version:
                take_place(work, document, before, versions)
            say_changed(work, document)

    async def _sort(self, organization_id: UUID, document_id: UUID) -> None:
        """After a new version took its place in the database, its passages do in the index, and the old ones leave."""
        async with self._gate.database.reading() as tx:
            scope = Scope(tx, organization_id)
            document = await scope.find(Document, document_id)
            versions = [] if document is None else await rows.lineage(scope, document.lineage_id)
        if len(versions) > 1:
            for version in versions:
                await self._index.sort(version)

    @staticmethod
    async def _current(work: Work, document_id: UUID, run: int) -> Document:
        document = await work.get(Document, document_id)
        if document.run != run or document.status == rows.FAILED:
            raise NotFound('This document was read again meanwhile.')
        await _require_starter(work, document)
        return document


def take_place(work: Work, document: Document, before: Document, versions: Sequence[Document]) -> None:
    """From now on `document` is what lists, searches and new drafts see; whoever cites the others still reads them."""
    before.current, document.current = False, True
    document.collection, document.folder_id = before.collection, before.folder_id
    document.included_anyway = before.included_anyway
    for version in versions:
        if version.version < document.version and version.replaced_by is None:
            version.replaced_by = document.id
            work.tx.add(version)
            say_changed(work, version)
    work.changed(f'document_replaced:{document.organization_id}')


def say_changed(work: Work, document: Document) -> None:
    work.changed(f'document:{document.id}', f'documents:{document.organization_id}')


async def _require_starter(work: Work, document: Document) -> None:
    await standing.require(work, document.started_by or document.uploaded_by, Permission.KNOWLEDGE_WRITE)


async def _told(listener: Indexed, organization_id: UUID, document_id: UUID) -> None:
    """What a listener cannot do is its own matter: the document stays indexed."""
    try:
        await listener(organization_id, document_id)
    except PlatformError as error:
        _log.warning('What follows the indexing of document %s was refused: %s', document_id, error)
