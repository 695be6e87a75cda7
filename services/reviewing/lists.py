"""The dashboard of reviews: what waits for me, what waits for others, what I decided."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from services import clock
from services.generation.workflows import shown_hash_of
from services.reviewing.rules import rules_of_courses
from services.reviewing.standing import standing
from services.reviewing.views import DecidedRow, ReviewRow
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import reviewing, waiting
from storage.workflows import Review, Workflow

Whose = Literal['me', 'others', 'all']
ORDERS = waiting.ORDERS


class ReviewListService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def list(
        self,
        viewer: Viewer,
        *,
        waiting_for: Whose = 'me',
        course_id: UUID | None = None,
        stage: str = '',
        order: str = 'oldest',
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[Sequence[ReviewRow], int]:
        """One page and how many there are; courses in the recycle bin are left out. `order` is one of ORDERS.

        Mine is what I am named for, what everybody may decide, and, once it is late, what I am the deputy for; not
        what I have approved already.
        """
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            found, total = await waiting.waiting(
                work.scope,
                user_id=work.viewer.user_id,
                whose=waiting_for,
                at=clock.now(),
                mine=work.viewer.may(Permission.DRAFT_APPROVE),
                course_id=course_id,
                stage=stage,
                order=order,
                limit=limit,
                offset=offset,
            )
            return await _rows(work, found), total

    async def count(self, viewer: Viewer) -> int:
        """How many wait for the viewer."""
        async with self._gate.reading(viewer, Permission.DRAFT_APPROVE) as work:
            return await waiting.count_waiting(work.scope, user_id=work.viewer.user_id, at=clock.now())

    async def courses(self, viewer: Viewer) -> dict[UUID, str]:
        """Every course under review and its title."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            return dict(await waiting.courses_under_review(work.scope))

    async def decided(self, viewer: Viewer, *, limit: int = 10) -> Sequence[DecidedRow]:
        """What the viewer decided or approved last, newest first."""
        async with self._gate.reading(viewer, Permission.DRAFT_APPROVE) as work:
            return [
                DecidedRow(
                    id=review.id,
                    workflow_id=workflow.id,
                    course_id=workflow.course_id,
                    title=workflow.title,
                    stage=review.stage,
                    decision=review.decision or 'waiting',
                    hash=review.decided_hash or '',
                    at=at,
                )
                for review, workflow, at in await waiting.decided_by(work.scope, work.viewer.user_id, limit=limit)
            ]


async def _rows(work: Work, found: Sequence[tuple[Review, Workflow]]) -> list[ReviewRow]:
    rules = await rules_of_courses(work, {workflow.course_id for _review, workflow in found})
    approvals = await reviewing.approvals_of_reviews(work.scope, [review.id for review, _workflow in found])
    listed = []
    for review, workflow in found:
        shown = await shown_hash_of(work, workflow)
        own = rules[workflow.course_id]
        stands = standing(work.viewer, own, review, approvals[review.id], shown)
        named = not own.seats or any(seat.user_id == work.viewer.user_id for seat in own.seats)
        asked = stands.may_decide and (named or bool(stands.deputy_for))
        listed.append(
            ReviewRow(
                id=review.id,
                workflow_id=workflow.id,
                course_id=workflow.course_id,
                title=workflow.title,
                stage=review.stage,
                since=review.created_at,
                started_by=workflow.author_name,
                answers_comments=review.run > (1 if review.stage == 'outline' else 2),
                hash=shown,
                mine=asked and not stands.has_approved,
                standing=stands,
            )
        )
    return listed
