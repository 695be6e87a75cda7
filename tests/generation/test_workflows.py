"""From a brief to a finished version, with people in between."""

import asyncio

import pytest

from services.errors import Conflict, Forbidden, InvalidInput, NotFound
from services.generation.authors.base import AuthorUnavailable
from services.generation.reviews import BlockDecision, DraftChanged, ReviewIsOver
from services.generation.state import BEGINNING, replay
from tests.generation.conftest import PAGES, Studio


async def test_a_course_is_drafted_reviewed_and_finished(studio: Studio) -> None:
    workflow = await studio.begin()
    assert (workflow.stage, workflow.status) == BEGINNING
    outline = await studio.until(workflow.id, 'outline')
    assert outline.review is not None
    await studio.decide(outline)
    content = await studio.until(workflow.id, 'content')
    draft = await studio.services.reading.draft(studio.demo.reviewer, workflow.id)
    assert content.review is not None
    assert draft.hash == content.review.hash
    assert [len(lesson.blocks) for module in draft.modules for lesson in module.lessons] == [3, 3, 3]
    await studio.decide(content)
    done = await studio.until(workflow.id, 'done', 'completed')
    assert done.progress == 1.0
    version = await studio.services.courses.publish(studio.demo.instructor, workflow.course_id)
    assert version.number == '1.0'


async def test_every_block_cites_words_that_stand_on_the_page(studio: Studio) -> None:
    workflow = await studio.drafted()
    draft = await studio.services.reading.draft(studio.demo.reviewer, workflow.id)
    sources = [
        source
        for module in draft.modules
        for lesson in module.lessons
        for block in lesson.blocks
        for source in block.sources
    ]
    assert len(sources) == 9
    for source in sources:
        assert PAGES[source.page - 1][source.start : source.end] == source.quote


async def test_a_quote_that_is_not_on_the_page_is_dropped_and_said_so(studio: Studio) -> None:
    studio.author.quote = lambda passage: 'Vessels stand 30 cm behind the sash.'
    workflow = await studio.drafted()
    draft = await studio.services.reading.draft(studio.demo.reviewer, workflow.id)
    assert all(not block.sources for module in draft.modules for lesson in module.lessons for block in lesson.blocks)
    events = await studio.services.workflows.events(studio.demo.instructor, workflow.id)
    dropped = [event for event in events if event.type == 'quote.dropped']
    assert len(dropped) == 9
    assert dropped[0].payload['quote'] == 'Vessels stand 30 cm behind the sash.'


async def test_an_outline_sent_back_comes_again_with_an_answer_and_the_old_one_is_kept(studio: Studio) -> None:
    workflow = await studio.begin()
    await studio.decide(await studio.until(workflow.id, 'outline'), approve=False, comment='Say more about alarms.')
    again = await studio.until(workflow.id, 'outline')
    first, second = await studio.services.workflows.outlines(studio.demo.instructor, workflow.id)
    assert (first.current, second.current) == (False, True)
    assert second.answer == 'Answered: Say more about alarms.'
    assert studio.author.comments == ['', 'Say more about alarms.']
    assert [lesson.id for _, lesson in first.outline.lessons()] == [lesson.id for _, lesson in second.outline.lessons()]
    await studio.decide(again)
    await studio.until(workflow.id, 'content')


async def test_an_outline_is_edited_as_a_tree_before_it_is_approved(studio: Studio) -> None:
    workflow = await studio.begin()
    await studio.until(workflow.id, 'outline')
    [shown] = await studio.services.workflows.outlines(studio.demo.instructor, workflow.id)
    shown.outline.modules[0].title = 'At the hood'
    removed = shown.outline.modules[0].lessons.pop()
    await studio.services.workflows.save_outline(studio.demo.instructor, workflow.id, shown.hash, shown.outline)
    await studio.decide(await studio.until(workflow.id, 'outline'))
    await studio.until(workflow.id, 'content')
    draft = await studio.services.reading.draft(studio.demo.reviewer, workflow.id)
    assert [module.title for module in draft.modules] == ['At the hood']
    assert removed.title not in [lesson.title for lesson in draft.modules[0].lessons]
    assert removed.title not in studio.author.calls


