"""The tables, brought to what this release expects of them."""

import asyncio

from app.settings import Settings
from services.durable import migrate_journal
from storage.database import Database
from storage.migrate import upgrade


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
