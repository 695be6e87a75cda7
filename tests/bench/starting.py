"""How long a start takes, and what a server that nobody uses holds in memory."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

from tests.bench.figures import Figure, Group
from tests.bench.site import resident_mb, site
from tests.servers.application import Application

_TIMES = 3
_SETTLING_SECONDS = 3


async def _measure(directory: Path) -> AsyncIterator[Figure]:
    async with site(directory):
        pass  # the data directory exists and the disk is warm
    seconds = []
    for _ in range(_TIMES):
        application = Application(directory / 'data', demo=True)
        began = time.perf_counter()
        application.launch()
        try:
            await application.ready()
            seconds.append(time.perf_counter() - began)
            await asyncio.sleep(_SETTLING_SECONDS)
            idle = resident_mb(application)
        finally:
            await asyncio.to_thread(application.stop)
    yield Figure(name='ready_seconds', value=sorted(seconds)[_TIMES // 2], unit='s', most=5)
    yield Figure(name='rss_idle_mb', value=idle, unit='MB', most=200)


GROUP = Group(names=('ready_seconds', 'rss_idle_mb'), measure=_measure)
