"""A running platform with a scripted author, on SQLite and on PostgreSQL with Redis."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from app.platform import Platform, build_services
from app.settings import Settings
from services.generation.views import WorkflowView
from services.platform import Services
from storage.database import Scope
from storage.documents import INDEXED, Document, DocumentChunk, DocumentPage
from tests.conftest import Backend
from tests.doubles.author import ScriptedAuthor
from tests.doubles.embedder import LetterEmbedder
from tests.services.world import Cast, World, make_world

PAGES = (
    'Set the sash at or below the working height marked on its frame. Keep every vessel 15 cm behind the sash.',
    'When the low-flow alarm sounds, lower the sash fully. Stop heat sources if this can be done safely.',
    'Hoods are not storage. Containers that are not in use go back to the ventilated cabinet.',
)


@dataclass(frozen=True, kw_only=True)
class Studio:
    platform: Platform
    author: ScriptedAuthor
    world: World
    document_id: UUID

    @property
    def services(self) -> Services:
        return self.platform.services

    @property
    def demo(self) -> Cast:
        return self.world.demo

    async def begin(self, **changes: object) -> WorkflowView:
        """A workflow of the demo instructor."""
        brief = {
            'title': 'Working at the fume hood',
            'brief': 'Nobody breathes vapour.',
            'audience': 'New technicians',
            'level': 'Introductory',
            'hours': 1.0,
            'language': 'en',
            'document_ids': [self.document_id],
        }
        return await self.services.workflows.create(self.demo.instructor, **{**brief, **changes})  # type: ignore[arg-type]

    async def until(self, workflow_id: UUID, stage: str, status: str = 'awaiting_review') -> WorkflowView:
        for _ in range(400):
            workflow = await self.services.workflows.get(self.demo.instructor, workflow_id)
            if (workflow.stage, workflow.status) == (stage, status):
                return workflow
            if workflow.status == 'failed' and status != 'failed':
                raise AssertionError(workflow.error)
            await asyncio.sleep(0.05)
        raise AssertionError(f'still {workflow.stage} {workflow.status}')

    async def decide(self, workflow: WorkflowView, **decision: object) -> None:
        assert workflow.review is not None
        await self.services.reviews.decide(
            self.demo.reviewer,
            workflow.id,
            review_id=workflow.review.id,
            shown_hash=workflow.review.hash,
            **{'approve': True, **decision},  # type: ignore[arg-type]
        )

    async def drafted(self) -> WorkflowView:
        """A workflow whose lessons wait for review."""
        workflow = await self.begin()
        await self.decide(await self.until(workflow.id, 'outline'))
        return await self.until(workflow.id, 'content')


@pytest.fixture
async def studio(backend: Backend, tmp_path: Path) -> AsyncIterator[Studio]:
    settings = Settings(data_dir=tmp_path, database_url=backend.database_url, redis_url=backend.redis_url or '')
    author = ScriptedAuthor()
    platform = build_services(settings, embedder=LetterEmbedder(), author=author)
    await platform.start()
    try:
        world = await make_world(platform.database, platform.gate)
        yield Studio(platform=platform, author=author, world=world, document_id=await handbook(platform, world.demo))
    finally:
        await platform.close()


async def handbook(platform: Platform, cast: Cast) -> UUID:
    """A document as indexing leaves it: a page and a passage for each text."""
    document = Document(
        name='handbook.pdf', sha256='0' * 64, status=INDEXED, pages=3, chunks=3, uploaded_by=cast.instructor.user_id
    )
    async with platform.database.writing() as tx:
        scope = Scope(tx, cast.organization_id)
        scope.add(document)
        await tx.flush()
        for number, text in enumerate(PAGES, 1):
            scope.add(DocumentPage(document_id=document.id, number=number, text=text))
            scope.add(
                DocumentChunk(
                    document_id=document.id, ordinal=number - 1, page=number, start=0, end=len(text), text=text
                )
            )
    return document.id
