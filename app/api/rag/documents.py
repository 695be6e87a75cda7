"""Documents: add them, follow their indexing, search them."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, UploadFile
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.errors import InvalidInput, TooLarge
from services.knowledge.intake import LARGEST_UPLOAD
from services.knowledge.quality import said
from services.knowledge.views import DocumentView
from services.platform import Services
from services.viewer import Viewer

_PART = 1024 * 1024
# Room for the multipart wrapping around a file of the largest size.
_LARGEST_BODY = LARGEST_UPLOAD + 64 * 1024


class DocumentRead(BaseModel):
    id: UUID
    name: str
    collection: str
    status: str = Field(description='queued, indexing, indexed or failed')
    progress: float = Field(description='0 to 1 while indexing')
    error: str | None
    warnings: list[str]
    pages: int
    chunks: int
    size: int = Field(description='bytes')
    lineage_id: UUID = Field(description='what all versions of this document share')
    version: int
    current: bool = Field(description='whether it is the newest version that could be read')
    replaced_by: UUID | None = Field(description='the version that took its place')
    folder_id: UUID | None
    source_url: str = Field(description='the address of a web page, otherwise empty')
    fetched_at: datetime | None
    language: str = Field(description='a code of ISO 639; empty where it cannot be told')
    quality: int | None = Field(description='0 to 100, once it was read')
    quality_reasons: list[str] = Field(description='what took points off, the heaviest first')
    included_anyway: bool = Field(description='drafts and searches take it even below the line of quality')
    hidden: int = Field(description='what was left out because a reader would not have seen it')


def document_read(view: DocumentView) -> DocumentRead:
    return DocumentRead.model_validate({**vars(view), 'quality_reasons': said(view.reasons)})


class DocumentList(BaseModel):
    items: list[DocumentRead]
    total: int


class ChunkRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    ordinal: int
    page: int
    start: int = Field(description='first character on the page')
    end: int = Field(description='character after the last')
    heading: str
    text: str


class ChunkList(BaseModel):
    items: list[ChunkRead]
    total: int


class Question(BaseModel):
    model_config = ConfigDict(extra='forbid')

    query: str = Field(min_length=1, max_length=2000)
    limit: int = Field(default=10, ge=1, le=50)
    collection: str | None = None
    folder_id: UUID | None = Field(default=None, description='only what lies in this folder')


class Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    document_id: UUID = Field(description='of a lesson where `kind` says so')
    document_name: str
    page: int
    start: int = Field(description='first character on the page')
    end: int = Field(description='character after the last')
    text: str
    score: float = Field(description='0 to 1, best first')
    learned: float = Field(description='the part of the score that comes from thumbs')
    kind: Literal['document', 'lesson', 'question']


class Answers(BaseModel):
    results: list[Answer]


def add(api: APIRouter, services: Services, current_viewer: CurrentViewer) -> None:
    documents = services.documents
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.post('/documents', status_code=202)
    @api.post('/add-document', status_code=202)
    async def add_document(
        request: Request,
        file: UploadFile,
        viewer: Asking,
        collection: Annotated[str, Query()] = 'content_generation',
        folder_id: UUID | None = None,
    ) -> DocumentRead:
        """Add a document; it is indexed in the background."""
        form = await request.form()
        chosen = form.get('collection') or collection
        added = await documents.upload(
            viewer, file.filename or 'document', parts_of(file), collection=str(chosen), folder_id=folder_id
        )
        return document_read(added)

    @api.get('/documents')
    async def list_documents(
        viewer: Asking,
        search: str = '',
        folder_id: UUID | None = None,
        collection: str = '',
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> DocumentList:
        """The newest version of each, newest first; those in a folder, and while searching all below it."""
        found, total = await documents.list(
            viewer, search=search, limit=limit, offset=offset, folder_id=folder_id, collection=collection
        )
        return DocumentList(items=[document_read(document) for document in found], total=total)

    @api.get('/documents/{document_id}')
    async def get_document(document_id: UUID, viewer: Asking) -> DocumentRead:
        return document_read(await documents.get(viewer, document_id))

    @api.get('/documents/{document_id}/chunks')
    async def get_chunks(
        document_id: UUID,
        viewer: Asking,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> ChunkList:
        """The passages of a document, in reading order."""
        found = await documents.chunks(viewer, document_id)
        page = found[offset : offset + limit]
        return ChunkList(items=[ChunkRead.model_validate(chunk) for chunk in page], total=len(found))

    @api.delete('/documents/{document_id}', status_code=204)
    async def remove_document(document_id: UUID, viewer: Asking) -> None:
        await documents.remove(viewer, document_id)

    @api.post('/documents/{document_id}/restore')
    async def restore_document(document_id: UUID, viewer: Asking) -> DocumentRead:
        return document_read(await documents.restore(viewer, document_id))

    @api.post('/query')
    async def query(body: Question, viewer: Asking) -> Answers:
        """Passages by meaning and by word, of the viewer's own organisation."""
        found = await documents.search(
            viewer, body.query, limit=body.limit, collection=body.collection, folder_id=body.folder_id, counted=True
        )
        return Answers(results=[Answer.model_validate(answer) for answer in found])


async def parts_of(file: UploadFile) -> AsyncIterator[bytes]:
    while part := await file.read(_PART):
        yield part


def check_length(request: Request) -> None:
    """Refuses a body that says it is too large, before a byte of it is read."""
    length = request.headers.get('content-length', '0')
    if not length.isdigit():
        raise InvalidInput('Content-Length has to be a number.')
    if int(length) > _LARGEST_BODY:
        raise TooLarge(
            'This upload is larger than {most} MB. Split the document, or save it with smaller pictures.',
            most=LARGEST_UPLOAD // 1024 // 1024,
        )
