"""How a route learns who is asking."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from services.errors import NotFound
from services.viewer import Viewer

CurrentViewer = Callable[[Request], Awaitable[Viewer]]


def own_organization(current_viewer: CurrentViewer) -> Callable[..., Awaitable[Viewer]]:
    """For routes below an organisation: what another one holds is not there, whoever asks."""

    async def own(organization_id: UUID, viewer: Annotated[Viewer, Depends(current_viewer)]) -> Viewer:
        if viewer.organization_id != organization_id:
            raise NotFound()
        return viewer

    return own
