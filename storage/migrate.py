"""Brings the database to the newest schema: at every start, safely from several processes at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.engine import Connection

from storage import tables
from storage.database import Database

_LOCK = 0x43570001


def config() -> Config:
    found = Config()
    found.set_main_option('script_location', str(Path(__file__).parent / 'migrations'))
    found.attributes['metadata'] = tables.METADATA
    return found


async def upgrade(database: Database) -> None:
    async with database.engine.connect() as connection:
        if database.is_sqlite:
            await connection.execution_options(sqlite_begin='BEGIN IMMEDIATE')
        async with connection.begin():
            if not database.is_sqlite:
                await connection.execute(text('SELECT pg_advisory_xact_lock(:key)'), {'key': _LOCK})
            await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    settings = config()
    settings.attributes['connection'] = connection
    command.upgrade(settings, 'head')
