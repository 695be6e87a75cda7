"""The members of one's own organisation over REST, and tables of people in and out."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer, own_organization
from services import csv_files
from services.members.service import EXPORT_HEADER
from services.platform import Services
from services.viewer import Role, Viewer

_PART = 1024 * 1024
_FILE: dict[int | str, dict[str, Any]] = {200: {'content': {'text/csv': {'schema': {'type': 'string'}}}}}


class _In(BaseModel):
    model_config = ConfigDict(extra='forbid')


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class MemberRead(_Out):
    id: UUID = Field(description='of the person, or of the invitation where status is invited')
    status: Literal['active', 'suspended', 'invited', 'deleted']
    name: str
    email: str
    roles: list[str]
    groups: list[str]
    since: datetime
    last_seen: datetime | None


class Members(BaseModel):
    items: list[MemberRead]
    total: int


class MembersIn(_In):
    emails: list[Annotated[str, Field(max_length=1000)]] = Field(min_length=1, max_length=500)
    roles: list[Role] = Field(min_length=1, max_length=8)
    group_ids: list[UUID] = Field(default=[], max_length=50)


class RolesIn(_In):
    roles: list[Role] = Field(min_length=1, max_length=8)


class AddedRead(_Out):
    email: str
    outcome: Literal['joined', 'invited', 'already', 'suspended', 'refused']
    reason: str


class AddedReport(BaseModel):
    items: list[AddedRead]


class BadRowRead(_Out):
    line: int
    cells: list[str]
    fault: str


class ImportRead(_Out):
    id: UUID
    file_name: str
    status: Literal['preview', 'queued', 'running', 'finished', 'failed']
    rows: int
    good: int
    bad: int
    done: int
    joined: int
    invited: int
    already: int
    first_bad: list[BadRowRead]
    new_groups: list[str]
    error: str | None
    started_at: datetime
    finished_at: datetime | None


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(prefix='/organizations/{organization_id}', tags=['members'])
    Own = Annotated[Viewer, Depends(own_organization(current_viewer))]
    members = services.members

    @api.get('/members')
    async def list_members(
        viewer: Own,
        search: Annotated[str, Query(max_length=200)] = '',
        role: Role | None = None,
        group_id: UUID | None = None,
        status: Literal['active', 'suspended', 'invited', 'deleted'] | None = None,
        sort: Literal['name', 'email', 'since', 'status'] = 'name',
        descending: bool = False,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
    ) -> Members:
        """Everybody but those whose account was deleted; `search` looks at names, addresses and groups."""
        found, total = await members.list(
            viewer,
            search=search,
            role=role or '',
            group_id=group_id,
            status=status or '',
            sort=sort,
            descending=descending,
            limit=limit,
            offset=offset,
        )
        return Members(items=[MemberRead.model_validate(one) for one in found], total=total)

    @api.post('/members')
    async def add_members(body: MembersIn, viewer: Own) -> AddedReport:
        """Whoever has an account joins at once, the others are invited by mail; says what became of each."""
        added = await members.add(viewer, body.emails, body.roles, group_ids=body.group_ids)
        return AddedReport(items=[AddedRead.model_validate(one) for one in added])

    @api.get('/members/export', response_class=StreamingResponse, responses=_FILE)
    async def export_members(viewer: Own) -> StreamingResponse:
        """A CSV file that a spreadsheet can open without calculating anything."""
        table = await members.export(viewer)
        return _csv(csv_files.written(EXPORT_HEADER, table), 'members.csv')

    @api.get('/members/{user_id}')
    async def get_member(user_id: UUID, viewer: Own) -> MemberRead:
        return MemberRead.model_validate(await members.get(viewer, user_id))

    @api.put('/members/{user_id}')
    async def set_roles(user_id: UUID, body: RolesIn, viewer: Own) -> MemberRead:
        """Exactly these roles, teaching and review; they hold within a second, in open pages too."""
        return MemberRead.model_validate(await members.set_roles(viewer, user_id, body.roles))

    @api.delete('/members/{user_id}', status_code=204)
    async def remove_member(user_id: UUID, viewer: Own) -> None:
        """Ends the membership; what the person did and learned stays."""
        await members.remove(viewer, user_id)

    @api.post('/members/{user_id}/suspend', status_code=204)
    async def suspend_member(user_id: UUID, viewer: Own) -> None:
        await members.suspend(viewer, user_id)

    @api.post('/members/{user_id}/restore')
    async def restore_member(user_id: UUID, viewer: Own) -> MemberRead:
        """A suspended or removed member, with the roles and groups they had."""
        return MemberRead.model_validate(await members.take_back(viewer, user_id))

    imports = services.member_imports

    @api.post('/members/import', status_code=201)
    async def look_through(file: UploadFile, viewer: Own) -> ImportRead:
        """A CSV file of at most 20 MB: e-mail, name, roles, groups. Says what it would do; nobody is added yet."""
        return ImportRead.model_validate(await imports.upload(viewer, file.filename or '', _parts(file)))

    @api.post('/members/import/{member_import_id}/start', status_code=202)
    async def start_import(member_import_id: UUID, viewer: Own) -> ImportRead:
        """Takes in the good rows, in the background; goes on where a failed import ended."""
        return ImportRead.model_validate(await imports.start(viewer, member_import_id))

    @api.get('/members/import/{member_import_id}')
    async def get_import(member_import_id: UUID, viewer: Own) -> ImportRead:
        return ImportRead.model_validate(await imports.get(viewer, member_import_id))

    @api.get('/members/import/{member_import_id}/report', response_class=StreamingResponse, responses=_FILE)
    async def bad_rows(member_import_id: UUID, viewer: Own) -> StreamingResponse:
        """The rows that were not taken in, with the reason of each, as CSV."""
        return _csv(await imports.report(viewer, member_import_id), 'not-imported.csv')

    return api


def _csv(parts: Iterator[bytes], name: str) -> StreamingResponse:
    headers = {'Content-Disposition': f'attachment; filename="{name}"', 'X-Content-Type-Options': 'nosniff'}
    return StreamingResponse(parts, media_type=csv_files.MEDIA_TYPE, headers=headers)


async def _parts(file: UploadFile) -> AsyncIterator[bytes]:
    while part := await file.read(_PART):
        yield part
