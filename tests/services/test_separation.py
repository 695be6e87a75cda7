"""What is kept between two questions (caches, queues, files) carries the organisation: each sees its own."""

import asyncio
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from dbos import DBOS

from services.analytics.course import AnalyticsService
from services.bus import Bus
from services.courses.service import CourseService
from services.durable import Durable
from services.snapshots import Snapshots
from storage.database import Database
from storage.files import FileStore
from storage.migrate import upgrade
from tests.services.world import World


async def test_the_same_question_of_two_organisations_has_two_answers_from_a_warm_cache(world: World) -> None:
    courses, analytics = CourseService(world.gate), AnalyticsService(world.gate, world.bus)
    made = {cast: await world.taught(cast) for cast in (world.demo, world.other)}
    for _ in range(2):  # the second round finds everything warm
        for cast in (world.demo, world.other):
            rows, total = await courses.list(cast.instructor)
            assert (total, [row.id for row in rows]) == (1, [made[cast].course_id])
            figures = await analytics.course(cast.instructor, made[cast].course_id)
            assert [student.user_id for student in figures.students] == [cast.student.user_id]
            mine, _ = await courses.list(cast.student)
            assert [row.id for row in mine] == [made[cast].course_id]


async def test_nothing_is_kept_without_an_organisation() -> None:
    snapshots: Snapshots[int] = Snapshots(Bus())

    async def make() -> int:
        return 7

    for nobody in (None, '', 'demo', str(uuid4())):
        with pytest.raises(TypeError, match='organisation'):
            await snapshots.get(nobody, 'courses', [], make)


@pytest.mark.parametrize(
    'sha256', ['', '..', '../../secret_key', 'ABC', 'a' * 63, 'a' * 65, f'{"a" * 63}/', 'a\n' * 32]
)
def test_no_path_leads_out_of_an_organisations_folder(tmp_path: Path, sha256: str) -> None:
    store, here = FileStore(tmp_path), uuid4()
    assert store.path(here, 'a' * 64).is_relative_to(tmp_path / str(here))
    with pytest.raises(ValueError, match='No file'):
        store.path(here, sha256)
    with pytest.raises(ValueError, match='No file'):
        store.path(f'{here}/../{uuid4()}', 'a' * 64)


async def test_work_waits_in_the_queue_of_its_organisation(tmp_path: Path) -> None:
    database = Database(f'sqlite+aiosqlite:///{tmp_path}/coursewright.sqlite')
    await upgrade(database)
    durable = Durable(database, tmp_path)
    done: asyncio.Queue[tuple[UUID, UUID]] = asyncio.Queue()

    async def run(organization_id: UUID, row_id: UUID, _run: int) -> None:
        done.put_nowait((organization_id, row_id))

    async def failed(*_arguments: object) -> None:
        raise AssertionError

    durable.register('document', run, on_failure=failed, at_once=2)
    await durable.launch()
    try:
        asked = {(uuid4(), uuid4()) for _ in range(3)}
        for organization_id, row_id in asked:
            durable.start('document', organization_id, row_id, 1)
        assert {await asyncio.wait_for(done.get(), 60) for _ in asked} == asked
        found = await DBOS.list_workflows_async()
        partitions = {work.workflow_id: work.queue_partition_key for work in found}
    finally:
        await durable.close()
        await database.close()
    assert partitions == {f'document:{row_id}:1': str(organization_id) for organization_id, row_id in asked}
