"""Blocks under review: a decision binds to exactly what was shown."""

import asyncio

import pytest

from services.errors import Conflict, Forbidden, InvalidInput, NotFound
from services.generation.block_views import BlockView
from services.generation.blocks import BlockChanged, VersionIsPublished
from services.generation.views import WorkflowView
from tests.generation.conftest import PAGES, Studio


async def first_block(studio: Studio, workflow: WorkflowView) -> BlockView:
    draft = await studio.services.reading.draft(studio.demo.reviewer, workflow.id)
    return draft.modules[0].lessons[0].blocks[0]


async def test_an_edit_makes_the_block_partly_human_and_asks_for_approval_again(studio: Studio) -> None:
    block = await first_block(studio, await studio.drafted())
    approved = await studio.services.blocks.approve(studio.demo.reviewer, block.id, block.hash)
    assert (approved.state, approved.approver) == ('approved', studio.demo.reviewer.full_name)
    edited = await studio.services.blocks.edit(
        studio.demo.instructor, block.id, block.hash, {'html': '<p>Set the sash <strong>first</strong>.</p>'}
    )
    assert (edited.origin, edited.state, edited.approver) == ('ai_human', 'waiting', '')
    assert edited.previous == block.content
    assert edited.sources == block.sources


async def test_words_that_run_code_are_cleaned_before_they_are_kept(studio: Studio) -> None:
    block = await first_block(studio, await studio.drafted())
    edited = await studio.services.blocks.edit(
        studio.demo.instructor, block.id, block.hash, {'html': '<p onclick="x()">Hi</p><script>x()</script>'}
    )
    assert edited.content == {'html': '<p>Hi</p>'}


async def test_of_two_people_who_approve_a_block_at_once_one_is_told(studio: Studio) -> None:
    block = await first_block(studio, await studio.drafted())
    results = await asyncio.gather(
        studio.services.blocks.approve(studio.demo.reviewer, block.id, block.hash),
        studio.services.blocks.approve(studio.demo.instructor, block.id, block.hash),
        return_exceptions=True,
    )
    [refusal] = [result for result in results if isinstance(result, Exception)]
    assert isinstance(refusal, BlockChanged)
    assert 'approved this a moment ago' in str(refusal)


async def test_nobody_approves_what_they_have_not_seen(studio: Studio) -> None:
    block = await first_block(studio, await studio.drafted())
    await studio.services.blocks.edit(studio.demo.instructor, block.id, block.hash, {'html': '<p>New words.</p>'})
    with pytest.raises(BlockChanged, match='changed while you read it'):
        await studio.services.blocks.approve(studio.demo.reviewer, block.id, block.hash)
    with pytest.raises(BlockChanged):
        await studio.services.blocks.edit(studio.demo.editor, block.id, block.hash, {'html': '<p>Late words.</p>'})
    with pytest.raises(BlockChanged):
        await studio.services.blocks.send_back(studio.demo.reviewer, block.id, block.hash, 'Shorter.')


async def test_a_lesson_is_approved_as_shown_or_not_at_all(studio: Studio) -> None:
    workflow = await studio.drafted()
    draft = await studio.services.reading.draft(studio.demo.reviewer, workflow.id)
    lesson = draft.modules[0].lessons[0]
    shown = {block.id: block.hash for block in lesson.blocks}
    last = lesson.blocks[-1]
    with pytest.raises(Conflict):
        await studio.services.blocks.approve_lesson(studio.demo.reviewer, lesson.id, {**shown, last.id: 'other'})
    assert (await first_block(studio, workflow)).state == 'waiting'
    assert await studio.services.blocks.approve_lesson(studio.demo.reviewer, lesson.id, shown) == 3
    assert (await first_block(studio, workflow)).state == 'approved'


async def test_a_decision_is_withdrawn_while_the_review_is_open(studio: Studio) -> None:
    block = await first_block(studio, await studio.drafted())
    await studio.services.blocks.send_back(studio.demo.reviewer, block.id, block.hash, 'Name the height.')
    again = await studio.services.blocks.withdraw(studio.demo.reviewer, block.id)
    assert (again.state, again.comment) == ('waiting', '')


async def test_a_removed_block_comes_back_where_it_was(studio: Studio) -> None:
    workflow = await studio.drafted()
    block = await first_block(studio, workflow)
    await studio.services.blocks.remove(studio.demo.instructor, block.id)
    assert (await first_block(studio, workflow)).id != block.id
    await studio.services.blocks.restore(studio.demo.instructor, block.id)
    assert (await first_block(studio, workflow)).id == block.id


async def test_a_persons_own_paragraph_is_marked_as_theirs(studio: Studio) -> None:
    workflow = await studio.drafted()
    draft = await studio.services.reading.draft(studio.demo.reviewer, workflow.id)
    added = await studio.services.blocks.add_text(
        studio.demo.instructor, draft.modules[0].lessons[0].id, '<p>Ask Hanne.</p>'
    )
    assert (added.origin, added.state, added.sources) == ('human', 'waiting', ())


@pytest.mark.parametrize(
    ('place', 'content', 'reason'),
    [
        (0, {'html': '<p> </p>'}, 'needs words'),
        (1, {'title': '', 'bullets': ['One'], 'notes': ''}, 'needs a title'),
        (
            2,
            {
                'kind': 'single',
                'prompt': 'Which?',
                'options': [{'id': 'a', 'text': 'This', 'correct': True}, {'id': 'b', 'text': 'That', 'correct': True}],
            },
            'exactly one',
        ),
        (2, {'kind': 'short', 'prompt': 'How far?', 'options': [], 'accepted': []}, 'at least one accepted answer'),
    ],
)
async def test_content_that_cannot_be_taught_is_refused_with_the_reason(
    studio: Studio, place: int, content: dict[str, object], reason: str
) -> None:
    workflow = await studio.drafted()
    draft = await studio.services.reading.draft(studio.demo.reviewer, workflow.id)
    block = draft.modules[0].lessons[0].blocks[place]
    with pytest.raises(InvalidInput, match=reason):
        await studio.services.blocks.edit(studio.demo.instructor, block.id, block.hash, content)


async def test_a_finished_version_stays_as_it_is(studio: Studio) -> None:
    workflow = await studio.drafted()
    block = await first_block(studio, workflow)
    await studio.decide(workflow)
    await studio.until(workflow.id, 'done', 'completed')
    with pytest.raises(VersionIsPublished):
        await studio.services.blocks.edit(studio.demo.instructor, block.id, block.hash, {'html': '<p>Late.</p>'})
    with pytest.raises(VersionIsPublished):
        await studio.services.blocks.remove(studio.demo.instructor, block.id)


async def test_the_page_behind_a_source_is_shown_with_its_words(studio: Studio) -> None:
    block = await first_block(studio, await studio.drafted())
    source = block.sources[0]
    page = await studio.services.blocks.source_page(studio.demo.reviewer, source.document_id, source.page)
    assert (page.document_name, page.page, page.pages, page.text) == ('handbook.pdf', 1, 3, PAGES[0])
    with pytest.raises(NotFound):
        await studio.services.blocks.source_page(studio.demo.reviewer, source.document_id, 99)


async def test_editors_do_not_approve_and_reviewers_do_not_edit(studio: Studio) -> None:
    block = await first_block(studio, await studio.drafted())
    with pytest.raises(Forbidden):
        await studio.services.blocks.approve(studio.demo.editor, block.id, block.hash)
    with pytest.raises(Forbidden):
        await studio.services.blocks.edit(studio.demo.reviewer, block.id, block.hash, {'html': '<p>Mine.</p>'})
