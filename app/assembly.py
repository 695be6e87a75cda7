"""The composition root: the platform's services, its screens and its routes become one site."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from nicegui import core, ui
from starlette.routing import Mount
from starlette.types import ASGIApp

from app import api, doors, errors, health, memory, metrics, session, sign_on
from app.api import files
from app.door import Door, admitted
from app.headers import SecurityHeaders
from app.limits import BodyLimit
from app.own_pages import OwnPages
from app.platform import Platform, build_services
from app.proxies import TrustedProxies, networks
from app.settings import Settings
from app.sockets import Sockets
from app.tracing import Traced
from app.watchdog import Watchdog
from components.theme import STATIC, apply_theme
from pages import shell

_log = logging.getLogger(__name__)


Prepare = Callable[[Platform], Awaitable[None]]


def create(settings: Settings, *, prepare: Prepare | None = None) -> FastAPI:
    """The whole site. `prepare` runs once after the start, before the site calls itself ready: the demo data."""
    platform = build_services(settings)
    sessions = session.Sessions(platform.services.identity, settings)
    sockets = Sockets(platform.connections, platform.bus, settings.origins)
    site = Site(settings, lifespan=_lifespan(platform, sockets, prepare))
    errors.install(site)
    site.mount(api.PATH, api.create(platform.services, sessions.of_request))
    site.mount('/static', StaticFiles(directory=STATIC))
    site.include_router(health.router(platform))
    site.include_router(metrics.router(platform))
    site.include_router(files.pictures(platform.services, sessions.of_request), include_in_schema=False)
    callers = doors.Callers(sessions, platform.services.identity)
    companies = sign_on.SignOnPages(sessions, platform.services.sign_on, settings)
    site.include_router(doors.router(sessions, platform.services, companies.company))
    site.include_router(sign_on.router(companies))
    shell.register(platform.services, admitted)
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
    for mount in site.routes:
        if isinstance(mount, Mount) and mount.app is core.app:
            mount.app = Door(core.app, callers, platform.limits, sockets)
    sockets.take_over()
    site.add_middleware(BodyLimit)
    site.add_middleware(OwnPages, cookie=sessions.cookie)
    site.add_middleware(metrics.Measured)
    site.state.platform = platform
    return site


class Site(FastAPI):
    """Whatever it answers has the headers, and whatever it is asked comes from where it says."""

    def __init__(self, settings: Settings, **options: Any) -> None:
        super().__init__(openapi_url=None, docs_url=None, redoc_url=None, **options)
        self._settings = settings

    def build_middleware_stack(self) -> ASGIApp:
        # around everything, the answers to our own faults too
        headed = SecurityHeaders(super().build_middleware_stack(), self._settings)
        return TrustedProxies(Traced(headed), networks(self._settings.trusted_proxies))


def _lifespan(
    platform: Platform, sockets: Sockets, prepare: Prepare | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_site: FastAPI) -> AsyncIterator[None]:
        watchdog = Watchdog()
        platform.starting.append('database and durable work')
        await platform.start()
        memory.settle()
        watchdog.start(asyncio.get_running_loop())
        work = (_prepared(platform, prepare), memory.upkeep(), sockets.upkeep())
        tasks = [asyncio.create_task(part) for part in work]
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
