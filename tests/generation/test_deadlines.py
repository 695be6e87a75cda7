"""Until when, and what stands on the dashboard and in the history: one running platform for all of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services import clock
from services.generation.reviews import ReviewIsOver
from services.generation.state import APPROVALS, BEGINNING, TRANSITIONS, State, advance
from services.reviewing.deadlines import moment_after
from services.reviewing.reviewers import Seated
from services.reviewing.rules import NotYourReview
from services.reviewing.views import ReviewSettingsView
from services.viewer import Viewer
from storage import mail
from storage.database import Scope
from storage.workflows import Workflow, open_review
from tests.generation.conftest import Studio
from tests.generation.reviewing import again, decide, later, name, outline, studio, sweep, told

pytestmark = [pytest.mark.asyncio(loop_scope='module')]
__all__ = ['studio']


async def test_a_late_review_is_told_once_and_the_deputy_may_decide(studio: Studio) -> None:
    demo, workflow = studio.demo, await outline(studio)
    await name(
        studio, workflow, Seated(user_id=demo.reviewer.user_id, deputy_id=demo.instructor.user_id), days=5
    )  # fmt: skip
    waiting = await again(studio, workflow)
    assert waiting.review is not None
    assert waiting.review.standing.due_at is not None
    with pytest.raises(NotYourReview, match='deputy of'):
        await decide(studio, demo.instructor, workflow)
    assert await sweep(studio) == 0
    with later(days=6, hours=23):  # five working days are seven, or more; a day before that
        if waiting.review.standing.due_at - timedelta(days=1) < clock.now() < waiting.review.standing.due_at:
            assert await sweep(studio) == 1
    with later(days=10):
        assert [await sweep(studio), await sweep(studio)] == [1, 0]
        assert 'The review of “{subject}” is late.' in await told(studio, demo.reviewer)
        assert any('you are the deputy' in text for text in await told(studio, demo.instructor))
        async with studio.platform.database.reading() as tx:
            mails, _ = await mail.messages(
                Scope(tx, demo.organization_id), search='late', status='', limit=10, offset=0
            )
        assert {demo.reviewer.email, demo.instructor.email} <= {one.recipient for one in mails}
        mine, _total = await studio.services.review_lists.list(demo.instructor)
        assert workflow.id in {row.workflow_id for row in mine}
        assert (await decide(studio, demo.instructor, workflow)).stage == 'content'
        with pytest.raises(ReviewIsOver, match=f'as the deputy of {demo.reviewer.full_name}'):
            await decide(studio, demo.reviewer, workflow)


async def test_who_is_late_may_still_decide_and_is_reminded_before(studio: Studio) -> None:
    demo, workflow = studio.demo, await outline(studio)
    await studio.services.review_settings.set(demo.admin, ReviewSettingsView(remind_days=1, working_days=False))
    await name(studio, workflow, demo.reviewer, days=3)
    await studio.services.reviewers.set_deputy(demo.reviewer, demo.admin.user_id)
    assert (await studio.services.reviewers.get(demo.admin, workflow.course_id)).reviewers[0].own_deputy
    with later(days=2, hours=1):
        assert await sweep(studio) == 1
        assert 'The review of “{subject}” is due soon.' in await told(studio, demo.reviewer)
    with later(days=4):
        assert await sweep(studio) == 1
        assert (await decide(studio, demo.reviewer, workflow)).stage == 'content'
        async with studio.platform.database.reading() as tx:
            assert await open_review(Scope(tx, demo.organization_id), workflow.id) is None
    await studio.services.reviewers.set_deputy(demo.reviewer, None)
    await studio.services.review_settings.set(demo.admin, ReviewSettingsView())


async def test_the_dashboard_tells_mine_from_the_others(studio: Studio) -> None:
    demo, lists = studio.demo, studio.services.review_lists
    mine, others = await outline(studio, title='Mine'), await outline(studio, title='Of others')
    await name(studio, mine, demo.reviewer, two_people=False)
    await name(studio, others, demo.admin)
    before = await lists.count(demo.reviewer)

    async def listed(viewer: Viewer, **asked: object) -> set[UUID]:
        found, total = await lists.list(viewer, **asked)  # type: ignore[arg-type]
        assert total == len(found)
        return {row.workflow_id for row in found}

    assert mine.id in await listed(demo.reviewer)
    assert others.id not in await listed(demo.reviewer)
    assert others.id in await listed(demo.reviewer, waiting_for='others')
    assert {mine.id, others.id} <= await listed(demo.reviewer, waiting_for='all')
    assert await listed(demo.reviewer, course_id=mine.course_id) == {mine.id}
    assert await listed(demo.reviewer, stage='content', course_id=mine.course_id) == set()
    assert mine.id not in await listed(demo.editor)
    assert mine.id in await listed(demo.editor, waiting_for='all')
    await decide(studio, demo.reviewer, mine)
    assert await lists.count(demo.reviewer) == before - 1
    decided = {row.workflow_id: row.decision for row in await lists.decided(demo.reviewer)}
    assert decided[mine.id] == 'approve'
    found, _total = await lists.list(studio.world.other.admin, waiting_for='all')
    assert found == []


async def test_the_history_folds_into_exactly_the_stored_state(studio: Studio) -> None:
    demo, workflow = studio.demo, await outline(studio)
    await studio.decide(workflow)
    await studio.until(workflow.id, 'content')
    told = await studio.services.timeline.replay(demo.editor, workflow.id)
    assert told.matches
    assert [(one.stage, one.status) for one in told.events if one.moved] == [
        ('outline', 'running'),
        ('outline', 'awaiting_review'),
        ('content', 'running'),
        ('content', 'awaiting_review'),
    ]
    approved = next(one for one in told.events if one.type == 'outline.approved')
    assert workflow.review is not None
    assert (approved.actor, approved.hash) == (demo.reviewer.full_name, workflow.review.hash)


async def test_every_way_to_a_finished_course_passes_the_approvals_of_people() -> None:
    ways = list(_ways(BEGINNING, ()))
    assert len(ways) >= 4
    assert any(set(way) >= APPROVALS for way in ways)
    for way in ways:
        # what is made from an outline that people approved before needs no second yes to it, and says so in its name
        made_from_approved = {'version.copied', 'course.translated'} & set(way)
        assert set(way) >= APPROVALS - ({'outline.approved'} if made_from_approved else set()), way
        assert way.index('content.approved') < way.index('assembly.finished')


async def test_no_program_takes_the_step_of_an_approval(studio: Studio) -> None:
    workflow = await outline(studio)
    async with studio.platform.gate.platform(studio.demo.organization_id) as work:
        row = await work.get(Workflow, workflow.id, lock=True)
        with pytest.raises(AssertionError, match='only a person approves'):
            await advance(work, row, 'outline.approved')
    assert (await again(studio, workflow)).status == 'awaiting_review'


def _ways(state: State, taken: tuple[str, ...], seen: frozenset[State] = frozenset()) -> Iterator[tuple[str, ...]]:
    """Every way from here to `done` that comes to no state twice."""
    if state == ('done', 'completed'):
        yield taken
        return
    for (step, source), target in TRANSITIONS.items():
        if source == state and target not in seen:
            yield from _ways(target, (*taken, step), seen | {state})


async def test_working_days_pass_over_weekends() -> None:
    friday = datetime(2026, 11, 27, 16, tzinfo=UTC)
    assert moment_after(friday, 1, working=True) == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert moment_after(friday, 1, working=False) == datetime(2026, 11, 28, 16, tzinfo=UTC)
    assert moment_after(datetime(2026, 11, 30, 16, tzinfo=UTC), -1, working=True) == friday