async def test_an_edit_of_an_outline_that_changed_meanwhile_is_refused(studio: Studio) -> None:
    workflow = await studio.begin()
    await studio.until(workflow.id, 'outline')
    [shown] = await studio.services.workflows.outlines(studio.demo.instructor, workflow.id)
    shown.outline.title = 'One'
    await studio.services.workflows.save_outline(studio.demo.instructor, workflow.id, shown.hash, shown.outline)
    shown.outline.title = 'Two'
    with pytest.raises(Conflict, match='changed while you read it'):
        await studio.services.workflows.save_outline(studio.demo.editor, workflow.id, shown.hash, shown.outline)


async def test_only_what_is_sent_back_is_written_again(studio: Studio) -> None:
    workflow = await studio.drafted()
    before = await studio.services.reading.draft(studio.demo.reviewer, workflow.id)
    blocks = [block for lesson in before.modules[0].lessons for block in lesson.blocks]
    sent_back = blocks[0]
    decisions = {block.id: BlockDecision(approve=True) for block in blocks[1:]}
    decisions[sent_back.id] = BlockDecision(approve=False, comment='Name the height.')
    written = studio.author.calls.copy()
    await studio.decide(workflow, approve=False, blocks=decisions)
    await studio.until(workflow.id, 'content')
    assert studio.author.calls - written == {'block': 1}
    after = await studio.services.reading.draft(studio.demo.reviewer, workflow.id)
    again = {block.id: block for lesson in after.modules[0].lessons for block in lesson.blocks}
    assert again[sent_back.id].content == {'html': '<p>Rewritten: Name the height.</p>'}
    assert again[sent_back.id].state == 'rewritten'
    assert again[sent_back.id].previous == sent_back.content
    for block in blocks[1:]:
        assert (again[block.id].hash, again[block.id].state) == (block.hash, 'approved')


async def test_a_decision_on_a_draft_that_has_changed_since_is_refused(studio: Studio) -> None:
    workflow = await studio.drafted()
    draft = await studio.services.reading.draft(studio.demo.reviewer, workflow.id)
    block = draft.modules[0].lessons[0].blocks[0]
    await studio.services.blocks.edit(studio.demo.instructor, block.id, block.hash, {'html': '<p>Other words.</p>'})
    with pytest.raises(DraftChanged):
        await studio.decide(workflow)
    assert (await studio.services.workflows.get(studio.demo.reviewer, workflow.id)).status == 'awaiting_review'


async def test_of_two_reviewers_who_decide_at_once_one_wins_and_the_other_is_told(studio: Studio) -> None:
    workflow = await studio.begin()
    workflow = await studio.until(workflow.id, 'outline')
    assert workflow.review is not None

    async def decide(viewer: object) -> object:
        assert workflow.review is not None
        return await studio.services.reviews.decide(
            viewer,  # type: ignore[arg-type]
            workflow.id,
            review_id=workflow.review.id,
            shown_hash=workflow.review.hash,
            approve=True,
        )

    results = await asyncio.gather(decide(studio.demo.reviewer), decide(studio.demo.instructor), return_exceptions=True)
    [refusal] = [result for result in results if isinstance(result, Exception)]
    assert isinstance(refusal, ReviewIsOver)
    assert 'has decided this already' in str(refusal)
    await studio.until(workflow.id, 'content')
    assert studio.author.calls['Lesson 1'] == 1


async def test_content_cannot_be_decided_on_before_the_outline_is_approved(studio: Studio) -> None:
    workflow = await studio.begin()
    outline = await studio.until(workflow.id, 'outline')
    with pytest.raises(InvalidInput, match='Say what should change'):
        await studio.decide(outline, approve=False, comment=' ')
    with pytest.raises(Conflict):
        await studio.services.courses.publish(studio.demo.instructor, workflow.course_id)


async def test_the_history_leads_to_the_present_state(studio: Studio) -> None:
    workflow = await studio.drafted()
    events = await studio.services.workflows.events(studio.demo.instructor, workflow.id)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert replay(events) == ('content', 'awaiting_review')
    assert {'workflow.created', 'outline.drafted', 'outline.approved', 'lesson.written', 'content.drafted'} <= {
        event.type for event in events
    }
    approved = next(event for event in events if event.type == 'outline.approved')
    assert approved.actor == studio.demo.reviewer.full_name


