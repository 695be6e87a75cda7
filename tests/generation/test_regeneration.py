"""One block written again by instruction: nothing else changes, undo brings it back, a kill pays nothing twice."""

import asyncio
from pathlib import Path

import pytest

from services.ai.settings import AiSettingsService
from services.errors import Forbidden, InvalidInput, NotFound
from services.generation.block_views import BlockView
from services.generation.blocks import BlockChanged
from services.generation.regeneration import BeingWritten, RegenerationView
from services.generation.views import WorkflowView
from tests.conftest import Backend
from tests.doubles.model_server import ModelServer
from tests.generation.authors.models import make
from tests.generation.conftest import Studio


@pytest.fixture
def backend(tmp_path: Path) -> Backend:
    """One engine is enough here."""
    return Backend(name='sqlite', database_url=f'sqlite+aiosqlite:///{tmp_path}/coursewright.sqlite', redis_url=None)


async def blocks_of(studio: Studio, workflow: WorkflowView) -> list[BlockView]:
    draft = await studio.services.reading.draft(studio.demo.reviewer, workflow.id)
    return [block for module in draft.modules for lesson in module.lessons for block in lesson.blocks]


def quotes(block: BlockView) -> list[tuple[object, ...]]:
    return [(one.document_id, one.page, one.start, one.end, one.quote) for one in block.sources]


async def done(studio: Studio, asked: RegenerationView) -> RegenerationView:
    for _ in range(400):
        found = await studio.services.regenerations.get(studio.demo.editor, asked.id)
        if not found.is_running:
            return found
        await asyncio.sleep(0.03)
    raise AssertionError(f'still {found.status}')


async def test_one_block_is_written_again_nothing_else_changes_and_undo_brings_it_back(studio: Studio) -> None:
    workflow = await studio.drafted()
    again, demo = studio.services.regenerations, studio.demo
    before = await blocks_of(studio, workflow)
    block = before[0]
    await studio.services.blocks.approve(demo.reviewer, block.id, block.hash)
    asked = await again.ask(demo.editor, block.id, block.hash, 'shorter')
    with pytest.raises(BeingWritten):
        await again.ask(demo.editor, block.id, block.hash, 'longer')
    ready = await done(studio, asked)
    assert (ready.status, ready.applied, ready.error) == ('ready', True, None)
    after = await blocks_of(studio, workflow)
    assert after[0].content['html'].startswith('<p>shorter: ')
    assert (after[0].state, after[0].origin) == ('waiting', 'ai')
    assert quotes(after[0]) == quotes(block)
    assert after[1:] == before[1:]
    [proposal] = await studio.services.proposals.of_block(demo.editor, block.id)
    assert (proposal.kind, proposal.reason, proposal.decider) == ('regeneration', 'shorter', demo.editor.full_name)
    await studio.services.proposals.undo(demo.editor, proposal.id)
    back = (await blocks_of(studio, workflow))[0]
    assert (back.content, back.hash, back.origin, quotes(back)) == (block.content, block.hash, 'ai', quotes(block))


async def test_what_changed_meanwhile_is_never_overwritten(studio: Studio) -> None:
    workflow = await studio.drafted()
    again, demo = studio.services.regenerations, studio.demo
    block = (await blocks_of(studio, workflow))[0]
    loop, go_on = asyncio.get_running_loop(), asyncio.Event()
    original = studio.author.regenerate

    async def slow(*given, **named):  # type: ignore[no-untyped-def]
        await go_on.wait()
        return await original(*given, **named)

    studio.author.regenerate = slow  # type: ignore[method-assign]
    asked = await again.ask(demo.editor, block.id, block.hash, 'shorter')
    for _ in range(2):  # begun a second and a third time, as the sweep does: the same work, and one call of the author
        studio.platform.durable.start('regeneration', demo.organization_id, asked.id, 1)
    await studio.platform.durable.sweep('regeneration')
    edited = await studio.services.blocks.edit(demo.editor, block.id, block.hash, {'html': '<p>My own words.</p>'})
    loop.call_soon(go_on.set)
    ready = await done(studio, asked)
    assert (ready.status, ready.applied) == ('ready', False)
    assert (await blocks_of(studio, workflow))[0].hash == edited.hash
    [waiting] = await studio.services.proposals.waiting(demo.editor, workflow.id)
    assert (waiting.id, waiting.stale) == (ready.proposal_id, True)
    assert studio.author.calls['regenerate'] == 1


