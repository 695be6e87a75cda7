"""Who reviews, and by which rules: one running platform for all of it."""

import pytest

from services.errors import Forbidden, InvalidInput
from services.generation.blocks import BlockChanged
from services.reviewing.reviewers import Seated
from services.reviewing.rules import MayNotApprove, NotYourReview
from services.reviewing.views import ReviewSettingsView
from services.viewer import Role
from storage.database import Scope
from storage.identity import UserRole
from tests.generation.conftest import Studio
from tests.generation.reviewing import again, decide, name, outline, studio

pytestmark = [pytest.mark.asyncio(loop_scope='module')]
__all__ = ['studio']


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


async def test_a_role_given_without_a_member_is_no_reviewer(studio: Studio) -> None:
    """Roles of another organisation count there only."""
    workflow = await outline(studio)
    async with studio.world.writing(studio.world.other) as tx:
        Scope(tx, studio.world.other.organization_id).add(
            UserRole(user_id=studio.demo.student.user_id, role=Role.REVIEWER)
        )
    with pytest.raises(InvalidInput):
        await name(studio, workflow, studio.demo.student)