async def test_an_author_that_fails_is_named_and_a_second_try_keeps_what_is_written(studio: Studio) -> None:
    def fail_at_second(call: str) -> None:
        if call == 'Lesson 2':
            raise AuthorUnavailable('The model provider does not answer. Try again in a few minutes.')

    studio.author.before = fail_at_second
    workflow = await studio.begin()
    await studio.decide(await studio.until(workflow.id, 'outline'))
    failed = await studio.until(workflow.id, 'content', 'failed')
    assert failed.error == 'The model provider does not answer. Try again in a few minutes.'
    studio.author.before = lambda call: None
    await studio.services.workflows.restart(studio.demo.instructor, workflow.id)
    await studio.until(workflow.id, 'content')
    assert studio.author.calls == {'outline': 1, 'Lesson 1': 1, 'Lesson 2': 2, 'Lesson 3': 1}


async def test_a_stopped_workflow_keeps_what_is_written_and_goes_on_when_asked(studio: Studio) -> None:
    gate = asyncio.Event()
    loop = asyncio.get_running_loop()
    stopped: list[asyncio.Task[object]] = []

    def stop(call: str) -> None:
        if call == 'Lesson 2' and not stopped:
            stopped.append(loop.create_task(studio.services.workflows.stop(studio.demo.instructor, workflow.id)))
            stopped[0].add_done_callback(lambda _: gate.set())

    studio.author.before = stop
    workflow = await studio.begin()
    await studio.decide(await studio.until(workflow.id, 'outline'))
    await studio.until(workflow.id, 'content', 'cancelled')
    await gate.wait()
    draft = await studio.services.reading.draft(studio.demo.reviewer, workflow.id)
    assert len(draft.modules[0].lessons[0].blocks) == 3
    await studio.services.workflows.restart(studio.demo.instructor, workflow.id)
    await studio.until(workflow.id, 'content')
    assert studio.author.calls['Lesson 1'] == 1


@pytest.mark.parametrize(
    ('changes', 'field'),
    [
        ({'title': '  '}, 'title'),
        ({'hours': 0}, 'hours'),
        ({'hours': float('nan')}, 'hours'),
        ({'document_ids': []}, 'document_ids'),
        ({'brief': 'long ' * 2000}, 'brief'),
    ],
)
async def test_a_brief_says_what_is_missing_beside_its_field(
    studio: Studio, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await studio.begin(**changes)
    assert list(refusal.value.fields) == [field]
    _, total = await studio.services.workflows.list(studio.demo.instructor)
    assert total == 0


async def test_a_student_sees_no_workflow_and_a_viewer_of_drafts_decides_nothing(studio: Studio) -> None:
    workflow = await studio.begin()
    outline = await studio.until(workflow.id, 'outline')
    with pytest.raises(Forbidden):
        await studio.services.workflows.get(studio.demo.student, workflow.id)
    assert outline.review is not None
    with pytest.raises(Forbidden):
        await studio.services.reviews.decide(
            studio.demo.editor, workflow.id, review_id=outline.review.id, shown_hash=outline.review.hash, approve=True
        )


async def test_another_organisation_finds_nothing(studio: Studio) -> None:
    workflow = await studio.drafted()
    stranger = studio.world.other.instructor
    draft = await studio.services.reading.draft(studio.demo.reviewer, workflow.id)
    block = draft.modules[0].lessons[0].blocks[0]
    assert workflow.review is not None
    for attempt in (
        studio.services.workflows.get(stranger, workflow.id),
        studio.services.workflows.events(stranger, workflow.id),
        studio.services.workflows.stop(stranger, workflow.id),
        studio.services.reading.draft(stranger, workflow.id),
        studio.services.blocks.approve(stranger, block.id, block.hash),
        studio.services.blocks.edit(stranger, block.id, block.hash, {'html': '<p>Mine</p>'}),
        studio.services.blocks.source_page(stranger, block.sources[0].document_id, 1),
        studio.services.reviews.decide(
            stranger, workflow.id, review_id=workflow.review.id, shown_hash=workflow.review.hash, approve=True
        ),
    ):
        with pytest.raises(NotFound):
            await attempt
