"""A proposal changes nothing until a person accepts it, and accepting can be undone."""

import pytest

from services.errors import Forbidden, NotFound
from services.generation.block_views import BlockView
from services.generation.blocks import BlockChanged
from services.generation.proposals import NothingProposed, ProposalDecided
from services.generation.views import WorkflowView
from tests.generation.conftest import Studio

WORDS = {'html': '<p>Set the sash <strong>first</strong>.</p>'}


async def first_block(studio: Studio, workflow: WorkflowView) -> BlockView:
    draft = await studio.services.reading.draft(studio.demo.reviewer, workflow.id)
    return draft.modules[0].lessons[0].blocks[0]


async def test_a_reviewers_suggestion_changes_nothing_until_an_editor_accepts_it_and_undo_brings_all_back(
    studio: Studio,
) -> None:
    workflow = await studio.drafted()
    proposals, demo = studio.services.proposals, studio.demo
    block = await first_block(studio, workflow)
    await studio.services.blocks.approve(demo.reviewer, block.id, block.hash)
    with pytest.raises(NothingProposed):
        await proposals.suggest(demo.reviewer, block.id, block.hash, block.content)
    suggested = await proposals.suggest(demo.reviewer, block.id, block.hash, WORDS, reason='Order matters.')
    assert (await first_block(studio, workflow)).state == 'approved'
    with pytest.raises(Forbidden):
        await proposals.accept(demo.reviewer, suggested.id, block.hash)
    with pytest.raises(NotFound):
        await proposals.accept(studio.world.other.instructor, suggested.id, block.hash)
    accepted = await proposals.accept(demo.editor, suggested.id, block.hash)
    now = await first_block(studio, workflow)
    assert (accepted.status, now.content, now.state, now.origin) == ('accepted', WORDS, 'waiting', 'ai_human')
    with pytest.raises(ProposalDecided):
        await proposals.accept(demo.editor, suggested.id, block.hash)
    undone = await proposals.undo(demo.editor, suggested.id)
    back = await first_block(studio, workflow)
    assert (undone.status, back.content, back.hash, back.sources) == (
        'undone',
        block.content,
        block.hash,
        block.sources,
    )
    assert await proposals.waiting(demo.reviewer, workflow.id) == []
    one = await proposals.suggest(demo.reviewer, block.id, block.hash, WORDS)
    other = await proposals.suggest(demo.editor, block.id, block.hash, {'html': '<p>Or like this.</p>'})
    shown = {one.id: block.hash, other.id: block.hash}
    assert [taken.id for taken in await proposals.accept_all(demo.editor, workflow.id, shown)] == [one.id]
    assert [(left.id, left.stale) for left in await proposals.waiting(demo.editor, workflow.id)] == [(other.id, True)]


async def test_a_proposal_for_words_that_are_gone_is_refused_and_its_maker_may_withdraw_it(studio: Studio) -> None:
    workflow = await studio.drafted()
    proposals, demo = studio.services.proposals, studio.demo
    block = await first_block(studio, workflow)
    suggested = await proposals.suggest(demo.reviewer, block.id, block.hash, WORDS)
    edited = await studio.services.blocks.edit(demo.editor, block.id, block.hash, {'html': '<p>Quite other words.</p>'})
    [waiting] = await proposals.waiting(demo.editor, workflow.id)
    assert waiting.stale
    for shown in (block.hash, edited.hash):
        with pytest.raises(BlockChanged):
            await proposals.accept(demo.editor, suggested.id, shown)
    assert (await proposals.decline(demo.reviewer, suggested.id)).status == 'declined'
    assert (await first_block(studio, workflow)).hash == edited.hash
