"""Where two people have to approve: one way through both stages, on both databases."""

import pytest

from services.generation.reviews import DraftChanged
from services.reviewing.rules import ApprovedByYou, OwnWords
from tests.generation.conftest import Studio
from tests.generation.reviewing import again, decide, later, name, outline, sweep


async def test_two_people_approve_or_nothing_moves(studio: Studio) -> None:
    demo, workflow = studio.demo, await outline(studio)
    await name(studio, workflow, two_people=True)
    first = await decide(studio, demo.reviewer, workflow)
    assert (first.stage, first.status, first.given, first.needed) == ('outline', 'awaiting_review', 1, 2)
    with pytest.raises(ApprovedByYou):
        await decide(studio, demo.reviewer, workflow)
    [shown] = await studio.services.workflows.outlines(demo.instructor, workflow.id)
    shown.outline.modules[0].title = 'Other words'
    await studio.services.workflows.save_outline(demo.instructor, workflow.id, shown.hash, shown.outline)
    with pytest.raises(DraftChanged):
        await decide(studio, demo.admin, workflow)
    changed = await again(studio, workflow)
    assert changed.review is not None
    assert changed.review.standing.given == 0, 'a yes to other words counts for nothing'
    assert (await decide(studio, demo.instructor, changed)).given == 1
    assert (await decide(studio, demo.admin, changed)).stage == 'content'

    content = await studio.until(workflow.id, 'content')
    draft = await studio.services.reading.draft(demo.reviewer, workflow.id)
    lesson = draft.modules[0].lessons[0]
    half = await studio.services.blocks.approve(demo.reviewer, lesson.blocks[0].id, lesson.blocks[0].hash)
    assert (half.state, [one.person for one in half.approvals]) == ('waiting', [demo.reviewer.full_name])
    with pytest.raises(ApprovedByYou):
        await studio.services.blocks.approve(demo.reviewer, half.id, half.hash)
    own = await studio.services.blocks.add_text(demo.instructor, lesson.id, '<p>Ask Hanne.</p>')
    with pytest.raises(OwnWords):
        await studio.services.blocks.approve(demo.instructor, own.id, own.hash)
    content = await again(studio, content)
    assert (await decide(studio, demo.instructor, content)).status == 'awaiting_review'
    assert (await decide(studio, demo.admin, content)).status == 'awaiting_review', 'the own words have one yes'
    edited = await studio.services.blocks.edit(demo.editor, half.id, half.hash, {'html': '<p>New words.</p>'})
    assert edited.approvals == ()
    content = await again(studio, content)
    assert (await decide(studio, demo.reviewer, content)).status == 'awaiting_review', 'the new words have one yes'
    assert (await decide(studio, demo.admin, content)).stage == 'assembly'
    events = await studio.services.workflows.events(demo.admin, workflow.id)
    assert [event.type for event in events].count('content.approved_by_one') == 3
    assert (await studio.services.timeline.replay(demo.admin, workflow.id)).matches


async def test_the_deputy_of_a_late_reviewer_finds_the_review_in_their_list(studio: Studio) -> None:
    demo, workflow = studio.demo, await outline(studio)
    await name(studio, workflow, demo.reviewer, days=1)
    await studio.services.reviewers.set_deputy(demo.reviewer, demo.instructor.user_id)
    lists = studio.services.review_lists
    assert await lists.count(demo.instructor) == 0
    with later(days=5):
        assert [await sweep(studio), await sweep(studio)] == [1, 0]
        assert [row.workflow_id for row in (await lists.list(demo.instructor, order='due'))[0]] == [workflow.id]
        assert await lists.count(demo.instructor) == 1
        await decide(studio, demo.instructor, workflow)
    assert [row.workflow_id for row in await lists.decided(demo.instructor)] == [workflow.id]
