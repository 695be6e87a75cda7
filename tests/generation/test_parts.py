"""Parts alone: written as durable work, kept, put into a lesson with their sources, discarded and brought back."""

import asyncio
from pathlib import Path

import pytest

from services.errors import Forbidden, InvalidInput, NotFound
from services.generation.authors.base import AuthorUnavailable
from services.generation.parts import PartNotReady, PartView
from services.generation.parts_writing import Asked
from services.knowledge.index import Index
from storage.database import Scope
from storage.documents import chunks, documents_by_id
from tests.conftest import Backend
from tests.generation.conftest import Studio
from tests.generation.test_regeneration import blocks_of


@pytest.fixture
def backend(tmp_path: Path) -> Backend:
    """One engine is enough here."""
    return Backend(name='sqlite', database_url=f'sqlite+aiosqlite:///{tmp_path}/coursewright.sqlite', redis_url=None)


async def searchable(studio: Studio) -> None:
    index = Index(studio.platform.vectors, studio.platform.embedder)
    async with studio.platform.database.reading() as tx:
        scope = Scope(tx, studio.demo.organization_id)
        [document] = await documents_by_id(scope, [studio.document_id])
        await index.add_passages(document, await chunks(scope, [studio.document_id]))


async def done(studio: Studio, asked: PartView) -> PartView:
    for _ in range(600):
        found = await studio.services.parts.get(studio.demo.instructor, asked.id)
        if not found.is_running:
            return found
        await asyncio.sleep(0.03)
    raise AssertionError(f'still {found.status}')


async def test_a_part_is_kept_goes_into_a_lesson_with_its_sources_and_can_be_discarded(studio: Studio) -> None:
    await searchable(studio)
    parts, demo = studio.services.parts, studio.demo
    workflow = await studio.drafted()
    asked = Asked(kind='quiz', topic='The sash', kinds=('single',))
    ready = await done(studio, await parts.begin(demo.instructor, asked))
    assert (ready.status, ready.error, [block['type'] for block in ready.blocks]) == ('ready', None, ['question'])
    assert ready.blocks[0]['sources'][0]['document_id'] == str(studio.document_id)
    found, total = await parts.list(demo.instructor)
    assert ([one.id for one in found], total) == ([ready.id], 1)
    lesson = (await blocks_of(studio, workflow))[0].lesson_id
    [block_id] = await parts.add(demo.editor, ready.id, lesson, [0])
    new = next(block for block in await blocks_of(studio, workflow) if block.id == block_id)
    assert (new.type, new.state, new.origin, len(new.sources)) == ('question', 'waiting', 'ai', 1)
    assert (await parts.get(demo.instructor, ready.id)).blocks[0]['added'] == 1
    with pytest.raises(InvalidInput):
        await parts.add(demo.editor, ready.id, lesson, [7])
    await parts.discard(demo.instructor, ready.id)
    assert (await parts.list(demo.instructor))[1] == 0
    with pytest.raises(NotFound):
        await parts.get(demo.instructor, ready.id)
    assert (await parts.restore(demo.instructor, ready.id)).blocks == (
        await parts.get(demo.instructor, ready.id)
    ).blocks
    syllabus = await done(studio, await parts.begin(demo.instructor, Asked(kind='syllabus', topic='Hoods', hours=1.0)))
    assert syllabus.outline is not None
    assert sum(lesson['minutes'] for module in syllabus.outline['modules'] for lesson in module['lessons']) == 60


async def test_a_failure_says_why_and_is_tried_again_and_bad_requests_are_refused(studio: Studio) -> None:
    parts, demo = studio.services.parts, studio.demo
    with pytest.raises(InvalidInput) as refused:
        await parts.begin(demo.instructor, Asked(kind='syllabus', topic=' ', hours=0.0, count=99))
    assert set(refused.value.fields) == {'topic', 'hours', 'count'}
    with pytest.raises(Forbidden):
        await parts.begin(demo.student, Asked(kind='quiz', topic='The sash'))
    with pytest.raises(InvalidInput, match='no indexed document'):
        await parts.begin(studio.world.other.instructor, Asked(kind='quiz', topic='The sash'))
    await searchable(studio)

    def away(call: str) -> None:
        raise AuthorUnavailable('The model provider cannot be reached.')

    studio.author.before = away
    failed = await done(studio, await parts.begin(demo.instructor, Asked(kind='slides', topic='The sash')))
    assert (failed.status, failed.error) == ('failed', 'The model provider cannot be reached.')
    with pytest.raises(NotFound):
        await parts.again(studio.world.other.instructor, failed.id)
    studio.author.before = lambda call: None
    assert (await done(studio, await parts.again(demo.instructor, failed.id))).blocks[0]['type'] == 'slide'
    with pytest.raises(PartNotReady):
        await parts.again(demo.instructor, failed.id)
