"""A running platform whose documents are read for real and embedded by their letters."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from dbos import DBOS

from app.platform import Platform, build_services
from app.settings import Settings
from services.knowledge.documents import DocumentService
from services.knowledge.views import DocumentView
from services.platform import Services
from services.viewer import Viewer
from tests.doubles.embedder import LetterEmbedder
from tests.services.world import Cast, World, make_world


@dataclass(frozen=True, kw_only=True)
class Shelf:
    platform: Platform
    world: World

    @property
    def services(self) -> Services:
        return self.platform.services

    @property
    def documents(self) -> DocumentService:
        return self.services.documents

    @property
    def demo(self) -> Cast:
        return self.world.demo

    async def add(
        self, text: str, name: str = 'rules.md', *, by: Viewer | None = None, **where: object
    ) -> DocumentView:
        """A document of this text, indexed."""
        viewer = by or self.demo.instructor
        added = await self.documents.upload(viewer, name, parts(text.encode()), **where)  # type: ignore[arg-type]
        return await self.settled(added.id, by=viewer)

    async def replace(self, document_id: UUID, text: str | bytes, name: str = 'rules.md') -> DocumentView:
        content = text if isinstance(text, bytes) else text.encode()
        added = await self.documents.replace(self.demo.instructor, document_id, name, parts(content))
        return await self.settled(added.id)

    async def settled(self, document_id: UUID, *, by: Viewer | None = None) -> DocumentView:
        """Once it is indexed or has failed, and all that follows is done."""
        for _ in range(600):
            document = await self.documents.get(by or self.demo.instructor, document_id)
            if document.status in ('indexed', 'failed') and not await DBOS.list_workflows_async(
                status=['PENDING', 'ENQUEUED']
            ):
                return document
            await asyncio.sleep(0.05)
        raise AssertionError(f'still {document.status}')

    async def found(self, query: str, **where: object) -> list[str]:
        """'name: text' of each passage, best first."""
        hits = await self.documents.search(self.demo.instructor, query, **where)  # type: ignore[arg-type]
        return [f'{hit.document_name}: {hit.text}' for hit in hits]


async def parts(content: bytes) -> AsyncIterator[bytes]:
    yield content


@asynccontextmanager
async def open_shelf(directory: Path, database_url: str, redis_url: str = '') -> AsyncIterator[Shelf]:
    settings = Settings(data_dir=directory, database_url=database_url, redis_url=redis_url)
    platform = build_services(settings, embedder=LetterEmbedder())
    await platform.start()
    try:
        yield Shelf(platform=platform, world=await make_world(platform.database, platform.gate))
    finally:
        await platform.close()


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    async with open_shelf(tmp_path, f'sqlite+aiosqlite:///{tmp_path}/coursewright.sqlite') as shelf:
        yield shelf
