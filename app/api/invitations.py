"""Invitations into one's own organisation over REST: links, and what became of those by mail."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer, own_organization
from services.platform import Services
from services.viewer import Role, Viewer


class _In(BaseModel):
    model_config = ConfigDict(extra='forbid')


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class InvitationIn(_In):
    """A link for whoever has it; POST members invites by address."""

    roles: list[Role] = Field(min_length=1, max_length=8)
    uses: int = Field(1, ge=1, le=1000)
    days: int = Field(14, ge=1, le=90)
    group_ids: list[UUID] = Field(default=[], max_length=50)


class InvitationRead(_Out):
    id: UUID
    email: str
    roles: list[str]
    groups: list[str]
    invited_by: str
    created_at: datetime
    expires_at: datetime
    uses_left: int
    state: Literal['open', 'used', 'expired', 'revoked']


class InvitationMade(InvitationRead):
    link: str = Field(description='told this once')


class Invitations(BaseModel):
    items: list[InvitationRead]
    total: int


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(prefix='/organizations/{organization_id}', tags=['members'])
    Own = Annotated[Viewer, Depends(own_organization(current_viewer))]
    invitations = services.invitations

    @api.get('/invitations')
    async def list_invitations(viewer: Own, closed: bool = False) -> Invitations:
        """Newest first; `closed` adds those that let nobody in any more."""
        found = await invitations.list(viewer, closed=closed)
        return Invitations(items=[InvitationRead.model_validate(one) for one in found], total=len(found))

    @api.post('/invitations', status_code=201)
    async def make_link(body: InvitationIn, viewer: Own) -> InvitationMade:
        made = await invitations.make_link(viewer, body.roles, uses=body.uses, days=body.days, group_ids=body.group_ids)
        return InvitationMade(**InvitationRead.model_validate(made.invitation).model_dump(), link=made.link)

    @api.post('/invitations/{invitation_id}/resend')
    async def resend_invitation(invitation_id: UUID, viewer: Own) -> InvitationMade:
        """A new link, mailed where there is an address; the old one ends."""
        made = await invitations.resend(viewer, invitation_id)
        return InvitationMade(**InvitationRead.model_validate(made.invitation).model_dump(), link=made.link)

    @api.delete('/invitations/{invitation_id}', status_code=204)
    async def revoke_invitation(invitation_id: UUID, viewer: Own) -> None:
        await invitations.revoke(viewer, invitation_id)

    return api
