"""Asks for a review, and tells the people concerned that a draft waits for them."""

from uuid import UUID

from services import clock
from services.notifications import notify
from services.reviewing.deadlines import schedule
from services.reviewing.rules import rules_of
from services.viewer import POLICY, Permission, Role
from services.work import Work
from storage.identity import members
from storage.workflows import Review, Workflow

_WAITS = {
    'outline': 'The outline of “{subject}” waits for your review.',
    'content': 'The lessons of “{subject}” wait for your review.',
}


async def ask_for_review(work: Work, workflow: Workflow, run: int) -> None:
    """Opens the review of the stage that the workflow has come to, and tells its named reviewers, or all there are."""
    rules = await rules_of(work, workflow.course_id)
    review = Review(workflow_id=workflow.id, run=run, stage=workflow.stage)
    schedule(review, rules, since=clock.now())
    work.add(review)
    work.changed(f'reviews:{work.scope.organization_id}')
    await notify_reviewers(
        work,
        _WAITS[workflow.stage],
        subject=workflow.title,
        path=f'/studio/{workflow.id}',
        also=workflow.created_by,
        permission=Permission.DRAFT_APPROVE,
        only={seat.user_id for seat in rules.seats} or None,
    )


async def notify_reviewers(
    work: Work,
    text: str,
    *,
    subject: str,
    path: str,
    also: UUID,
    permission: Permission,
    only: set[UUID] | None = None,
) -> None:
    """Everyone who holds the permission (of `only` these, where it is given), and the person who began the course."""
    roles = frozenset(str(role) for role in Role if permission in POLICY[role])
    people = {person.id for person in await members(work.tx, work.scope.organization_id, roles)}
    await notify(work, (people if only is None else people & only) | {also}, text, subject=subject, path=path)
