"""May this viewer decide here, and is it enough? The one place that says so, for whole drafts and for single blocks.

A yes is a row of one person, bound to the hash of exactly what they saw. Where two people are asked for, two different
ones have to say it, and whoever wrote a block alone, without a model, is neither of them.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from services import clock
from services.ai.ledger import did_to_block
from services.errors import Conflict, Forbidden
from services.reviewing.views import ApprovalView
from services.viewer import Permission, Role, Viewer
from services.work import Gate, Work
from storage import courses
from storage import reviewing as rows
from storage.ai_ledger import ACCEPTED
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
            'You may not approve or send back here: that takes the role of a reviewer. What you wrote is kept on this '
            'page; an administrator can give you the role.'
        )


class OwnWords(Forbidden):
    code = 'own_words'


class ApprovedByYou(Conflict):
    code = 'approved_by_you'

    def __init__(self) -> None:
        super().__init__('You have approved this already. Somebody else has to approve it too.')


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


@asynccontextmanager
async def deciding(gate: Gate, viewer: Viewer) -> AsyncIterator[Work]:
    """For whoever may approve at all; says so to those who may not, or not any more."""
    entered = False
    try:
        async with gate.writing(viewer, Permission.DRAFT_APPROVE) as work:
            entered = True
            yield work
    except Forbidden as refusal:
        if entered or type(refusal) is not Forbidden:
            raise
        raise MayNotApprove() from refusal


async def rules_of(work: Work, course_id: UUID) -> Rules:
    return (await rules_of_courses(work, [course_id]))[course_id]


async def rules_of_courses(work: Work, course_ids: Collection[UUID]) -> dict[UUID, Rules]:
    settings = await rows.settings_of(work.scope) or rows.ReviewSettings()
    own = await rows.rules_of_courses(work.scope, course_ids)
    seats = await rows.seats(work.scope, course_ids)
    return {
        course_id: Rules(
            two_people=settings.two_people or (course_id in own and own[course_id].two_people),
            seats=tuple(seats[course_id]),
            days=(own[course_id].days if course_id in own else None) or settings.days,
            remind_days=settings.remind_days,
            working_days=settings.working_days,
        )
        for course_id in course_ids
    }


async def rules_here(work: Work, version_id: UUID) -> Rules:
    """Of the course of this version; raises unless the viewer may decide about its blocks."""
    version = await work.get(courses.CourseVersion, version_id)
    rules = await rules_of(work, version.course_id)
    require_place(work, rules, await rows.open_review_of(work.scope, version_id))
    return rules


def is_late(review: Review | None) -> bool:
    return review is not None and review.due_at is not None and review.due_at < clock.now()


def require_place(work: Work, rules: Rules, review: Review | None) -> str:
    """Whose place the viewer takes ('' for their own); raises with a sentence that names who may decide."""
    viewer = work.viewer
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


async def approve_review(work: Work, review: Review, shown_hash: str) -> tuple[int, bool]:
    """Adds the viewer's yes to the whole; gives how many different people have said it to exactly this, and whether
    the viewer's is new."""
    held = [one for one in await rows.approvals_of_review(work.scope, review.id) if one.shown_hash == shown_hash]
    people = {one.person_id for one in held}
    own = work.viewer.user_id
    if own not in people:
        _add(work, shown_hash, review_id=review.id)
    return len(people | {own}), own not in people


async def approve_blocks(work: Work, rules: Rules, blocks: Sequence[Block]) -> dict[UUID, bool]:
    """Adds the viewer's yes to the blocks as they stand; gives those that took it, and whether they have enough now.

    Left out are those that have enough, and what the viewer wrote alone or has approved already.
    """
    own, answer = work.viewer.user_id, {}
    for block, tally in zip(blocks, await tallies(work, rules.needed, blocks), strict=True):
        if tally.enough or tally.alone == own:
            continue
        people = {**tally.people, own: work.viewer.full_name}
        answer[block.id] = len(people) >= rules.needed
        if own not in tally.people:
            _add(work, block.content_hash, block_id=block.id)
            did_to_block(work, ACCEPTED, block)
        elif not answer[block.id]:
            del answer[block.id]
        if answer.get(block.id):
            _mark_approved(work, block, ', '.join(people.values()))
    return answer


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Who approved a block exactly as it stands: person -> name. `alone`: who wrote it without anybody's help, whose
    own yes does not count. `enough` also asks that the block says so."""

    people: dict[UUID, str]
    approvals: tuple[ApprovalView, ...]
    alone: UUID | None
    enough: bool


async def tallies(work: Work, needed: int, blocks: Sequence[Block]) -> list[Tally]:
    """For each block in turn."""
    held = await rows.approvals_of_blocks(work.scope, [block.id for block in blocks])
    authors = await rows.sole_authors(work.scope, blocks) if needed > 1 else {}
    found = []
    for block in blocks:
        given = [
            ApprovalView(person_id=one.person_id, person=one.person, at=one.at)
            for one in held[block.id]
            if one.shown_hash == block.content_hash
        ]
        is_marked = block.review_state == courses.APPROVED and block.approved_hash == block.content_hash
        if is_marked and not given and block.approved_by is not None:  # from before approvals had rows of their own
            moment = block.approved_at or block.created_at
            given.append(ApprovalView(person_id=block.approved_by, person=block.approver, at=moment))
        alone = authors.get(block.id)
        people = {one.person_id: one.person for one in given if one.person_id != alone}
        enough = is_marked and len(people) >= needed
        found.append(Tally(people=people, approvals=tuple(given), alone=alone, enough=enough))
    return found


async def needed_for(work: Work, version_id: UUID) -> int:
    """How many people have to approve each block of this version."""
    version = await work.get(courses.CourseVersion, version_id)
    settings = await rows.settings_of(work.scope)
    own = (await rows.rules_of_courses(work.scope, [version.course_id])).get(version.course_id)
    return 2 if any(one is not None and one.two_people for one in (settings, own)) else 1


async def why_not(work: Work, block: Block) -> Conflict | Forbidden:
    """Why the viewer's yes to this block was left out."""
    if (await rows.sole_authors(work.scope, [block])).get(block.id) == work.viewer.user_id:
        return OwnWords('You alone wrote these words. Two other people have to approve them.')
    return ApprovedByYou()


async def lapse(work: Work, version_id: UUID, block_ids: Collection[UUID] = (), *, because: str) -> None:
    """Approvals of these blocks, and of the whole draft that they are part of, hold no longer."""
    await rows.end_approvals(work.scope, clock.now(), because=because, block_ids=block_ids, version_id=version_id)


async def carry_over(work: Work, copies: Mapping[UUID, UUID]) -> None:
    """Blocks that were copied word for word keep the approvals they had: old id -> new id."""
    for block_id, held in (await rows.approvals_of_blocks(work.scope, list(copies))).items():
        for one in held:
            work.add(
                Approval(
                    block_id=copies[block_id],
                    person_id=one.person_id,
                    person=one.person,
                    shown_hash=one.shown_hash,
                    at=one.at,
                )
            )


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
