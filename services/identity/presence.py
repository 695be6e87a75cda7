"""When a session was last used, written every now and then: looking at something writes nothing itself."""

import asyncio
import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from services.clock import now
from storage import identity as rows
from storage.database import Database
from storage.identity import Session

_STALE, _EVERY_SECONDS = timedelta(minutes=3), 30.0
_log = logging.getLogger(__name__)


class Presence:
    """Remembers who was here and writes it down in the background; what a crash loses is half a minute."""

    def __init__(self, database: Database, *, idle: timedelta) -> None:
        self._database = database
        self._stale = min(_STALE, idle / 4)
        self._every = min(_EVERY_SECONDS, idle.total_seconds() / 4)
        self._here: set[UUID] = set()
        self._task: asyncio.Task[None] | None = None

    def saw(self, session: Session) -> None:
        if session.last_seen_at is None or now() - session.last_seen_at >= self._stale:
            self._here.add(session.id)

    async def write(self) -> None:
        here, self._here = self._here, set()
        if here:
            async with self._database.writing() as tx:
                await rows.seen(tx, sorted(here), now())

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            await self._written()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            await self._written()

    async def _written(self) -> None:
        try:
            await self.write()
        except (SQLAlchemyError, OSError) as error:
            _log.warning('Who was here could not be written down: %s', error)
