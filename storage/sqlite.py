"""SQLite with one trip to the connection's thread for each statement.

The driver makes four (cursor, execute, fetch, close), and each waits until both threads have had their turn: on a busy
machine that is most of the time a short statement takes.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)


@dataclass(frozen=True, slots=True)
class _Ran:
    """What is left of a cursor after its statement."""

    description: Any
    rowcount: int
    lastrowid: int | None
    rows: Sequence[Any]


class _OneTripCursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ()

    def _make_new_cursor(self, connection: Any) -> Any:
        return None  # made where the statement runs

    def _aenter_cursor(self, cursor: Any) -> Any:
        return _Ran(None, -1, None, ())

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        return await self._run(lambda cursor: cursor.execute(operation, () if parameters is None else parameters))

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> Any:
        return await self._run(lambda cursor: cursor.executemany(operation, seq_of_parameters))

    async def _run(self, statement: Callable[[sqlite3.Cursor], object]) -> Any:
        connection: Any = self._connection
        async with self._adapt_connection._execute_mutex:
            ran = await connection._execute(_ran, connection._conn, statement)
        self._cursor = ran
        self._rows = deque(ran.rows)
        return ran

    async def _async_soft_close(self) -> None:
        """It is closed already."""

    def close(self) -> None:
        self._rows.clear()


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls = _OneTripCursor


class OneTrip(AsyncAdapt_aiosqlite_dbapi):
    """Give it to the engine as its `module`."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arg: Any, **kw: Any) -> AsyncAdapt_aiosqlite_connection:
        return _Connection(self, super().connect(*arg, **kw)._connection)


def _ran(connection: sqlite3.Connection, statement: Callable[[sqlite3.Cursor], object]) -> _Ran:
    cursor = connection.cursor()
    try:
        statement(cursor)
        rows = cursor.fetchall() if cursor.description else ()
        return _Ran(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
    finally:
        cursor.close()
