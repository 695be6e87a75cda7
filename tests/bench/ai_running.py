"""What the platform adds to a model: until its first word is heard, for a step of durable work, and what people notice
while twelve courses are drafted at once."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from pydantic import SecretStr

from app.platform import Platform, build_services
from app.settings import Settings
from services.durable import step
from tests.bench.figures import Figure, Group, p95
from tests.bench.ingestion import index
from tests.bench.keepalive import seconds_of
from tests.bench.site import answered, signed_in, until
from tests.doubles.embedder import LetterEmbedder
from tests.doubles.model_server import Fault, ModelServer, Request
from tests.generation.conftest import handbook
from tests.samples.documents import large_pdf
from tests.servers.application import Application
from tests.servers.postgres import PostgresServer
from tests.services.world import make_world

_DELAY, _LISTENED, _LOOK_SECONDS = 0.3, 7, 0.02
_STEPS = 200
_COURSES, _CALLS, _AT_ONCE = 12, 600, 6
_PATIENCE_SECONDS = 300


class _TimedServer(ModelServer):
    """Remembers when each request came."""

    def received(self, request: Request) -> Fault | None:
        self.came = time.monotonic()
        return super().received(request)


async def _measure(directory: Path) -> AsyncIterator[Figure]:
    waits = [await _in_a_loop(_first_word(directory / f'word {place}')) for place in range(_LISTENED)]
    note = f'median of {_LISTENED}, SQLite, from the first byte of the provider to the word on the bus'
    yield Figure(name='first_token_ms', value=1000 * median(waits), unit='ms', most=300, note=note)
    on_sqlite = await _in_a_loop(_step_seconds(Settings(data_dir=directory / 'steps')))
    yield Figure(name='step_overhead_ms', value=1000 * on_sqlite, unit='ms', most=10, note='SQLite')
    server = await asyncio.to_thread(PostgresServer)
    try:
        url = await asyncio.to_thread(server.migrated_database)
        on_postgres = await _in_a_loop(_step_seconds(Settings(data_dir=directory / 'more steps', database_url=url)))
    finally:
        await asyncio.to_thread(server.stop)
    yield Figure(name='step_overhead_postgres_ms', value=1000 * on_postgres, unit='ms', most=10, note='PostgreSQL')
    async for figure in _while_drafting(directory):
        yield figure


async def _in_a_loop(measured: Coroutine[Any, Any, float]) -> float:
    """In an event loop of its own: the journal takes the threads of the loop with it when it closes."""
    return await asyncio.to_thread(asyncio.run, measured)


async def _first_word(directory: Path) -> float:
    """Seconds from when the provider begins to answer until whoever watches the draft is sent its first words."""
    with _TimedServer(delay=_DELAY) as model:
        settings = Settings(
            data_dir=directory,
            llm_provider='openai',
            llm_base_url=model.openai_url,
            llm_model='double',
            llm_api_key=SecretStr('key'),
        )
        platform = build_services(settings, embedder=LetterEmbedder())
        await platform.start()
        try:
            world = await make_world(platform.database, platform.gate)
            document_id = await handbook(platform, world.demo)
            await _heard(platform, world.demo.instructor, document_id)  # what is made on first use is made
            return await _heard(platform, world.demo.instructor, document_id) - (model.came + _DELAY)
        finally:
            await platform.close()


async def _heard(platform: Platform, instructor: Any, document_id: UUID) -> float:
    """When the first words of a new outline came over the bus."""
    workflow = await platform.services.workflows.create(
        instructor,
        title='Hoods',
        brief='',
        audience='',
        level='',
        hours=1.0,
        language='en',
        document_ids=[document_id],
    )
    first: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def hear(_payload: Any) -> None:
        if not first.done():
            first.set_result(time.monotonic())

    platform.bus.listen(f'live:{workflow.id}', hear)
    heard = await asyncio.wait_for(first, _PATIENCE_SECONDS)
    while (await platform.services.workflows.get(instructor, workflow.id)).status == 'running':
        await asyncio.sleep(_LOOK_SECONDS)
    return heard


async def _step_seconds(settings: Settings) -> float:
    """Of a step that does nothing, in a run of many."""
    settings.data_dir.mkdir(parents=True)
    platform = build_services(settings, embedder=LetterEmbedder())
    took: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    async def runner(_organization_id: UUID, _row_id: UUID, _run: int) -> None:
        await step('warm', _nothing)
        began = time.perf_counter()
        for _ in range(_STEPS):
            await step('nothing', _nothing)
        took.set_result((time.perf_counter() - began) / _STEPS)

    async def failed(_organization_id: UUID, _row_id: UUID, _run: int, reason: str) -> None:
        took.set_exception(AssertionError(reason))

    platform.durable.register('bench', runner, on_failure=failed, at_once=1)
    await platform.start()
    try:
        platform.durable.start('bench', uuid4(), uuid4(), 1)
        return await asyncio.wait_for(took, _PATIENCE_SECONDS)
    finally:
        await platform.close()


async def _nothing() -> None:
    """What a step would do."""


async def _while_drafting(directory: Path) -> AsyncIterator[Figure]:
    document = large_pdf(directory, pages=10, words_per_page=200, seed=41)
    with ModelServer(delay=_DELAY) as model:
        settings = {'LLM_PROVIDER': 'openai', 'LLM_BASE_URL': model.openai_url, 'LLM_MODEL': 'double'}
        application = Application(directory / 'data', env={**settings, 'LLM_API_KEY': 'key'}, demo=True)
        application.launch()
        try:
            await application.ready(within=_PATIENCE_SECONDS)
            async with signed_in(application) as client:
                indexed = await index(client, document)
                token = {'Authorization': client.headers['Authorization']}
                began = [await answered(client.post('/api/v1/workflows', json=_brief(indexed['id'], place)))
                         for place in range(_COURSES)]  # fmt: skip
                reading = asyncio.create_task(
                    seconds_of(application.url, '/api/v1/courses', token, times=_CALLS, at_once=_AT_ONCE)
                )
                for workflow in began:
                    path = f'/api/v1/workflows/{workflow["id"]}'
                    await until(lambda path=path: client.get(path), _waits, within=_PATIENCE_SECONDS, look=0.2)
                calls = await reading
        finally:
            await asyncio.to_thread(application.stop)
    yield Figure(name='concurrent_workflows', value=len(began), unit='courses', least=_COURSES)
    yield Figure(name='api_p95_while_drafting_ms', value=1000 * p95(calls), unit='ms', most=100)


def _brief(document_id: str, place: int) -> dict[str, Any]:
    return {'title': f'Course {place}', 'hours': 1, 'document_ids': [document_id]}


def _waits(workflow: Any) -> bool:
    return bool(workflow['status'] == 'awaiting_review')


GROUP = Group(
    names=(
        'first_token_ms',
        'step_overhead_ms',
        'step_overhead_postgres_ms',
        'concurrent_workflows',
        'api_p95_while_drafting_ms',
    ),
    measure=_measure,
)
