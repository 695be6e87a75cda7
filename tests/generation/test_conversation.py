"""People speak about a draft in threads, and each sees what changed since they looked."""

import pytest

from services.conversation.mentions import named_in
from services.errors import Forbidden, InvalidInput, NotFound
from services.generation.block_views import BlockView
from services.generation.reviews import BlockDecision
from services.generation.views import WorkflowView
from services.viewer import Viewer
from storage.identity import User
from tests.generation.conftest import Studio


async def block_of(studio: Studio, workflow: WorkflowView, place: int = 0) -> BlockView:
    draft = await studio.services.reading.draft(studio.demo.reviewer, workflow.id)
    return draft.modules[0].lessons[0].blocks[place]


async def unread(studio: Studio, viewer: Viewer) -> list[str]:
    return [
        one.text
        for one in await studio.services.notifications.list(viewer)
        if 'omment' in one.text or 'answ' in one.text
    ]


async def test_a_sending_back_begins_a_thread_the_next_draft_answers_it_and_what_changed_is_known_to_each(
    studio: Studio,
) -> None:
    services, demo = studio.services, studio.demo
    threads = services.threads
    workflow = await studio.begin()
    outline = await studio.until(workflow.id, 'outline')
    await studio.decide(outline, approve=False, comment='Name the gloves.')
    workflow = await studio.until(workflow.id, 'outline')
    [about_outline] = await threads.of_workflow(demo.editor, workflow.id)
    assert [(one.kind, one.text, one.revision) for one in about_outline.messages] == [
        ('sent_back', 'Name the gloves.', 1),
        ('answer', 'Answered: Name the gloves.', 2),
    ]
    draft = (await services.workflows.outlines(demo.editor, workflow.id))[-1]
    lesson = draft.outline.modules[0].lessons[0]
    on_lesson = await threads.begin(demo.reviewer, workflow.id, 'Half an hour is too long.', part_id=lesson.id)
    assert (on_lesson.about, on_lesson.part_title, on_lesson.there) == ('outline', lesson.title, True)
    await studio.decide(workflow)
    workflow = await studio.until(workflow.id, 'content')

    block, other = await block_of(studio, workflow), await block_of(studio, workflow, 1)
    await services.seen.mark(demo.reviewer, workflow.id)
    assert (await services.seen.changes(demo.reviewer, workflow.id)).items == ()
    assert {one.kind for one in (await services.seen.changes(demo.editor, workflow.id)).items} == {'new'}
    await services.blocks.send_back(demo.reviewer, block.id, block.hash, 'Shorter.')
    assert workflow.review is not None
    decision = {block.id: BlockDecision(approve=False, comment='Shorter.')}
    await studio.decide(await studio.until(workflow.id, 'content'), approve=False, blocks=decision)
    await studio.until(workflow.id, 'content')
    [sent_back] = [one for one in await threads.of_workflow(demo.editor, workflow.id) if one.block_id == block.id]
    assert [(one.kind, one.author, one.text) for one in sent_back.messages] == [
        ('sent_back', demo.reviewer.full_name, 'Shorter.'),
        ('answer', 'scripted-1', ''),
    ]
    changes = await services.seen.changes(demo.reviewer, workflow.id)
    [changed] = changes.items
    assert (changed.block_id, changed.kind, changed.before, changed.seen_revision) == (
        block.id, 'changed', block.content, 1,
    )  # fmt: skip
    assert changes.since == changed.seen_at
    fresh = await block_of(studio, workflow)
    await services.seen.mark(demo.reviewer, workflow.id, {block.id: fresh.hash, other.id: 'no such words'})
    assert (await services.seen.changes(demo.reviewer, workflow.id)).items == ()
    with pytest.raises(NotFound):
        await services.seen.mark(studio.world.other.reviewer, workflow.id)

    await _talk(studio, workflow, fresh)


async def _talk(studio: Studio, workflow: WorkflowView, block: BlockView) -> None:
    """Comment on words, name somebody, reply, resolve, edit, take back; each told once, strangers kept out."""
    threads, demo = studio.services.threads, studio.demo
    quote = str(block.content['html']).replace('<p>', '').split('<')[0].split('. ')[0][:30]
    with pytest.raises(InvalidInput):
        await threads.begin(demo.reviewer, workflow.id, 'Where?', block_id=block.id, quote='not in the block')
    with pytest.raises(InvalidInput):
        await threads.begin(demo.reviewer, workflow.id, ' \n ', block_id=block.id)
    for stranger in (studio.world.other.instructor, studio.world.other.reviewer):
        with pytest.raises(NotFound):
            await threads.begin(stranger, workflow.id, 'Hello', block_id=block.id)
    named = f'@{demo.editor.full_name} <b>is this right?</b>'
    begun = await threads.begin(demo.reviewer, workflow.id, named, block_id=block.id, quote=f'  {quote}\n')
    assert (begun.quote, begun.anchored, begun.status) == (quote.strip(), True, 'open')
    assert begun.messages[0].mentions == (demo.editor.full_name,)
    assert 'You are named in a comment' in await unread(studio, demo.editor)
    for text in ('It is.', 'I looked it up.'):
        await threads.say(demo.editor, begun.id, text)
    assert (await unread(studio, demo.reviewer)).count('Somebody answered in a thread of yours') == 1
    assert (await unread(studio, demo.instructor)).count('There are new comments on your draft') == 1

    resolved = await threads.resolve(demo.editor, begun.id)
    assert (resolved.status, resolved.resolver) == ('resolved', demo.editor.full_name)
    assert [one.id for one in await threads.of_workflow(demo.editor, workflow.id, status='resolved')] == [begun.id]
    mine = begun.messages[0]
    for act in (threads.edit(demo.editor, mine.id, 'Mine now'), threads.withdraw(demo.editor, mine.id)):
        with pytest.raises(Forbidden):
            await act
    edited = await threads.edit(demo.reviewer, mine.id, 'Is this right?')
    assert [one.text for one in edited.messages[0].earlier] == [named]
    assert (await threads.withdraw(demo.reviewer, mine.id)).messages[0].text == ''
    assert (await threads.restore(demo.reviewer, mine.id)).messages[0].text == 'Is this right?'
    assert (await threads.say(demo.reviewer, begun.id, 'One more thing.')).status == 'open'

    await studio.services.blocks.edit(demo.editor, block.id, block.hash, {'html': '<p>Quite other words.</p>'})
    news = [one.block_id for one in (await studio.services.seen.changes(demo.editor, workflow.id)).items]
    assert block.id not in news, 'what one wrote oneself is no news'
    [later] = [one for one in await threads.of_workflow(demo.reviewer, workflow.id) if one.id == begun.id]
    assert (later.anchored, later.there, later.quote) == (False, True, quote.strip())


def test_the_longest_name_is_meant_and_an_address_names_too() -> None:
    ann, lee = User(full_name='Ann', email='ann@demo.example'), User(full_name='Ann Lee', email='lee@demo.example')
    assert named_in('Ask @ann lee, please', [ann, lee]) == [lee]
    assert named_in('@Ann: look', [ann, lee]) == [ann]
    assert named_in('ask @ann@demo.example or @Anna', [ann, lee]) == [ann]
    assert named_in('write to lee@demo.example', [ann]) == []
