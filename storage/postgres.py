"""PostgreSQL that is told what the transaction may see, before the first statement that depends on it.

The words go out when they changed, on the driver's own connection: no statement can come before them, whoever makes it
(a query, a flush, a refresh). They end with the transaction, so a pooled connection takes nothing along.
"""

from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.dialects.postgresql.asyncpg import (
    AsyncAdapt_asyncpg_connection,
    AsyncAdapt_asyncpg_cursor,
    AsyncAdapt_asyncpg_dbapi,
    AsyncAdapt_asyncpg_ss_cursor,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import SessionTransaction
from sqlalchemy.util.concurrency import await_only
from sqlmodel import Session

from storage.sight import Sight, sight_of

_NOTHING = dict.fromkeys(Sight().words, '')


class SightedSession(Session):
    """Lets its connection know what the transaction may see."""


@event.listens_for(SightedSession, 'after_begin')
def _sighted(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    driver = connection.connection.dbapi_connection
    if isinstance(driver, _Connection):
        driver.sight = sight_of(session)


class _Telling:
    """What both kinds of cursors do before a statement."""

    __slots__ = ()

    async def _prepare_and_execute(self, operation: Any, parameters: Any) -> None:
        connection: Any = self._adapt_connection  # type: ignore[attr-defined]
        await connection.tell()
        await super()._prepare_and_execute(operation, parameters)  # type: ignore[misc]
        if operation.startswith('ROLLBACK TO'):
            connection.told = None  # and with it, perhaps, what was said since the savepoint

    async def _executemany(self, operation: Any, seq_of_parameters: Any) -> Any:
        await self._adapt_connection.tell()  # type: ignore[attr-defined]
        return await super()._executemany(operation, seq_of_parameters)  # type: ignore[misc]


class _Cursor(_Telling, AsyncAdapt_asyncpg_cursor):
    __slots__ = ()


class _ServerSideCursor(_Telling, AsyncAdapt_asyncpg_ss_cursor):
    __slots__ = ()


class _Connection(AsyncAdapt_asyncpg_connection):
    __slots__ = ('sight', 'told')
    _cursor_cls = _Cursor
    _ss_cursor_cls = _ServerSideCursor

    def __init__(self, *arg: Any, **kw: Any) -> None:
        super().__init__(*arg, **kw)  # type: ignore[no-untyped-call]
        self.sight: Sight | None = None
        self.told: dict[str, str] | None = _NOTHING

    async def tell(self) -> None:
        """In the transaction, once for every change."""
        if self.sight is None or (words := self.sight.words) == self.told:
            return
        changed = {name: word for name, word in words.items() if not self.told or self.told[name] != word}
        # Ids and constants only: nothing in here was typed by anybody.
        driver: Any = self._connection
        said = ', '.join(f"set_config('{name}', '{word}', true)" for name, word in changed.items())
        async with self._execute_mutex:
            if self._transaction is None:
                await self._start_transaction()  # type: ignore[no-untyped-call]
            try:
                await driver.execute(f'SELECT {said}')
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                self._handle_exception(error)
        self.told = words

    def commit(self) -> None:
        try:
            super().commit()  # type: ignore[no-untyped-call]
        finally:
            self._forget()

    def rollback(self) -> None:
        try:
            super().rollback()  # type: ignore[no-untyped-call]
        finally:
            self._forget()

    async def _async_ping(self) -> None:
        # No transaction around it, which would be two more trips for every transaction there is.
        await self._connection.fetchrow(';')

    def _forget(self) -> None:
        self.sight, self.told = None, _NOTHING


class Sighted(AsyncAdapt_asyncpg_dbapi):
    """Give it to the engine as its `module`."""

    def __init__(self) -> None:
        super().__init__(asyncpg)  # type: ignore[no-untyped-call]

    def connect(self, *arg: Any, **kw: Any) -> AsyncAdapt_asyncpg_connection:
        connecting = kw.pop('async_creator_fn', asyncpg.connect)
        ours = {name: kw.pop(name) for name in list(kw) if name.startswith('prepared_statement_')}
        made: AsyncAdapt_asyncpg_connection = await_only(_Connection.create(self, connecting(*arg, **kw), **ours))
        return made
