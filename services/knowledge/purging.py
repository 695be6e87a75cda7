"""What an organisation that is gone for good leaves on this machine's disk: its vectors and its files."""

import asyncio
import shutil
from uuid import UUID

from services.errors import Conflict
from services.knowledge.index import Index
from storage.database import Database
from storage.files import FileStore
from storage.identity import Organization


async def purge(database: Database, index: Index, store: FileStore, organization_id: UUID) -> None:
    """Removes the directories of the organisation; refused while it stands. Doing it again changes nothing.

    Its rows are not touched. They go with the organisation's own row, after what `RESTORABLE` promises.
    """
    async with database.reading() as tx:
        organization = await tx.get(Organization, organization_id)
    if organization is not None and organization.deleted_at is None:
        raise Conflict('“{name}” is not deleted.', name=organization.name)
    await index.forget_organization(organization_id)
    await asyncio.to_thread(shutil.rmtree, store.folder(organization_id), ignore_errors=True)
