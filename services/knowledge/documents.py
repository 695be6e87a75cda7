"""The organisation's documents: taken in, read page by page, indexed, searched."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import asdict
from uuid import UUID

from services.clock import now
from services.durable import Durable
from services.errors import Conflict, InvalidInput
from services.knowledge.index import Index
from services.knowledge.ingestion import say_changed
from services.knowledge.intake import Intake
from services.knowledge.versions import Versions, unsettled
from services.knowledge.views import ChunkView, DocumentView, Found, PageView, document_view
from services.viewer import Permission, Viewer
from services.work import Gate
from storage import documents as rows
from storage.documents import Document
from storage.files import FileStore

COLLECTIONS = ('content_generation', 'lab_assistance', 'user_interactions', 'course_knowledge')


class DocumentService:
    def __init__(self, gate: Gate, durable: Durable, store: FileStore, index: Index) -> None:
        self._gate = gate
        self._index = index
        self._intake = Intake(gate, durable, store)
        self.versions = Versions(gate, store, self._intake)

    async def upload(
        self, viewer: Viewer, name: str, parts: AsyncIterator[bytes], *, collection: str = 'content_generation'
    ) -> DocumentView:
        """Stores the bytes and queues the document for indexing; what cannot be read is refused at once."""
        if collection not in COLLECTIONS:
            fault = 'Choose one of the collections: {names}.'
            raise InvalidInput(fault, fields={'collection': fault}, names=', '.join(COLLECTIONS))
        kept = await self._intake.keep(viewer, name, parts)
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_WRITE) as work:
            document = work.add(
                Document(
                    **asdict(kept),
                    collection=collection,
                    uploaded_by=work.viewer.user_id,
                    uploader=work.viewer.full_name,
                )
            )
            await work.tx.flush()
            work.record('document.added', document, after={'name': kept.name, 'size': kept.size})
            return self._intake.begin(work, document)

    async def replace(self, viewer: Viewer, document_id: UUID, name: str, parts: AsyncIterator[bytes]) -> DocumentView:
        """The file becomes the newest version once it is read; until then, and if it cannot be, the old one stands."""
        async with self._gate.reading(viewer, Permission.KNOWLEDGE_WRITE) as work:
            await work.get(Document, document_id)
        return await self.versions.add(viewer, document_id, await self._intake.keep(viewer, name, parts))

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
            if document.replaced_by is not None:
                raise Conflict('A newer version took the place of this one. Remove that.')
            going = [document, *await unsettled(work.scope, document)]
            for version in going:
                version.deleted_at = now()
                work.tx.add(version)
            work.record('document.removed', document, before={'name': document.name})
            say_changed(work, document)
        for version in going:
            await self._index.forget(version)

    async def restore(self, viewer: Viewer, document_id: UUID) -> DocumentView:
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_WRITE) as work:
            document = await work.removed(Document, document_id)
            document.deleted_at = None
            for version in await unsettled(work.scope, document):
                version.deleted_at = None
                self._intake.again(work, version, 'document.restored')
            return self._intake.again(work, document, 'document.restored')

    async def retry(self, viewer: Viewer, document_id: UUID) -> DocumentView:
        """Reads a document again whose indexing failed."""
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_WRITE) as work:
            document = await work.get(Document, document_id)
            if document.status != rows.FAILED:
                raise Conflict('“{name}” is being read or is indexed already.', name=document.name)
            return self._intake.again(work, document, 'document.retried')

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
            names = {
                document.id: document.name
                for document in await rows.documents_by_id(work.scope, owners)
                if document.current or document_ids is not None
            }
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
