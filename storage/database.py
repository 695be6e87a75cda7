"""The database: one engine, transactions that read or write, and the scope every tenant query starts from."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from sqlite3 import OperationalError
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from storage.base import TenantRow
from storage.postgres import Sighted, SightedSession
from storage.sight import sight_of
from storage.sqlite import OneTrip

Transaction = AsyncSession
Settle = Callable[[AsyncSession], Awaitable[None]]
_SETTLING = 'settling'
Row = TypeVar('Row', bound=TenantRow)


class Database:
    """SQLite (aiosqlite) or PostgreSQL (asyncpg), told apart by the URL."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith('sqlite')
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgres_engine(url)
        # SQLite has one writer: waiting here is fair and costs nothing, its own busy handler polls.
        self._writer = asyncio.Lock() if self.is_sqlite else None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        async with _Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Transaction]:
        """Commits when the block ends, rolls back when it raises."""
        async with self._writer or nullcontext():
            async with _Session(self.engine, expire_on_commit=False) as session:
                if self.is_sqlite:
                    await session.connection(execution_options={'sqlite_begin': 'BEGIN IMMEDIATE'})
                async with _committed(session):
                    yield session

    async def ping(self) -> None:
        """Raises where the database does not answer."""
        async with self.engine.connect() as connection:
            await connection.exec_driver_sql('SELECT 1')

    async def close(self) -> None:
        await self.engine.dispose()


@dataclass(frozen=True)
class Scope:
    """A transaction seen from one organisation: the start of every tenant query.

    Opening it is what lets the transaction see the organisation's rows at all, where the database is PostgreSQL.
    """

    tx: Transaction
    organization_id: UUID

    def __post_init__(self) -> None:
        sight_of(self.tx).organizations[self.organization_id] = None

    def rows(self, table: type[Row]) -> SelectOfScalar[Row]:
        """Every live row of the table that belongs to the organisation."""
        statement = select(table).where(table.organization_id == self.organization_id)
        deleted_at = getattr(table, 'deleted_at', None)
        return statement if deleted_at is None else statement.where(deleted_at.is_(None))

    async def find(self, table: type[Row], row_id: UUID, *, lock: bool = False) -> Row | None:
        statement = self.rows(table).where(table.id == row_id)
        return (await self.tx.exec(statement.with_for_update() if lock else statement)).first()

    async def find_removed(self, table: type[Row], row_id: UUID) -> Row | None:
        statement = select(table).where(table.organization_id == self.organization_id, table.id == row_id)
        row = (await self.tx.exec(statement)).first()
        return row if row is not None and getattr(row, 'deleted_at', None) is not None else None

    def add(self, row: TenantRow) -> None:
        row.organization_id = self.organization_id
        self.tx.add(row)


def settle(tx: Transaction, act: Settle) -> None:
    """Runs once just before the commit, when everything else of the transaction is written."""
    acts = tx.info.setdefault(_SETTLING, [])
    if act not in acts:
        acts.append(act)


class _Session(AsyncSession):
    sync_session_class = SightedSession


@asynccontextmanager
async def _committed(session: AsyncSession) -> AsyncIterator[None]:
    try:
        yield
        # In one order, whatever was done first: what two transactions hold to the end, they take in turn.
        for act in sorted(session.info.pop(_SETTLING, ()), key=lambda act: act.__module__):
            await session.flush()
            await act(session)
        await session.commit()
    except BaseException:
        await session.rollback()
        raise


def _sqlite_engine(url: str) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=6, max_overflow=10, module=OneTrip(), hide_parameters=True)

    @event.listens_for(engine.sync_engine, 'connect')
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        cursor = connection.cursor()
        for pragma in ('busy_timeout=15000', 'synchronous=FULL', 'foreign_keys=ON'):
            cursor.execute(f'PRAGMA {pragma}')
        # Refused at once while another connection is doing the same to a new file; what that one does, stays.
        with suppress(OperationalError):
            cursor.execute('PRAGMA journal_mode=WAL')
        cursor.close()

    @event.listens_for(engine.sync_engine, 'begin')
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get('sqlite_begin', 'BEGIN'))

    return engine


def _postgres_engine(url: str) -> AsyncEngine:
    return create_async_engine(
        url, pool_size=10, max_overflow=10, pool_pre_ping=True, pool_timeout=10, module=Sighted(), hide_parameters=True
    )
