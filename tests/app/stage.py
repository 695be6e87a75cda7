"""A running platform with something on each of its screens, and browsers' cookies for everybody in it."""

import asyncio
import hashlib
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from pages.screens import Screen
from services.clock import now
from services.viewer import Role
from storage.database import Database, Scope
from storage.documents import Document
from storage.generated import GeneratedPart
from storage.identity import Session, User, UserRole
from storage.migrate import upgrade
from storage.tables import METADATA
from storage.workflows import Review, Workflow
from tests.matrix.rows import belongings
from tests.servers.application import Application
from tests.services.world import World, make_world

COOKIE = 'coursewright'
UNKNOWN = '00000000-0000-4000-8000-000000000000'
Rows = dict[str, set[str]]  # table -> a hash of each row


@dataclass(frozen=True, kw_only=True)
class Stage:
    """`people`: who -> (user, organisation), 'other/admin' for those of the other organisation."""

    site: Application
    database_url: str
    people: Mapping[str, tuple[UUID, UUID]]
    ids: Mapping[str, str]

    def address(self, screen: Screen) -> str:
        """Where there is something to see, with ids of the demo organisation."""
        return re.sub(r'{(\w+)}', lambda found: self.ids.get(found[1], UNKNOWN), screen.path)

    async def cookie(self, who: str) -> str:
        """Of a session that begins now."""
        user_id, organization_id = self.people[who]
        secret = secrets.token_urlsafe(16)
        async with Database(self.database_url).writing() as tx:
            tx.add(
                Session(
                    user_id=user_id,
                    organization_id=organization_id,
                    secret_hash=hashlib.sha256(secret.encode()).hexdigest(),
                    expires_at=now() + timedelta(hours=1),
                )
            )
        return f'{COOKIE}={secret}'

    async def rows(self) -> Rows:
        """Everything that is kept, in every table."""
        engine = create_async_engine(self.database_url)
        try:
            async with engine.connect() as connection:
                return {
                    table.name: {_hash(row) for row in (await connection.execute(sa.select(table))).all()}
                    for table in METADATA.sorted_tables
                }
        finally:
            await engine.dispose()

    async def of_the_others(self) -> dict[str, str]:
        """What the other organisation has, table by table."""
        engine = create_async_engine(self.database_url)
        try:
            async with engine.connect() as connection:
                return await belongings(connection, self.people['other/admin'][1])
        finally:
            await engine.dispose()

    async def refusals(self) -> list[str]:
        """What the security log says of sockets, oldest first."""
        events = METADATA.tables['security_events']
        engine = create_async_engine(self.database_url)
        try:
            async with engine.connect() as connection:
                asked = sa.select(events.c.detail).where(events.c.kind == 'socket').order_by(events.c.created_at)
                return list((await connection.execute(asked)).scalars())
        finally:
            await engine.dispose()

    @property
    def log(self) -> str:
        return self.site.log.read_text()


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """The tables in which anything is new, gone or different."""
    return {table for table in after if before.get(table) != after[table]}


def open_stage(data_dir: Path, start: Callable[..., Application], **settings: Any) -> Stage:
    data_dir.mkdir(parents=True, exist_ok=True)
    url = f'sqlite+aiosqlite:///{data_dir / "coursewright.sqlite"}'
    people, ids = asyncio.run(_furnished(url))
    env = {'DATABASE_URL': url, **{name: json.dumps(value) for name, value in settings.items()}}
    return Stage(site=start(data_dir, env=env).start(), database_url=url, people=people, ids=ids)


async def _furnished(url: str) -> tuple[dict[str, tuple[UUID, UUID]], dict[str, str]]:
    """A course that is taught, one whose lessons wait for review, and somebody who may only look."""
    database = Database(url)
    await upgrade(database)
    world: World = await make_world(database)
    demo = world.demo
    taught, draft = await world.taught(demo), await world.course(demo, 'In review', approved=False)
    async with database.writing() as tx:
        onlooker = User(email='viewer@demo.example', full_name='Viewer of Demo Academy', password_hash='-')
        tx.add(onlooker)
        await tx.flush()
        scope = Scope(tx, demo.organization_id)
        scope.add(UserRole(user_id=onlooker.id, role=Role.VIEWER))
        workflow = Workflow(
            course_id=draft.course_id,
            version_id=draft.version_id,
            created_by=demo.instructor.user_id,
            title='In review',
            brief='',
            audience='',
            level='',
            hours=1,
            language='en',
            document_ids=[str(draft.document_id)],
            stage='content',
            status='awaiting_review',
            run_started_at=now(),
        )
        scope.add(workflow)
        await tx.flush()
        scope.add(Review(workflow_id=workflow.id, run=1, stage='content'))
        for document_id in (taught.document_id, draft.document_id):
            document = await tx.get_one(Document, document_id)
            document.status = 'indexed'
            tx.add(document)
        part = GeneratedPart(
            kind='quiz',
            topic='Hand washing',
            asked={'kinds': []},
            document_ids=[],
            status='ready',
            result={'blocks': []},
            asked_by=demo.instructor.user_id,
            asker='Somebody',
        )
        scope.add(part)
        await tx.flush()
        ids = {'workflow_id': str(workflow.id), 'part_id': str(part.id)}
    await database.close()
    ids |= {
        'course_id': str(taught.course_id),
        'lesson_id': str(taught.lesson_ids[0]),
        'document_id': str(taught.document_id),
        'organization_id': str(world.other.organization_id),
        'user_id': str(demo.classmate.user_id),
    }
    people = {'viewer': (onlooker.id, demo.organization_id)}
    for prefix, cast in (('', demo), ('other/', world.other)):
        for who, person in vars(cast).items():
            if who != 'organization_id':
                people[f'{prefix}{who}'] = (person.user_id, person.organization_id)
    return people, ids


def _hash(row: Any) -> str:
    return hashlib.sha256(repr(tuple(row)).encode()).hexdigest()
