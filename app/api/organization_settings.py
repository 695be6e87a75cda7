"""An organisation's look and policy over REST, and the address of its logo."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.organizations import Policy, logos
from services.platform import Services
from services.viewer import Viewer

# Made anew as a PNG, so inline is safe; the policy holds even if someone opens it as a page.
_LOGO_HEADERS = {
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'Cache-Control': 'private, max-age=3600',
}


class _In(BaseModel):
    model_config = ConfigDict(extra='forbid')


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class AccentIn(_In):
    accent: str = Field(max_length=20, description="'#rrggbb', or '' for the product's own")


class LookRead(_Out):
    accent: str
    logo: str = Field(description="path of the picture, or ''")


class PolicyIn(_In):
    password_length: int = Field(ge=0, le=1000, description='from 8 to 64 characters')
    work_email_only: bool
    email_domains: list[str] = Field(max_length=500, description='none: every domain')
    self_signup: bool
    second_factor_required: bool


class PolicyRead(_Out):
    password_length: int
    work_email_only: bool
    email_domains: list[str]
    self_signup: bool
    second_factor_required: bool


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(prefix='/organizations/{organization_id}', tags=['organizations'])
    looks, policies = services.looks, services.policies
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.get('/look')
    async def get_look(organization_id: UUID, viewer: Asking) -> LookRead:
        return LookRead.model_validate(await looks.get(viewer, organization_id))

    @api.put('/look')
    async def set_accent(organization_id: UUID, body: AccentIn, viewer: Asking) -> LookRead:
        """One colour; everything else is derived from it, so that it can be read in light and dark."""
        return LookRead.model_validate(await looks.set_accent(viewer, organization_id, body.accent))

    @api.post('/logo', status_code=201)
    async def set_logo(organization_id: UUID, file: UploadFile, viewer: Asking) -> LookRead:
        """A PNG, JPEG or WebP of at most 2 MB and 16 million pixels."""
        content = await file.read(logos.LIMIT + 1)
        return LookRead.model_validate(await looks.set_logo(viewer, organization_id, content))

    @api.delete('/logo')
    async def remove_logo(organization_id: UUID, viewer: Asking) -> LookRead:
        return LookRead.model_validate(await looks.remove_logo(viewer, organization_id))

    @api.get('/logo', response_class=FileResponse, responses={200: {'content': {logos.MEDIA_TYPE: {}}}})
    async def get_logo(organization_id: UUID, viewer: Asking) -> FileResponse:
        """For everybody of the organisation."""
        logo = await looks.logo(viewer, organization_id)
        return FileResponse(logo.path, media_type=logo.media_type, headers=_LOGO_HEADERS)

    @api.get('/policy')
    async def get_policy(organization_id: UUID, viewer: Asking) -> PolicyRead:
        return PolicyRead.model_validate(await policies.get(viewer, organization_id))

    @api.put('/policy')
    async def set_policy(organization_id: UUID, body: PolicyIn, viewer: Asking) -> PolicyRead:
        """How people get in from now on."""
        wanted = Policy(**{**body.model_dump(), 'email_domains': tuple(body.email_domains)})
        return PolicyRead.model_validate(await policies.set(viewer, organization_id, wanted))

    return api
