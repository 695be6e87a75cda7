"""How a file comes in: its bytes are kept, what it is is found out, and reading it is begun."""

import asyncio
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from services.durable import Durable
from services.errors import PlatformError, TooLarge
from services.knowledge.ingestion import say_changed
from services.knowledge.parsing import media_type_of
from services.knowledge.views import DocumentView, document_view
from services.limits import UPLOAD
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import documents as rows
from storage.database import Scope
from storage.documents import Document
from storage.files import FileStore

LARGEST_UPLOAD = 200 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file of a kind that can be read, stored under its hash."""

    name: str
    sha256: str
    size: int
    media_type: str


class Intake:
    def __init__(self, gate: Gate, durable: Durable, store: FileStore) -> None:
        self._gate = gate
        self._durable = durable
        self._store = store

    async def keep(self, viewer: Viewer, name: str, parts: AsyncIterator[bytes]) -> Kept:
        """Stores the bytes; what cannot be read is refused at once, and its bytes are not kept."""
        current = await self._gate.check(viewer, Permission.KNOWLEDGE_WRITE)
        await self._gate.limits.spend(UPLOAD, str(current.user_id))
        clean = clean_name(name)
        try:
            sha256, size = await self._store.write(current.organization_id, parts, LARGEST_UPLOAD)
        except OverflowError as error:
            raise TooLarge(
                '“{name}” is larger than {most} MB. Split it, or save it with smaller pictures, and add the parts.',
                name=clean,
                most=LARGEST_UPLOAD // 1024 // 1024,
            ) from error
        path = self._store.path(current.organization_id, sha256)
        try:
            media_type = await asyncio.to_thread(media_type_of, path, clean)
        except PlatformError:
            await self._discard(current.organization_id, sha256)
            raise
        return Kept(name=clean, sha256=sha256, size=size, media_type=media_type)

    def begin(self, work: Work, document: Document) -> DocumentView:
        """Reads it soon after the commit."""
        organization_id, document_id, run = document.organization_id, document.id, document.run
        work.then(lambda: self._durable.start('document', organization_id, document_id, run))
        say_changed(work, document)
        return document_view(document)

    def again(self, work: Work, document: Document, action: str) -> DocumentView:
        document.run += 1
        document.status, document.error, document.progress = rows.QUEUED, None, 0.0
        document.started_by = work.viewer.user_id
        work.tx.add(document)
        work.record(action, document)
        return self.begin(work, document)

    async def _discard(self, organization_id: UUID, sha256: str) -> None:
        """Removes refused bytes, unless an accepted document is made of the same."""
        async with self._gate.database.reading() as tx:
            if not await rows.uses_bytes(Scope(tx, organization_id), sha256):
                self._store.path(organization_id, sha256).unlink(missing_ok=True)


def clean_name(name: str) -> str:
    """The last part of the name, without control characters; never empty."""
    last = name.replace('\\', '/').rsplit('/', 1)[-1]
    printable = ''.join(letter for letter in last if unicodedata.category(letter)[0] != 'C').strip(' .')
    return unicodedata.normalize('NFC', printable)[:200] or 'document'
