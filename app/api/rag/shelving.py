"""Where documents lie and what they serve: folders, collections, web pages, the line of quality, hidden text."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.rag.documents import DocumentRead, document_read
from app.api.viewer import CurrentViewer
from services.platform import Services
from services.viewer import Viewer


class _In(BaseModel):
    model_config = ConfigDict(extra='forbid')


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class FolderNew(_In):
    name: str = Field(max_length=1000)
    parent_id: UUID | None = Field(default=None, description='none for the top')


class FolderName(_In):
    name: str = Field(max_length=1000)


class FolderPlace(_In):
    parent_id: UUID | None = Field(description='none for the top')


class FolderRead(_Out):
    id: UUID
    name: str
    parent_id: UUID | None
    documents: int = Field(description='directly in it')


class FolderList(BaseModel):
    items: list[FolderRead]
    total: int


class DocumentPlace(_In):
    folder_id: UUID | None = Field(description='none for the top')


class DocumentCollection(_In):
    collection: str = Field(max_length=100)


class DocumentIncluded(_In):
    anyway: bool


class WebPageNew(_In):
    url: str = Field(max_length=4000)
    collection: str = 'content_generation'
    folder_id: UUID | None = None


class HiddenRead(_Out):
    kind: str = Field(description='characters, pale, tiny, outside, marked, slide or metadata')
    page: int = Field(description='0 where it stands on none')
    count: int
    text: str


class HiddenList(BaseModel):
    items: list[HiddenRead]
    total: int


class PageRead(_Out):
    number: int
    text: str


class PageList(BaseModel):
    items: list[PageRead]
    total: int


def add(api: APIRouter, services: Services, current_viewer: CurrentViewer) -> None:
    documents, folders, web_pages = services.documents, services.folders, services.web_pages
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.post('/web-pages', status_code=202)
    async def add_web_page(body: WebPageNew, viewer: Asking) -> DocumentRead:
        """Fetch a page or file from its address; it is indexed in the background."""
        return document_read(
            await web_pages.add(viewer, body.url, collection=body.collection, folder_id=body.folder_id)
        )

    @api.post('/documents/{document_id}/fetch', status_code=202)
    async def fetch_again(document_id: UUID, viewer: Asking) -> DocumentRead:
        """Fetch a web page again: a new version where it has changed, the document as it stands where it has not."""
        return document_read(await web_pages.again(viewer, document_id))

    @api.post('/documents/{document_id}/retry', status_code=202)
    async def retry_document(document_id: UUID, viewer: Asking) -> DocumentRead:
        """Read a document again whose indexing failed."""
        return document_read(await documents.retry(viewer, document_id))

    @api.put('/documents/{document_id}/collection')
    async def set_collection(document_id: UUID, body: DocumentCollection, viewer: Asking) -> DocumentRead:
        return document_read(await documents.set_collection(viewer, document_id, body.collection))

    @api.put('/documents/{document_id}/included')
    async def include_document(document_id: UUID, body: DocumentIncluded, viewer: Asking) -> DocumentRead:
        """Whether drafts and searches take it even below the organisation's line of quality."""
        return document_read(await documents.include(viewer, document_id, anyway=body.anyway))

    @api.put('/documents/{document_id}/folder')
    async def move_document(document_id: UUID, body: DocumentPlace, viewer: Asking) -> DocumentRead:
        await folders.put(viewer, [document_id], body.folder_id)
        return document_read(await documents.get(viewer, document_id))

    @api.get('/documents/{document_id}/pages')
    async def get_pages(
        document_id: UUID,
        viewer: Asking,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> PageList:
        """The text that passages and citations count their characters in."""
        found = await documents.pages(viewer, document_id)
        shown = found[offset : offset + limit]
        return PageList(items=[PageRead.model_validate(page) for page in shown], total=len(found))

    @api.get('/documents/{document_id}/hidden')
    async def get_hidden(document_id: UUID, viewer: Asking) -> HiddenList:
        """What was left out of the document because a reader would not have seen it."""
        found = await documents.hidden(viewer, document_id)
        return HiddenList(items=[HiddenRead.model_validate(one) for one in found], total=len(found))

    @api.get('/folders')
    async def list_folders(viewer: Asking) -> FolderList:
        """All of them; `parent_id` makes the tree."""
        found = await folders.list(viewer)
        return FolderList(items=[FolderRead.model_validate(folder) for folder in found], total=len(found))

    @api.post('/folders', status_code=201)
    async def create_folder(body: FolderNew, viewer: Asking) -> FolderRead:
        return FolderRead.model_validate(await folders.create(viewer, body.name, parent_id=body.parent_id))

    @api.put('/folders/{folder_id}')
    async def rename_folder(folder_id: UUID, body: FolderName, viewer: Asking) -> FolderRead:
        return FolderRead.model_validate(await folders.rename(viewer, folder_id, body.name))

    @api.post('/folders/{folder_id}/move')
    async def move_folder(folder_id: UUID, body: FolderPlace, viewer: Asking) -> FolderRead:
        return FolderRead.model_validate(await folders.move(viewer, folder_id, parent_id=body.parent_id))

    @api.delete('/folders/{folder_id}', status_code=204)
    async def delete_folder(folder_id: UUID, viewer: Asking) -> None:
        """What lies in it goes to the folder around it."""
        await folders.delete(viewer, folder_id)

    @api.post('/folders/{folder_id}/restore')
    async def restore_folder(folder_id: UUID, viewer: Asking) -> FolderRead:
        return FolderRead.model_validate(await folders.restore(viewer, folder_id))
