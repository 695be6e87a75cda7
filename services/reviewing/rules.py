"""May this viewer decide here, and is it enough? The one place that says so, for whole drafts and for single blocks.

A yes is a row of one person, bound to the hash of exactly what they saw. Where two people are asked for, two different
ones have to say it, and whoever wrote a block alone, without a model, is neither of them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from services import clock
from services.errors import Conflict, Forbidden
from services.viewer import Permission, Role, Viewer
from services.work import Work
from storage import courses
from storage import reviewing as rows
from storage.courses import Block
from storage.reviewing import Approval, Seat
from storage.workflows import Review

_ADMINISTRATORS = {Role.ORG_ADMIN, Role.ADMIN}
WORDS_CHANGED, SENT_BACK, TAKEN_BACK = 'the words changed', 'sent back', 'taken back'


class NotYourReview(Forbidden):
    code = 'not_your_review'


class MayNotApprove(Forbidden):
    code = 'may_not_approve'

    def __init__(self) -> None:
        super().__init__(
            'You may not approve or send back any more: your roles have changed. What you wrote stays here; '
            'an administrator can give you the role again.'
        )


class OwnWords(Forbidden):
    code = 'own_words'


class ApprovedByYou(Conflict):
    code = 'approved_by_you'


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What holds for one course now. `seats` empty: everybody decides who may approve. `days` None: no deadline."""

    two_people: bool
    seats: tuple[Seat, ...]
    days: int | None
    remind_days: int
    working_days: bool

    @property
    def needed(self) -> int:
        return 2 if self.two_people else 1

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(seat.name for seat in self.seats)

    def place(self, viewer: Viewer, *, late: bool) -> str | None:
        """None: not for them to decide. Otherwise whose place they take, '' where it is their own."""
        if not self.seats or any(seat.user_id == viewer.user_id for seat in self.seats):
            return ''
        if viewer.roles & _ADMINISTRATORS:
            return ''
        return (self.stands_in_for(viewer) or None) if late else None

    def stands_in_for(self, viewer: Viewer) -> str:
        """The reviewers whose deputy this is."""
        return ', '.join(seat.name for seat in self.seats if seat.deputy_id == viewer.user_id)


async def rules_of(work: Work, course_id: UUID) -> Rules:
    settings = await rows.settings_of(work.scope) or rows.ReviewSettings()
    own = await rows.course_rules(work.scope, course_id)
    return Rules(
        two_people=settings.two_people or (own is not None and own.two_people),
        seats=tuple(await rows.seats(work.scope, course_id)),
        days=own.days if own is not None and own.days is not None else settings.days,
        remind_days=settings.remind_days,
        working_days=settings.working_days,
    )


async def rules_of_block(work: Work, block: Block) -> Rules:
    version = await work.get(courses.CourseVersion, block.version_id)
    return await rules_of(work, version.course_id)


def is_late(review: Review | None) -> bool:
    return review is not None and review.due_at is not None and review.due_at < clock.now()


def require_place(work: Work, rules: Rules, review: Review | None) -> str:
    """Whose place the viewer takes ('' for their own); raises with a sentence that names who may decide."""
    viewer = work.viewer
    if not viewer.may(Permission.DRAFT_APPROVE):
        raise MayNotApprove()
    place = rules.place(viewer, late=is_late(review))
    if place is not None:
        return place
    if rules.stands_in_for(viewer):
        raise NotYourReview(
            'You are the deputy of {name} here. You may decide once the review is late; until then you can comment.',
            name=rules.stands_in_for(viewer),
        )
    raise NotYourReview(
        'For this course {names} decide. You can read everything and comment; they see it.'
        if len(rules.seats) > 1
        else 'For this course {names} decides. You can read everything and comment; it will be seen.',
        names=', '.join(rules.names),
    )


async def approve_review(work: Work, rules: Rules, review: Review, shown_hash: str) -> int:
    """Adds the viewer's yes to the whole; gives how many different people have said it to exactly this."""
    held = [one for one in await rows.approvals_of_review(work.scope, review.id) if one.shown_hash == shown_hash]
    people = {one.person_id for one in held}
    if work.viewer.user_id not in people:
        _add(work, shown_hash, review_id=review.id)
    return len(people | {work.viewer.user_id})


async def approve_blocks(work: Work, rules: Rules, blocks: Sequence[Block]) -> dict[UUID, bool]:
    """Adds the viewer's yes to the blocks, whose rows are locked, each as it stands; gives which of them have enough.

    What the viewer wrote alone, or has approved already, is left out of the answer.
    """
    held = await rows.approvals_of_blocks(work.scope, [block.id for block in blocks])
    alone = await rows.sole_authors(work.scope, blocks) if rules.two_people else {}
    answer: dict[UUID, bool] = {}
    for block in blocks:
        given = [one for one in held[block.id] if one.shown_hash == block.content_hash]
        own = work.viewer.user_id
        if alone.get(block.id) == own or own in {one.person_id for one in given}:
            continue
        given.append(_add(work, block.content_hash, block_id=block.id))
        people = {one.person_id: one.person for one in given if one.person_id != alone.get(block.id)}
        answer[block.id] = len(people) >= rules.needed
        if answer[block.id]:
            _mark_approved(work, block, ', '.join(people.values()))
    return answer


async def why_not(work: Work, block: Block) -> Conflict | Forbidden:
    """Why the viewer's yes to this block was left out."""
    if (await rows.sole_authors(work.scope, [block])).get(block.id) == work.viewer.user_id:
        return OwnWords('You alone wrote these words. Two other people have to approve them.')
    return ApprovedByYou('You have approved this already. Somebody else has to approve it too.')


async def lapse(work: Work, version_id: UUID, block_ids: Collection[UUID] = (), *, because: str) -> None:
    """Approvals of these blocks, and of the whole draft that they are part of, hold no longer."""
    await rows.end_approvals(work.scope, clock.now(), because=because, block_ids=block_ids, version_id=version_id)


async def take_back(work: Work, block: Block) -> bool:
    """Ends the viewer's own approval of the block; False where they gave none."""
    held = (await rows.approvals_of_blocks(work.scope, [block.id]))[block.id]
    own = work.viewer.user_id
    if own not in {one.person_id for one in held}:
        return False
    await rows.end_approvals(work.scope, clock.now(), because=TAKEN_BACK, block_ids=[block.id], person_id=own)
    await rows.end_approvals(work.scope, clock.now(), because=TAKEN_BACK, version_id=block.version_id, person_id=own)
    return True


def _add(work: Work, shown_hash: str, *, review_id: UUID | None = None, block_id: UUID | None = None) -> Approval:
    return work.add(
        Approval(
            review_id=review_id,
            block_id=block_id,
            person_id=work.viewer.user_id,
            person=work.viewer.full_name,
            shown_hash=shown_hash,
            at=clock.now(),
        )
    )


def _mark_approved(work: Work, block: Block, names: str) -> None:
    block.review_state = courses.APPROVED
    block.approved_hash, block.approved_by = block.content_hash, work.viewer.user_id
    block.approver, block.approved_at = names, clock.now()
    work.tx.add(block)
