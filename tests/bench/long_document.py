"""A PDF of 2,000 pages is read within the limits of the process that reads it: how long, and with how much memory."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psutil

from services.knowledge.parsing import parse
from tests.bench.figures import Figure, Group
from tests.samples.documents import large_pdf

_PAGES, _WORDS = 2000, 250


async def _measure(directory: Path) -> AsyncIterator[Figure]:
    document = large_pdf(directory, pages=_PAGES, words_per_page=_WORDS)
    shares: list[float] = []
    began = time.perf_counter()
    reading = asyncio.create_task(parse(document, document.name, hear=shares.append))
    most = 0
    while not reading.done():
        await asyncio.sleep(0.05)
        most = max([most, *(child.memory_info().rss for child in psutil.Process().children())])
    parsed = await reading
    seconds = time.perf_counter() - began
    if len(parsed.pages) != _PAGES or not shares:
        raise AssertionError(f'{len(parsed.pages)} pages were read of {_PAGES}, and {len(shares)} times it was said')
    yield Figure(name='read_2000_pages_seconds', value=seconds, unit='s', most=90)
    yield Figure(name='read_2000_pages_memory_mb', value=most / 1024**2, unit='MB', most=512)


GROUP = Group(names=('read_2000_pages_seconds', 'read_2000_pages_memory_mb'), measure=_measure)
