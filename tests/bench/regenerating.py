"""What the platform adds to the author's own time when one block is written again: from the click to the new words."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

from app.platform import build_services
from app.settings import Settings
from tests.bench.figures import Figure, Group, p95
from tests.doubles.author import ScriptedAuthor
from tests.doubles.embedder import LetterEmbedder
from tests.generation.conftest import Studio, handbook
from tests.services.world import make_world

_TIMES = 40


async def _measure(directory: Path) -> AsyncIterator[Figure]:
    """Behind an author that answers at once; one block, again and again, as a person would."""
    platform = build_services(
        Settings(data_dir=directory / 'regenerating'), embedder=LetterEmbedder(), author=ScriptedAuthor()
    )
    await platform.start()
    try:
        world = await make_world(platform.database, platform.gate)
        document_id = await handbook(platform, world.demo)
        author = ScriptedAuthor()
        studio = Studio(platform=platform, author=author, world=world, document_id=document_id)
        workflow = await studio.drafted()
        passed = [await _once(studio, workflow.id, place) for place in range(_TIMES)]
        yield Figure(name='regenerate_block_overhead_ms', value=1000 * p95(passed), unit='ms', most=100)
    finally:
        await platform.close()


async def _once(studio: Studio, workflow_id: UUID, place: int) -> float:
    services, editor = studio.services, studio.demo.editor
    draft = await services.reading.draft(editor, workflow_id)
    block = draft.modules[0].lessons[0].blocks[0]
    ended = asyncio.Event()
    began = time.perf_counter()
    asked = await services.regenerations.ask(editor, block.id, block.hash, f'Shorter, for the {place}th time')
    stop = services.bus.subscribe(f'regeneration:{asked.id}', ended.set)
    try:
        while (await services.regenerations.get(editor, asked.id)).is_running:
            ended.clear()
            await asyncio.wait_for(ended.wait(), 10)
    finally:
        stop()
    return time.perf_counter() - began


GROUP = Group(names=('regenerate_block_overhead_ms',), measure=_measure)
