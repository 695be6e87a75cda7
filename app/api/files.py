"""Pictures in lessons: upload over REST, and the address that lessons refer to."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict

from app.api.viewer import CurrentViewer
from services.files import LIMIT
from services.platform import Services
from services.viewer import Viewer

# Known by content and made anew, so inline is safe; the policy holds even if someone opens it as a page.
_HEADERS = {
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'Cache-Control': 'private, max-age=3600',
}


class FileRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    media_type: str
    size: int
    path: str


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = pictures(services, current_viewer)
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.post('/files/upload', status_code=201)
    async def upload_file(file: UploadFile, viewer: Asking) -> FileRead:
        """A PNG, JPEG, GIF or WebP picture of at most 10 MB."""
        content = await file.read(LIMIT + 1)
        return FileRead.model_validate(await services.files.upload(viewer, file.filename or '', content))

    return api


def pictures(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    """`GET /files/ID`, which lessons refer to: included by the site itself and by the API."""
    site = APIRouter(tags=['files'])
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @site.get('/files/{file_id}')
    async def get_file(file_id: UUID, viewer: Asking) -> FileResponse:
        picture = await services.files.get(viewer, file_id)
        return FileResponse(
            picture.path,
            media_type=picture.media_type,
            filename=picture.name,
            content_disposition_type='inline',
            headers=_HEADERS,
        )

    return site
