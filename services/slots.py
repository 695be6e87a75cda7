"""Executor slots: a name that no other live process holds, by an advisory lock (PostgreSQL) or a file lock (SQLite)."""

import asyncio
import fcntl
import os
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database

_MOST = 64


class Slots:
    """The locks live as long as the process: a file handle, or one connection kept for nothing else."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._files: dict[str, int] = {}
        self._connection: AsyncConnection | None = None
        self._busy = asyncio.Lock()
        self.own = ''

    async def acquire(self) -> str:
        """The first free slot's name, held until close."""
        for number in range(_MOST):
            if await self._lock(f'slot-{number}'):
                self.own = f'slot-{number}'
                return self.own
        raise RuntimeError(f'{_MOST} processes share this database already')

    @asynccontextmanager
    async def borrowed(self, slot: str) -> AsyncIterator[bool]:
        """True while this process holds a dead process's slot."""
        held = await self._lock(slot)
        try:
            yield held
        finally:
            if held:
                await self._unlock(slot)

    async def close(self) -> None:
        for slot in list(self._files):
            await self._unlock(slot)
        if self._connection is not None:
            # Closed for good, not given back to the pool: the locks belong to the session with the database.
            await self._connection.invalidate()
            await self._connection.close()
            self._connection = None

    async def _lock(self, slot: str) -> bool:
        if self._database.is_sqlite:
            return self._lock_file(slot)
        async with self._busy:
            return bool((await (await self._own_connection()).execute(_TRY, {'key': _key(slot)})).scalar())

    async def _unlock(self, slot: str) -> None:
        if slot in self._files:
            os.close(self._files.pop(slot))
        elif self._connection is not None:
            async with self._busy:
                await self._connection.execute(_RELEASE, {'key': _key(slot)})

    def _lock_file(self, slot: str) -> bool:
        self._folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._folder / f'{slot}.lock', os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._files[slot] = handle
        return True

    async def _own_connection(self) -> AsyncConnection:
        if self._connection is None:
            engine = self._database.engine.execution_options(isolation_level='AUTOCOMMIT')
            self._connection = await engine.connect()
        return self._connection


_TRY = text('SELECT pg_try_advisory_lock(:key)')
_RELEASE = text('SELECT pg_advisory_unlock(:key)')


def _key(slot: str) -> int:
    return 0x43570000_00000000 | zlib.crc32(slot.encode())
