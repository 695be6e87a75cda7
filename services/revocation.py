"""Running jobs act with the rights of who started them: when those change, every job is looked at at once.

Each step of a job asks too. This is for the job that is in the middle of a long one: its row says at once that it
ended, and what the step brings home is thrown away.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from services.bus import Bus
from services.errors import NotFound, PlatformError
from storage.database import Database
from storage.pending import owed
from storage.sight import look_across_organizations

Check = Callable[[UUID, UUID, int], Awaitable[None]]
OnFailure = Callable[[UUID, UUID, int, str], Awaitable[None]]
_log = logging.getLogger(__name__)


class Revocation:
    """`check` raises a PlatformError where a job may not go on; `on_failure` puts its sentence into the row."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._kinds: dict[str, tuple[Check, OnFailure]] = {}
        self._again = asyncio.Event()
        self._looking = False
        bus.subscribe('sessions', self.look)

    def register(self, kind: str, check: Check, on_failure: OnFailure) -> None:
        self._kinds[kind] = check, on_failure

    async def look(self) -> None:
        """Looks at everything that runs. Words that come meanwhile make it look once more."""
        self._again.set()
        if self._looking:
            return
        self._looking = True
        try:
            while self._again.is_set():
                self._again.clear()
                await self._look()
        except SQLAlchemyError as error:
            _log.warning('Whether running jobs may go on could not be read; their next step asks again: %s', error)
        finally:
            self._looking = False

    async def _look(self) -> None:
        async with self._database.reading() as tx:
            look_across_organizations(tx, because='the rights of whoever started a job may have changed anywhere')
            running = await owed(tx)
        for kind, (check, on_failure) in self._kinds.items():
            for organization_id, row_id, run in running.get(kind, ()):
                try:
                    await check(organization_id, row_id, run)
                except NotFound:
                    continue  # ended or deleted meanwhile
                except PlatformError as refusal:
                    await on_failure(organization_id, row_id, run, str(refusal))
