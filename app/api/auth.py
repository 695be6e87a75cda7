"""Signing in for programs: tokens with a session behind them, which can be ended."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.identity import SignIn
from services.platform import Services
from services.viewer import Viewer


class Credentials(BaseModel):
    model_config = ConfigDict(extra='forbid')

    email: str = Field(max_length=254)
    password: str = Field(max_length=1000)
    code: str = Field(default='', max_length=100, description='Of the second factor, or a recovery code.')


class Refresh(BaseModel):
    model_config = ConfigDict(extra='forbid')

    refresh_token: str = Field(max_length=200)


class UserRead(BaseModel):
    id: UUID
    email: str
    full_name: str
    roles: list[str]
    organization_id: UUID


class Tokens(BaseModel):
    access_token: str
    refresh_token: str
    token_type: Literal['bearer'] = 'bearer'  # noqa: S105 (the scheme's name)
    expires_in: int = Field(description='Seconds until the access token ends.')
    user: UserRead


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(prefix='/auth', tags=['auth'])
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.post('/login')
    async def login(body: Credentials) -> Tokens:
        """Sign in with e-mail and password; 401 `second_factor_required` asks for the same call with `code`."""
        return _tokens(await services.identity.sign_in(body.email, body.password, code=body.code))

    @api.post('/refresh')
    async def refresh(body: Refresh) -> Tokens:
        """New tokens for a refresh token, which is used up by it."""
        return _tokens(await services.identity.refresh(body.refresh_token))

    @api.post('/logout', status_code=204)
    async def logout(viewer: Asking) -> None:
        """End the session behind this token; it is refused from now on."""
        await services.identity.sign_out(viewer)

    return api


def _tokens(signed_in: SignIn) -> Tokens:
    return Tokens(
        access_token=signed_in.access_token,
        refresh_token=signed_in.refresh_token,
        expires_in=signed_in.expires_in,
        user=_user(signed_in.viewer),
    )


def _user(viewer: Viewer) -> UserRead:
    return UserRead(
        id=viewer.user_id,
        email=viewer.email,
        full_name=viewer.full_name,
        roles=sorted(viewer.roles),
        organization_id=viewer.organization_id,
    )
