"""Alive, and ready: what is connected and what is not."""

from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import JSONResponse

if TYPE_CHECKING:
    from app.platform import Platform


def router(platform: 'Platform') -> APIRouter:
    operations = APIRouter(prefix='/health', include_in_schema=False)

    @operations.get('/live')
    async def live() -> dict[str, str]:
        return {'status': 'live'}

    @operations.get('/ready')
    async def ready() -> JSONResponse:
        """503 names what is down or still starting."""
        down = [*platform.starting]
        if 'database and durable work' not in down:
            down += await platform.services.health.down()
        if down:
            return JSONResponse({'status': 'not ready', 'down': down}, 503)
        return JSONResponse({'status': 'ready', 'down': []})

    return operations
