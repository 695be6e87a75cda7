"""Groups of one's own organisation over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer, own_organization
from services.platform import Services
from services.viewer import Viewer


class _In(BaseModel):
    model_config = ConfigDict(extra='forbid')


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class GroupIn(_In):
    name: str = Field(max_length=1000)


class GroupRead(_Out):
    id: UUID
    name: str
    members: int


class Groups(BaseModel):
    items: list[GroupRead]
    total: int


class GroupMembersIn(_In):
    user_ids: list[UUID] = Field(min_length=1, max_length=500)


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(prefix='/organizations/{organization_id}', tags=['members'])
    Own = Annotated[Viewer, Depends(own_organization(current_viewer))]
    groups = services.groups

    @api.get('/groups')
    async def list_groups(viewer: Own) -> Groups:
        found = await groups.list(viewer)
        return Groups(items=[GroupRead.model_validate(one) for one in found], total=len(found))

    @api.post('/groups', status_code=201)
    async def create_group(body: GroupIn, viewer: Own) -> GroupRead:
        return GroupRead.model_validate(await groups.create(viewer, body.name))

    @api.put('/groups/{group_id}')
    async def rename_group(group_id: UUID, body: GroupIn, viewer: Own) -> GroupRead:
        return GroupRead.model_validate(await groups.rename(viewer, group_id, body.name))

    @api.delete('/groups/{group_id}', status_code=204)
    async def delete_group(group_id: UUID, viewer: Own) -> None:
        """The people stay members."""
        await groups.delete(viewer, group_id)

    @api.post('/groups/{group_id}/members', status_code=204)
    async def put_into_group(group_id: UUID, body: GroupMembersIn, viewer: Own) -> None:
        await groups.put_in(viewer, group_id, body.user_ids)

    @api.delete('/groups/{group_id}/members/{user_id}', status_code=204)
    async def take_out_of_group(group_id: UUID, user_id: UUID, viewer: Own) -> None:
        await groups.take_out(viewer, group_id, user_id)

    return api
