"""The tables, brought to what this release expects of them."""

import asyncio

from app.settings import Settings
from services.durable import migrate_journal
from storage.database import Database
from storage.migrate import upgrade
from storage.roles import refuse_unfit_role


async def migrated(settings: Settings, database: Database) -> None:
    """Brings the tables to the newest schema, as their owner where one is named."""
    if not settings.database_owner_url:
        await upgrade(database)
        return
    owner = Database(settings.database_owner_url)
    try:
        await upgrade(database, owner=owner)
        await asyncio.to_thread(migrate_journal, settings.database_owner_url, database.engine.url.username or '')
    finally:
        await owner.close()


async def migrate(settings: Settings) -> None:
    """The same from the command line, before anybody serves."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        await migrated(settings, database)
    finally:
        await database.close()


async def refuse_unfit_settings(settings: Settings) -> None:
    """Raises UnfitRole where the role of the database URL is not one that row-level security holds for."""
    database = Database(settings.database_url)
    try:
        await refuse_unfit_role(database)
    finally:
        await database.close()
