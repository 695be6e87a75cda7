"""Alive, and ready: what is connected and what is not."""

import asyncio
from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from app.platform import Platform

_PATIENCE_SECONDS = 3.0


def router(platform: 'Platform') -> APIRouter:
    operations = APIRouter(prefix='/health', include_in_schema=False)

    @operations.get('/live')
    async def live() -> dict[str, str]:
        return {'status': 'live'}

    @operations.get('/ready')
    async def ready() -> JSONResponse:
        """503 names what is down or still starting."""
        down = [*platform.starting]
        if not await _database_answers(platform):
            down.append('database')
        if not await platform.bus.ready():
            down.append('redis')
        if down:
            return JSONResponse({'status': 'not ready', 'down': down}, 503)
        return JSONResponse({'status': 'ready', 'down': []})

    return operations


async def _database_answers(platform: 'Platform') -> bool:
    try:
        await asyncio.wait_for(platform.database.ping(), _PATIENCE_SECONDS)
    except (SQLAlchemyError, OSError, TimeoutError):
        return False
    return True
