"""An organisation's identity providers over REST. The client secret goes in and never comes out."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.errors import NotFound
from services.platform import Services
from services.sign_on.checking import Finding
from services.sign_on.providers import MOST_ENTRIES, ProviderDraft
from services.viewer import Viewer

_Roles = Annotated[list[str], Field(max_length=20)]
_Map = Annotated[dict[str, _Roles], Field(max_length=MOST_ENTRIES, description='value of the claim → roles')]


class _In(BaseModel):
    model_config = ConfigDict(extra='forbid')


class ProviderIn(_In):
    name: str = Field(max_length=300, description='as it stands on the button of the sign-in page')
    issuer: str = Field(max_length=500, description='exactly as in its discovery document')
    client_id: str = Field(max_length=500)
    client_secret: str = Field('', max_length=2000, description="write-only; '' for a public client")
    creates_accounts: bool = True
    offered_by_domain: bool = Field(False, description="to whoever types an address of the organisation's domains")
    role_claim: str = Field('', max_length=500)
    role_map: _Map = {}
    default_roles: _Roles = []


class ProviderChange(_In):
    """What is left out stays as it is, the client secret too."""

    name: str | None = Field(None, max_length=300)
    issuer: str | None = Field(None, max_length=500)
    client_id: str | None = Field(None, max_length=500)
    client_secret: str | None = Field(None, max_length=2000)
    creates_accounts: bool | None = None
    offered_by_domain: bool | None = None
    role_claim: str | None = Field(None, max_length=500)
    role_map: _Map | None = None
    default_roles: _Roles | None = None
    is_enabled: bool | None = Field(None, description='can be switched on once the check finds nothing bad')


class ProviderRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    issuer: str
    client_id: str
    has_secret: bool
    is_enabled: bool
    creates_accounts: bool
    offered_by_domain: bool
    role_claim: str
    role_map: dict[str, list[str]]
    default_roles: list[str]
    people: int = Field(description='who are connected through it')
    redirect_uri: str = Field(description='to be entered at the provider')


class Providers(BaseModel):
    items: list[ProviderRead]
    total: int


class FindingRead(BaseModel):
    level: Literal['ok', 'warn', 'bad']
    message: str


class Checked(BaseModel):
    ready: bool
    findings: list[FindingRead]


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(prefix='/organizations/{organization_id}/identity-providers', tags=['organizations'])
    providers = services.identity_providers

    async def of_here(organization_id: UUID, viewer: Annotated[Viewer, Depends(current_viewer)]) -> Viewer:
        """Providers are the organisation's own business: even operators of the installation see none of them."""
        if viewer.organization_id != organization_id:
            raise NotFound()
        return viewer

    Asking = Annotated[Viewer, Depends(of_here)]

    @api.get('')
    async def list_identity_providers(viewer: Asking) -> Providers:
        found = [ProviderRead.model_validate(one) for one in await providers.all(viewer)]
        return Providers(items=found, total=len(found))

    @api.post('', status_code=201)
    async def add_identity_provider(body: ProviderIn, viewer: Asking) -> ProviderRead:
        """Switched off at first: check it, then switch it on."""
        return ProviderRead.model_validate(await providers.add(viewer, ProviderDraft(**body.model_dump())))

    @api.get('/{provider_id}')
    async def get_identity_provider(provider_id: UUID, viewer: Asking) -> ProviderRead:
        return ProviderRead.model_validate(await providers.get(viewer, provider_id))

    @api.put('/{provider_id}')
    async def change_identity_provider(provider_id: UUID, body: ProviderChange, viewer: Asking) -> ProviderRead:
        """A new issuer or client id needs the client secret again. Switching it off ends what came in through it."""
        changes = body.model_dump(exclude_none=True)
        switch = changes.pop('is_enabled', None)
        seen = await providers.get(viewer, provider_id)
        if changes:
            seen = await providers.change(viewer, provider_id, seen.draft(**changes))
        if switch is not None and switch is not seen.is_enabled:
            seen = await (providers.enable if switch else providers.disable)(viewer, provider_id)
        return ProviderRead.model_validate(seen)

    @api.delete('/{provider_id}', status_code=204)
    async def remove_identity_provider(provider_id: UUID, viewer: Asking) -> None:
        await providers.remove(viewer, provider_id)

    @api.post('/{provider_id}/check')
    async def check_identity_provider(provider_id: UUID, viewer: Asking) -> Checked:
        """Asks the provider now."""
        found = await providers.check(viewer, provider_id)
        ready = all(finding.level != 'bad' for finding in found)
        return Checked(ready=ready, findings=[_read(finding) for finding in found])

    return api


def _read(finding: Finding) -> FindingRead:
    return FindingRead(level=finding.level, message=str(finding))
