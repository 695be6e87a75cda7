"""Brings the database to the newest schema: at every start, safely from several processes at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ProgrammingError

from storage import guards, tables
from storage.database import Database

_LOCK = 0x43570001


class SchemaBehind(RuntimeError):
    def __init__(self) -> None:
        super().__init__(
            'The database has an older schema, and the role of COURSEWRIGHT_DATABASE_URL may not change it. Name the'
            ' owner of the tables in COURSEWRIGHT_DATABASE_OWNER_URL (docs/database-roles.md) and start again.'
        )


def config() -> Config:
    found = Config()
    found.set_main_option('script_location', str(Path(__file__).parent / 'migrations'))
    found.attributes['metadata'] = tables.METADATA
    return found


async def upgrade(database: Database, *, owner: Database | None = None) -> None:
    """With an `owner` (PostgreSQL) that one migrates, and the role of `database` is granted what it needs."""
    role = None if owner is None or database.is_sqlite else database.engine.url.username
    builder = database if role is None or owner is None else owner
    async with builder.engine.connect() as connection:
        if builder.is_sqlite:
            await connection.execution_options(sqlite_begin='BEGIN IMMEDIATE')
        async with connection.begin():
            if not builder.is_sqlite:
                await connection.execute(text('SELECT pg_advisory_xact_lock(:key)'), {'key': _LOCK})
                # Migrations look at the rows of every organisation.
                await connection.execute(text("SELECT set_config('app.platform', 'on', true)"))
            try:
                await connection.run_sync(_upgrade)
            except ProgrammingError as error:
                if 'permission denied' in str(error) or 'must be owner' in str(error):
                    raise SchemaBehind() from error
                raise
            if role is not None and role != builder.engine.url.username:
                await connection.run_sync(guards.grant, role)


def _upgrade(connection: Connection) -> None:
    settings = config()
    wanted = set(ScriptDirectory.from_config(settings).get_heads())
    if set(MigrationContext.configure(connection).get_current_heads()) != wanted:
        settings.attributes['connection'] = connection
        command.upgrade(settings, 'heads')
    guards.put_up(connection)
