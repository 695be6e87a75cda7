"""The composition root: the platform's services, its screens and its routes become one site."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from nicegui import ui

from app import api, errors, health, memory, metrics, session
from app.api import files
from app.limits import BodyLimit
from app.platform import Platform, build_services
from app.settings import Settings
from app.watchdog import Watchdog
from components.theme import STATIC, apply_theme
from pages import shell

_log = logging.getLogger(__name__)


Prepare = Callable[[Platform], Awaitable[None]]


def create(settings: Settings, *, prepare: Prepare | None = None) -> FastAPI:
    """The whole site. `prepare` runs once after the start, before the site calls itself ready: the demo data."""
    platform = build_services(settings)
    sessions = session.Sessions(platform.services.identity, settings)
    site = FastAPI(lifespan=_lifespan(platform, prepare), openapi_url=None, docs_url=None, redoc_url=None)
    errors.install(site)
    site.mount('/api/v1', api.create(platform.services, sessions.of_request))
    site.mount('/static', StaticFiles(directory=STATIC))
    site.include_router(health.router(platform))
    site.include_router(metrics.router(platform))
    site.include_router(files.pictures(platform.services, sessions.of_request), include_in_schema=False)
    site.include_router(session.router(sessions, platform.services.identity))
    shell.register(platform.services, sessions.of_cookie)
    apply_theme()
    ui.run_with(
        site,
        title='Coursewright',
        language='en-GB',
        dark=None,
        tailwind=False,
        # Long enough for a lift ride: typing survives, and the socket is not dropped by a slow garbage collection.
        reconnect_timeout=30.0,
        message_history_length=200,
        binding_refresh_interval=None,
        show_welcome_message=False,
    )
    site.add_middleware(BodyLimit)
    site.add_middleware(session.Doorkeeper, cookie=sessions.cookie)
    site.add_middleware(metrics.Measured)
    site.state.platform = platform
    return site


def _lifespan(platform: Platform, prepare: Prepare | None) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_site: FastAPI) -> AsyncIterator[None]:
        watchdog = Watchdog()
        platform.starting.append('database and durable work')
        await platform.start()
        memory.settle()
        watchdog.start(asyncio.get_running_loop())
        tasks = [asyncio.create_task(_prepared(platform, prepare)), asyncio.create_task(memory.upkeep())]
        platform.starting.remove('database and durable work')
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            watchdog.stop()
            await platform.close()

    return lifespan


async def _prepared(platform: Platform, prepare: Prepare | None) -> None:
    if prepare is None:
        return
    platform.starting.append('demo data')
    try:
        await prepare(platform)
    except Exception:
        # The site works without its demo data; whoever runs it sees why in the log.
        _log.exception('The demo data could not be made')
    finally:
        platform.starting.remove('demo data')
