"""The versions of a document: a newer file, an older one back, the file itself, and what reads differently."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from app.api.rag.documents import DocumentRead, document_read, parts_of
from app.api.viewer import CurrentViewer
from services.platform import Services
from services.viewer import Viewer

# What somebody uploaded is handed back as a file to keep, never as a page of ours.
_HEADERS = {'X-Content-Type-Options': 'nosniff', 'Content-Security-Policy': "default-src 'none'; sandbox"}


class VersionList(BaseModel):
    items: list[DocumentRead]


class PageChangeRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    page_old: int | None = Field(description='none where the page is new')
    page_new: int | None = Field(description='none where the page is gone')
    text_old: str
    text_new: str


class PageChanges(BaseModel):
    items: list[PageChangeRead]
    total: int


def add(api: APIRouter, services: Services, current_viewer: CurrentViewer) -> None:
    documents = services.documents
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.post('/documents/{document_id}/versions', status_code=202)
    async def replace_document(document_id: UUID, file: UploadFile, viewer: Asking) -> DocumentRead:
        """Add a newer version; once it is indexed it takes the place of the one before."""
        added = await documents.replace(viewer, document_id, file.filename or 'document', parts_of(file))
        return document_read(added)

    @api.get('/documents/{document_id}/versions')
    async def list_versions(document_id: UUID, viewer: Asking) -> VersionList:
        """Newest first; any version names the document."""
        found = await documents.versions.list(viewer, document_id)
        return VersionList(items=[document_read(version) for version in found])

    @api.post('/documents/{document_id}/restore-version', status_code=202)
    async def restore_version(document_id: UUID, viewer: Asking) -> DocumentRead:
        """This older version again, as a new newest one."""
        return document_read(await documents.versions.restore(viewer, document_id))

    @api.get('/documents/{document_id}/file')
    async def get_original(document_id: UUID, viewer: Asking) -> FileResponse:
        """The file as it was added."""
        file = await documents.versions.file(viewer, document_id)
        return FileResponse(file.path, media_type=file.media_type, filename=file.name, headers=_HEADERS)

    @api.get('/documents/{document_id}/changes')
    async def get_changes(
        document_id: UUID,
        viewer: Asking,
        earlier_id: UUID,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> PageChanges:
        """Pages that read differently than in an earlier version (`earlier_id`)."""
        found = await documents.versions.changes(viewer, document_id, since=earlier_id)
        shown = found[offset : offset + limit]
        return PageChanges(items=[PageChangeRead.model_validate(change) for change in shown], total=len(found))
