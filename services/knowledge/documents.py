"""The organisation's documents: taken in, read page by page, indexed, searched."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import asdict
from uuid import UUID

from services.clock import now
from services.durable import Durable
from services.errors import Conflict
from services.knowledge.collections import DRAFTED_FROM, GENERATION, check_collection
from services.knowledge.drafting import unfit_for_drafts
from services.knowledge.folders import within
from services.knowledge.index import Index
from services.knowledge.ingestion import say_changed
from services.knowledge.intake import Intake
from services.knowledge.searching import Searching
from services.knowledge.versions import Versions, unsettled
from services.knowledge.views import ChunkView, DocumentView, HiddenView, PageView, document_view
from services.viewer import Permission, Viewer
from services.work import Gate
from storage import documents as rows
from storage import knowledge
from storage.documents import Document
from storage.files import FileStore
from storage.knowledge import Folder


class DocumentService:
    def __init__(self, gate: Gate, durable: Durable, store: FileStore, index: Index) -> None:
        self._gate = gate
        self._index = index
        self._intake = Intake(gate, durable, store)
        self.versions = Versions(gate, store, self._intake)
        searching = Searching(gate, index)
        self.search = searching.search
        self.for_lab_hint = searching.for_lab_hint

    async def upload(
        self,
        viewer: Viewer,
        name: str,
        parts: AsyncIterator[bytes],
        *,
        collection: str = GENERATION,
        folder_id: UUID | None = None,
    ) -> DocumentView:
        """Stores the bytes and queues the document for indexing; what cannot be read is refused at once."""
        check_collection(collection)
        kept = await self._intake.keep(viewer, name, parts)
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_WRITE) as work:
            document = work.add(
                Document(
                    **asdict(kept),
                    collection=collection,
                    folder_id=None if folder_id is None else (await work.get(Folder, folder_id)).id,
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
        self,
        viewer: Viewer,
        *,
        search: str = '',
        limit: int = 50,
        offset: int = 0,
        folder_id: UUID | None = None,
        outside: bool = False,
        collection: str = '',
        for_drafts: bool = False,
    ) -> tuple[Sequence[DocumentView], int]:
        """Newest first. Of a folder, and of those in it while searching; `outside` of every folder, but searching all
        of them; `for_drafts` what courses are written from."""
        async with self._gate.reading(viewer, Permission.KNOWLEDGE_READ) as work:
            folders: Collection[UUID | None] = {None} if outside and not search else ()
            if folder_id is not None:
                await work.get(Folder, folder_id)
                folders = within(await knowledge.folders(work.scope), folder_id) if search else {folder_id}
            found, total = await rows.documents(
                work.scope,
                search=search,
                limit=limit,
                offset=offset,
                folders=folders,
                collections=DRAFTED_FROM if for_drafts else (collection,) if collection else (),
                without=await unfit_for_drafts(work.scope) if for_drafts else (),
            )
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

    async def hidden(self, viewer: Viewer, document_id: UUID) -> Sequence[HiddenView]:
        """What was left out of it because a reader would not have seen it."""
        async with self._gate.reading(viewer, Permission.KNOWLEDGE_READ) as work:
            await work.get(Document, document_id)
            return [
                HiddenView(kind=one.kind, page=one.page, count=one.count, text=one.text)
                for one in await knowledge.hidden_texts(work.scope, document_id)
            ]

    async def set_collection(self, viewer: Viewer, document_id: UUID, collection: str) -> DocumentView:
        """Moves it, with its passages, to where it serves."""
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_WRITE) as work:
            document = await work.get(Document, document_id)
            check_collection(collection)
            before, document.collection = document.collection, collection
            work.tx.add(document)
            work.record('document.collected', document, before={'collection': before}, after={'collection': collection})
            say_changed(work, document)
            view = document_view(document)
        await self._index.sort(document)
        return view

    async def include(self, viewer: Viewer, document_id: UUID, *, anyway: bool) -> DocumentView:
        """Whether drafts and searches take it even when its quality is below the organisation's line."""
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_WRITE) as work:
            document = await work.get(Document, document_id)
            document.included_anyway = anyway
            work.tx.add(document)
            work.record('document.included' if anyway else 'document.held_to_the_line', document)
            say_changed(work, document)
            return document_view(document)

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
