"""Signing in for programs: tokens with a session behind them, which can be ended."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.identity import SignIn
from services.platform import Services
from services.viewer import Suspended, Viewer


class Credentials(BaseModel):
    model_config = ConfigDict(extra='forbid')

    email: str = Field(max_length=254)
    password: str = Field(max_length=1000)
    code: str = Field(default='', max_length=100, description='Of the second factor, or a recovery code.')


class Refresh(BaseModel):
    model_config = ConfigDict(extra='forbid')

    refresh_token: str = Field(max_length=200)


class Registration(BaseModel):
    model_config = ConfigDict(extra='forbid')

    email: str = Field(max_length=254)
    password: str = Field(max_length=1000)
    full_name: str = Field(max_length=200)
    organization: str = Field(
        default='', max_length=100, description='Its slug, where several let people register by themselves.'
    )
    invitation: str = Field(default='', max_length=200, description='What stands behind /invite/ in its link.')


class PasswordChange(BaseModel):
    model_config = ConfigDict(extra='forbid')

    current_password: str = Field(max_length=1000)
    new_password: str = Field(max_length=1000)


class EmailAddress(BaseModel):
    model_config = ConfigDict(extra='forbid')

    email: str = Field(max_length=254)


class MailedToken(BaseModel):
    model_config = ConfigDict(extra='forbid')

    token: str = Field(max_length=200)


class PasswordReset(MailedToken):
    new_password: str = Field(max_length=1000)


class Switch(BaseModel):
    model_config = ConfigDict(extra='forbid')

    organization_id: UUID


class PlaceRead(BaseModel):
    id: UUID
    name: str
    is_active: bool = Field(description='False: suspended.')
    is_current: bool


class PlacesRead(BaseModel):
    items: list[PlaceRead]
    total: int


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

    async def wherever(request: Request) -> Viewer:
        """Members of a suspended organisation too: they may go to another one."""
        try:
            return await current_viewer(request)
        except Suspended as error:
            if error.viewer is None:
                raise
            return error.viewer

    Asking = Annotated[Viewer, Depends(current_viewer)]
    Wherever = Annotated[Viewer, Depends(wherever)]

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

    @api.post('/logout-everywhere', status_code=204)
    async def logout_everywhere(viewer: Asking) -> None:
        """End every session of this person: browsers, programs and API tokens."""
        await services.identity.sign_out_everywhere(viewer)

    @api.post('/register', status_code=201)
    async def register(body: Registration) -> Tokens:
        """Make an account and sign in; 409 `already_registered` for a known address."""
        return _tokens(await services.registration.register(**body.model_dump()))

    @api.post('/verify', status_code=204)
    async def verify(body: MailedToken) -> None:
        """Confirm an e-mail address with the token of the mailed link."""
        await services.registration.verify(body.token)

    @api.post('/verify/send', status_code=202)
    async def send_verification(viewer: Asking) -> None:
        """Mail that link again."""
        await services.registration.send_verification(viewer)

    @api.post('/password/forgot', status_code=202)
    async def forgot(body: EmailAddress) -> None:
        """Mail a link for a new password. The answer is the same whether the address is known or not."""
        await services.recovery.ask(body.email)

    @api.post('/password/reset', status_code=204)
    async def reset(body: PasswordReset) -> None:
        """Set a new password with the token of the mailed link; ends every session."""
        await services.recovery.reset(body.token, body.new_password)

    @api.post('/password/change')
    async def change_password(body: PasswordChange, viewer: Asking) -> Tokens:
        """Change the own password: other devices are signed out, this session goes on with these tokens."""
        change = services.identity.change_password
        return _tokens(await change(viewer, body.current_password, body.new_password, kind='program'))

    @api.get('/organizations')
    async def organizations(viewer: Wherever) -> PlacesRead:
        """Where this person belongs; answers members of a suspended organisation too."""
        places = await services.identity.organizations(viewer)
        items = [
            PlaceRead(id=place.id, name=place.name, is_active=place.is_active, is_current=place.is_here)
            for place in places
        ]
        return PlacesRead(items=items, total=len(items))

    @api.post('/switch')
    async def switch(body: Switch, viewer: Wherever) -> Tokens:
        """Go to another of the own organisations: this session goes on there, with these tokens."""
        signed_in = await services.identity.switch(viewer, body.organization_id, kind='program')
        await services.identity.announce(viewer)
        return _tokens(signed_in)

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
