"""The platform in this process, with two organisations and one row of everything in the first."""

import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncConnection

from app import api
from app.platform import Platform, build_services
from app.session import Sessions
from app.settings import Settings
from services.clock import now
from services.viewer import Viewer
from storage.database import Database
from storage.documents import INDEXED, Document
from storage.identity import Session
from tests.doubles.author import ScriptedAuthor
from tests.doubles.embedder import LetterEmbedder
from tests.matrix.rows import belongings, empty_tables, fill_every_table
from tests.services.world import Cast, World, make_world

UNKNOWN = '00000000-0000-4000-8000-000000000000'


@dataclass(kw_only=True)
class House:
    """`ids`: noun -> id of a row of the demo organisation."""

    platform: Platform
    world: World
    rest: FastAPI
    sessions: Sessions
    ids: dict[str, str]

    @property
    def nothing(self) -> dict[str, str]:
        """The same nouns, and ids that nobody has."""
        return dict.fromkeys(self.ids, UNKNOWN)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(app=self.rest, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url='http://testserver', trust_env=False) as client:
            yield client

    async def cookie(self, person: Viewer) -> dict[str, str]:
        """Headers of a browser in which the person has just signed in: every call gets a session of its own, so that
        none can end another's."""
        return {'cookie': f'{self.sessions.cookie}={await self.secret(person)}', 'sec-fetch-site': 'same-origin'}

    async def secret(self, person: Viewer) -> str:
        """What the cookie of a new session holds."""
        secret = secrets.token_urlsafe(16)
        async with self.platform.database.writing() as tx:
            tx.add(
                Session(
                    user_id=person.user_id,
                    organization_id=person.organization_id,
                    secret_hash=hashlib.sha256(secret.encode()).hexdigest(),
                    expires_at=now() + timedelta(hours=1),
                )
            )
        return secret

    async def belongings(self) -> dict[str, str]:
        """What the demo organisation has, table by table."""
        async with self.connection() as connection:
            return await belongings(connection, self.world.demo.organization_id)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        async with self.platform.database.engine.begin() as connection:
            yield connection


@asynccontextmanager
async def open_house(data_dir: Path) -> AsyncIterator[House]:
    settings = Settings(data_dir=data_dir, database_url=f'sqlite+aiosqlite:///{data_dir / "matrix.sqlite"}')
    platform = build_services(settings, embedder=LetterEmbedder(), author=ScriptedAuthor())
    await platform.start()
    try:
        world = await make_world(platform.database, platform.gate)
        ids = await _furnished(platform, world)
        sessions = Sessions(platform.services.identity, settings)
        rest = api.create(platform.services, sessions.of_request)
        yield House(platform=platform, world=world, rest=rest, sessions=sessions, ids=ids)
    finally:
        await platform.close()


async def everything_of(organization_id: UUID, database_url: str) -> dict[str, str]:
    database = Database(database_url)
    try:
        async with database.engine.begin() as connection:
            return await belongings(connection, organization_id)
    finally:
        await database.close()


async def _furnished(platform: Platform, world: World) -> dict[str, str]:
    """Noun -> id, of a taught course and one row of every other table."""
    demo: Cast = world.demo
    made = await world.taught(demo)
    quiz = (await world.quizzes(demo, made))[0]
    async with platform.gate.platform(demo.organization_id) as work:
        document = await work.get(Document, made.document_id)
        document.status = INDEXED  # nothing is owed to it
        work.tx.add(document)
    async with platform.database.engine.begin() as connection:
        rows = await fill_every_table(connection, demo.organization_id, demo.classmate.user_id)
        assert empty_tables(await belongings(connection, demo.organization_id)) == set()
    ids = {_noun(table): row_id for table, row_id in rows.items()}
    async with platform.database.writing() as tx:
        session, token = (
            Session(
                user_id=demo.classmate.user_id,
                organization_id=demo.organization_id,
                secret_hash=uuid4().hex,
                expires_at=now() + timedelta(hours=1),
                kind=kind,
            )
            for kind in ('browser', 'token')
        )
        tx.add_all([session, token])
    return ids | {
        'organization': str(demo.organization_id),
        'user': str(demo.classmate.user_id),
        'course': str(made.course_id),
        'version': str(made.version_id),
        'lesson': str(made.lesson_ids[0]),
        'block': str(made.block_ids[0]),
        'document': str(made.document_id),
        'quiz': str(quiz.id),
        'session': str(session.id),
        'token': str(token.id),
        'flag': 'exports',
        'question': str(uuid4()),
        'unknown': UNKNOWN,
    }


def _noun(table: str) -> str:
    """'model_keys' holds a 'model_key' per row."""
    return table.removesuffix('s')
