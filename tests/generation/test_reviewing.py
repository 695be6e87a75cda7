"""Who reviews, by which rules, until when: one running platform for all of it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import pytest_asyncio

from app.platform import build_services
from app.settings import Settings
from services import clock
from services.errors import Forbidden, InvalidInput
from services.generation.blocks import BlockChanged
from services.generation.reviews import Decided, DraftChanged, ReviewIsOver
from services.generation.state import APPROVALS, BEGINNING, TRANSITIONS, State
from services.generation.views import WorkflowView
from services.reviewing.deadlines import moment_after
from services.reviewing.reviewers import Seated
from services.reviewing.rules import ApprovedByYou, MayNotApprove, NotYourReview, OwnWords
from services.reviewing.views import ReviewSettingsView
from services.viewer import Role, Viewer
from storage import mail
from storage.database import Scope
from storage.identity import UserRole
from storage.pending import owed
from storage.sight import look_across_organizations
from storage.workflows import open_review
from tests.doubles.author import ScriptedAuthor
from tests.doubles.embedder import LetterEmbedder
from tests.generation.conftest import Studio, _handbook
from tests.services.world import make_world

pytestmark = [pytest.mark.asyncio(loop_scope='module')]


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def studio(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    folder = tmp_path_factory.mktemp('reviewing')
    settings = Settings(data_dir=folder, database_url=f'sqlite+aiosqlite:///{folder / "coursewright.sqlite"}')
    author = ScriptedAuthor()
    platform = build_services(settings, embedder=LetterEmbedder(), author=author)
    await platform.start()
    try:
        world = await make_world(platform.database, platform.gate)
        yield Studio(platform=platform, author=author, world=world, document_id=await _handbook(platform, world.demo))
    finally:
        await platform.close()


async def outline(studio: Studio, **changes: object) -> WorkflowView:
    return await studio.until((await studio.begin(**changes)).id, 'outline')


async def name(studio: Studio, workflow: WorkflowView, *people: Viewer | Seated, **rules: object) -> None:
    seats = [one if isinstance(one, Seated) else Seated(user_id=one.user_id) for one in people]
    await studio.services.reviewers.set(studio.demo.instructor, workflow.course_id, reviewers=seats, **rules)  # type: ignore[arg-type]


async def decide(studio: Studio, viewer: Viewer, workflow: WorkflowView, **decision: object) -> Decided:
    assert workflow.review is not None
    asked = {'review_id': workflow.review.id, 'shown_hash': workflow.review.hash, 'approve': True, **decision}
    return await studio.services.reviews.decide(viewer, workflow.id, **asked)  # type: ignore[arg-type]


async def again(studio: Studio, workflow: WorkflowView, viewer: Viewer | None = None) -> WorkflowView:
    return await studio.services.workflows.get(viewer or studio.demo.reviewer, workflow.id)


@contextmanager
def later(**span: int) -> Iterator[None]:
    """So much later, for whoever asks the clock."""
    with pytest.MonkeyPatch.context() as patch:
        moment = datetime.now(UTC) + timedelta(**span)
        patch.setattr(clock, 'now', lambda: moment)
        patch.setattr('storage.pending.now', lambda: moment)
        yield


async def told(studio: Studio, viewer: Viewer) -> list[str]:
    return [one.text for one in await studio.services.notifications.list(viewer)]


async def sweep(studio: Studio) -> int:
    """What the sweep would begin, done here; gives how much it was."""
    async with studio.platform.database.reading() as tx:
        look_across_organizations(tx, because='the sweep of this test')
        found = (await owed(tx))['review_deadline']
    for organization_id, review_id, run in found:
        tell = next(runner for kind, runner, _, _ in studio.platform.durable._registered if kind == 'review_deadline')
        await tell.__self__.tell(organization_id, review_id, run)  # type: ignore[attr-defined]
    return len(found)


async def test_where_reviewers_are_named_the_others_read_and_are_told_who_decides(studio: Studio) -> None:
    demo, workflow = studio.demo, await outline(studio)
    await name(studio, workflow, demo.admin)
    with pytest.raises(NotYourReview, match=f'For this course {demo.admin.full_name} decides'):
        await decide(studio, demo.reviewer, workflow)
    seen = await again(studio, workflow)
    assert seen.review is not None
    assert not seen.review.standing.may_decide
    assert seen.review.standing.who_may == (demo.admin.full_name,)
    assert (await decide(studio, demo.admin, workflow)).stage == 'content'
    content = await studio.until(workflow.id, 'content')
    draft = await studio.services.reading.draft(demo.reviewer, workflow.id)
    block = draft.modules[0].lessons[0].blocks[0]
    for refused in (
        studio.services.blocks.approve(demo.reviewer, block.id, block.hash),
        studio.services.blocks.send_back(demo.reviewer, block.id, block.hash, 'Shorter.'),
        studio.services.blocks.withdraw(demo.instructor, block.id),
        decide(studio, demo.instructor, content),
    ):
        with pytest.raises(NotYourReview):
            await refused
    await name(studio, workflow)
    assert (await studio.services.blocks.approve(demo.reviewer, block.id, block.hash)).state == 'approved'


async def test_only_people_who_may_approve_are_named_and_only_by_who_writes_courses(studio: Studio) -> None:
    demo, workflow = studio.demo, await outline(studio)
    for stranger in (demo.student, studio.world.other.reviewer):
        with pytest.raises(InvalidInput, match='may not approve here'):
            await name(studio, workflow, stranger)
    with pytest.raises(InvalidInput, match='their own deputy'):
        await name(studio, workflow, Seated(user_id=demo.admin.user_id, deputy_id=demo.admin.user_id))
    with pytest.raises(InvalidInput, match='at least two reviewers'):
        await name(studio, workflow, demo.admin, two_people=True)
    with pytest.raises(Forbidden):
        await studio.services.reviewers.set(demo.reviewer, workflow.course_id, reviewers=[])
    assert (await studio.services.reviewers.get(demo.reviewer, workflow.course_id)).reviewers == ()


async def test_a_course_of_a_subject_begins_with_the_reviewers_of_the_subject(studio: Studio) -> None:
    demo, settings = studio.demo, studio.services.review_settings
    subject = await settings.create_subject(demo.admin, 'Chemistry', [demo.reviewer.user_id])
    with pytest.raises(InvalidInput, match='already'):
        await settings.create_subject(demo.admin, 'chemistry', [])
    workflow = await outline(studio, subject='chemistry')
    view = await studio.services.reviewers.get(demo.instructor, workflow.course_id)
    assert [seat.name for seat in view.reviewers] == [demo.reviewer.full_name]
    await settings.change_subject(demo.admin, subject.id, 'Chemistry', [])
    assert (await studio.services.reviewers.get(demo.instructor, workflow.course_id)).reviewers
    await settings.delete_subject(demo.admin, subject.id)
    assert await settings.subjects(demo.admin) == []


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


async def test_the_first_of_two_takes_only_their_own_approval_back(studio: Studio) -> None:
    demo, workflow = studio.demo, await outline(studio)
    await studio.decide(workflow)
    await studio.until(workflow.id, 'content')
    draft = await studio.services.reading.draft(demo.reviewer, workflow.id)
    block = draft.modules[0].lessons[0].blocks[0]
    single = await studio.services.blocks.approve(demo.reviewer, block.id, block.hash)
    assert single.state == 'approved'
    await name(studio, workflow, two_people=True)
    now_half = (await studio.services.reading.draft(demo.admin, workflow.id)).modules[0].lessons[0].blocks[0]
    assert (now_half.state, now_half.needed) == ('waiting', 2)
    both = await studio.services.blocks.approve(demo.admin, block.id, block.hash)
    assert (both.state, both.approver) == ('approved', f'{demo.reviewer.full_name}, {demo.admin.full_name}')
    with pytest.raises(BlockChanged, match='a moment ago'):
        await studio.services.blocks.approve(demo.instructor, block.id, block.hash)
    reopened = await studio.services.blocks.withdraw(demo.admin, block.id)
    assert (reopened.state, reopened.approvals) == ('waiting', ())
    await studio.services.blocks.approve(demo.reviewer, block.id, block.hash)
    taken = await studio.services.blocks.withdraw(demo.reviewer, block.id)
    assert taken.approvals == ()


async def test_the_whole_organisation_may_ask_for_two_and_no_course_for_less(studio: Studio) -> None:
    demo, workflow = studio.demo, await outline(studio)
    await studio.services.review_settings.set(demo.admin, ReviewSettingsView(two_people=True))
    try:
        await name(studio, workflow, two_people=False)
        assert (await studio.services.reviewers.get(demo.admin, workflow.course_id)).needed == 2
        assert (await decide(studio, demo.reviewer, workflow)).status == 'awaiting_review'
        assert (await decide(studio, demo.admin, workflow)).stage == 'content'
    finally:
        await studio.services.review_settings.set(demo.admin, ReviewSettingsView())


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


async def test_whoever_loses_the_role_while_deciding_is_told_what_it_takes(studio: Studio) -> None:
    demo, workflow = studio.demo, await outline(studio)
    services = studio.services
    try:
        await services.members.set_roles(demo.admin, demo.reviewer.user_id, [Role.VIEWER])
        with pytest.raises(MayNotApprove, match='What you wrote is kept'):
            await decide(studio, demo.reviewer, workflow, approve=False, comment='Name the height.')
    finally:
        await services.members.set_roles(demo.admin, demo.reviewer.user_id, [Role.REVIEWER])
    assert (await again(studio, workflow)).status == 'awaiting_review'


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
    for way in ways:
        assert set(way) >= APPROVALS, way
        assert way.index('outline.approved') < way.index('content.approved') < way.index('assembly.finished')


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


async def test_a_role_given_without_a_member_is_no_reviewer(studio: Studio) -> None:
    """Roles of another organisation count there only."""
    workflow = await outline(studio)
    async with studio.world.writing(studio.world.other) as tx:
        Scope(tx, studio.world.other.organization_id).add(
            UserRole(user_id=studio.demo.student.user_id, role=Role.REVIEWER)
        )
    with pytest.raises(InvalidInput):
        await name(studio, workflow, studio.demo.student)
