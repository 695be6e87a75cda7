"""What it costs a service call to ask who is there, whether they may, and for which organisation."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from statistics import median

from sqlmodel import select

from services.viewer import Permission
from storage.courses import Course
from storage.database import Database
from storage.migrate import upgrade
from tests.bench.figures import Figure, Group
from tests.services.world import make_world

_CALLS = 3_000  # over several seconds, so that the viewer is read again and again as in daily use


async def _measure(directory: Path) -> AsyncIterator[Figure]:
    database = Database(f'sqlite+aiosqlite:///{directory}/coursewright.sqlite')
    await upgrade(database)
    world = await make_world(database)
    made = await world.course(world.demo)

    async def bare() -> None:
        async with database.reading() as tx:
            await tx.exec(select(Course).where(Course.id == made.course_id))

    async def guarded() -> None:
        async with world.gate.reading(world.demo.instructor, Permission.COURSE_READ) as work:
            await work.get(Course, made.course_id)

    try:
        for _ in range(100):
            await bare()
            await guarded()
        # In turns, and the middle of the differences: whatever else the machine does hits both alike.
        extra = [await _took(guarded) - await _took(bare) for _ in range(_CALLS)]
        yield Figure(name='authz_overhead_us', value=max(0.0, 1_000_000 * median(extra)), unit='us', most=500)
    finally:
        await database.close()


async def _took(act: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await act()
    return time.perf_counter() - began


GROUP = Group(names=('authz_overhead_us',), measure=_measure)
