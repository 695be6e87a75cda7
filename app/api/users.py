"""People over REST: oneself, and the members of one's organisation."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from app.api.account import ProfileIn, ProfileRead
from app.api.viewer import CurrentViewer
from services.errors import Forbidden
from services.platform import Services
from services.viewer import Viewer


class PersonRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    full_name: str
    email: str
    roles: list[str]
    second_factor: bool | None
    joined_at: datetime | None


class AccountRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str
    full_name: str
    is_active: bool
    deleted: bool


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(prefix='/users', tags=['users'])
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.get('/{user_id}')
    async def get_user(user_id: UUID, viewer: Asking) -> PersonRead:
        """Yourself, or a member of your organisation if you may see its people."""
        return PersonRead.model_validate(await services.account.profile.person(viewer, user_id))

    @api.put('/{user_id}')
    async def update_user(user_id: UUID, body: ProfileIn, viewer: Asking) -> ProfileRead | AccountRead:
        """Your own name, language, appearance and time zone. An administrator corrects the name of somebody who belongs
        to no other organisation; the rest is for the person alone."""
        if user_id == viewer.user_id:
            return ProfileRead.model_validate(await services.account.profile.update(viewer, **body.model_dump()))
        if body.model_dump(exclude={'full_name'}, exclude_none=True):
            raise Forbidden('Language, appearance and time zone are for the person alone. Send full_name only.')
        return AccountRead.model_validate(await services.people.rename(viewer, user_id, body.full_name or ''))

    @api.delete('/{user_id}', status_code=204)
    async def delete_user(user_id: UUID, viewer: Asking) -> None:
        """For administrators of the one organisation that somebody belongs to, and for operators. They can sign in
        nowhere any more, and can be restored."""
        await services.people.delete(viewer, user_id)

    @api.post('/{user_id}/restore')
    async def restore_user(user_id: UUID, viewer: Asking) -> AccountRead:
        return AccountRead.model_validate(await services.people.restore(viewer, user_id))

    return api
