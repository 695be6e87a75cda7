"""Organisations over REST: their life for those who operate the installation, their own for administrators."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.platform import Services
from services.viewer import Viewer


class _In(BaseModel):
    model_config = ConfigDict(extra='forbid')


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class OrganizationIn(_In):
    name: str = Field(max_length=300)
    slug: str = Field('', max_length=100, description='made from the name where it is left out')
    address: str = Field('', max_length=2000)
    contact_email: str = Field('', max_length=300)
    phone: str = Field('', max_length=100)
    admin_email: str = Field(max_length=300, description='a person with an account, or a new one')
    admin_name: str = Field('', max_length=300)


class OrganizationChange(_In):
    """What is left out stays as it is. `slug` is for operators."""

    name: str | None = Field(None, max_length=300)
    slug: str | None = Field(None, max_length=100)
    address: str | None = Field(None, max_length=2000)
    contact_email: str | None = Field(None, max_length=300)
    phone: str | None = Field(None, max_length=100)


class Reason(_In):
    because: str = Field('', max_length=300)


class OrganizationRead(_Out):
    id: UUID
    name: str
    slug: str
    address: str
    contact_email: str
    phone: str
    status: Literal['active', 'suspended', 'deleted']
    members: int
    courses: int
    created_at: datetime
    restorable_until: datetime | None


class OrganizationMade(OrganizationRead):
    admin_email: str
    admin_link: str = Field(description="where a new administrator sets a password, once; '' for one with an account")


class Organizations(BaseModel):
    items: list[OrganizationRead]
    total: int


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(prefix='/organizations', tags=['organizations'])
    organizations = services.organizations
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.post('', status_code=201)
    async def create_organization(body: OrganizationIn, viewer: Asking) -> OrganizationMade:
        """Together with its administrator: both, or neither."""
        made = await organizations.create(viewer, **body.model_dump())
        read = OrganizationRead.model_validate(made.organization)
        return OrganizationMade(**read.model_dump(), admin_email=made.admin_email, admin_link=made.admin_link)

    @api.get('')
    async def list_organizations(
        viewer: Asking,
        search: Annotated[str, Query(max_length=200)] = '',
        status: Annotated[Literal['active', 'suspended', 'deleted'] | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 25,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> Organizations:
        """Newest first; an organisation's administrators see their own."""
        found, total = await organizations.list(viewer, search=search, status=status or '', limit=limit, offset=offset)
        return Organizations(items=[OrganizationRead.model_validate(one) for one in found], total=total)

    @api.get('/{organization_id}')
    async def get_organization(organization_id: UUID, viewer: Asking) -> OrganizationRead:
        return OrganizationRead.model_validate(await organizations.get(viewer, organization_id))

    @api.put('/{organization_id}')
    async def update_organization(organization_id: UUID, body: OrganizationChange, viewer: Asking) -> OrganizationRead:
        changes = body.model_dump(exclude_none=True)
        return OrganizationRead.model_validate(await organizations.update(viewer, organization_id, **changes))

    @api.delete('/{organization_id}')
    async def delete_organization(
        organization_id: UUID, viewer: Asking, name: Annotated[str, Query(max_length=300)] = ''
    ) -> OrganizationRead:
        """`name` is the organisation's, typed again. It can be restored for 30 days."""
        return OrganizationRead.model_validate(await organizations.delete(viewer, organization_id, name=name))

    @api.post('/{organization_id}/suspend')
    async def suspend_organization(organization_id: UUID, body: Reason, viewer: Asking) -> OrganizationRead:
        """Its people are shut out until it is restored; nothing is lost."""
        return OrganizationRead.model_validate(
            await organizations.suspend(viewer, organization_id, because=body.because)
        )

    @api.post('/{organization_id}/restore')
    async def restore_organization(organization_id: UUID, viewer: Asking) -> OrganizationRead:
        """A suspended or a deleted one."""
        return OrganizationRead.model_validate(await organizations.restore(viewer, organization_id))

    return api
