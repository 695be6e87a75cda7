"""How fast a long document becomes searchable, from the upload to the last passage, and whether pages wait for it."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx

from tests.bench.figures import Figure, Group
from tests.bench.site import answered, exposed, signed_in, site, until
from tests.samples.documents import large_pdf

_PAGES, _WORDS = 200, 300
_PATIENCE_SECONDS = 600


async def _measure(directory: Path) -> AsyncIterator[Figure]:
    document = large_pdf(directory, pages=_PAGES, words_per_page=_WORDS)
    async with site(directory) as application, signed_in(application) as client:
        began = time.perf_counter()
        indexed = await index(client, document)
        seconds = time.perf_counter() - began
        if indexed['pages'] != _PAGES:
            raise AssertionError(f'{indexed["pages"]} pages were read of {_PAGES}')
        yield Figure(name='ingest_pages_per_second', value=_PAGES / seconds, unit='pages/s', least=10)
        blocked = await exposed(client, 'coursewright_loop_block_seconds_max')
        yield Figure(name='loop_block_ingesting_max_ms', value=1000 * blocked, unit='ms', most=100)


async def index(client: httpx.AsyncClient, document: Path) -> Any:
    """Uploads it and waits until it can be searched."""
    files = {'file': (document.name, document.read_bytes(), 'application/pdf')}
    added = await answered(client.post('/api/v1/rag/documents', files=files))
    path = f'/api/v1/rag/documents/{added["id"]}'

    def ready(document: Any) -> bool:
        return bool(document['status'] == 'indexed')

    return await until(lambda: client.get(path), ready, within=_PATIENCE_SECONDS, look=0.1)


GROUP = Group(names=('ingest_pages_per_second', 'loop_block_ingesting_max_ms'), measure=_measure)
