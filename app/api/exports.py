"""Exports over REST: ask, follow, fetch."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict

from app.api.viewer import CurrentViewer
from services.platform import Services
from services.viewer import Viewer


class ExportIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    format: Literal['html', 'pdf']
    version_id: UUID | None = None


class CourseToExport(BaseModel):
    model_config = ConfigDict(extra='forbid')

    course_id: UUID


class ExportRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    course_id: UUID
    version: str
    format: Literal['html', 'pdf']
    status: Literal['queued', 'running', 'ready', 'failed']
    file_name: str
    size: int
    error: str | None
    requested_by: str
    requested_at: datetime
    finished_at: datetime | None


class Exports(BaseModel):
    items: list[ExportRead]
    total: int


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(tags=['exports'])
    exports = services.exports
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.post('/courses/{course_id}/exports', status_code=202)
    async def request_export(course_id: UUID, body: ExportIn, viewer: Asking) -> ExportRead:
        """Of the published version, or else the assembled one."""
        export = await exports.request(viewer, course_id, body.format, version_id=body.version_id)
        return ExportRead.model_validate(export)

    @api.get('/courses/{course_id}/exports')
    async def list_exports(course_id: UUID, viewer: Asking) -> Exports:
        """Newest first."""
        found = await exports.list(viewer, course_id)
        return Exports(items=[ExportRead.model_validate(export) for export in found], total=len(found))

    @api.get('/exports/{export_id}')
    async def get_export(export_id: UUID, viewer: Asking) -> ExportRead:
        return ExportRead.model_validate(await exports.get(viewer, export_id))

    @api.get('/exports/{export_id}/file')
    async def download_export(export_id: UUID, viewer: Asking) -> FileResponse:
        """409 while it is being made."""
        file = await exports.file(viewer, export_id)
        headers = {'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'private, no-store'}
        return FileResponse(file.path, media_type=file.media_type, filename=file.name, headers=headers)

    @api.post('/export/pdf', status_code=202)
    async def export_pdf(body: CourseToExport, viewer: Asking) -> ExportRead:
        return ExportRead.model_validate(await exports.request(viewer, body.course_id, 'pdf'))

    @api.post('/export/html', status_code=202)
    async def export_html(body: CourseToExport, viewer: Asking) -> ExportRead:
        return ExportRead.model_validate(await exports.request(viewer, body.course_id, 'html'))

    return api
