"""Where open reviews stand for whoever asks: who has approved, who may decide, and how much time is left."""

from collections.abc import Sequence
from uuid import UUID

from services.reviewing.rules import Rules, is_late, rules_of
from services.reviewing.views import ApprovalView, Standing
from services.viewer import Permission, Viewer
from services.work import Work
from storage import reviewing as rows
from storage.reviewing import Approval
from storage.workflows import Review


async def standing_of(work: Work, course_id: UUID, review: Review, shown_hash: str) -> Standing:
    """`shown_hash` names what there is to decide on now."""
    rules = await rules_of(work, course_id)
    return standing(work.viewer, rules, review, await rows.approvals_of_review(work.scope, review.id), shown_hash)


def standing(viewer: Viewer, rules: Rules, review: Review, approvals: Sequence[Approval], shown_hash: str) -> Standing:
    late = is_late(review)
    place = rules.place(viewer, late=late)
    return Standing(
        needed=rules.needed,
        approvals=tuple(
            ApprovalView(person_id=one.person_id, person=one.person, at=one.at, current=one.shown_hash == shown_hash)
            for one in approvals
        ),
        who_may=rules.names,
        may_decide=place is not None and viewer.may(Permission.DRAFT_APPROVE),
        has_approved=any(one.person_id == viewer.user_id and one.shown_hash == shown_hash for one in approvals),
        deputy_for=place or ('' if place == '' else rules.stands_in_for(viewer)),
        due_at=review.due_at,
        late=late,
    )
