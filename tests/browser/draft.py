"""A draft under review, made the short way, and browsers of the people who work on it."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.async_api import Page

from services.clock import now
from services.generation.content import checked_content
from services.hashing import content_hash
from services.viewer import Viewer
from storage.courses import Block, BlockRevision
from storage.database import Database, Scope
from storage.identity import Session
from storage.migrate import upgrade
from storage.workflows import Review, Workflow
from tests.browser.cast import settled
from tests.servers.application import Application
from tests.services.world import Cast, Made, World, make_world

Open = Callable[..., Awaitable[Page]]


@dataclass(kw_only=True)
class Draft:
    """`site.start()` serves it; the rows can be changed before."""

    site: Application
    database: Database
    world: World
    cast: Cast
    made: Made
    workflow_id: UUID

    async def enter(self, open_page: Open, who: Viewer, path: str = '', **browser: Any) -> Page:
        """Somebody's browser at the draft, or at another page."""
        page = await open_page(**browser)
        secret = secrets.token_urlsafe(16)
        async with self.database.writing() as tx:
            tx.add(
                Session(
                    user_id=who.user_id, organization_id=who.organization_id, expires_at=now() + timedelta(hours=1),
                    secret_hash=hashlib.sha256(secret.encode()).hexdigest(),
                )
            )  # fmt: skip
        await page.context.add_cookies([{'name': 'coursewright', 'value': secret, 'url': self.site.url}])
        await page.goto(self.site.url + (path or f'/studio/{self.workflow_id}'))
        await settled(page)
        return page

    async def say(self, block_id: UUID, content: Mapping[str, Any], *, raw: bool = False) -> None:
        """Another revision of the block; `raw` as nobody could write it through a service."""
        async with self.database.writing() as tx:
            scope = Scope(tx, self.cast.organization_id)
            block = await scope.find(Block, block_id)
            assert block is not None
            block.content = dict(content) if raw else checked_content(block.type, dict(content))
            block.content_hash, block.revision = content_hash(block.content), block.revision + 1
            scope.add(block)
            await tx.flush()
            scope.add(
                BlockRevision(
                    block_id=block.id, number=block.revision, content=block.content, content_hash=block.content_hash,
                    origin='ai', author='A model',
                )
            )  # fmt: skip

    async def block(self, block_id: UUID) -> Block:
        async with self.database.reading() as tx:
            found = await Scope(tx, self.cast.organization_id).find(Block, block_id)
        assert found is not None
        return found


async def make_draft(data_dir: Path, start: Callable[..., Application]) -> Draft:
    """With the fixture start_application; the application is made, and not started yet."""
    data_dir.mkdir(parents=True, exist_ok=True)
    url = f'sqlite+aiosqlite:///{data_dir / "coursewright.sqlite"}'
    database = Database(url)
    await upgrade(database)
    world = await make_world(database)
    made = await world.course(world.demo, 'In review', approved=False)
    async with database.writing() as tx:
        scope = Scope(tx, world.demo.organization_id)
        workflow = Workflow(
            course_id=made.course_id, version_id=made.version_id, created_by=world.demo.instructor.user_id,
            title='In review', brief='', audience='', level='', hours=1, language='en',
            document_ids=[str(made.document_id)], stage='content', status='awaiting_review', run_started_at=now(),
        )  # fmt: skip
        scope.add(workflow)
        await tx.flush()
        scope.add(Review(workflow_id=workflow.id, run=1, stage='content'))
        workflow_id = workflow.id
    site = start(data_dir=data_dir, env={'DATABASE_URL': url}, wait=False)
    return Draft(site=site, database=database, world=world, cast=world.demo, made=made, workflow_id=workflow_id)
