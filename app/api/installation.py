"""The installation over REST: its switches, and the security log."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, field_validator

from app.api.viewer import CurrentViewer
from services import csv_files
from services.flags import FlagView
from services.platform import Services
from services.security_events import Asked
from services.viewer import Viewer


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class FlagException(BaseModel):
    organization_id: UUID
    organization: str
    is_on: bool


class FlagRead(BaseModel):
    name: str
    title: str
    sentence: str
    default: bool
    is_on: bool
    exceptions: list[FlagException]


class Flags(BaseModel):
    items: list[FlagRead]
    total: int


class FlagIn(BaseModel):
    """`is_on` null takes the choice back."""

    model_config = ConfigDict(extra='forbid')

    is_on: bool | None
    organization_id: UUID | None = None


class SecurityEventRead(_Out):
    id: UUID
    at: datetime
    kind: str
    outcome: str
    email: str
    address: str
    organization: str
    detail: str
    request_id: str


class SecurityEvents(BaseModel):
    items: list[SecurityEventRead]
    total: int


class AskedIn(BaseModel):
    """What is left out does not matter. `own`: only the organisation that the viewer is in."""

    model_config = ConfigDict(extra='forbid')

    kind: str = ''
    outcome: Literal['', 'success', 'refused'] = ''
    email: str = ''
    address: str = ''
    organization_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    own: bool = False

    @field_validator('since', 'until')
    @classmethod
    def in_utc(cls, moment: datetime | None) -> datetime | None:
        try:
            return moment.astimezone(UTC) if moment else None
        except (OverflowError, OSError) as error:
            raise ValueError('no such moment') from error

    def asked(self) -> Asked:
        return Asked(**self.model_dump(exclude={'own', 'limit', 'offset'}))


class PageIn(AskedIn):
    limit: Annotated[int, Query(ge=1, le=100)] = 50
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(tags=['installation'])
    flags, events = services.flags, services.security_events
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.get('/flags')
    async def list_flags(viewer: Asking) -> Flags:
        """Features that can be switched while the platform runs; for operators."""
        found = [_flag(one) for one in await flags.list(viewer)]
        return Flags(items=found, total=len(found))

    @api.put('/flags/{name}')
    async def switch_flag(name: str, body: FlagIn, viewer: Asking) -> FlagRead:
        """For everybody, or for one organisation; felt everywhere within a second."""
        return _flag(await flags.switch(viewer, name, body.is_on, organization_id=body.organization_id))

    @api.get('/security-log')
    async def list_security_events(viewer: Asking, query: Annotated[PageIn, Query()]) -> SecurityEvents:
        """Newest first: everything for operators, their own organisation's for administrators."""
        found, total = await events.list(viewer, query.asked(), own=query.own, limit=query.limit, offset=query.offset)
        return SecurityEvents(items=[SecurityEventRead.model_validate(one) for one in found], total=total)

    @api.get(
        '/security-log/export',
        response_class=StreamingResponse,
        responses={200: {'content': {'text/csv': {}}}},
    )
    async def export_security_events(viewer: Asking, query: Annotated[AskedIn, Query()]) -> StreamingResponse:
        """The 50,000 newest that match, as CSV."""
        parts = events.export(viewer, query.asked(), own=query.own)
        first = await anext(parts)  # a refusal is an answer of its own, and not the end of a file

        async def file() -> AsyncIterator[bytes]:
            yield first
            async for part in parts:
                yield part

        headers = {
            'Content-Disposition': 'attachment; filename="security-log.csv"',
            'X-Content-Type-Options': 'nosniff',
            'Cache-Control': 'private, no-store',
        }
        return StreamingResponse(file(), media_type=csv_files.MEDIA_TYPE, headers=headers)

    return api


def _flag(view: FlagView) -> FlagRead:
    return FlagRead(
        name=view.name,
        title=view.title,
        sentence=view.sentence,
        default=view.default,
        is_on=view.is_on,
        exceptions=[
            FlagException(organization_id=where, organization=name, is_on=is_on)
            for where, name, is_on in view.exceptions
        ],
    )
