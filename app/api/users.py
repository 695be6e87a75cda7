"""People over REST: oneself, and the members of one's organisation."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from app.api.account import ProfileIn, ProfileRead
from app.api.viewer import CurrentViewer
from services.errors import NotFound
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


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(prefix='/users', tags=['users'])
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.get('/{user_id}')
    async def get_user(user_id: UUID, viewer: Asking) -> PersonRead:
        """Yourself, or a member of your organisation if you may see its people."""
        return PersonRead.model_validate(await services.account.profile.person(viewer, user_id))

    @api.put('/{user_id}')
    async def update_user(user_id: UUID, body: ProfileIn, viewer: Asking) -> ProfileRead:
        """Your own name, language, appearance and time zone; only you change them."""
        if user_id != viewer.user_id:
            raise NotFound()
        return ProfileRead.model_validate(await services.account.profile.update(viewer, **body.model_dump()))

    return api
