"""How long a course takes with the author that needs no key: outline, first block, all blocks, and its PDF."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx

from tests.bench.figures import Figure, Group
from tests.bench.ingestion import index
from tests.bench.site import answered, demo_course, exposed, signed_in, site, until
from tests.samples.documents import large_pdf

_PAGES, _WORDS, _HOURS = 40, 300, 4
_PATIENCE_SECONDS = 300


async def _measure(directory: Path) -> AsyncIterator[Figure]:
    document = large_pdf(directory, pages=_PAGES, words_per_page=_WORDS, seed=40)
    async with site(directory) as application, signed_in(application) as client:
        indexed = await index(client, document)

        began = time.perf_counter()
        workflow = await answered(client.post('/api/v1/workflows', json=_brief(indexed['id'])))
        path = f'/api/v1/workflows/{workflow["id"]}'
        reviewed = await _review_of(client, path, 'outline')
        yield Figure(name='outline_seconds', value=time.perf_counter() - began, unit='s', most=5)

        began = time.perf_counter()
        decision = {'review_id': reviewed['id'], 'hash': reviewed['hash'], 'decision': 'approve', 'comment': ''}
        await answered(client.post(f'{path}/reviews', json=decision))
        await until(lambda: client.get(f'{path}/draft'), _has_blocks, within=_PATIENCE_SECONDS)
        yield Figure(name='first_content_seconds', value=time.perf_counter() - began, unit='s', most=1)
        await _review_of(client, path, 'content')
        yield Figure(name='draft_seconds', value=time.perf_counter() - began, unit='s', most=30)

        yield Figure(name='pdf_export_seconds', value=await _export(client), unit='s')
        blocked = await exposed(client, 'coursewright_loop_block_seconds_max')
        yield Figure(name='loop_block_max_ms', value=1000 * blocked, unit='ms', most=100)


def _brief(document_id: str) -> dict[str, Any]:
    return {
        'title': 'Working on the brine plant',
        'brief': 'Everybody who works on the plant runs and repairs it safely.',
        'audience': 'New operators',
        'level': 'Introductory',
        'hours': _HOURS,
        'language': 'en',
        'document_ids': [document_id],
    }


async def _review_of(client: httpx.AsyncClient, path: str, stage: str) -> Any:
    def waits(workflow: Any) -> bool:
        return workflow['stage'] == stage and workflow['status'] == 'awaiting_review'

    return (await until(lambda: client.get(path), waits, within=_PATIENCE_SECONDS))['review']


def _has_blocks(draft: Any) -> bool:
    return any(lesson['blocks'] for module in draft['modules'] for lesson in module['lessons'])


async def _export(client: httpx.AsyncClient) -> float:
    """Seconds from asking for the PDF of the demo course to having it."""
    course = await demo_course(client)
    began = time.perf_counter()
    export = await answered(client.post('/api/v1/export/pdf', json={'course_id': course['id']}))
    path = f'/api/v1/exports/{export["id"]}'
    await until(lambda: client.get(path), lambda it: it['status'] == 'ready', within=_PATIENCE_SECONDS)
    return time.perf_counter() - began


GROUP = Group(
    names=('outline_seconds', 'first_content_seconds', 'draft_seconds', 'pdf_export_seconds', 'loop_block_max_ms'),
    measure=_measure,
)
