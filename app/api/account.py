"""One's own account over REST: profile, devices, API tokens, second factor, a copy of one's data, erasing."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.auth import UserRead
from app.api.viewer import CurrentViewer
from services.accounts.tokens import DAYS, MOST_DAYS
from services.platform import Services
from services.viewer import Viewer


class _In(BaseModel):
    model_config = ConfigDict(extra='forbid')


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ProfileIn(_In):
    """What is left out stays as it is."""

    full_name: str | None = Field(default=None, max_length=1000)
    locale: str | None = Field(default=None, max_length=35)
    theme: Literal['auto', 'light', 'dark'] | None = None
    time_zone: str | None = Field(default=None, max_length=64)


class PlaceRead(_Out):
    id: UUID
    name: str
    roles: list[str]
    is_active: bool


class ProfileRead(_Out):
    id: UUID
    email: str
    full_name: str
    locale: str
    theme: Literal['auto', 'light', 'dark']
    time_zone: str
    created_at: datetime
    has_password: bool
    password_changed_at: datetime | None
    second_factor: bool
    organizations: list[PlaceRead]


class MeRead(UserRead):
    organization_name: str
    permissions: list[str] = Field(description='What this session may do; of an API token, what its scopes leave.')
    profile: ProfileRead | None = Field(description='Not for API tokens.')


class ActivityRead(_Out):
    at: datetime
    kind: str
    allowed: bool
    detail: str
    address: str


class SessionRead(_Out):
    id: UUID
    kind: Literal['browser', 'program']
    program: str
    system: str
    address: str
    organization: str
    first_seen: datetime
    last_seen: datetime
    is_this: bool


class Ended(BaseModel):
    ended: int


class TokenIn(_In):
    name: str = Field(max_length=1000)
    scopes: list[str] = Field(max_length=100, description='Permissions that you hold, such as course.read.')
    days: int = Field(default=DAYS, ge=1, le=MOST_DAYS)


class TokenMade(_Out):
    id: UUID
    secret: str = Field(description='Shown this once. Send it as: Authorization: Bearer cwt_…')
    expires_at: datetime


class TokenRead(_Out):
    id: UUID
    name: str
    hint: str
    scopes: list[str]
    organization: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    expired: bool


class PasswordIn(_In):
    password: str = Field(max_length=1000)


class CodeIn(_In):
    code: str = Field(max_length=100)


class PasswordAndCode(_In):
    password: str = Field(max_length=1000)
    code: str = Field(max_length=100)


class EraseIn(_In):
    password: str = Field(default='', max_length=1000)
    email: str = Field(max_length=254, description='Your own, typed out.')


class SecondFactorRead(_Out):
    since: datetime | None
    codes_left: int
    required: bool


class SecondFactorBegun(_Out):
    secret: str
    uri: str
    qr_svg: str


class RecoveryCodes(BaseModel):
    recovery_codes: list[str] = Field(description='Shown this once; each stands in for the second factor once.')


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(prefix='/auth', tags=['account'])
    account = services.account
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.get('/me')
    async def me(viewer: Asking) -> MeRead:
        """Who is asking, and what they may do."""
        profile = None if viewer.scopes is not None else ProfileRead.model_validate(await account.profile.get(viewer))
        return MeRead(
            id=viewer.user_id,
            email=viewer.email,
            full_name=viewer.full_name,
            roles=sorted(viewer.roles),
            organization_id=viewer.organization_id,
            organization_name=viewer.organization_name,
            permissions=sorted(viewer.permissions),
            profile=profile,
        )

    @api.patch('/me')
    async def update_me(body: ProfileIn, viewer: Asking) -> ProfileRead:
        """Name, language, appearance and time zone."""
        return ProfileRead.model_validate(await account.profile.update(viewer, **body.model_dump()))

    @api.get('/me/activity')
    async def activity(viewer: Asking, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> list[ActivityRead]:
        """What happened in your name, newest first."""
        found = await account.profile.activity(viewer, limit=limit)
        return [ActivityRead.model_validate(one) for one in found]

    @api.post('/me/copy', response_class=Response, responses={200: {'content': {'application/zip': {}}}})
    async def copy(viewer: Asking) -> Response:
        """Everything the platform knows about you, as a ZIP of JSON files."""
        made = await account.copies.make(viewer)
        headers = {'Content-Disposition': f'attachment; filename="{made.name}"', 'Cache-Control': 'no-store'}
        return Response(made.content, media_type=made.media_type, headers=headers)

    @api.post('/me/erase', status_code=204)
    async def erase(body: EraseIn, viewer: Asking) -> None:
        """Erase your account for good."""
        await account.erasing.erase(viewer, password=body.password, email=body.email)

    @api.get('/sessions')
    async def sessions(viewer: Asking) -> list[SessionRead]:
        """Where you are signed in; this session first."""
        return [SessionRead.model_validate(one) for one in await account.devices.list(viewer)]

    @api.delete('/sessions')
    async def end_other_sessions(viewer: Asking, tokens: bool = False) -> Ended:
        """Sign out everywhere but here; with `tokens` your API tokens end too."""
        return Ended(ended=await account.devices.end_others(viewer, tokens=tokens))

    @api.delete('/sessions/{session_id}', status_code=204)
    async def end_session(session_id: UUID, viewer: Asking) -> None:
        """Sign out one device."""
        await account.devices.end(viewer, session_id)

    @api.get('/tokens')
    async def tokens(viewer: Asking) -> list[TokenRead]:
        return [TokenRead.model_validate(one) for one in await account.tokens.list(viewer)]

    @api.post('/tokens', status_code=201)
    async def make_token(body: TokenIn, viewer: Asking) -> TokenMade:
        """A token for this organisation, which can do no more than its scopes."""
        made = await account.tokens.make(viewer, body.name, body.scopes, days=body.days)
        return TokenMade.model_validate(made)

    @api.delete('/tokens/{token_id}', status_code=204)
    async def revoke_token(token_id: UUID, viewer: Asking) -> None:
        await account.tokens.revoke(viewer, token_id)

    @api.get('/second-factor')
    async def second_factor(viewer: Asking) -> SecondFactorRead:
        return SecondFactorRead.model_validate(await account.second_factor.status(viewer))

    @api.post('/second-factor', status_code=201)
    async def begin_second_factor(body: PasswordIn, viewer: Asking) -> SecondFactorBegun:
        """A secret for an authenticator app; it counts once a code of it was confirmed."""
        return SecondFactorBegun.model_validate(await account.second_factor.begin(viewer, body.password))

    @api.post('/second-factor/confirm')
    async def confirm_second_factor(body: CodeIn, viewer: Asking) -> RecoveryCodes:
        return RecoveryCodes(recovery_codes=await account.second_factor.confirm(viewer, body.code))

    @api.post('/second-factor/recovery-codes')
    async def renew_recovery_codes(body: PasswordAndCode, viewer: Asking) -> RecoveryCodes:
        """New recovery codes; the old ones stop working."""
        codes = await account.second_factor.renew_codes(viewer, body.password, body.code)
        return RecoveryCodes(recovery_codes=codes)

    @api.post('/second-factor/off', status_code=204)
    async def switch_off_second_factor(body: PasswordAndCode, viewer: Asking) -> None:
        await account.second_factor.switch_off(viewer, body.password, body.code)

    return api