async def test_an_author_that_cannot_says_so_and_the_block_stays(studio: Studio) -> None:
    workflow = await studio.drafted()
    again, demo = studio.services.regenerations, studio.demo
    block = (await blocks_of(studio, workflow))[0]
    ended = await done(studio, await again.ask(demo.editor, block.id, block.hash, 'the same'))
    assert (ended.status, ended.proposal_id, ended.answer) == ('unchanged', None, 'There is nothing to change.')
    assert [one.id for one in await again.waiting(demo.editor, workflow.id)] == [ended.id]
    await again.dismiss(demo.editor, ended.id)
    assert await again.waiting(demo.editor, workflow.id) == []
    assert (await blocks_of(studio, workflow))[0].hash == block.hash


async def test_who_may_not_what_is_not_theirs_and_what_makes_no_sense_is_refused(studio: Studio) -> None:
    workflow = await studio.drafted()
    again, demo = studio.services.regenerations, studio.demo
    block = (await blocks_of(studio, workflow))[0]
    with pytest.raises(Forbidden):
        await again.ask(demo.reviewer, block.id, block.hash, 'shorter')
    with pytest.raises(NotFound):
        await again.ask(studio.world.other.instructor, block.id, block.hash, 'shorter')
    with pytest.raises(InvalidInput):
        await again.ask(demo.editor, block.id, block.hash, '  ')
    with pytest.raises(BlockChanged):
        await again.ask(demo.editor, block.id, 'another', 'shorter')


async def test_a_lesson_at_once_and_a_new_block_for_it(studio: Studio) -> None:
    workflow = await studio.drafted()
    again, demo = studio.services.regenerations, studio.demo
    blocks = (await blocks_of(studio, workflow))[:2]
    lesson = blocks[0].lesson_id
    for one in await again.ask_lesson(demo.editor, lesson, {b.id: b.hash for b in blocks}, 'plainer'):
        assert (await done(studio, one)).applied
    added = await done(studio, await again.add(demo.editor, lesson, 'question', 'about the sash'))
    assert added.status == 'ready'
    new = next(block for block in await blocks_of(studio, workflow) if block.id == added.block_id)
    assert (new.type, new.state, new.lesson_id, len(new.sources)) == ('question', 'waiting', lesson, 1)
    refused = await done(studio, await again.add(demo.editor, lesson, 'lab'))
    assert (refused.status, refused.error) == ('failed', 'These documents show no code.')


async def test_another_provider_in_the_settings_writes_the_next_block(studio: Studio) -> None:
    workflow = await studio.drafted()
    demo, authors = studio.demo, studio.services.translations._authors
    block = (await blocks_of(studio, workflow))[0]
    with ModelServer() as server:
        authors._make = lambda provider, key, model, base_url: make('chat', server, [])
        settings = AiSettingsService(studio.platform.gate, authors._sealer, allows=lambda host, port: True)
        await settings.set_key(demo.admin, provider='openai', model='gpt-5', key='sk-test')
        ready = await done(
            studio, await studio.services.regenerations.ask(demo.editor, block.id, block.hash, 'Shorter')
        )
    assert (ready.status, ready.applied, ready.error) == ('ready', True, None)
    assert studio.author.calls['regenerate'] == 0
    new = (await blocks_of(studio, workflow))[0]
    assert 'rewritten' in new.content['html']
    assert new.sources
