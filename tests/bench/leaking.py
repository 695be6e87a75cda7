"""The two-organisation matrix as figures: calls that were judged, and what came back that must not."""

from collections.abc import AsyncIterator
from pathlib import Path

from tests.bench.figures import Figure, Group
from tests.matrix.house import open_house
from tests.matrix.walk import Report, as_strangers, without_permission


async def measure(directory: Path) -> AsyncIterator[Figure]:
    report = Report()
    async with open_house(directory) as house:
        await as_strangers(house, report)
        await without_permission(house, report)
    note = 'REST operations times strangers and lower roles; screens and listeners are walked by the suite'
    yield Figure(name='matrix_cells', value=report.cells, unit='calls', note=note)
    yield Figure(name='matrix_leaks', value=len(report.leaks), unit='leaks', most=0, note='; '.join(report.leaks[:5]))


GROUP = Group(names=('matrix_cells', 'matrix_leaks'), measure=measure)
