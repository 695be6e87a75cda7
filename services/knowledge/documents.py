"""The organisation's documents: taken in, read page by page, indexed, searched."""

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Collection, Sequence
from uuid import UUID

from services.clock import now
from services.durable import Durable
from services.errors import Conflict, InvalidInput, PlatformError, TooLarge
from services.knowledge.index import Index
from services.knowledge.ingestion import say_changed
from services.knowledge.parsing import media_type_of
from services.knowledge.views import ChunkView, DocumentView, Found, PageView, document_view
from services.limits import UPLOAD
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import documents as rows
from storage.database import Scope
from storage.documents import Document
from storage.files import FileStore

COLLECTIONS = ('content_generation', 'lab_assistance', 'user_interactions', 'course_knowledge')
LARGEST_UPLOAD = 200 * 1024 * 1024
_BATCH = 64


class DocumentService:
    def __init__(self, gate: Gate, durable: Durable, store: FileStore, index: Index) -> None:
        self._gate = gate
        self._durable = durable
        self._store = store
        self._index = index

    async def upload(
        self, viewer: Viewer, name: str, parts: AsyncIterator[bytes], *, collection: str = 'content_generation'
    ) -> DocumentView:
        """Stores the bytes and queues the document for indexing; what cannot be read is refused at once."""
        if collection not in COLLECTIONS:
            fault = 'Choose one of the collections: {names}.'
            raise InvalidInput(fault, fields={'collection': fault}, names=', '.join(COLLECTIONS))
        current = await self._gate.check(viewer, Permission.KNOWLEDGE_WRITE)
        await self._gate.limits.spend(UPLOAD, str(current.user_id))
        clean = clean_name(name)
        try:
            sha256, size = await self._store.write(current.organization_id, parts, LARGEST_UPLOAD)
        except OverflowError as error:
            raise TooLarge(
                '“{name}” is larger than {most} MB. Split it, or save it with smaller pictures, and add the parts.',
                name=clean,
                most=LARGEST_UPLOAD // 1024 // 1024,
            ) from error
        path = self._store.path(current.organization_id, sha256)
        try:
            media_type = await asyncio.to_thread(media_type_of, path, clean)
        except PlatformError:
            await self._discard(current.organization_id, sha256)
            raise
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_WRITE) as work:
            document = work.add(
                Document(
                    name=clean,
                    collection=collection,
                    media_type=media_type,
                    size=size,
                    sha256=sha256,
                    uploaded_by=work.viewer.user_id,
                    uploader=work.viewer.full_name,
                )
            )
            await work.tx.flush()
            work.record('document.added', document, after={'name': clean, 'size': size})
            self._queue(work, document)
            return document_view(document)

    async def get(self, viewer: Viewer, document_id: UUID) -> DocumentView:
        async with self._gate.reading(viewer, Permission.KNOWLEDGE_READ) as work:
            return document_view(await work.get(Document, document_id))

    async def list(
        self, viewer: Viewer, *, search: str = '', limit: int = 50, offset: int = 0
    ) -> tuple[Sequence[DocumentView], int]:
        async with self._gate.reading(viewer, Permission.KNOWLEDGE_READ) as work:
            found, total = await rows.documents(work.scope, search=search, limit=limit, offset=offset)
            return [document_view(document) for document in found], total

    async def chunks(self, viewer: Viewer, document_id: UUID, *, page: int | None = None) -> Sequence[ChunkView]:
        async with self._gate.reading(viewer, Permission.KNOWLEDGE_READ) as work:
            await work.get(Document, document_id)
            return [
                ChunkView(
                    id=chunk.id,
                    ordinal=chunk.ordinal,
                    page=chunk.page,
                    start=chunk.start,
                    end=chunk.end,
                    heading=chunk.heading,
                    text=chunk.text,
                )
                for chunk in await rows.chunks(work.scope, [document_id], page=page)
            ]

    async def pages(self, viewer: Viewer, document_id: UUID) -> Sequence[PageView]:
        async with self._gate.reading(viewer, Permission.KNOWLEDGE_READ) as work:
            await work.get(Document, document_id)
            return [PageView(number=page.number, text=page.text) for page in await rows.pages(work.scope, document_id)]

    async def remove(self, viewer: Viewer, document_id: UUID) -> None:
        """Out of lists and searches; pages stay readable for the courses that cite them, and `restore` undoes it."""
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_WRITE) as work:
            document = await work.get(Document, document_id)
            document.deleted_at = now()
            work.tx.add(document)
            work.record('document.removed', document, before={'name': document.name})
            say_changed(work, document)
        await self._index.forget(document)

    async def restore(self, viewer: Viewer, document_id: UUID) -> DocumentView:
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_WRITE) as work:
            document = await work.removed(Document, document_id)
            document.deleted_at = None
            return self._again(work, document, 'document.restored')

    async def retry(self, viewer: Viewer, document_id: UUID) -> DocumentView:
        """Reads a document again whose indexing failed."""
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_WRITE) as work:
            document = await work.get(Document, document_id)
            if document.status != rows.FAILED:
                raise Conflict('“{name}” is being read or is indexed already.', name=document.name)
            return self._again(work, document, 'document.retried')

    async def search(
        self,
        viewer: Viewer,
        query: str,
        *,
        limit: int = 10,
        collection: str | None = None,
        document_ids: Collection[UUID] | None = None,
    ) -> Sequence[Found]:
        """By meaning and by word, in the viewer's own organisation."""
        if not query.strip():
            raise InvalidInput('Type what you are looking for.', fields={'query': 'Type what you are looking for.'})
        current = await self._gate.check(viewer, Permission.KNOWLEDGE_READ)
        hits = await self._index.search(
            current.organization_id, query, limit=limit, collection=collection, document_ids=document_ids
        )
        async with self._gate.reading(viewer, Permission.KNOWLEDGE_READ) as work:
            owners = {hit.document_id for hit in hits}
            names = {document.id: document.name for document in await rows.documents_by_id(work.scope, owners)}
        return [
            Found(
                document_id=hit.document_id,
                document_name=names[hit.document_id],
                page=hit.page,
                start=hit.start,
                end=hit.end,
                heading=hit.heading,
                text=hit.text,
                score=hit.score,
            )
            for hit in hits
            if hit.document_id in names
        ]

    def _again(self, work: Work, document: Document, action: str) -> DocumentView:
        document.run += 1
        document.status, document.error, document.progress = rows.QUEUED, None, 0.0
        document.started_by = work.viewer.user_id
        work.tx.add(document)
        work.record(action, document)
        self._queue(work, document)
        return document_view(document)

    def _queue(self, work: Work, document: Document) -> None:
        organization_id, document_id, run = document.organization_id, document.id, document.run
        work.then(lambda: self._durable.start('document', organization_id, document_id, run))
        say_changed(work, document)

    async def _discard(self, organization_id: UUID, sha256: str) -> None:
        """Removes refused bytes, unless an accepted document is made of the same."""
        async with self._gate.database.reading() as tx:
            if not await rows.uses_bytes(Scope(tx, organization_id), sha256):
                self._store.path(organization_id, sha256).unlink(missing_ok=True)


def clean_name(name: str) -> str:
    """The last part of the name, without control characters; never empty."""
    last = name.replace('\\', '/').rsplit('/', 1)[-1]
    printable = ''.join(letter for letter in last if unicodedata.category(letter)[0] != 'C').strip(' .')
    return unicodedata.normalize('NFC', printable)[:200] or 'document'
