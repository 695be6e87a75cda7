"""How long the pinned packages take to come into an empty virtual environment."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

from tests.bench.figures import Figure, Group
from tests.servers.application import ROOT

_PATIENCE_SECONDS = 1800


async def _measure(directory: Path) -> AsyncIterator[Figure]:
    began = time.perf_counter()
    await _run(sys.executable, '-m', 'venv', str(directory / 'venv'))
    pip = directory / 'venv/bin/pip'
    await _run(str(pip), 'install', '-q', '--disable-pip-version-check', '-r', str(ROOT / 'requirements.txt'))
    yield Figure(name='install_seconds', value=time.perf_counter() - began, unit='s')


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(*command)
    async with asyncio.timeout(_PATIENCE_SECONDS):
        code = await process.wait()
    if code:
        raise AssertionError(f'{" ".join(command)} ended with {code}')


GROUP = Group(names=('install_seconds',), measure=_measure)
