"""The audit trail over REST, for administrators: read, taken along, verified; nothing writes it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict

from app.api.viewer import CurrentViewer
from services.audit_trail import MEDIA_TYPES
from services.platform import Services
from services.viewer import Viewer
from storage.audit import AuditFilter


class AuditRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    seq: int
    at: datetime
    actor_id: UUID | None
    actor: str
    action: str
    subject_type: str
    subject_id: UUID
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    because: str
    request_id: str
    address: str
    previous_hash: str
    hash: str


class AuditTrail(BaseModel):
    items: list[AuditRead]
    total: int


class AuditVerdict(BaseModel):
    """`fault` names the first row that is broken, or is empty; `head` is the hash of the last row that was read."""

    model_config = ConfigDict(from_attributes=True)

    holds: bool
    rows: int
    head: str
    fault: str
    seq: int | None
    row_id: UUID | None


def sought(
    words: Annotated[str, Query(max_length=200, description='In names, actions, reasons and values.')] = '',
    actor_id: UUID | None = None,
    action: Annotated[str, Query(max_length=100)] = '',
    subject_type: Annotated[str, Query(max_length=100)] = '',
    subject_id: UUID | None = None,
    since: AwareDatetime | None = None,
    until: Annotated[AwareDatetime | None, Query(description='The first moment that is too late.')] = None,
) -> AuditFilter:
    return AuditFilter(
        words=words,
        actor_id=actor_id,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        since=since,
        until=until,
    )


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(tags=['audit'], prefix='/audit')
    audit = services.audit
    Asking = Annotated[Viewer, Depends(current_viewer)]
    Sought = Annotated[AuditFilter, Depends(sought)]

    @api.get('')
    async def read_audit_trail(
        viewer: Asking,
        wanted: Sought,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    ) -> AuditTrail:
        """Newest first."""
        found, total = await audit.trail(viewer, wanted, limit=limit, offset=offset)
        return AuditTrail(items=[AuditRead.model_validate(one) for one in found], total=total)

    @api.get('/export', response_class=StreamingResponse, responses=_FILES)
    async def export_audit_trail(
        viewer: Asking, wanted: Sought, format: Literal['csv', 'jsonl'] = 'csv'
    ) -> StreamingResponse:
        """Oldest first, as CSV that a spreadsheet may open or as one JSON object a line."""
        parts = await audit.export(viewer, format, wanted)
        headers = {'Content-Disposition': f'attachment; filename="audit-trail.{format}"'}
        return StreamingResponse(parts, media_type=MEDIA_TYPES[format], headers=headers)

    @api.get('/verify')
    async def verify_audit_trail(viewer: Asking) -> AuditVerdict:
        """Whether every row is as it was written, none missing and none put in."""
        return AuditVerdict.model_validate(await audit.verify(viewer))

    return api


_FILES: dict[int | str, dict[str, Any]] = {
    200: {'content': {kind.split(';')[0]: {'schema': {'type': 'string'}} for kind in MEDIA_TYPES.values()}}
}
