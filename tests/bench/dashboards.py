"""How soon 250 open dashboards of a course show what a student did, and what each of them costs in memory."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.bench.figures import Figure, Group, p95
from tests.bench.site import answered, cookie_of, demo_course, resident_mb, signed_in, site
from tests.servers.application import ROOT, Application

_DASHBOARDS, _SESSIONS, _ACTS = 250, 10, 20
_PAUSE_SECONDS = 3.0  # charts and tables follow the figures within about a second
_PATIENCE_SECONDS = 180


async def _measure(directory: Path) -> AsyncIterator[Figure]:
    async with site(directory) as application, signed_in(application) as teacher:
        course = await demo_course(teacher)
        async with _open(application, course['id'], 1):
            pass  # what the first page brings into memory is there
        before = resident_mb(application)
        async with _open(application, course['id'], _DASHBOARDS) as browsers:
            await asyncio.sleep(_PAUSE_SECONDS)
            grown = resident_mb(application) - before
            async with signed_in(application, 'student') as student:
                delays, whole = await _delays(student, course['id'], browsers)
        yield Figure(name='fanout_p95_ms', value=1000 * p95(delays), unit='ms', most=80)
        yield Figure(name='fanout_with_act_p95_ms', value=1000 * p95(whole), unit='ms')
        yield Figure(name='rss_per_open_dashboard_kb', value=1024 * grown / _DASHBOARDS, unit='KB', most=500)


async def _delays(
    student: httpx.AsyncClient, course_id: str, browsers: asyncio.subprocess.Process
) -> tuple[list[float], list[float]]:
    """Seconds until each dashboard had its update: since the answer to the act, and since the act was sent."""
    course = await answered(student.get(f'/api/v1/courses/{course_id}'))
    path = f'/api/v1/lessons/{course["modules"][0]["lessons"][0]["id"]}/complete'
    delays: list[float] = []
    whole: list[float] = []
    await answered(student.delete(path))
    for act in range(_ACTS):
        await asyncio.sleep(_PAUSE_SECONDS)
        await _told(browsers, 'listen')
        sent_at = time.monotonic()
        await answered(student.delete(path) if act % 2 else student.post(path))
        answered_at = time.monotonic()
        arrivals = await _told(browsers, 'report')
        # The commit comes before the answer, so the first updates may too.
        delays += [max(0.0, at - answered_at) for at in arrivals]
        whole += [at - sent_at for at in arrivals]
    return delays, whole


@asynccontextmanager
async def _open(application: Application, course_id: str, count: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """As many open dashboards, in a process of their own: their work must not delay what is measured here."""
    cookies = [await cookie_of(application) for _ in range(min(count, _SESSIONS))]
    process = await asyncio.create_subprocess_exec(
        sys.executable, '-m', 'tests.bench.browsers', application.url, f'/analytics/{course_id}', str(count),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**24,
        cwd=ROOT,
    )  # fmt: skip
    try:
        await _told(process, json.dumps(cookies))
        yield process
    finally:
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()


async def _told(process: asyncio.subprocess.Process, word: str) -> Any:
    """Its answer to the word."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(word.encode() + b'\n')
    await process.stdin.drain()
    async with asyncio.timeout(_PATIENCE_SECONDS):
        line = await process.stdout.readline()
    if not line:
        raise AssertionError('The process of the open pages ended')
    return json.loads(line)


GROUP = Group(names=('fanout_p95_ms', 'fanout_with_act_p95_ms', 'rss_per_open_dashboard_kb'), measure=_measure)
